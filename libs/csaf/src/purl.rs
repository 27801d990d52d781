//! Package URLs as test 6.1.13 needs them.

/// Says what is wrong with a package URL.
///
/// # Errors
/// The reason as the end of a sentence.
pub(crate) fn check(purl: &str) -> Result<(), String> {
    let rest = purl.strip_prefix("pkg:").ok_or("it does not start with pkg:")?;
    if rest.starts_with('/') {
        return Err("there is a slash after pkg:".to_owned());
    }
    let (kind, rest) = rest.split_once('/').ok_or("it has no type and name")?;
    let kind_fits = kind.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    if !kind_fits {
        return Err("the type has other characters than letters, digits, dots, pluses and dashes".to_owned());
    }
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let path = match path.rsplit_once('@') {
        Some((before, version)) if !version.contains('/') => before,
        Some(_) | None => path,
    };
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if name.is_empty() { Err("it has no name".to_owned()) } else { Ok(()) }
}
