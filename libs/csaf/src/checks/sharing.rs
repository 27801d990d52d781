//! What 2.1 says of the document as a whole: sharing groups, licences, notes with a meaning, languages.
//! 6.1.38 to 6.1.41, 6.1.54, 6.1.55, 6.2.21, 6.2.22, 6.2.28 to 6.2.30, 6.2.38, 6.2.40, 6.2.43 to 6.2.46, 6.3.17.

use crate::ctx::Ctx;
use crate::finding::{Sink, shorten};
use crate::format::{MAX_UUID, NIL_UUID};
use crate::json::Value;
use crate::license::{self, Expression, Listing};

const PUBLIC: &str = "Public";
const PRIVATE: &str = "No sharing allowed";

pub(super) fn label<'a>(ctx: &Ctx<'a>) -> &'a str {
    ctx.document.at(&["distribution", "tlp", "label"]).and_then(Value::as_str).unwrap_or_default()
}

/// 6.1.38 to 6.1.41: identifier, name and label of a sharing group agree.
pub(super) fn group(ctx: &Ctx<'_>, out: &mut Sink) {
    let label = label(ctx);
    let Some(group) = ctx.document.at(&["distribution", "sharing_group"]) else { return };
    let path = "/document/distribution/sharing_group";
    let id = group.text("id").unwrap_or_default();
    let name = group.text("name");
    if id == MAX_UUID && label != "CLEAR" {
        out.add(
            "6.1.38",
            format!("{path}/id"),
            "The Max UUID stands for everybody, but the label is not CLEAR; name the group that may see the document.",
        );
    }
    let placeholder = id == NIL_UUID && ctx.status == "draft";
    if label == "CLEAR" && id != MAX_UUID && !placeholder {
        out.add(
            "6.1.39",
            format!("{path}/id"),
            "The label is CLEAR, but the group is not everybody; remove the group or use the Max UUID.",
        );
    }
    let wrong = match name {
        Some(PUBLIC) => id != MAX_UUID,
        Some(PRIVATE) => id != NIL_UUID,
        _ => false,
    };
    if wrong {
        out.add(
            "6.1.40",
            format!("{path}/name"),
            format!("The name \"{}\" is reserved for another UUID; name the group.", shorten(name.unwrap_or_default())),
        );
    }
    let reserved = match id {
        MAX_UUID => Some(PUBLIC),
        NIL_UUID => Some(PRIVATE),
        _ => None,
    };
    if let Some(wanted) = reserved
        && name != Some(wanted)
    {
        out.add("6.1.41", format!("{path}/name"), format!("This UUID goes with the name \"{wanted}\"; write it."));
    }
}

/// 6.2.28 to 6.2.30: sharing groups that say nothing.
pub(super) fn group_hints(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(group) = ctx.document.at(&["distribution", "sharing_group"]) else { return };
    let path = "/document/distribution/sharing_group";
    match group.text("id") {
        Some(MAX_UUID) => out.add(
            "6.2.28",
            format!("{path}/id"),
            "The Max UUID says what the label CLEAR says already; remove the group.",
        ),
        Some(NIL_UUID) => out.add(
            "6.2.29",
            format!("{path}/id"),
            "The Nil UUID says that nobody may share; replace it before you send the document.",
        ),
        Some(_) | None => {}
    }
    if label(ctx) == "CLEAR" {
        out.add("6.2.30", path, "A document for everybody needs no sharing group; remove it.");
    }
}

/// The language of the document, as far as notes with a meaning depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    German,
    Other,
}

pub(super) fn tongue(ctx: &Ctx<'_>) -> Tongue {
    let Some(lang) = ctx.document.text("lang") else { return Tongue::English };
    match crate::lang::Tag::parse(lang).map(|tag| tag.primary()).as_deref() {
        Some("en") => Tongue::English,
        Some("de") => Tongue::German,
        Some(_) | None => Tongue::Other,
    }
}

/// Exactly one note of a title, and of the right category. An empty title stands for a language without translation.
pub(super) fn one_note(ctx: &Ctx<'_>, test: &'static str, title: &str, category: &str, out: &mut Sink) {
    let with_title: Vec<_> =
        ctx.document.list("notes").iter().enumerate().filter(|(_, note)| note.text("title") == Some(title)).collect();
    match with_title.as_slice() {
        [(_, note)] if note.text("category") == Some(category) => {}
        [(index, _)] => out.add(
            test,
            format!("/document/notes/{index}/category"),
            format!("The note \"{title}\" has to be of category {category}."),
        ),
        [] => {
            out.add(test, "/document/notes", format!("Add a note of category {category} with the title \"{title}\"."))
        }
        _ => out.add(test, "/document/notes", format!("There are several notes \"{title}\"; keep one.")),
    }
}

