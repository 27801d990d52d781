//! SSVC as CSAF 2.1 carries it: namespaces and decision points.

use crate::json::Value;
use crate::revision::Number;

/// Whether a text has the form of an SSVC namespace (SSVC data model 2.0.0).
pub(crate) fn is_namespace(text: &str) -> bool {
    (3..=1000).contains(&text.chars().count()) && {
        let (base, extensions) = match text.split_once('/') {
            Some((base, rest)) => (base, Some(rest)),
            None => (text, None),
        };
        is_base(base) && extensions.is_none_or(are_extensions)
    }
}

static POINTS: &str = include_str!("../data/ssvc.tsv");

/// Registered base namespaces, and those reserved for examples, which are treated as registered.
const REGISTERED: [&str; 7] = ["basic", "cisa", "cvss", "nist", "ssvc", "example", "test"];

/// Whether the base of a namespace is registered.
pub(crate) fn is_registered(namespace: &str) -> bool {
    let base = base(namespace);
    REGISTERED.contains(&base.split('#').next().unwrap_or(base))
}

/// Whether a namespace has an extension or a translation.
pub(crate) fn has_extension(namespace: &str) -> bool {
    namespace.contains('/')
}

/// The versions of a decision point with the keys of their values, oldest first. `data/ssvc.tsv` lists namespace, key,
/// version and values of the decision points that the SSVC project publishes (2026.10).
fn versions<'k>(namespace: &'k str, key: &'k str) -> impl Iterator<Item = (&'static str, &'static str)> + 'k {
    POINTS.lines().filter_map(move |line| {
        let mut columns = line.split('\t');
        let found = columns.next() == Some(base(namespace)) && columns.next() == Some(key);
        found.then_some(())?;
        Some((columns.next()?, columns.next()?))
    })
}

/// Whether anything is known of a base namespace.
fn is_listed(namespace: &str) -> bool {
    let base = base(namespace);
    POINTS.lines().any(|line| line.split('\t').next() == Some(base))
}

/// What is wrong with a selection from a registered namespace; nothing for others (6.1.48).
pub(crate) fn fault(selection: &Value<'_>) -> Option<String> {
    let (namespace, key, version) = (selection.text("namespace")?, selection.text("key")?, selection.text("version")?);
    if !is_listed(namespace) {
        return None;
    }
    let Some((_, known)) = versions(namespace, key).find(|(known, _)| *known == version) else {
        return Some(match versions(namespace, key).last() {
            Some((newest, _)) => format!("The decision point {key} has no version {version}; the newest is {newest}."),
            None => format!("There is no decision point {key} in {}; correct the key.", base(namespace)),
        });
    };
    let known: Vec<&str> = known.split(' ').collect();
    let mut last = None;
    for value in selection.list("values") {
        let Some(value) = value.text("key") else { continue };
        let Some(at) = known.iter().position(|known| *known == value) else {
            return Some(format!("{key} {version} has no value {value}; it has {}.", known.join(", ")));
        };
        if last.is_some_and(|last| at <= last) && !is_translated(namespace) {
            return Some(format!("The values are out of order; the order is {}.", known.join(", ")));
        }
        last = Some(at);
    }
    None
}

/// Whether an extension translates into another language than English: the order of its values is its own matter.
fn is_translated(namespace: &str) -> bool {
    namespace.rsplit_once('$').is_some_and(|(_, language)| !language.starts_with("en"))
}

/// A newer version of the decision point of a selection.
pub(crate) fn newer_version(selection: &Value<'_>) -> Option<&'static str> {
    let (namespace, key, version) = (selection.text("namespace")?, selection.text("key")?, selection.text("version")?);
    let used = Number::parse(version)?;
    // A newer patch says the same in better words; it is no reason to assess again.
    let newest = versions(namespace, key)
        .filter_map(|(known, _)| Some((Number::parse(known)?, known)))
        .max_by(|(left, _), (right, _)| left.precedence(right))?;
    let minor = |number: &Number<'_>| match number {
        Number::Semantic { core: [major, minor, _], .. } => ((*major).to_owned(), (*minor).to_owned()),
        Number::Integer(major) => ((*major).to_owned(), String::new()),
    };
    (newest.0.precedence(&used).is_gt() && minor(&newest.0) != minor(&used)).then_some(newest.1)
}

/// The part of a namespace before its extensions.
pub(crate) fn base(namespace: &str) -> &str {
    namespace.split('/').next().unwrap_or(namespace)
}

fn is_base(base: &str) -> bool {
    if let Some(own) = base.strip_prefix("x_") {
        return own.split_once('#').is_some_and(|(domain, fragment)| is_domain(domain) && is_fragment(fragment));
    }
    let (name, fragment) = match base.split_once('#') {
        Some((name, fragment)) => (name, Some(fragment)),
        None => (base, None),
    };
    name.len() >= 3
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.as_bytes().get(1).copied().is_some_and(is_word_byte)
        && name.split(['.', '-']).all(is_word)
        && fragment.is_none_or(is_fragment)
}

/// A language or nothing, then further extensions.
fn are_extensions(rest: &str) -> bool {
    let mut parts = rest.split('/');
    let first = parts.next().unwrap_or_default();
    let language = first.is_empty() || crate::lang::Tag::parse(first).is_some();
    let rest: Vec<&str> = parts.collect();
    language && (!first.is_empty() || !rest.is_empty()) && rest.iter().all(|part| is_extension(part))
}

fn is_extension(part: &str) -> bool {
    let Some(own) = part.strip_prefix('.') else { return crate::lang::Tag::parse(part).is_some() };
    match own.split_once('$') {
        None => own.split_once('#').is_some_and(|(domain, fragment)| is_domain(domain) && is_fragment(fragment)),
        Some((name, language)) => {
            let name_fits = match name.split_once('#') {
                Some((domain, fragment)) => is_domain(domain) && is_fragment(fragment),
                None => is_domain(name),
            };
            name_fits && crate::lang::Tag::parse(language).is_some()
        }
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| is_word_byte(byte) || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_fragment(text: &str) -> bool {
    text.split(['.', '-']).all(is_word)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_word_byte)
}

const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::is_namespace;

    #[test]
    fn namespaces() {
        for good in [
            "ssvc",
            "cisa",
            "x_example.test#test",
            "x_example.test#test//.example.test#private-extension",
            "ssvc/de-DE/.example.organization#reference-arch-1",
            "nist#800-30",
        ] {
            assert!(is_namespace(good), "{good}");
        }
        for bad in ["", "ab", "x_custom", "SSVC", "x_example.test", "ssvc/", "ssvc#", "x_-a.b#c"] {
            assert!(!is_namespace(bad), "{bad}");
        }
    }
}
