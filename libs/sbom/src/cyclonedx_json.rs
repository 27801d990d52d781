//! CycloneDX in JSON, streamed: one component, dependency or vulnerability is in memory at a time.

use std::sync::Arc;

use limits::Limits;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::check_json::{Checker, kind, push, push_index, short};
use crate::error::Error;
use crate::expression::{Expression, Object, Type};
use crate::extract;
use crate::findings::Findings;
use crate::json::{Item, Items, ObjectWalk, Walk, syntax};
use crate::model::{Component, Dependency, Document, Format};
use crate::pool::Pool;
use crate::refs::{Refs, fingerprint};
use crate::rules::Rules;
use crate::source::Reader;

static TABLE: &str = include_str!("tables/cyclonedx-json.rules");
/// Versions that have a JSON form.
const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

pub(crate) fn read(
    reader: Reader<'_>,
    version: Option<&str>,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Document, Error> {
    let known = version.filter(|version| VERSIONS.contains(version));
    if let (Some(version), None) = (version, known) {
        findings.error("version", "/specVersion", || {
            format!("version “{}” of CycloneDX has no JSON form that is known; 1.2 to 1.7 are", short(version))
        });
    }
    let rules = Rules::new(TABLE, known.unwrap_or("1.7"));
    let empty = Object::default();
    let object = match rules.by_name("bom") {
        Some(Type::Object(object)) => object,
        _ => &empty,
    };
    let mut bom = Bom {
        checker: Checker { rules: &rules, identifier: "bom-ref" },
        component: rules.expression_for("component"),
        object,
        document: Document::new(Format::CycloneDxJson),
        refs: Refs::default(),
        pool: Pool::default(),
        findings,
        limits,
        path: String::new(),
        names: Vec::new(),
        depth: 0,
        exceeded: None,
    };
    bom.document.spec_version = version.map(Into::into);
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let result = Walk(&mut bom).deserialize(&mut deserializer).and_then(|_| deserializer.end());
    if let Some(exceeded) = bom.exceeded {
        return Err(exceeded.into());
    }
    if let Err(error) = result {
        if error.is_io() {
            return Err(std::io::Error::from(error).into());
        }
        let (line, words) = syntax(&error);
        bom.findings.line = Some(line);
        bom.findings.error("syntax", &bom.path, || words);
        bom.findings.line = None;
    }
    bom.path.clear();
    let names = std::mem::take(&mut bom.names);
    bom.checker.presence(object, &|name| names.iter().any(|known| known == name), "", bom.findings);
    bom.dangling();
    Ok(bom.document)
}

struct Bom<'a> {
    checker: Checker<'a>,
    component: Expression,
    object: &'a Object,
    document: Document,
    refs: Refs,
    pool: Pool,
    findings: &'a mut Findings,
    limits: &'a Limits,
    path: String,
    names: Vec<String>,
    depth: u32,
    exceeded: Option<limits::Exceeded>,
}

impl ObjectWalk for Bom<'_> {
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let length = push(&mut self.path, &name);
        match name.as_str() {
            "components" => {
                map.next_value_seed(ComponentList { bom: self, parent: None })?;
            }
            "metadata" => {
                let mut metadata = Metadata { bom: self, rest: Map::new() };
                if map.next_value_seed(Walk(&mut metadata))? {
                    metadata.finish();
                }
            }
            _ => self.list_or_value(&name, map)?,
        }
        self.path.truncate(length);
        self.names.push(name);
        Ok(())
    }

    fn other(&mut self, kind: &'static str) {
        self.findings.error("type", &self.path, || format!("an object is needed here, not {kind}"));
    }
}

