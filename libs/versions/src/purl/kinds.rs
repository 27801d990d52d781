//! What the definitions of the types ask for: which parts there are, and in which case.

use super::Purl;
use crate::error::{Error, quoted};

/// Types whose namespace is written in lower case.
const LOWER_NAMESPACE: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "brew",
    "composer",
    "deb",
    "github",
    "hex",
    "luarocks",
    "qpkg",
    "rpm",
    "vscode-extension",
    "yocto",
];
/// Types whose name is written in lower case.
const LOWER_NAME: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "bitnami",
    "brew",
    "chrome-extension",
    "composer",
    "deb",
    "github",
    "hex",
    "luarocks",
    "oci",
    "otp",
    "pub",
    "pypi",
    "vscode-extension",
];
/// Types whose version is written in lower case.
const LOWER_VERSION: &[&str] = &["huggingface", "oci", "pypi", "vscode-extension"];
/// Types that have no namespace.
const NO_NAMESPACE: &[&str] = &[
    "bazel",
    "bitnami",
    "cargo",
    "chrome-extension",
    "cocoapods",
    "conda",
    "cran",
    "gem",
    "hackage",
    "julia",
    "mlflow",
    "nuget",
    "oci",
    "opam",
    "otp",
    "pub",
    "pypi",
    "vcpkg",
];
/// Types that need a namespace. The definitions of golang, rpm and huggingface ask for one too, but packages
/// without exist (the standard library of Go) and many tools leave it out, so it is not asked for here.
const NEEDS_NAMESPACE: &[&str] =
    &["alpm", "apk", "bitbucket", "composer", "deb", "git", "github", "maven", "qpkg", "swift", "vscode-extension"];

/// The type in lower case.
pub(super) fn normal_kind(kind: &str) -> Result<String, Error> {
    let starts = kind.starts_with(|first: char| first.is_ascii_alphabetic());
    if !starts || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) {
        return Err(Error::new(format!(
            "{} is no package type; types begin with a letter and have letters, digits, dots and hyphens",
            quoted(kind)
        )));
    }
    Ok(kind.to_ascii_lowercase())
}

/// Whether the name keeps its slashes: the namespace is the host alone.
pub(super) fn name_is_path(kind: &str) -> bool {
    kind == "git"
}

/// Whether keys of qualifiers with capitals are refused and not lowered.
pub(super) fn has_exact_keys(kind: &str) -> bool {
    kind == "gem"
}

/// Brings the parts into the form of their type.
pub(super) fn normalize(purl: &mut Purl) -> Result<(), Error> {
    let kind = purl.kind.clone();
    let kind = kind.as_str();
    let refuse = |words: String| Err(Error::new(words));
    match &purl.namespace {
        Some(namespace) if NO_NAMESPACE.contains(&kind) => {
            return refuse(format!("packages of type {kind} have no namespace, but here is {}", quoted(namespace)));
        }
        None if NEEDS_NAMESPACE.contains(&kind) => {
            return refuse(format!("packages of type {kind} need a namespace: pkg:{kind}/namespace/name"));
        }
        _ => {}
    }
    if LOWER_NAMESPACE.contains(&kind) {
        purl.namespace = purl.namespace.take().map(|namespace| namespace.to_lowercase());
    }
    if LOWER_NAME.contains(&kind) {
        purl.name = purl.name.to_lowercase();
    }
    if LOWER_VERSION.contains(&kind) {
        purl.version = purl.version.take().map(|version| version.to_lowercase());
    }
    match kind {
        // The host alone is the namespace; what follows it belongs to the name.
        "git" => {
            let namespace = purl.namespace.take().unwrap_or_default();
            let (host, path) = namespace.split_once('/').unwrap_or((&namespace, ""));
            if !path.is_empty() {
                purl.name = format!("{path}/{}", purl.name);
            }
            purl.namespace = Some(host.to_owned());
        }
        "pypi" | "hackage" => purl.name = purl.name.replace('_', "-"),
        "pub" => purl.name = purl.name.replace(|character: char| !character.is_ascii_alphanumeric(), "_"),
        "cpan" if purl.name.contains("::") => {
            return refuse(format!(
                "{} is a module; name the distribution, such as {}",
                quoted(&purl.name),
                quoted(&purl.name.replace("::", "-"))
            ));
        }
        "cpan" => purl.namespace = purl.namespace.take().map(|namespace| namespace.to_uppercase()),
        "mlflow" if purl.qualifier("repository_url").is_some_and(|url| url.contains("databricks")) => {
            purl.name = purl.name.to_lowercase();
        }
        "chrome-extension" => chrome(purl)?,
        "julia" => needs(purl, "uuid")?,
        "swid" => needs(purl, "tag_id")?,
        _ => {}
    }
    Ok(())
}

fn needs(purl: &Purl, key: &str) -> Result<(), Error> {
    match purl.qualifier(key) {
        Some(_) => Ok(()),
        None => Err(Error::new(format!("packages of type {} need the qualifier {key}", purl.kind))),
    }
}

/// Chrome extensions: 32 letters from a to p; a version of one to four numbers.
fn chrome(purl: &Purl) -> Result<(), Error> {
    if purl.name.len() != 32 || !purl.name.bytes().all(|byte| matches!(byte, b'a'..=b'p')) {
        return Err(Error::new(format!("{} is no extension; they have 32 letters from a to p", quoted(&purl.name))));
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match purl.version() {
        Some(version) if version.split('.').count() > 4 || !version.split('.').all(is_number) => {
            Err(Error::new(format!("{} is no version of an extension; they have one to four numbers", quoted(version))))
        }
        _ => Ok(()),
    }
}
