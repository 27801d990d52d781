//! A TOML table that knows its lines: typed access that reports what is missing, mistyped or unknown.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use crate::finding::{Severity, Sink, Source};

/// A text with the line it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) words: String,
    pub(crate) line: u32,
}

/// One table; `done` reports the keys that nobody asked for.
pub(crate) struct Table<'t, 'i> {
    map: &'t DeTable<'i>,
    /// The line on which the table begins.
    pub(crate) line: u32,
    source: &'t Source<'t>,
    sink: &'t Sink,
    what: &'static str,
    seen: RefCell<BTreeSet<String>>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(crate) fn root(map: &'t DeTable<'i>, source: &'t Source<'t>, sink: &'t Sink, what: &'static str) -> Self {
        Self { map, line: 1, source, sink, what, seen: RefCell::default() }
    }

    pub(crate) fn file(&self) -> &str {
        self.source.name
    }

    pub(crate) fn sink(&self) -> &'t Sink {
        self.sink
    }

    pub(crate) fn error(&self, line: u32, rule: &'static str, reason: String) {
        self.sink.add(Severity::Error, self.source.name, line, rule, reason);
    }

    pub(crate) fn warn(&self, line: u32, rule: &'static str, reason: String) {
        self.sink.add(Severity::Warning, self.source.name, line, rule, reason);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    fn value(&self, key: &str) -> Option<(&'t DeValue<'i>, u32)> {
        self.seen.borrow_mut().insert(key.to_owned());
        self.map.get(key).map(|value| (value.get_ref(), self.source.line(value.span().start)))
    }

    fn mistyped(&self, key: &str, line: u32, wanted: &str, found: &DeValue<'_>) {
        self.error(line, "wrong-type", format!("`{key}` must be {wanted}, and is of type {}", found.type_str()));
    }

    /// A text that may be missing but not empty.
    pub(crate) fn text(&self, key: &str) -> Option<Text> {
        let (value, line) = self.value(key)?;
        let Some(words) = value.as_str() else {
            self.mistyped(key, line, "a text", value);
            return None;
        };
        if words.trim().is_empty() {
            self.error(line, "empty", format!("`{key}` is empty: write what it is for, or leave the key out"));
            return None;
        }
        Some(Text { words: words.trim().to_owned(), line })
    }

    /// A text that must be there; a finding and an empty text otherwise.
    pub(crate) fn required(&self, key: &str) -> Text {
        if !self.has(key) {
            self.error(self.line, "missing", format!("{} has no `{key}`", self.what));
        }
        self.text(key).unwrap_or(Text { words: String::new(), line: self.line })
    }

    /// A list of texts; a single text stands for a list of one.
    pub(crate) fn texts(&self, key: &str) -> Vec<Text> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        if value.is_str() {
            return self.text(key).into_iter().collect();
        }
        let Some(list) = value.as_array() else {
            self.mistyped(key, line, "a list of texts", value);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_str() {
                Some(words) if words.trim().is_empty() => {
                    self.error(line, "empty", format!("`{key}` holds an empty text"));
                }
                Some(words) => texts.push(Text { words: words.trim().to_owned(), line }),
                None => self.mistyped(key, line, "a list of texts", item.get_ref()),
            }
        }
        texts
    }

    /// A list of texts with at least one entry.
    pub(crate) fn some_texts(&self, key: &str) -> Vec<Text> {
        let texts = self.texts(key);
        if !self.has(key) {
            self.error(self.line, "missing", format!("{} has no `{key}`", self.what));
        } else if texts.is_empty() {
            let line = self.value(key).map_or(self.line, |(_, line)| line);
            self.error(line, "empty", format!("`{key}` must name at least one"));
        }
        texts
    }

    /// A whole number of the given range.
    pub(crate) fn number(&self, key: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let (value, line) = self.value(key)?;
        let Some(integer) = value.as_integer() else {
            self.mistyped(key, line, "a whole number", value);
            return None;
        };
        let number = u32::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok();
        let inside = number.filter(|number| range.contains(number));
        if inside.is_none() {
            let reason = format!("`{key}` must be from {} to {}", range.start(), range.end());
            self.error(line, "out-of-range", reason);
        }
        inside
    }

    /// A switch; false when it is not there.
    pub(crate) fn flag(&self, key: &str) -> bool {
        let Some((value, line)) = self.value(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.mistyped(key, line, "true or false", value);
            false
        })
    }

    /// A table below this one.
    pub(crate) fn table(&self, key: &str, what: &'static str) -> Option<Table<'t, 'i>> {
        let (value, line) = self.value(key)?;
        let Some(map) = value.as_table() else {
            self.mistyped(key, line, "a table", value);
            return None;
        };
        Some(Table { map, line, source: self.source, sink: self.sink, what, seen: RefCell::default() })
    }

    /// A list of tables below this one.
    pub(crate) fn tables(&self, key: &str, what: &'static str) -> Vec<Table<'t, 'i>> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.mistyped(key, line, "a list of tables", value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list.iter() {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_table() {
                Some(map) => {
                    tables.push(Table {
                        map,
                        line,
                        source: self.source,
                        sink: self.sink,
                        what,
                        seen: RefCell::default(),
                    });
                }
                None => self.mistyped(key, line, "a list of tables", item.get_ref()),
            }
        }
        tables
    }

    /// The keys of this table with their lines, for tables whose keys are data.
    pub(crate) fn keys(&self) -> Vec<Text> {
        let key = |key: &toml::Spanned<std::borrow::Cow<'_, str>>| Text {
            words: key.get_ref().to_string(),
            line: self.source.line(key.span().start),
        };
        let mut keys: Vec<Text> = self.map.keys().map(key).collect();
        keys.sort_by(|a, b| (a.line, &a.words).cmp(&(b.line, &b.words)));
        keys
    }

    /// Ends the reading: every key that nobody asked for is a finding with the words that were known.
    pub(crate) fn done(self) {
        self.done_as("unknown-key");
    }

    /// Like `done`, under a rule of its own.
    pub(crate) fn done_as(self, rule: &'static str) {
        let seen = self.seen.borrow();
        for key in self.keys() {
            if !seen.contains(&key.words) {
                let known: Vec<&str> = seen.iter().map(String::as_str).collect();
                let reason = format!("{} has no key `{}`; known are {}", self.what, key.words, known.join(", "));
                self.error(key.line, rule, reason);
            }
        }
    }
}