impl Bom<'_> {
    /// Takes in a property of the document; the items of a list one by one.
    fn list_or_value<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        let object = self.object;
        let at = object.properties.binary_search_by_key(&name, |(known, _)| known).ok();
        let Some((_, expression)) = at.and_then(|at| object.properties.get(at)) else {
            let value: Value = map.next_value()?;
            self.checker.unknown(&object.unknown, name, &value, &mut self.path, &mut self.refs, self.findings);
            for item in value.as_array().into_iter().flatten() {
                self.keep_item(name, item).map_err(A::Error::custom)?;
            }
            return Ok(());
        };
        let Expression::Array { item: kind_of_item, unique, .. } = expression else {
            let value: Value = map.next_value()?;
            self.checker.check(expression, &value, &mut self.path, &mut self.refs, self.findings);
            self.keep(name, &value);
            return Ok(());
        };
        let mut seen = std::collections::HashSet::new();
        map.next_value_seed(Items(|item| {
            match item {
                Item::At(index, value) => {
                    let length = push_index(&mut self.path, index);
                    self.checker.check(kind_of_item, &value, &mut self.path, &mut self.refs, self.findings);
                    if *unique && !seen.insert(fingerprint(&value)) {
                        self.repeated();
                    }
                    self.keep_item(name, &value)?;
                    self.path.truncate(length);
                }
                Item::NoList(value) => {
                    self.checker.check(expression, &value, &mut self.path, &mut self.refs, self.findings);
                }
            }
            Ok(())
        }))
    }

    fn repeated(&mut self) {
        self.findings.error("repeated", &self.path, || "the same item stands in this list before".to_owned());
    }

    fn keep(&mut self, name: &str, value: &Value) {
        match name {
            "serialNumber" => self.document.serial = value.as_str().map(Into::into),
            "specVersion" => self.document.spec_version = value.as_str().map(Into::into),
            _ => {}
        }
    }

    fn keep_item(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match name {
            "dependencies" => {
                self.count(self.document.dependencies.len())?;
                let list = |name: &str, pool: &mut Pool| -> Vec<Arc<str>> {
                    let items = value.get(name).and_then(Value::as_array).into_iter().flatten();
                    items.filter_map(Value::as_str).map(|text| pool.share(text)).collect()
                };
                if let Some(reference) = value.get("ref").and_then(Value::as_str) {
                    let reference = self.pool.share(reference);
                    let depends_on = list("dependsOn", &mut self.pool);
                    let provides = list("provides", &mut self.pool);
                    self.document.dependencies.push(Dependency { reference, depends_on, provides });
                }
            }
            "vulnerabilities" => self.document.vulnerabilities = self.document.vulnerabilities.saturating_add(1),
            "services" => self.document.services = self.document.services.saturating_add(1),
            _ => {}
        }
        Ok(())
    }

    /// Refuses one more record than the limit.
    fn count(&mut self, count: usize) -> Result<(), String> {
        self.limits.check_count(count.saturating_add(1)).map_err(|exceeded| {
            self.exceeded = Some(exceeded);
            exceeded.to_string()
        })
    }

    fn dangling(&mut self) {
        for (index, dependency) in self.document.dependencies.iter().enumerate() {
            for reference in
                std::iter::once(&dependency.reference).chain(&dependency.depends_on).chain(&dependency.provides)
            {
                if !self.refs.knows(reference) && !reference.starts_with("urn:cdx:") {
                    self.findings.warning("dangling-reference", &format!("/dependencies/{index}"), || {
                        format!("nothing in the document has the reference “{}”", short(reference))
                    });
                }
            }
        }
    }
}

/// `metadata`, whose component is the subject of the document.
struct Metadata<'a, 'b> {
    bom: &'a mut Bom<'b>,
    rest: Map<String, Value>,
}

impl ObjectWalk for Metadata<'_, '_> {
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        if name == "component" {
            let length = push(&mut self.bom.path, &name);
            map.next_value_seed(ComponentSeed { bom: self.bom, place: Place::Subject })?;
            self.bom.path.truncate(length);
        } else {
            self.rest.insert(name, map.next_value()?);
        }
        Ok(())
    }

    fn other(&mut self, kind: &'static str) {
        self.bom.other(kind);
    }
}

impl Metadata<'_, '_> {
    fn finish(self) {
        let bom = self.bom;
        bom.document.created = self.rest.get("timestamp").and_then(Value::as_str).map(Into::into);
        let expression = bom.checker.rules.expression_for("metadata");
        let value = Value::Object(self.rest);
        bom.checker.check(&expression, &value, &mut bom.path, &mut bom.refs, bom.findings);
    }
}

#[derive(Clone, Copy)]
enum Place {
    Subject,
    List { parent: Option<usize> },
}

struct ComponentList<'a, 'b> {
    bom: &'a mut Bom<'b>,
    parent: Option<usize>,
}

impl<'de> DeserializeSeed<'de> for ComponentList<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! no_list {
    ($($name:ident: $type:ty => $words:literal;)*) => {
        $(fn $name<E: serde::de::Error>(self, _: $type) -> Result<u64, E> {
            self.bom.findings.error("type", &self.bom.path, || concat!("a list is needed here, not ", $words).to_owned());
            Ok(0)
        })*
    };
}

