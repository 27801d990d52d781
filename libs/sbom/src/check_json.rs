//! Checks a JSON value against the rule table of its format.

use serde_json::{Map, Value};

use crate::expression::{Expression, Form, Object, Type, Unknown};
use crate::findings::Findings;
use crate::formats;
use crate::licences;
use crate::refs::Refs;
use crate::rules::Rules;

/// Checks values; remembers every `bom-ref` on the way.
pub(crate) struct Checker<'a> {
    pub(crate) rules: &'a Rules,
    /// Name of the property that declares an identifier: `bom-ref`, `SPDXID`.
    pub(crate) identifier: &'static str,
}

impl Checker<'_> {
    /// Checks `value` against `expression`; `path` is the JSON pointer so far and is left as it was.
    pub(crate) fn check(
        &self,
        expression: &Expression,
        value: &Value,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        match (expression, value) {
            (Expression::Any, _)
            | (Expression::AnyObject, Value::Object(_))
            | (Expression::Boolean, Value::Bool(_)) => {}
            (Expression::Named(index), _) => self.named(*index, value, path, refs, findings),
            (Expression::AnyOf(options), _) => self.any_of(options, value, path, refs, findings),
            (Expression::OneOf(options), _) => self.one_of(options, value, path, refs, findings),
            (Expression::Licence, Value::String(text)) => {
                if !licences::is_known(text) {
                    findings.error("unknown-licence", path, || {
                        format!(
                            "“{}” is not an identifier of the SPDX licence list; give it as a name or an expression",
                            short(text)
                        )
                    });
                }
            }
            (Expression::Text { least, most, pattern, form }, Value::String(text)) => {
                self.text(text, (*least, *most), *pattern, *form, true, path, findings);
            }
            (Expression::Integer { least, most }, Value::Number(number)) => {
                let whole = number.as_i64().or_else(|| number.as_u64().map(|_| i64::MAX));
                if whole.is_none() && number.as_f64().is_none_or(|value| value.fract() != 0.0) {
                    findings.error("type", path, || format!("{number} is not a whole number"));
                } else if let Some(value) = whole
                    && (least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most))
                {
                    findings.error("range", path, || format!("{number} is out of range"));
                }
            }
            (Expression::Number { least, most }, Value::Number(number)) => {
                let value = number.as_f64().unwrap_or(0.0);
                if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
                    findings.error("range", path, || format!("{number} is out of range"));
                }
            }
            (Expression::Array { item, unique, least, most }, Value::Array(list)) => {
                self.array(item, (*unique, *least, *most), list, path, refs, findings);
            }
            _ => findings.error("type", path, || format!("{} is needed here, not {}", wanted(expression), kind(value))),
        }
    }

    fn named(&self, index: usize, value: &Value, path: &mut String, refs: &mut Refs, findings: &mut Findings) {
        match (self.rules.named(index), value) {
            (Some(Type::Object(object)), Value::Object(map)) => self.object(object, map, path, refs, findings),
            (Some(Type::Object(_)), _) => {
                findings.error("type", path, || format!("an object is needed here, not {}", kind(value)));
            }
            (Some(Type::Enumeration(values)), Value::String(text)) => {
                if values.binary_search(&text.as_str()).is_err() {
                    findings.error("value", path, || unlisted(text, values));
                }
            }
            (Some(Type::Enumeration(_)), _) => {
                findings.error("type", path, || format!("a text is needed here, not {}", kind(value)));
            }
            (Some(Type::Alias(expression)), _) => self.check(expression, value, path, refs, findings),
            (Some(Type::Element(_)) | None, _) => {}
        }
    }

    /// Checks the properties of an object.
    pub(crate) fn object(
        &self,
        object: &Object,
        map: &Map<String, Value>,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        for (name, value) in map {
            let length = push(path, name);
            if name == self.identifier
                && let Value::String(text) = value
            {
                refs.declare(text, path, findings);
            }
            match object.properties.binary_search_by_key(&name.as_str(), |(known, _)| known) {
                Ok(at) => {
                    if let Some((_, expression)) = object.properties.get(at) {
                        self.check(expression, value, path, refs, findings);
                    }
                }
                Err(_) => self.unknown(&object.unknown, name, value, path, refs, findings),
            }
            path.truncate(length);
        }
        self.presence(object, &|name| map.contains_key(name), path, findings);
    }

    pub(crate) fn unknown(
        &self,
        unknown: &Unknown,
        name: &str,
        value: &Value,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        match unknown {
            Unknown::Allowed => {}
            Unknown::Typed(expression) => self.check(expression, value, path, refs, findings),
            Unknown::Refused => findings.error("unknown-property", path, || {
                format!("the property “{}” does not exist here in this version of the specification", short(name))
            }),
            Unknown::Doubtful => findings.warning("unknown-property", path, || {
                format!("the property “{}” is not defined by this version of the specification", short(name))
            }),
        }
    }

    /// Checks which properties are there.
    pub(crate) fn presence(&self, object: &Object, has: &dyn Fn(&str) -> bool, path: &str, findings: &mut Findings) {
        for name in &object.required {
            if !has(name) {
                findings.error("missing-property", path, || format!("the property “{name}” is missing"));
            }
        }
        let count = |groups: &[Vec<&str>]| groups.iter().filter(|group| group.iter().all(|name| has(name))).count();
        let words =
            |groups: &[Vec<&str>]| groups.iter().map(|group| group.join(" and ")).collect::<Vec<_>>().join("”, “");
        for groups in &object.exactly_one {
            if count(groups) != 1 {
                findings.error("choice", path, || format!("exactly one of “{}” is needed", words(groups)));
            }
        }
        for groups in &object.at_least_one {
            if count(groups) == 0 {
                findings.error("choice", path, || format!("at least one of “{}” is needed", words(groups)));
            }
        }
    }

    fn array(
        &self,
        item: &Expression,
        (unique, least, most): (bool, usize, usize),
        list: &[Value],
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        if list.len() < least || list.len() > most {
            findings
                .error("length", path, || format!("the list has {} items, which is too few or too many", list.len()));
        }
        let mut seen = std::collections::HashSet::new();
        for (index, value) in list.iter().enumerate() {
            let length = push_index(path, index);
            if unique && list.len() > 1 && !seen.insert(crate::refs::fingerprint(value)) {
                findings.error("repeated", path, || "the same item stands in this list before".to_owned());
            }
            self.check(item, value, path, refs, findings);
            path.truncate(length);
        }
    }

    /// Checks a text against length, pattern and form.
    pub(crate) fn text(
        &self,
        text: &str,
        (least, most): (usize, usize),
        pattern: Option<usize>,
        form: Option<Form>,
        zone: bool,
        path: &str,
        findings: &mut Findings,
    ) {
        if least > 0 && text.chars().take(least).count() < least {
            findings.error("length", path, || {
                if text.is_empty() {
                    "the text is empty".to_owned()
                } else {
                    format!("“{}” is too short", short(text))
                }
            });
        }
        if most < usize::MAX && text.chars().take(most.saturating_add(1)).count() > most {
            findings.error("length", path, || format!("“{}” is too long", short(text)));
        }
        if pattern.is_some_and(|pattern| !self.rules.matches(pattern, text)) {
            findings.error("form", path, || format!("“{}” does not have the form that is needed here", short(text)));
        }
        match form {
            Some(Form::DateTime) if !formats::is_date_time(text, zone) => findings
                .error("form", path, || format!("“{}” is not a date and time like 2024-05-31T12:00:00Z", short(text))),
            Some(Form::Date) if !formats::is_date(text) => {
                findings.error("form", path, || format!("“{}” is not a date like 2024-05-31", short(text)));
            }
            Some(Form::Email) if !formats::is_email(text) => {
                findings.error("form", path, || format!("“{}” is not a mail address", short(text)));
            }
            Some(Form::Iri) if !formats::is_iri_reference(text) => {
                findings.warning("form", path, || format!("“{}” is not an address (IRI)", short(text)));
            }
            _ => {}
        }
    }

    fn any_of(
        &self,
        options: &[Expression],
        value: &Value,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        let mut best: Option<Findings> = None;
        for option in options {
            let mut tried = Findings::default();
            self.check(option, value, path, &mut refs.aside(), &mut tried);
            if !tried.has_error() {
                self.check(option, value, path, refs, findings);
                return;
            }
            best = better(best, tried);
        }
        if let Some(best) = best {
            findings.append(best);
        }
    }

    fn one_of(
        &self,
        options: &[Expression],
        value: &Value,
        path: &mut String,
        refs: &mut Refs,
        findings: &mut Findings,
    ) {
        let mut best: Option<Findings> = None;
        let mut fitting: Option<&Expression> = None;
        for option in options {
            let mut tried = Findings::default();
            self.check(option, value, path, &mut refs.aside(), &mut tried);
            if tried.has_error() {
                best = better(best, tried);
            } else if fitting.is_some() {
                findings.error("choice", path, || {
                    "this fits more than one of the forms allowed, so its meaning is open".to_owned()
                });
                return;
            } else {
                fitting = Some(option);
            }
        }
        match (fitting, best) {
            (Some(option), _) => self.check(option, value, path, refs, findings),
            (None, Some(best)) => findings.append(best),
            (None, None) => {}
        }
    }
}

