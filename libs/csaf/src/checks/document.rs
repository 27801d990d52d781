//! The document as a whole: 6.1.12, 6.1.15, 6.1.26, 6.1.28, and 6.2.10 to 6.2.15.

use crate::Version;
use crate::ctx::Ctx;
use crate::filename::file_name;
use crate::finding::{Sink, push_key, shorten};
use crate::json::Value;
use crate::lang::Tag;

const LANGUAGES: [(&str, &str); 2] = [("lang", "/document/lang"), ("source_lang", "/document/source_lang")];

/// 6.1.12 and 6.1.28: languages exist, and a translation changes the language.
pub(super) fn languages(ctx: &Ctx<'_>, out: &mut Sink) {
    for (key, path) in LANGUAGES {
        let Some(text) = ctx.document.text(key) else { continue };
        if let Some(part) = Tag::parse(text).as_ref().and_then(Tag::unknown_subtag) {
            out.add(
                "6.1.12",
                path,
                format!("\"{}\" is no registered language: `{part}` is unknown at that place; use a tag such as en or de-AT.", shorten(text)),
            );
        }
    }
    if let (Some(lang), Some(source)) = (ctx.document.text("lang"), ctx.document.text("source_lang"))
        && lang.eq_ignore_ascii_case(source)
    {
        out.add(
            "6.1.28",
            "/document/source_lang",
            format!(
                "The document is in {} and says it is translated from {}; remove `source_lang` or correct one.",
                shorten(lang),
                shorten(source)
            ),
        );
    }
}

/// 6.1.15: a translator names the language translated from.
pub(super) fn translator(ctx: &Ctx<'_>, out: &mut Sink) {
    let translator = ctx.document.at(&["publisher", "category"]).and_then(Value::as_str) == Some("translator");
    if translator && ctx.document.text("source_lang").is_none_or(str::is_empty) {
        out.add(
            "6.1.15",
            "/document/source_lang",
            "The publisher is a translator, but `source_lang` is missing; say which language the document was translated from.",
        );
    }
}

/// Profiles other than the base, by value; the base is any other value.
pub(super) const PROFILES: [&str; 7] = [
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_security_advisory",
    "csaf_vex",
    "csaf_deprecated_security_advisory",
    "csaf_withdrawn",
    "csaf_superseded",
];

/// The profiles of a version.
pub(super) fn profiles(version: Version) -> &'static [&'static str] {
    match version {
        Version::V2_0 => PROFILES.get(..4).unwrap_or(&PROFILES),
        Version::V2_1 => &PROFILES,
    }
}

/// 6.1.26: a category of one's own does not look like a profile.
pub(super) fn category(ctx: &Ctx<'_>, out: &mut Sink) {
    let category = ctx.category;
    if category.is_empty() || category == "csaf_base" || profiles(ctx.version).contains(&category) {
        return;
    }
    let plain = plain_name(category);
    let like = profiles(ctx.version).iter().find(|profile| {
        let name = profile.strip_prefix("csaf_").unwrap_or(profile);
        plain == plain_name(name) || plain == plain_name(profile)
    });
    let path = "/document/category";
    if let Some(profile) = like {
        out.add(
            "6.1.26",
            path,
            format!(
                "\"{}\" looks like the profile {profile}; write {profile} if you mean it, or choose another name.",
                shorten(category)
            ),
        );
    } else if category.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("csaf_")) {
        out.add(
            "6.1.26",
            path,
            format!(
                "\"{}\" starts with csaf_, which is reserved; choose another name or csaf_base.",
                shorten(category)
            ),
        );
    }
}

/// A name without dashes of any kind, underscores, white space and invisible characters, in lower case.
pub(super) fn plain_name(name: &str) -> String {
    let left_out = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(
                letter,
                '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{2212}'
                    | '\u{fe58}' | '\u{fe63}' | '\u{feff}' | '\u{ff0d}'
            )
    };
    name.chars().filter(|letter| !left_out(*letter)).flat_map(char::to_lowercase).collect()
}

/// 6.2.10, 6.2.11, 6.2.12, 6.2.14, 6.2.15: what a document should say about itself.
pub(super) fn labels(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.is(Version::V2_0) && ctx.document.at(&["distribution", "tlp", "label"]).is_none() {
        out.add(
            "6.2.10",
            "/document/distribution/tlp/label",
            "There is no TLP label; say how far the document may be shared, such as WHITE for everybody.",
        );
    }
    let name = file_name(ctx.tracking.text("id").unwrap_or_default());
    let canonical = ctx.document.list("references").iter().any(|reference| {
        let url = reference.text("url").unwrap_or_default();
        reference.text("category") == Some("self")
            && url.starts_with("https://")
            && url.rsplit('/').next() == Some(name.as_str())
    });
    if !canonical {
        out.add(
            "6.2.11",
            "/document/references",
            format!(
                "There is no canonical URL; add a reference of category self with an https URL that ends in {name}."
            ),
        );
    }
    if ctx.document.text("lang").is_none_or(str::is_empty) {
        out.add("6.2.12", "/document/lang", "The language of the document is missing; add `lang`, such as en.");
    }
    for (key, path) in LANGUAGES {
        let Some(text) = ctx.document.text(key) else { continue };
        if let Some(part) = Tag::parse(text).as_ref().and_then(Tag::private_part) {
            out.add(
                "6.2.14",
                path,
                format!("`{part}` in \"{}\" is for private use; name a registered language.", shorten(text)),
            );
        }
        if text.eq_ignore_ascii_case("i-default") {
            out.add("6.2.15", path, "i-default names no language; write the language of the text.");
        }
    }
}

/// 6.2.13: keys are sorted.
pub(super) fn sorting(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut path = String::new();
    if let Some((path, key)) = first_unsorted(ctx.root, &mut path) {
        out.add(
            "6.2.13",
            path,
            format!("The key `{}` is not in alphabetical order; sort the keys, for example by writing the document with this program.", shorten(&key)),
        );
    }
}

/// The place of the first key that is not in order.
fn first_unsorted(value: &Value<'_>, path: &mut String) -> Option<(String, String)> {
    let length = path.len();
    match value {
        Value::Object(fields) => {
            let mut last: Option<&str> = None;
            for (key, field) in fields {
                if last.is_some_and(|last| utf16_less(key, last)) {
                    push_key(path, key);
                    return Some((std::mem::take(path), key.to_string()));
                }
                last = Some(key);
                if matches!(field, Value::Object(_) | Value::Array(_)) {
                    push_key(path, key);
                    let found = first_unsorted(field, path);
                    if found.is_some() {
                        return found;
                    }
                    path.truncate(length);
                }
            }
            None
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if matches!(item, Value::Object(_) | Value::Array(_)) {
                    path.push('/');
                    path.push_str(&index.to_string());
                    let found = first_unsorted(item, path);
                    if found.is_some() {
                        return found;
                    }
                    path.truncate(length);
                }
            }
            None
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
    }
}

/// The order of texts that most JSON tools sort by: UTF-16 units, which differs from bytes for rare characters only.
fn utf16_less(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() { left < right } else { left.encode_utf16().lt(right.encode_utf16()) }
}
