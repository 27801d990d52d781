//! Rows that come back, read by column name.

use std::sync::Arc;

use kernel::{Date, Id, Timestamp};

use crate::{DbError, Value};

/// One row: column names shared by the result, values of its own.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) columns: Arc<Vec<String>>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// When the column is not in the result or does not fit the type: a fault of ours.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let value = self.columns.iter().position(|name| name == column).and_then(|index| self.values.get(index));
        let value = value.ok_or_else(|| DbError::usage(&format!("no column {column} in the result")))?;
        T::from_value(value).ok_or_else(|| {
            DbError::usage(&format!("column {column} holds {value:?}, which is not a {}", std::any::type_name::<T>()))
        })
    }

    /// The value of a text column, read by `parse`; for enumerated text.
    ///
    /// # Errors
    /// When the column is not there or `parse` does not know the text: a fault of ours.
    pub fn read<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, DbError> {
        let text: String = self.get(column)?;
        parse(&text).ok_or_else(|| DbError::usage(&format!("column {column} holds the unknown word {text:?}")))
    }

    /// The same for a column that may be null.
    ///
    /// # Errors
    /// As [`Row::read`].
    pub fn read_optional<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, DbError> {
        match self.get::<Option<String>>(column)? {
            None => Ok(None),
            Some(_) => self.read(column, parse).map(Some),
        }
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}

/// A type that a column can be read as.
pub trait FromValue: Sized {
    /// The value, or `None` when it does not fit.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(*number),
            Value::Bool(truth) => Some(Self::from(*truth)),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(*truth),
            Value::Int(number) => Some(*number != 0),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for f64 {
    #[expect(clippy::cast_precision_loss, reason = "sums and means of small whole numbers")]
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Real(number) => Some(*number),
            Value::Int(number) => Some(*number as Self),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Blob(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Self::from_micros)
    }
}

impl FromValue for Date {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { text.parse().ok() } else { None }
    }
}

impl<K> FromValue for Id<K> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { text.parse().ok() } else { None }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}
