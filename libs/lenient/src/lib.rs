//! JSON documents of others, read into structs as far as they go: what is wrong becomes a finding, what is unknown
//! or of a wrong type is kept and written back.
#![warn(missing_docs, clippy::indexing_slicing, clippy::string_slice)]

mod macros;
mod parse;
mod text;

use serde::Serialize;
pub use serde_json::{Map, Value};

pub use parse::{Error, parse, parse_object};
pub use text::{is_date, is_date_time};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document breaks its standard.
    Error,
    /// The document keeps its standard and could still be better.
    Warning,
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// A stable name of the rule, or the clause that it rests on.
    pub rule: &'static str,
    /// Where, as a JSON pointer; the document itself is the empty text.
    pub path: String,
    /// What is wrong, for a person.
    pub message: String,
}

/// Where a reader is, and what it has found so far.
#[derive(Debug, Default)]
pub struct Context {
    /// The JSON pointer of the value that is being read.
    path: String,
    findings: Vec<Finding>,
    left_out: usize,
}

/// No document gets more findings than this.
const MOST: usize = 1_000;

impl Context {
    /// Reports an error at the current place.
    pub fn error(&mut self, rule: &'static str, message: impl Into<String>) {
        self.add(Severity::Error, rule, message.into());
    }

    /// Reports a warning at the current place.
    pub fn warning(&mut self, rule: &'static str, message: impl Into<String>) {
        self.add(Severity::Warning, rule, message.into());
    }

    fn add(&mut self, severity: Severity, rule: &'static str, message: String) {
        if self.findings.len() < MOST {
            self.findings.push(Finding { severity, rule, path: self.path.clone(), message });
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Runs `work` one step deeper in the document.
    pub fn at<T>(&mut self, step: impl std::fmt::Display, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        let step = step.to_string();
        self.path.push('/');
        self.path.push_str(&step.replace('~', "~0").replace('/', "~1"));
        let result = work(self);
        self.path.truncate(length);
        result
    }

    /// All findings, in the order in which they were made.
    #[must_use]
    pub fn into_findings(mut self) -> Vec<Finding> {
        if self.left_out > 0 {
            let message = format!("{} more findings are not listed", self.left_out);
            self.findings.push(Finding { severity: Severity::Error, rule: "more", path: String::new(), message });
        }
        self.findings
    }
}

/// A type that JSON is read into and written from.
pub trait Json: Sized {
    /// Reads a value; `None`, with a finding, when it is of another type.
    fn read(value: &Value, context: &mut Context) -> Option<Self>;

    /// The value as JSON.
    fn write(&self) -> Value;

    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Names the type of a value, for a finding.
#[must_use]
pub const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Reports that `value` is not what is wanted.
pub fn mismatch(wanted: &str, value: &Value, context: &mut Context) {
    context.error("type", format!("{wanted} is needed here, not {}", kind(value)));
}

impl Json for String {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        if let Value::String(text) = value {
            return Some(text.clone());
        }
        mismatch("a text", value, context);
        None
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Json for bool {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        if let Value::Bool(value) = value {
            return Some(*value);
        }
        mismatch("true or false", value, context);
        None
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Json for u64 {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        let number = value.as_u64();
        if number.is_none() {
            mismatch("a whole number", value, context);
        }
        number
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Json for Value {
    fn read(value: &Value, _: &mut Context) -> Option<Self> {
        Some(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }

    fn is_absent(&self) -> bool {
        self.is_null()
    }
}

impl Json for Map<String, Value> {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        if let Value::Object(map) = value {
            return Some(map.clone());
        }
        mismatch("an object", value, context);
        None
    }

    fn write(&self) -> Value {
        Value::Object(self.clone())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Json> Json for Option<T> {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        if value.is_null() {
            return Some(None);
        }
        T::read(value, context).map(Some)
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Json::write)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Json> Json for Box<T> {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        T::read(value, context).map(Self::new)
    }

    fn write(&self) -> Value {
        (**self).write()
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// Items that cannot be read are left out, with a finding each; `null` is an empty list.
impl<T: Json> Json for Vec<T> {
    fn read(value: &Value, context: &mut Context) -> Option<Self> {
        match value {
            Value::Array(list) => Some(
                list.iter()
                    .enumerate()
                    .filter_map(|(index, item)| context.at(index, |context| T::read(item, context)))
                    .collect(),
            ),
            Value::Null => Some(Self::new()),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                mismatch("a list", value, context);
                None
            }
        }
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(Json::write).collect())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
