//! How the parts of a document are read from and written to the tree, in either version.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Version;
use crate::finding::push_key;
use crate::json::Value;

/// The names of a key in 2.0 and 2.1; none where the version has no such key.
#[derive(Clone, Copy)]
pub(super) struct Key {
    v20: Option<&'static str>,
    v21: Option<&'static str>,
    /// Leaving it out of the other version loses nothing that a reader would miss.
    quiet: bool,
}

pub(super) const fn both(key: &'static str) -> Key {
    Key { v20: Some(key), v21: Some(key), quiet: false }
}

pub(super) const fn keys(v20: &'static str, v21: &'static str) -> Key {
    Key { v20: Some(v20), v21: Some(v21), quiet: false }
}

pub(super) const fn only21(key: &'static str) -> Key {
    Key { v20: None, v21: Some(key), quiet: false }
}

pub(super) const fn detail21(key: &'static str) -> Key {
    Key { v20: None, v21: Some(key), quiet: true }
}

impl Key {
    pub(super) const fn of(self, version: Version) -> Option<&'static str> {
        match version {
            Version::V2_0 => self.v20,
            Version::V2_1 => self.v21,
        }
    }

    pub(super) const fn any(self) -> &'static str {
        match (self.v21, self.v20) {
            (Some(key), _) | (None, Some(key)) => key,
            (None, None) => "",
        }
    }
}

/// Reads a tree, and remembers the places of what did not fit.
pub(super) struct Reader {
    pub(super) version: Version,
    path: String,
    pub(super) skipped: Vec<String>,
}

impl Reader {
    pub(super) const fn new(version: Version) -> Self {
        Self { version, path: String::new(), skipped: Vec::new() }
    }

    fn within<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        push_key(&mut self.path, key);
        let value = read(self);
        self.path.truncate(length);
        value
    }

    pub(super) fn skip(&mut self) {
        self.skipped.push(self.path.clone());
    }

    /// Reads one key; its default when it is absent or does not fit.
    pub(super) fn field<T: Part>(&mut self, value: &Value<'_>, key: Key) -> T {
        let Some(name) = key.of(self.version) else { return T::default() };
        self.named(value, name)
    }

    /// Reads one key by name.
    pub(super) fn named<T: Part>(&mut self, value: &Value<'_>, name: &str) -> T {
        let Some(field) = value.get(name) else { return T::default() };
        self.within(name, |reader| {
            let read = T::read(field, reader);
            if read.is_none() {
                reader.skip();
            }
            read.unwrap_or_default()
        })
    }
}

/// What a version could not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Where it is in the model, as a pointer with the keys of 2.1.
    pub path: String,
    /// What was left out or written in another way.
    pub message: String,
}

/// Writes a tree of one version, and remembers what it cannot carry.
pub(super) struct Writer {
    pub(super) version: Version,
    path: String,
    pub(super) losses: Vec<Loss>,
}

impl Writer {
    pub(super) const fn new(version: Version) -> Self {
        Self { version, path: String::new(), losses: Vec::new() }
    }

    pub(super) fn lose(&mut self, message: impl Into<String>) {
        self.losses.push(Loss { path: self.path.clone(), message: message.into() });
    }

    pub(super) fn within<T>(&mut self, key: &str, write: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        push_key(&mut self.path, key);
        let value = write(self);
        self.path.truncate(length);
        value
    }

    /// Writes one key unless its value is empty.
    pub(super) fn field<'m, T: Part>(&mut self, fields: &mut Fields<'m>, key: Key, part: &'m T) {
        self.within(key.any(), |writer| {
            let Some(value) = part.write(writer) else { return };
            match key.of(writer.version) {
                Some(name) => fields.push((Cow::Borrowed(name), value)),
                None if key.quiet => {}
                None => writer.lose(format!("CSAF {} has no place for this.", writer.version.as_str())),
            }
        });
    }
}

pub(super) type Fields<'m> = Vec<(Cow<'m, str>, Value<'m>)>;

/// A part of a document.
pub(super) trait Part: Sized + Default {
    /// Reads the part; `None` when the value is of another kind.
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self>;
    /// Writes the part; `None` when there is nothing to write.
    fn write<'m>(&'m self, writer: &mut Writer) -> Option<Value<'m>>;
}

impl Part for String {
    fn read(value: &Value<'_>, _: &mut Reader) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }

    fn write<'m>(&'m self, _: &mut Writer) -> Option<Value<'m>> {
        (!self.is_empty()).then_some(Value::Text(Cow::Borrowed(self)))
    }
}

