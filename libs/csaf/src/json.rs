//! A JSON tree that borrows its texts from the input, keeps the order of keys, and bounds its depth.
//!
//! The validator needs to see a document as it is, not as far as it fits a type: wrong types, unknown keys, order.

use std::borrow::Cow;
use std::fmt;

use limits::Limits;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// One JSON value; texts without escapes borrow from the input.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written, as far as 64 bits carry it.
    Number(serde_json::Number),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object in the order of the input; of repeated keys the last one is kept.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Why an input is not a document at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The input meets a bound.
    #[error("{0}; split the document or raise the limit")]
    Limit(#[from] limits::Exceeded),
    /// The input is not JSON; the text says where.
    #[error("is not JSON: {0}")]
    Syntax(String),
    /// The input is JSON, but not an object.
    #[error("is JSON but not an object; a CSAF document starts with {{")]
    NotAnObject,
}

impl<'a> Value<'a> {
    /// Reads one JSON text; a byte-order mark at the start is skipped.
    ///
    /// # Errors
    /// [`ReadError`] when the input is too long, nested too deep, or not JSON.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        limits.check_bytes(bytes.len() as u64)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes)
            .map_err(|error| ReadError::Syntax(format!("byte {} is not UTF-8", error.valid_up_to())))?;
        if text.trim_ascii().is_empty() {
            return Err(ReadError::Syntax("there is nothing in it".to_owned()));
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let value =
            Seed { left: limits.depth }.deserialize(&mut reader).map_err(|error| syntax_or_depth(&error, limits))?;
        reader.end().map_err(|error| ReadError::Syntax(format!("after the document: {error}")))?;
        Ok(value)
    }

    /// The value of a key of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Array(_) => None,
        }
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The number, if this is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Null | Self::Number(_) | Self::Text(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The elements; none when this is not an array.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Object(_) => &[],
        }
    }

    /// The fields in the order of the input; none when this is not an object.
    #[must_use]
    pub fn fields(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(fields) => fields,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Array(_) => &[],
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::as_str)
    }

    /// The elements of a key; none when it is absent or not an array.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Self] {
        self.get(key).map_or(&[], Self::elements)
    }

    /// What kind of value this is, in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The same value, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Array(items) => Value::Array(items.into_iter().map(Self::into_owned).collect()),
            Self::Object(fields) => Value::Object(
                fields.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned())).collect(),
            ),
        }
    }

    /// Writes the value with sorted keys: the same value always gives the same bytes.
    ///
    /// With `indent`, two spaces a level and one line a value; without, no white space at all.
    pub fn write(&self, out: &mut Vec<u8>, indent: Option<usize>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Self::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Text(text) => write_text(out, text),
            Self::Array(items) => {
                let inner = indent.map(|level| level.saturating_add(1));
                write_list(out, (b'[', b']'), indent, items, |out, item| item.write(out, inner));
            }
            Self::Object(fields) => {
                let inner = indent.map(|level| level.saturating_add(1));
                let mut sorted: Vec<_> = fields.iter().collect();
                sorted.sort_by(|left, right| left.0.cmp(&right.0));
                write_list(out, (b'{', b'}'), indent, &sorted, |out, (key, value)| {
                    write_text(out, key);
                    out.extend_from_slice(if indent.is_some() { b": " } else { b":" });
                    value.write(out, inner);
                });
            }
        }
    }

    /// The bytes of [`Value::write`] without white space: equal for equal values.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out, None);
        out
    }
}

fn write_list<T>(
    out: &mut Vec<u8>,
    (open, close): (u8, u8),
    indent: Option<usize>,
    items: &[T],
    mut write: impl FnMut(&mut Vec<u8>, &T),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        new_line(out, indent.map(|level| level.saturating_add(1)));
        write(out, item);
    }
    if !items.is_empty() {
        new_line(out, indent);
    }
    out.push(close);
}

fn new_line(out: &mut Vec<u8>, indent: Option<usize>) {
    if let Some(level) = indent {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', level.saturating_mul(2)));
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing a text into memory cannot fail; were it to, an empty text keeps the output well formed.
    match serde_json::to_string(text) {
        Ok(quoted) => out.extend_from_slice(quoted.as_bytes()),
        Err(_) => out.extend_from_slice(b"\"\""),
    }
}

const TOO_DEEP: &str = "nested too deep";

fn syntax_or_depth(error: &serde_json::Error, limits: &Limits) -> ReadError {
    let words = error.to_string();
    if words.starts_with(TOO_DEEP) || words.starts_with("recursion limit") {
        ReadError::Limit(limits::Exceeded { what: limits::What::Depth, limit: u64::from(limits.depth) })
    } else {
        ReadError::Syntax(words)
    }
}

#[derive(Clone, Copy)]
struct Seed {
    left: u32,
}

impl Seed {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        self.left.checked_sub(1).map(|left| Self { left }).ok_or_else(|| E::custom(TOO_DEEP))
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        serde_json::Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let seed = self.deeper()?;
        let mut fields: Vec<(Cow<'de, str>, Value<'de>)> = Vec::new();
        while let Some(key) = access.next_key_seed(Key)? {
            fields.push((key, access.next_value_seed(seed)?));
        }
        keep_last(&mut fields);
        Ok(Value::Object(fields))
    }
}

/// Of repeated keys the last one counts, as in most readers; without this, `get` and a walk would disagree.
fn keep_last(fields: &mut Vec<(Cow<'_, str>, Value<'_>)>) {
    let repeated = if fields.len() <= 24 {
        fields
            .iter()
            .enumerate()
            .any(|(index, (key, _))| fields.iter().skip(index.saturating_add(1)).any(|(other, _)| other == key))
    } else {
        let mut seen = std::collections::HashSet::with_capacity(fields.len());
        !fields.iter().all(|(key, _)| seen.insert(key.as_ref()))
    };
    if repeated {
        let mut seen = std::collections::HashSet::new();
        fields.reverse();
        fields.retain(|(key, _)| seen.insert(key.to_string()));
        fields.reverse();
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}
