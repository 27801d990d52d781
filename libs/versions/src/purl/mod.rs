//! Package URLs (ECMA-427): read, build, write canonically.

mod kinds;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::Ecosystem;
use crate::error::{Error, quoted};

/// The longest package URL that is read, in bytes.
const LONGEST: usize = 16_384;

/// A package URL in its normal form, so that equal packages are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    kind: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
    qualifiers: BTreeMap<String, String>,
    subpath: Option<String>,
}

/// The parts of a package URL that is to be built, as they are (not percent-encoded).
#[derive(Clone, Debug, Default)]
pub struct Parts<'a> {
    /// The type: `npm`.
    pub kind: &'a str,
    /// Segments between slashes: `@angular`.
    pub namespace: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// The version.
    pub version: Option<&'a str>,
    /// Keys and values; those with an empty value are left out.
    pub qualifiers: Vec<(&'a str, &'a str)>,
    /// Segments between slashes.
    pub subpath: Option<&'a str>,
}

impl Purl {
    /// Reads a package URL and brings it into its normal form.
    ///
    /// # Errors
    /// When the scheme, type or name is missing or malformed, a qualifier key is malformed or stands twice, or the
    /// type's own rules are broken (ECMA-427 section 5, and the definition of the type).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(Error::new(format!("the package URL is longer than {LONGEST} bytes")));
        }
        let Some((scheme, rest)) = text.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("pkg")) else {
            return Err(Error::new(format!("{} is no package URL; one begins with pkg:", quoted(text))));
        };
        let _same_scheme = scheme;
        let (rest, subpath) = rest.rsplit_once('#').map_or((rest, None), |(rest, subpath)| (rest, Some(subpath)));
        let (rest, query) = rest.rsplit_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let rest = rest.trim_start_matches('/');
        let Some((kind, rest)) = rest.split_once('/') else {
            return Err(Error::new(format!("{} has no name; write pkg:type/name", quoted(text))));
        };
        let (path, version) = split_version(rest);
        let path = if version.is_some() { path } else { path.trim_end_matches('/') };
        let kind = kinds::normal_kind(kind)?;
        let (namespace, name) = if kinds::name_is_path(&kind) {
            path.split_once('/').map_or((None, path), |(namespace, name)| (Some(namespace), name))
        } else {
            path.rsplit_once('/').map_or((None, path), |(namespace, name)| (Some(namespace), name))
        };
        let namespace = namespace.map(text::decode).transpose()?;
        let name = text::decode(name)?;
        let version = version.map(text::decode).transpose()?;
        let subpath = subpath.map(text::decode).transpose()?;
        let mut pairs = Vec::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((text::decode(key)?, text::decode(value)?));
        }
        Self::build(&Parts {
            kind: &kind,
            namespace: namespace.as_deref(),
            name: &name,
            version: version.as_deref(),
            qualifiers: pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
            subpath: subpath.as_deref(),
        })
    }

    /// Builds a package URL from its parts and brings it into its normal form.
    ///
    /// # Errors
    /// As [`Purl::parse`].
    pub fn build(parts: &Parts<'_>) -> Result<Self, Error> {
        let kind = kinds::normal_kind(parts.kind)?;
        let name = parts.name.trim_matches('/');
        if name.is_empty() {
            return Err(Error::new("the package URL has no name; write pkg:type/name"));
        }
        let qualifiers = qualifiers(&kind, &parts.qualifiers)?;
        let mut purl = Self {
            kind,
            namespace: text::segments(parts.namespace, |_| true),
            name: name.to_owned(),
            version: parts.version.filter(|version| !version.is_empty()).map(str::to_owned),
            qualifiers,
            subpath: text::segments(parts.subpath, |segment| !matches!(segment, "." | "..")),
        };
        kinds::normalize(&mut purl)?;
        Ok(purl)
    }

    /// The type, in lower case.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, segments between slashes.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The qualifiers by key.
    pub const fn qualifiers(&self) -> &BTreeMap<String, String> {
        &self.qualifiers
    }

    /// The value of one qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// The path inside the package, segments between slashes.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }

    /// The canonical form: what [`fmt::Display`] writes.
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// The ecosystem that orders this package's versions.
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        Ecosystem::parse(&self.kind)
    }

    /// The same package without version, qualifiers and subpath.
    #[must_use]
    pub fn package(&self) -> Self {
        Self { version: None, qualifiers: BTreeMap::new(), subpath: None, ..self.clone() }
    }

    /// Whether both name the same package, of whatever version.
    pub fn is_same_package(&self, other: &Self) -> bool {
        self.kind == other.kind && self.namespace == other.namespace && self.name == other.name
    }
}

/// Splits the version off. An `@` at the start of a segment that is not the last belongs to a namespace such as
/// `@angular` that was not encoded.
fn split_version(rest: &str) -> (&str, Option<&str>) {
    let last_slash = rest.rfind('/');
    let mut end = rest.len();
    while let Some(at) = rest.get(..end).and_then(|part| part.rfind('@')) {
        let starts_segment = at == 0 || rest.get(..at).is_some_and(|before| before.ends_with('/'));
        if !starts_segment || last_slash.is_none_or(|slash| slash < at) {
            let after = at.saturating_add(1);
            return (rest.get(..at).unwrap_or_default(), Some(rest.get(after..).unwrap_or_default()));
        }
        end = at;
    }
    (rest, None)
}

fn qualifiers(kind: &str, pairs: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Error> {
    let mut out = BTreeMap::new();
    for (key, value) in pairs {
        let starts = key.starts_with(|first: char| first.is_ascii_alphabetic());
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if !starts
            || !key.bytes().all(fits)
            || (kinds::has_exact_keys(kind) && key.bytes().any(|byte| byte.is_ascii_uppercase()))
        {
            return Err(Error::new(format!(
                "{} is no qualifier key; keys are lower-case letters, digits, dots, hyphens and underscores",
                quoted(key)
            )));
        }
        if value.is_empty() {
            continue;
        }
        if out.insert(key.to_ascii_lowercase(), (*value).to_owned()).is_some() {
            return Err(Error::new(format!("the qualifier {} stands twice", quoted(key))));
        }
    }
    Ok(out)
}

impl fmt::Display for Purl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "pkg:{}", self.kind)?;
        let path = kinds::name_is_path(&self.kind).then_some(self.name.as_str());
        for segment in self.namespace.iter().map(String::as_str).chain(path).flat_map(|text| text.split('/')) {
            write!(out, "/{}", text::Encoded(segment))?;
        }
        if path.is_none() {
            write!(out, "/{}", text::Encoded(&self.name))?;
        }
        if let Some(version) = &self.version {
            write!(out, "@{}", text::Encoded(version))?;
        }
        let mut separator = '?';
        for (key, value) in &self.qualifiers {
            write!(out, "{separator}{key}={}", text::Encoded(value))?;
            separator = '&';
        }
        let mut separator = '#';
        for segment in self.subpath.iter().flat_map(|text| text.split('/')) {
            write!(out, "{separator}{}", text::Encoded(segment))?;
            separator = '/';
        }
        Ok(())
    }
}

impl FromStr for Purl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