/// Of two failed attempts the one that says more: not a mere wrong type, and fewer errors.
fn better(best: Option<Findings>, tried: Findings) -> Option<Findings> {
    match best {
        Some(best) if best.errors() <= tried.errors() && !best.is_type_only() => Some(best),
        Some(best) if tried.is_type_only() => Some(best),
        _ => Some(tried),
    }
}

/// Adds a step to a JSON pointer; returns the length to go back to.
pub(crate) fn push(path: &mut String, name: &str) -> usize {
    let length = path.len();
    path.push('/');
    if name.contains(['~', '/']) {
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        path.push_str(name);
    }
    length
}

pub(crate) fn push_index(path: &mut String, index: usize) -> usize {
    use std::fmt::Write;
    let length = path.len();
    let _infallible = write!(path, "/{index}");
    length
}

/// The first characters of a text, for a message.
pub(crate) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

pub(crate) fn unlisted(text: &str, values: &[&str]) -> String {
    if values.len() <= 12 {
        format!("“{}” is none of the values allowed: {}", short(text), values.join(", "))
    } else {
        format!("“{}” is none of the {} values allowed", short(text), values.len())
    }
}

const fn wanted(expression: &Expression) -> &'static str {
    match expression {
        Expression::AnyObject => "an object",
        Expression::Text { .. } | Expression::Licence => "a text",
        Expression::Integer { .. } => "a whole number",
        Expression::Number { .. } => "a number",
        Expression::Boolean => "true or false",
        Expression::Array { .. } => "a list",
        Expression::Any | Expression::Named(_) | Expression::AnyOf(_) | Expression::OneOf(_) => "something else",
    }
}

pub(crate) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
