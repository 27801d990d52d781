//! Values that go into statements.

use kernel::{Date, Id, Timestamp};

/// One parameter or column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A truth value; SQLite stores 0 and 1.
    Bool(bool),
    /// A floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

macro_rules! from {
    ($($type:ty, $value:ident => $make:expr;)*) => {
        $(impl From<$type> for Value { fn from($value: $type) -> Self { $make } })*
    };
}

from! {
    i64, value => Self::Int(value);
    i32, value => Self::Int(i64::from(value));
    u32, value => Self::Int(i64::from(value));
    u8, value => Self::Int(i64::from(value));
    usize, value => Self::Int(i64::try_from(value).unwrap_or(i64::MAX));
    u64, value => Self::Int(i64::try_from(value).unwrap_or(i64::MAX));
    bool, value => Self::Bool(value);
    f64, value => Self::Real(value);
    &str, value => Self::Text(value.to_owned());
    String, value => Self::Text(value);
    &String, value => Self::Text(value.clone());
    Vec<u8>, value => Self::Blob(value);
    &[u8], value => Self::Blob(value.to_vec());
    Timestamp, value => Self::Int(value.micros());
    Date, value => Self::Text(value.to_string());
    &kernel::EmailAddress, value => Self::Text(value.as_str().to_owned());
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Text(id.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