/// 6.1.54 and 6.1.55: the licence is an SPDX expression, and a licence of one's own has its text.
pub(super) fn license(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(text) = ctx.document.text("license_expression") else { return };
    match Expression::parse(text) {
        Err(reason) => out.add(
            "6.1.54",
            "/document/license_expression",
            format!("\"{}\" is no SPDX licence expression: {reason}. Write one such as CC-BY-4.0.", shorten(text)),
        ),
        Ok(expression) => {
            if has_unlisted(&expression) && tongue(ctx) == Tongue::English {
                one_note(ctx, "6.1.55", "License", "legal_disclaimer", out);
            }
        }
    }
}

fn has_unlisted(expression: &Expression<'_>) -> bool {
    let unlisted = |listing: Listing, id: &str| match listing {
        // An identifier that is in no list is a mistake, which 6.2.45 reports; a text of its own would not mend it.
        Listing::Current | Listing::Deprecated | Listing::Unknown => false,
        Listing::Reference => !license::is_scancode(id),
    };
    expression.licenses.iter().any(|id| unlisted(license::listing(id), id))
        || expression.exceptions.iter().any(|id| unlisted(license::exception_listing(id), id))
}

/// 6.2.43 to 6.2.46: the licence is there, current, existing, and its text is in the language of the document.
pub(super) fn license_hints(ctx: &Ctx<'_>, out: &mut Sink) {
    const PATH: &str = "/document/license_expression";
    let Some(text) = ctx.document.text("license_expression") else {
        out.add(
            "6.2.43",
            PATH,
            "Nothing says under which licence the document may be used; add `license_expression`, such as CC-BY-4.0.",
        );
        return;
    };
    let Ok(expression) = Expression::parse(text) else { return };
    let all = expression
        .licenses
        .iter()
        .map(|id| (id, license::listing(id)))
        .chain(expression.exceptions.iter().map(|id| (id, license::exception_listing(id))));
    for (id, listing) in all {
        match listing {
            Listing::Deprecated => {
                out.add("6.2.44", PATH, format!("The identifier {} is deprecated; use its successor.", shorten(id)))
            }
            Listing::Unknown => out.add(
                "6.2.45",
                PATH,
                format!("{} is not in the SPDX list; correct it or write LicenseRef- and a name.", shorten(id)),
            ),
            Listing::Current | Listing::Reference => {}
        }
    }
    if has_unlisted(&expression) && tongue(ctx) == Tongue::German {
        one_note(ctx, "6.2.46", "Lizenz", "legal_disclaimer", out);
    }
}

/// 6.3.17: the licence is registered.
pub(super) fn license_unregistered(ctx: &Ctx<'_>, out: &mut Sink) {
    let parsed = ctx.document.text("license_expression").map(Expression::parse);
    if let Some(Ok(expression)) = parsed
        && has_unlisted(&expression)
    {
        out.add(
            "6.3.17",
            "/document/license_expression",
            "The licence is in no public list; a listed one is easier to understand.",
        );
    }
}

/// 6.2.21: no two entries of the history have the same time.
pub(super) fn same_times(ctx: &Ctx<'_>, out: &mut Sink) {
    for pair in ctx.history.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.date == later.date {
            out.add(
                "6.2.21",
                format!("/document/tracking/revision_history/{}/date", later.index),
                format!(
                    "Versions {} and {} have the same date; give each its own time.",
                    earlier.number_text, later.number_text
                ),
            );
        }
    }
}

/// 6.2.22: the title does not repeat the identifier.
pub(super) fn title(ctx: &Ctx<'_>, out: &mut Sink) {
    let (Some(title), Some(id)) = (ctx.document.text("title"), ctx.tracking.text("id")) else { return };
    if !id.is_empty() && title.contains(id) {
        out.add(
            "6.2.22",
            "/document/title",
            "The title contains the tracking identifier, which viewers show already; remove it.",
        );
    }
}

/// 6.2.38: no deprecated profile.
pub(super) fn deprecated_profile(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.category.starts_with("csaf_deprecated_") {
        out.add(
            "6.2.38",
            "/document/category",
            format!("The profile {} is deprecated; use its successor.", ctx.category),
        );
    }
}

/// 6.2.40: a product description says of which product.
pub(super) fn product_description(ctx: &Ctx<'_>, out: &mut Sink) {
    let title = match tongue(ctx) {
        Tongue::English => "Product Description",
        Tongue::German => "Produktbeschreibung",
        Tongue::Other => return,
    };
    for (index, note) in ctx.document.list("notes").iter().enumerate() {
        let describes = note.text("category") == Some("description")
            && note.text("title").is_some_and(|found| found.starts_with(title));
        if describes && note.get("product_ids").is_none() && note.get("group_ids").is_none() {
            out.add(
                "6.2.40",
                format!("/document/notes/{index}"),
                "The description does not say of which product; add `product_ids` or `group_ids`.",
            );
        }
    }
}
