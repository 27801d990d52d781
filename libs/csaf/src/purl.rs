//! Package URLs as tests 6.1.13 and 6.1.42 need them.

use versions::purl::Purl;

/// Reads a package URL.
///
/// # Errors
/// What is wrong, as the end of a sentence.
pub(crate) fn parse(purl: &str) -> Result<Purl, String> {
    // Readers may tolerate slashes after the scheme; a valid package URL has none.
    if purl.strip_prefix("pkg:").is_some_and(|rest| rest.starts_with('/')) {
        return Err("there is a slash after pkg:".to_owned());
    }
    Purl::parse(purl).map_err(|error| error.to_string())
}
