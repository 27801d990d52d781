//! Identifiers declared in a document, and fingerprints of values.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::check_json::short;
use crate::findings::Findings;

/// The identifiers of a document; repeated ones are findings.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    seen: HashSet<u64>,
    aside: bool,
    /// Whether the schema itself refuses repeated identifiers: that of XML does, that of JSON does not.
    strict: bool,
}

impl Refs {
    /// Identifiers of a format whose schema refuses repeated ones.
    pub(crate) fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// A stand-in for trying things out, which remembers and reports nothing.
    pub(crate) fn aside(&self) -> Self {
        Self { aside: true, ..Self::default() }
    }

    pub(crate) fn declare(&mut self, text: &str, path: &str, findings: &mut Findings) {
        if !self.aside && !self.seen.insert(hash(text)) {
            let words =
                || format!("the identifier “{}” is used more than once, so references to it are open", short(text));
            if self.strict {
                findings.error("repeated-reference", path, words);
            } else {
                findings.warning("repeated-reference", path, words);
            }
        }
    }

    pub(crate) fn knows(&self, text: &str) -> bool {
        self.seen.contains(&hash(text))
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A number that is equal for equal values, whatever the order of their properties.
pub(crate) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => (1_u8, value).hash(&mut hasher),
        Value::Number(number) => (2_u8, number.to_string()).hash(&mut hasher),
        Value::String(text) => (3_u8, text).hash(&mut hasher),
        Value::Array(list) => {
            4_u8.hash(&mut hasher);
            for item in list {
                fingerprint(item).hash(&mut hasher);
            }
        }
        Value::Object(map) => {
            let sum = map.iter().fold(0_u64, |sum, (name, value)| {
                let mut pair = DefaultHasher::new();
                (name, fingerprint(value)).hash(&mut pair);
                sum.wrapping_add(pair.finish())
            });
            (5_u8, map.len(), sum).hash(&mut hasher);
        }
    }
    hasher.finish()
}
