//! SSVC as CSAF 2.1 carries it: namespaces and decision points.

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
        && name.bytes().nth(1).is_some_and(is_word_byte)
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
