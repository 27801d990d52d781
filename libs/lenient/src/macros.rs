//! Macros that make structs and enumerations readable from JSON.

/// Declares structs that are read from JSON objects and written back.
///
/// Each field is `name: Type = "key"`, with `=> required` after the key when the standard demands it. Absent fields take their
/// default and are not written. Properties that are unknown or of a wrong type are kept in the field `other` and
/// written back, so that reading and writing loses nothing but items of lists that could not be read.
#[macro_export]
macro_rules! record {
    ($($(#[$outer:meta])* pub struct $name:ident {
        $($(#[$inner:meta])* $field:ident: $type:ty = $key:literal $(=> $required:ident)?,)*
    })*) => {$(
        $(#[$outer])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$inner])* pub $field: $type,)*
            /// Properties that are not known here, or could not be read.
            pub other: $crate::Map<String, $crate::Value>,
        }

        impl $crate::Json for $name {
            fn read(value: &$crate::Value, context: &mut $crate::Context) -> Option<Self> {
                let $crate::Value::Object(map) = value else {
                    $crate::mismatch("an object", value, context);
                    return None;
                };
                let mut record = Self::default();
                for (key, value) in map {
                    let read = match key.as_str() {
                        $($key => context.at(key, |context| {
                            <$type as $crate::Json>::read(value, context).map(|value| record.$field = value).is_some()
                        }),)*
                        _ => false,
                    };
                    if !read {
                        record.other.insert(key.clone(), value.clone());
                    }
                }
                $($crate::record!(@required $key, map, context $(, $required)?);)*
                Some(record)
            }

            fn write(&self) -> $crate::Value {
                let mut map = $crate::Map::new();
                $(if !$crate::Json::is_absent(&self.$field)
                    // What could not be read is written as it came, unless a value was set since.
                    && !(self.other.contains_key($key) && self.$field == <$type>::default())
                {
                    map.insert($key.to_owned(), $crate::Json::write(&self.$field));
                })*
                for (key, value) in &self.other {
                    map.entry(key.clone()).or_insert_with(|| value.clone());
                }
                $crate::Value::Object(map)
            }
        }
    )*};
    (@required $key:literal, $map:ident, $context:ident) => {};
    (@required $key:literal, $map:ident, $context:ident, required) => {
        if !$map.contains_key($key) {
            $context.error("missing-property", concat!("the property “", $key, "” is missing"));
        }
    };
}

/// Declares enumerations of texts; a text that is not listed is kept as `Other`, with a finding.
#[macro_export]
macro_rules! names {
    ($($(#[$outer:meta])* pub enum $name:ident {
        $($(#[$inner:meta])* $variant:ident = $text:literal,)*
    })*) => {$(
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$inner])* $variant,)*
            /// A text that the standard does not list.
            Other(String),
        }

        impl $name {
            /// The text of the standard.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }

            /// The value with this text.
            #[must_use]
            pub fn from_text(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl $crate::Json for $name {
            fn read(value: &$crate::Value, context: &mut $crate::Context) -> Option<Self> {
                let $crate::Value::String(text) = value else {
                    $crate::mismatch("a text", value, context);
                    return None;
                };
                let name = Self::from_text(text);
                if let Self::Other(text) = &name {
                    let short: String = text.chars().take(60).collect();
                    context.error("value", format!(
                        "“{short}” is none of the values allowed: {}",
                        [$($text),*].join(", ")
                    ));
                }
                Some(name)
            }

            fn write(&self) -> $crate::Value {
                $crate::Value::String(self.as_str().to_owned())
            }
        }
    )*};
}