impl Part for Value<'static> {
    fn read(value: &Value<'_>, _: &mut Reader) -> Option<Self> {
        Some(value.clone().into_owned())
    }

    fn write<'m>(&'m self, _: &mut Writer) -> Option<Value<'m>> {
        (*self != Value::Null).then(|| self.clone())
    }
}

impl<T: Part> Part for Option<T> {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        T::read(value, reader).map(Some)
    }

    fn write<'m>(&'m self, writer: &mut Writer) -> Option<Value<'m>> {
        self.as_ref().and_then(|part| part.write(writer))
    }
}

impl<T: Part> Part for Vec<T> {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let Value::Array(items) = value else { return None };
        let mut list = Self::with_capacity(items.len());
        let length = reader.path.len();
        for (index, item) in items.iter().enumerate() {
            let _never_fails = write!(reader.path, "/{index}");
            match T::read(item, reader) {
                Some(part) => list.push(part),
                None => reader.skip(),
            }
            reader.path.truncate(length);
        }
        Some(list)
    }

    fn write<'m>(&'m self, writer: &mut Writer) -> Option<Value<'m>> {
        let length = writer.path.len();
        let mut items = Vec::with_capacity(self.len());
        for (index, part) in self.iter().enumerate() {
            let _never_fails = write!(writer.path, "/{index}");
            items.extend(part.write(writer));
            writer.path.truncate(length);
        }
        (!items.is_empty()).then_some(Value::Array(items))
    }
}

/// What a record cannot do key by key, because the versions differ in more than names.
pub(super) trait Special {
    fn read_special(&mut self, _: &Value<'_>, _: &mut Reader) {}
    fn write_special<'m>(&'m self, _: &mut Fields<'m>, _: &mut Writer) {}
}

/// A record: its fields with their keys. `plain` where the keys are all there is.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $vis:vis $kind:ident $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty = $key:expr, )*
        }
        $( special { $( $(#[$special_meta:meta])* $special:ident: $special_type:ty, )* } )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            $( $( $(#[$special_meta])* pub $special: $special_type, )* )?
        }

        impl $crate::model::part::Part for $name {
            fn read(value: &Value<'_>, reader: &mut $crate::model::part::Reader) -> Option<Self> {
                if !matches!(value, Value::Object(_)) {
                    return None;
                }
                let mut part = Self::default();
                $( part.$field = reader.field(value, $key); )*
                $crate::model::part::Special::read_special(&mut part, value, reader);
                Some(part)
            }

            fn write<'m>(&'m self, writer: &mut $crate::model::part::Writer) -> Option<Value<'m>> {
                let mut fields = Vec::new();
                $( writer.field(&mut fields, $key, &self.$field); )*
                $crate::model::part::Special::write_special(self, &mut fields, writer);
                (!fields.is_empty()).then_some(Value::Object(fields))
            }
        }

        record!(@$kind $name);
    };
    (@plain $name:ident) => {
        impl $crate::model::part::Special for $name {}
    };
    (@mixed $name:ident) => {};
}

/// A choice among names. A name that one version lacks says what stands for it there.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal $(, 2.0: $v20:literal)? $(, 2.1: $v21:literal)?; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The name in documents.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )*
                }
            }

            /// Reads a value from its name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }

            /// The name in a version: another one where that version lacks this value.
            #[must_use]
            pub const fn name_in(self, version: Version) -> &'static str {
                match (self, version) {
                    $(
                        $( (Self::$variant, Version::V2_0) => $v20, )?
                        $( (Self::$variant, Version::V2_1) => $v21, )?
                    )*
                    (other, _) => other.as_str(),
                }
            }
        }

        impl $crate::model::part::Part for $name {
            fn read(value: &Value<'_>, reader: &mut $crate::model::part::Reader) -> Option<Self> {
                let text = value.as_str()?;
                Self::ALL.iter().copied().find(|value| value.as_str() == text).filter(|value| {
                    value.name_in(reader.version) == text
                })
            }

            fn write<'m>(&'m self, writer: &mut $crate::model::part::Writer) -> Option<Value<'m>> {
                let name = self.name_in(writer.version);
                if name != self.as_str() {
                    writer.lose(format!("{} is not known in CSAF {}; written as {name}.", self.as_str(), writer.version.as_str()));
                }
                Some(Value::Text(std::borrow::Cow::Borrowed(name)))
            }
        }
    };
}