impl<'de> Visitor<'de> for ComponentList<'_, '_> {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        let bom = self.bom;
        bom.depth = bom.depth.saturating_add(1);
        if let Err(exceeded) = bom.limits.check_depth(bom.depth) {
            bom.exceeded = Some(exceeded);
            return Err(A::Error::custom(exceeded));
        }
        let mut seen = std::collections::HashSet::new();
        let mut sum = 1_u64;
        let mut index = 0;
        loop {
            let length = push_index(&mut bom.path, index);
            let place = Place::List { parent: self.parent };
            let Some(print) = list.next_element_seed(ComponentSeed { bom, place })? else {
                bom.path.truncate(length);
                break;
            };
            if !seen.insert(print) {
                bom.repeated();
            }
            sum = sum.rotate_left(5) ^ print;
            bom.path.truncate(length);
            index += 1;
        }
        bom.depth = bom.depth.saturating_sub(1);
        Ok(sum)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<u64, A::Error> {
        while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
        self.bom.findings.error("type", &self.bom.path, || "a list is needed here, not an object".to_owned());
        Ok(0)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<u64, E> {
        self.bom.findings.error("type", &self.bom.path, || "a list is needed here, not null".to_owned());
        Ok(0)
    }

    no_list! {
        visit_bool: bool => "true or false";
        visit_i64: i64 => "a number";
        visit_u64: u64 => "a number";
        visit_f64: f64 => "a number";
        visit_str: &str => "a text";
    }
}

struct ComponentSeed<'a, 'b> {
    bom: &'a mut Bom<'b>,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for ComponentSeed<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        let mut walk = ComponentWalk { bom: self.bom, place: self.place, slot: None, rest: Map::new(), children: None };
        let is_object = Walk(&mut walk).deserialize(deserializer)?;
        Ok(if is_object { walk.finish().map_err(D::Error::custom)? } else { 0 })
    }
}

struct ComponentWalk<'a, 'b> {
    bom: &'a mut Bom<'b>,
    place: Place,
    /// Position in the list, taken before the children take theirs.
    slot: Option<usize>,
    rest: Map<String, Value>,
    children: Option<u64>,
}

impl ComponentWalk<'_, '_> {
    fn take_slot(&mut self) -> Result<(), String> {
        if self.slot.is_none() && !matches!(self.place, Place::Subject) {
            self.bom.count(self.bom.document.components.len())?;
            self.slot = Some(self.bom.document.components.len());
            self.bom.document.components.push(Component::default());
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u64, String> {
        self.take_slot()?;
        let bom = self.bom;
        let mut component = extract::from_json(&self.rest, &mut bom.pool);
        if let Place::List { parent } = self.place {
            component.parent = parent;
        }
        if self.children.is_some() {
            self.rest.insert("components".to_owned(), Value::Array(Vec::new()));
        }
        let mut value = Value::Object(self.rest);
        bom.checker.check(&bom.component, &value, &mut bom.path, &mut bom.refs, bom.findings);
        version_range(&value, &bom.path, bom.findings);
        if let (Some(children), Some(map)) = (self.children, value.as_object_mut()) {
            map.insert("components".to_owned(), children.into());
        }
        match self.slot.and_then(|slot| bom.document.components.get_mut(slot)) {
            Some(slot) => *slot = component,
            None => bom.document.subject = Some(component),
        }
        Ok(fingerprint(&value))
    }
}

impl ObjectWalk for ComponentWalk<'_, '_> {
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        if name == "components" {
            self.take_slot().map_err(A::Error::custom)?;
            let length = push(&mut self.bom.path, &name);
            let print = map.next_value_seed(ComponentList { bom: self.bom, parent: self.slot })?;
            self.bom.path.truncate(length);
            self.children = Some(self.children.unwrap_or(0) ^ print);
        } else {
            self.rest.insert(name, map.next_value()?);
        }
        Ok(())
    }

    fn other(&mut self, kind: &'static str) {
        self.bom.findings.error("type", &self.bom.path, || format!("a component is needed here, not {kind}"));
    }
}

/// CycloneDX 1.7: a range instead of a version, and only for components that are external.
fn version_range(value: &Value, path: &str, findings: &mut Findings) {
    let Some(range) = value.get("versionRange") else { return };
    if value.get("version").is_some() {
        findings.error("choice", path, || "“version” and “versionRange” exclude each other".to_owned());
    }
    if value.get("isExternal").and_then(Value::as_bool) != Some(true) {
        findings.error("choice", path, || {
            format!(
                "“versionRange” ({}) needs “isExternal” to be true",
                range.as_str().map_or(kind(range).to_owned(), short)
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Unknown;

    #[test]
    fn older_schemas_let_unknown_properties_pass() {
        for (version, refused) in [("1.2", false), ("1.3", false), ("1.4", true), ("1.7", true)] {
            let rules = Rules::new(TABLE, version);
            let Some(Type::Object(object)) = rules.by_name("component") else { panic!("no component") };
            assert_eq!(matches!(object.unknown, Unknown::Refused), refused, "{version}");
        }
    }
}
