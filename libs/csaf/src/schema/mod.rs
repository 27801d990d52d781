//! Conformance with the JSON schema of each version: tables of what is allowed, and one walk over the tree.
//!
//! Nothing is compiled at start. Violations inside CVSS objects are those of test 6.1.8, inside SSVC those of 6.1.46, dates of 2.1 those of 6.1.37;
//! unknown keys where the schema is open are those of test 6.2.20.

mod common;
mod cvss;
mod v20;
mod v21;

pub(crate) use v21::SCHEMA_URL;

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::Version;
use crate::finding::Sink;
use crate::format::Form;
use crate::json::Value;
use crate::time::Stamp;

/// What a value may be.
pub(crate) enum Shape {
    /// A text of at least one character when `some`, of a form when there is one.
    Text { some: bool, form: Option<Form> },
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A number from 0 to 10.
    Score,
    /// A truth value.
    Bool,
    /// A list of at least `min` items, without repetition when `unique`.
    List { item: &'static Shape, min: usize, unique: bool },
    /// An object.
    Object(&'static Object),
    /// An object of CVSS, whose violations are those of 6.1.8.
    Cvss(&'static Object),
    /// A CVSS v3 object: the version it names decides between 3.0 and 3.1.
    Cvss3,
    /// An SSVC object, whose violations are those of 6.1.46.
    Ssvc(&'static Object),
    /// An extension of 2.1, whose violations are those of 6.1.60.1.
    Extension(&'static Object),
}

/// Which keys an object has.
pub(crate) struct Object {
    pub(crate) fields: &'static [(&'static str, &'static Shape)],
    pub(crate) required: &'static [&'static str],
    pub(crate) min: usize,
    pub(crate) max: usize,
    /// Whether unknown keys break the schema, or are for test 6.2.20 to report, or nobody's business.
    pub(crate) extra: Extra,
}

/// What to do with keys that the schema does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// As the version has it: 2.0 is open, 2.1 closed.
    ByVersion,
    /// Closed in every version.
    Closed,
    /// Open by the schema, reported by 6.2.20.
    Reported,
    /// Like `Reported`, but keys of earlier revisions of the schema break it: they would contradict the one score.
    ReportedBut(&'static [&'static str]),
    /// Free content.
    Free,
}

impl Object {
    pub(crate) const fn new(
        fields: &'static [(&'static str, &'static Shape)],
        required: &'static [&'static str],
    ) -> Self {
        Self { fields, required, min: 0, max: usize::MAX, extra: Extra::ByVersion }
    }

    pub(crate) const fn counted(self, min: usize, max: usize) -> Self {
        Self { min, max, ..self }
    }

    pub(crate) const fn extra(self, extra: Extra) -> Self {
        Self { extra, ..self }
    }
}

/// Checks a document against the schema of a version.
pub(crate) fn check(root: &Value<'_>, version: Version, out: &mut Sink) {
    let shape = match version {
        Version::V2_0 => &v20::ROOT,
        Version::V2_1 => &v21::ROOT,
    };
    let mut walk = Walk { version, test: "schema", path: Vec::new(), out };
    walk.value(root, shape);
}

enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

struct Walk<'t, 's> {
    version: Version,
    test: &'static str,
    path: Vec<Step<'t>>,
    out: &'s mut Sink,
}

impl<'t> Walk<'t, '_> {
    fn pointer(&self, last: Option<&str>) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) => crate::finding::push_key(&mut text, key),
                Step::Index(index) => {
                    let _never_fails = write!(text, "/{index}");
                }
            }
        }
        if let Some(key) = last {
            crate::finding::push_key(&mut text, key);
        }
        text
    }

    fn fail(&mut self, message: impl Into<String>) {
        let path = self.pointer(None);
        self.out.add(self.test, path, message);
    }

    fn wrong_kind(&mut self, value: &Value<'_>, wanted: &str) {
        self.fail(format!("This is {}, but it has to be {wanted}.", value.kind()));
    }

    fn value(&mut self, value: &'t Value<'_>, shape: &'static Shape) {
        match shape {
            Shape::Text { some, form } => self.text(value, *some, *form),
            Shape::Choice(options) => self.choice(value, options),
            Shape::Score => match value.as_f64() {
                Some(score) if (0.0..=10.0).contains(&score) => {}
                Some(score) => self.fail(format!("{score} is out of range; a score is from 0 to 10.")),
                None => self.wrong_kind(value, "a number"),
            },
            Shape::Bool => {
                if value.as_bool().is_none() {
                    self.wrong_kind(value, "true or false");
                }
            }
            Shape::List { item, min, unique } => self.list(value, item, *min, *unique),
            Shape::Object(object) => self.object(value, object),
            Shape::Cvss(object) => self.within("6.1.8", value, object),
            Shape::Cvss3 => {
                let object = if value.text("version") == Some("3.0") { &cvss::V3_0 } else { &cvss::V3_1 };
                self.within("6.1.8", value, object);
            }
            Shape::Ssvc(object) => self.within("6.1.46", value, object),
            Shape::Extension(object) => self.within("6.1.60.1", value, object),
        }
    }

    fn within(&mut self, test: &'static str, value: &'t Value<'_>, object: &'static Object) {
        let outer = std::mem::replace(&mut self.test, test);
        self.object(value, object);
        self.test = outer;
    }

    fn text(&mut self, value: &Value<'_>, some: bool, form: Option<Form>) {
        let Some(text) = value.as_str() else {
            self.wrong_kind(value, "a text");
            return;
        };
        if form == Some(Form::DateTime) && self.version == Version::V2_1 {
            self.date_time(text);
        } else if some && text.is_empty() {
            self.fail("The text is empty; write something or remove the key.");
        } else if let Some(form) = form
            && !form.fits(text)
        {
            self.fail(format!("\"{}\" has the wrong form; {}.", crate::finding::shorten(text), form.advice()));
        }
    }

    /// 6.1.37 in place of the schema's form, which it tightens.
    fn date_time(&mut self, text: &str) {
        if !Stamp::parse(text).is_some_and(|stamp| stamp.strict) {
            let path = self.pointer(None);
            let text = crate::finding::shorten(text);
            self.out.add(
                "6.1.37",
                path,
                format!("\"{text}\" is no date and time as CSAF 2.1 wants it; write it such as 2026-01-31T09:30:00Z, without leap second."),
            );
        }
    }

    fn choice(&mut self, value: &Value<'_>, options: &[&str]) {
        match value.as_str() {
            Some(text) if options.contains(&text) => {}
            Some(text) => {
                self.fail(format!(
                    "\"{}\" is not allowed here; use one of: {}.",
                    crate::finding::shorten(text),
                    options.join(", ")
                ));
            }
            None => self.wrong_kind(value, "a text"),
        }
    }

    fn list(&mut self, value: &'t Value<'_>, item: &'static Shape, min: usize, unique: bool) {
        let Value::Array(items) = value else {
            self.wrong_kind(value, "a list");
            return;
        };
        if items.len() < min {
            let message = match (min, items.is_empty()) {
                (1, true) => "The list is empty; add an item or remove the key.".to_owned(),
                _ => format!("The list has {} items; it needs at least {min}.", items.len()),
            };
            self.fail(message);
        }
        if unique && let Some((first, second)) = repeated(items) {
            self.fail(format!("Items {first} and {second} are the same; remove one of them."));
        }
        for (index, entry) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            self.value(entry, item);
            self.path.pop();
        }
    }

    fn object(&mut self, value: &'t Value<'_>, object: &'static Object) {
        let Value::Object(fields) = value else {
            self.wrong_kind(value, "an object");
            return;
        };
        for key in object.required {
            if !fields.iter().any(|(name, _)| name == key) {
                let path = self.pointer(None);
                self.out.add(self.test, path, format!("The key `{key}` is missing; add it."));
            }
        }
        if fields.len() < object.min && object.required.is_empty() {
            self.fail("The object is empty or has too little in it; fill it or remove it.");
        } else if fields.len() < object.min || fields.len() > object.max {
            self.count(fields.len(), object);
        }
        for (key, entry) in fields {
            if let Some((_, shape)) = object.fields.iter().find(|(name, _)| name == key) {
                self.path.push(Step::Key(key));
                self.value(entry, shape);
                self.path.pop();
            } else {
                self.unknown(key, object.extra);
            }
        }
    }

    fn count(&mut self, count: usize, object: &Object) {
        let optional: Vec<&str> =
            object.fields.iter().map(|(name, _)| *name).filter(|name| !object.required.contains(name)).collect();
        let wanted = if object.min == object.max { "exactly" } else { "at least" };
        self.fail(format!(
            "There are {count} keys here, but {wanted} {} are needed: {} and one of {}.",
            object.min,
            object.required.join(", "),
            optional.join(", ")
        ));
    }

    fn unknown(&mut self, key: &str, extra: Extra) {
        let closed = match extra {
            Extra::Free => return,
            Extra::Closed => true,
            Extra::Reported => false,
            Extra::ReportedBut(withdrawn) => withdrawn.contains(&key),
            Extra::ByVersion => self.version == Version::V2_1,
        };
        let path = self.pointer(Some(key));
        let test = if closed { self.test } else { "6.2.20" };
        self.out.add(
            test,
            path,
            format!("The key `{}` is not part of the standard; remove it.", crate::finding::shorten(key)),
        );
    }
}

/// The first two items that are equal.
fn repeated(items: &[Value<'_>]) -> Option<(usize, usize)> {
    if items.len() <= 8 {
        return items.iter().enumerate().find_map(|(first, item)| {
            let later = items.iter().skip(first.saturating_add(1)).position(|other| same(item, other))?;
            Some((first, first.saturating_add(later).saturating_add(1)))
        });
    }
    let texts: Option<HashSet<&str>> = items.iter().map(Value::as_str).collect();
    match texts {
        Some(texts) if texts.len() == items.len() => None,
        Some(_) => first_repeat(items.iter().map(|item| item.as_str().unwrap_or_default())),
        None => first_repeat(items.iter().map(Value::canonical)),
    }
}

fn first_repeat<T: std::hash::Hash + Eq>(keys: impl Iterator<Item = T>) -> Option<(usize, usize)> {
    let mut seen = std::collections::HashMap::new();
    for (index, key) in keys.enumerate() {
        if let Some(first) = seen.insert(key, index) {
            return Some((first, index));
        }
    }
    None
}

/// Equality as JSON has it: the order of keys does not count, `1` and `1.0` are the same.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(fields), Value::Object(others)) => {
            fields.len() == others.len()
                && fields.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}
