//! Streaming over JSON objects and lists with serde, and a first look at what a document is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::error::Error;
use crate::source::{Kind, Reader};

/// Says where a syntax error stands, without serde's own place at its end.
pub(crate) fn syntax(error: &serde_json::Error) -> (u64, String) {
    let text = error.to_string();
    let words = text.split_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let line = u64::try_from(error.line()).unwrap_or(0);
    (line, format!("the JSON cannot be read further: {words} (line {}, column {})", error.line(), error.column()))
}

/// What the properties of the outermost object show.
#[derive(Debug, Default)]
struct Look {
    bom_format: Option<String>,
    spec_version: Option<String>,
    spdx_version: Option<String>,
    context: bool,
    schema: Option<String>,
    graph: bool,
    spdx_id: bool,
    packages: bool,
    components: bool,
    done: bool,
}

impl Look {
    const fn is_enough(&self) -> bool {
        (self.bom_format.is_some() && self.spec_version.is_some()) || self.spdx_version.is_some()
    }
}

/// Decides which format a JSON object is; usually the first lines are enough.
pub(crate) fn look(reader: Reader<'_>) -> Result<Kind, Error> {
    let mut look = Look::default();
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let result = deserializer.deserialize_map(LookVisitor(&mut look));
    if let Err(error) = result {
        if error.is_io() {
            return Err(std::io::Error::from(error).into());
        }
        if !look.done && look.bom_format.is_none() && look.spec_version.is_none() && !look.context && !look.spdx_id {
            return Err(Error::unknown(syntax(&error).1));
        }
    }
    let cyclonedx_schema = look.schema.as_deref().is_some_and(|schema| schema.contains("cyclonedx.org/schema/bom"));
    if look.spdx_version.is_some()
        || (look.spdx_id && !look.graph)
        || (look.packages && !look.components && !cyclonedx_schema)
    {
        return Ok(Kind::SpdxJson(look.spdx_version));
    }
    if look.bom_format.is_some() || look.spec_version.is_some() || cyclonedx_schema {
        return Ok(Kind::CycloneDxJson(look.spec_version));
    }
    if look.context {
        return Ok(Kind::SpdxGraph);
    }
    if look.components {
        return Ok(Kind::CycloneDxJson(None));
    }
    Err(Error::unknown("its JSON has neither “bomFormat” nor “spdxVersion” nor an SPDX “@context”"))
}

struct LookVisitor<'a>(&'a mut Look);

impl<'de> Visitor<'de> for LookVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "bomFormat" => self.0.bom_format = Some(text(map.next_value()?)),
                "specVersion" => self.0.spec_version = Some(text(map.next_value()?)),
                "spdxVersion" => self.0.spdx_version = Some(text(map.next_value()?)),
                "$schema" => self.0.schema = Some(text(map.next_value()?)),
                "@context" => {
                    let context: Value = map.next_value()?;
                    self.0.context = context.to_string().contains("spdx.org/rdf/3");
                }
                "SPDXID" => {
                    self.0.spdx_id = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "@graph" => {
                    self.0.graph = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "packages" => {
                    self.0.packages = true;
                    map.next_value::<IgnoredAny>()?;
                }
                "components" => {
                    self.0.components = true;
                    map.next_value::<IgnoredAny>()?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.0.is_enough() || (self.0.context && self.0.spec_version.is_none()) {
                self.0.done = true;
                return Err(A::Error::custom("seen enough"));
            }
        }
        Ok(())
    }
}

fn text(value: Value) -> String {
    if let Value::String(text) = value { text } else { value.to_string() }
}

/// Walks the properties of an object; the closure takes the value of each from the access it is given.
pub(crate) trait ObjectWalk {
    /// Takes the value of the property `name` out of `map`.
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error>;
    /// Called for anything that is no object.
    fn other(&mut self, kind: &'static str);
}

/// Runs an [`ObjectWalk`] over the next value.
pub(crate) struct Walk<'a, W>(pub(crate) &'a mut W);

impl<'de, W: ObjectWalk> DeserializeSeed<'de> for Walk<'_, W> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! other {
    ($($name:ident: $type:ty => $words:literal;)*) => {
        $(fn $name<E: serde::de::Error>(self, _: $type) -> Result<bool, E> {
            self.0.other($words);
            Ok(false)
        })*
    };
}

impl<'de, W: ObjectWalk> Visitor<'de> for Walk<'_, W> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.0.property(name, &mut map)?;
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.0.other("a list");
        Ok(false)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        self.0.other("null");
        Ok(false)
    }

    other! {
        visit_bool: bool => "true or false";
        visit_i64: i64 => "a number";
        visit_u64: u64 => "a number";
        visit_f64: f64 => "a number";
        visit_str: &str => "a text";
    }
}

/// Hands the items of a list to a closure, one at a time; anything else than a list goes to the closure whole.
pub(crate) struct Items<F>(pub(crate) F);

/// One item of a list, or a value where a list was expected.
pub(crate) enum Item {
    At(usize, Value),
    NoList(Value),
}

impl<'de, F: FnMut(Item) -> Result<(), String>> DeserializeSeed<'de> for Items<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item) -> Result<(), String>> Visitor<'de> for Items<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = list.next_element::<Value>()? {
            (self.0)(Item::At(index, value)).map_err(A::Error::custom)?;
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((name, value)) = map.next_entry()? {
            object.insert(name, value);
        }
        (self.0)(Item::NoList(Value::Object(object))).map_err(A::Error::custom)
    }

    fn visit_unit<E: serde::de::Error>(mut self) -> Result<(), E> {
        (self.0)(Item::NoList(Value::Null)).map_err(E::custom)
    }

    fn visit_bool<E: serde::de::Error>(mut self, value: bool) -> Result<(), E> {
        (self.0)(Item::NoList(value.into())).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(mut self, value: i64) -> Result<(), E> {
        (self.0)(Item::NoList(value.into())).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(mut self, value: u64) -> Result<(), E> {
        (self.0)(Item::NoList(value.into())).map_err(E::custom)
    }

    fn visit_f64<E: serde::de::Error>(mut self, value: f64) -> Result<(), E> {
        (self.0)(Item::NoList(value.into())).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(mut self, value: &str) -> Result<(), E> {
        (self.0)(Item::NoList(value.into())).map_err(E::custom)
    }
}
