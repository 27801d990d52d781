//! Text to JSON within limits.

use std::fmt;

use limits::{Exceeded, Limits};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A text is no JSON, or over a limit.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("{0}")]
    Limit(#[from] Exceeded),
    #[error("is no JSON: {0}")]
    Syntax(serde_json::Error),
    #[error("is no JSON: its bytes are not UTF-8")]
    Encoding,
    #[error("is JSON, but {0} and no object; a record starts with {{")]
    NoObject(&'static str),
}

impl Error {
    /// Whether a bound was met.
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        matches!(self.0, Cause::Limit(_))
    }

    /// Line and column of a syntax error, counted from one.
    #[must_use]
    pub fn place(&self) -> Option<(usize, usize)> {
        match &self.0 {
            Cause::Syntax(error) => Some((error.line(), error.column())),
            Cause::Limit(_) | Cause::Encoding | Cause::NoObject(_) => None,
        }
    }
}

/// Reads JSON with at most `limits.count` values; a byte-order mark is passed over.
///
/// # Errors
/// [`Error`] when the text is no JSON or is over a limit.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    limits.check_bytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX)).map_err(Cause::from)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Cause::Encoding)?;
    let mut budget = Budget { limits, depth: 0, count: 0, exceeded: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = Seed(&mut budget).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    match (result, budget.exceeded) {
        (_, Some(exceeded)) => Err(Cause::Limit(exceeded).into()),
        (Ok(value), None) => Ok(value),
        (Err(error), None) => Err(Cause::Syntax(error).into()),
    }
}

/// Reads JSON as [`parse`] does, for formats whose documents are objects.
///
/// # Errors
/// As [`parse`], and when the text is anything but an object.
pub fn parse_object(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    let value = parse(bytes, limits)?;
    let other = match &value {
        Value::Object(_) => return Ok(value),
        Value::Array(_) => "a list",
        Value::String(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
    };
    Err(Cause::NoObject(other).into())
}

struct Budget<'a> {
    limits: &'a Limits,
    depth: u32,
    count: usize,
    exceeded: Option<Exceeded>,
}

impl Budget<'_> {
    fn check<E: serde::de::Error>(&mut self, result: Result<(), Exceeded>) -> Result<(), E> {
        result.map_err(|exceeded| {
            self.exceeded = Some(exceeded);
            E::custom(exceeded)
        })
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.depth = self.depth.saturating_add(1);
        self.check(self.limits.check_depth(self.depth))
    }
}

struct Seed<'a, 'b>(&'a mut Budget<'b>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.count = self.0.count.saturating_add(1);
        self.0.check(self.0.limits.check_count(self.0.count))?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Seed(self.0))? {
            values.push(value);
        }
        self.0.depth = self.0.depth.saturating_sub(1);
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut values = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Seed(self.0))?;
            values.insert(name, value);
        }
        self.0.depth = self.0.depth.saturating_sub(1);
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold() {
        let read = |text: &str, limits: &Limits| parse(text.as_bytes(), limits).map_err(|error| error.is_limit());
        let tight = Limits { count: 3, depth: 2, bytes: 20, ..Limits::DOCUMENT };
        assert_eq!(read("[1,2]", &tight), Ok(serde_json::json!([1, 2])));
        assert_eq!(read("[1,2,3]", &tight), Err(true));
        assert_eq!(read("[[[]]]", &tight), Err(true));
        assert_eq!(read("\"12345678901234567890\"", &tight), Err(true));
        assert_eq!(read("{", &tight), Err(false));
        assert_eq!(read("{\"a\":1,\"a\":2}", &Limits::DOCUMENT), Ok(serde_json::json!({"a": 2})));
        assert_eq!(read("\u{feff}1", &tight), Ok(1.into()));
    }
}
