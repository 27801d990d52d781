//! Versions and dates of the document: 6.1.14, 6.1.16 to 6.1.22, 6.1.30 and 6.2.4 to 6.2.6.

use std::collections::HashMap;

use crate::ctx::{Ctx, Revision};
use crate::finding::{Sink, shorten};
use crate::json::Value;
use crate::revision::{Number, compare_digits};
use crate::time::Instant;

const HISTORY: &str = "/document/tracking/revision_history";
const VERSION: &str = "/document/tracking/version";

/// 6.1.14, 6.1.19, 6.1.21, 6.1.22: the revision history in itself.
pub(super) fn history(ctx: &Ctx<'_>, out: &mut Sink) {
    for (earlier, later) in pairs(&ctx.history) {
        if earlier.number.precedence(&later.number).is_gt() {
            out.add(
                "6.1.14",
                HISTORY,
                format!(
                    "Version {} of {} is dated later than version {} of {}, but has the lower number; mend dates or numbers.",
                    later.number_text, later.date_text, earlier.number_text, earlier.date_text
                ),
            );
            break;
        }
    }
    for revision in &ctx.history {
        if !revision.number.pre().is_empty() {
            out.add(
                "6.1.19",
                format!("{HISTORY}/{}/number", revision.index),
                format!(
                    "The history lists the pre-release {}; only released versions belong there.",
                    revision.number_text
                ),
            );
        }
    }
    missing_numbers(ctx, out);
    let mut seen = HashMap::new();
    for (index, entry) in ctx.tracking.list("revision_history").iter().enumerate() {
        let Some(number) = entry.text("number") else { continue };
        if let Some(first) = seen.insert(number, index) {
            out.add(
                "6.1.22",
                format!("{HISTORY}/{index}/number"),
                format!("Version {} is listed already as entry {first}; each version has one entry.", shorten(number)),
            );
        }
    }
}

fn pairs<'c, 'a>(history: &'c [Revision<'a>]) -> impl Iterator<Item = (&'c Revision<'a>, &'c Revision<'a>)> {
    history.iter().zip(history.iter().skip(1))
}

/// 6.1.21: no version is left out, and the first is 0 or 1.
fn missing_numbers(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(first) = ctx.history.first() else { return };
    if !matches!(first.number.major(), "0" | "1") {
        out.add(
            "6.1.21",
            HISTORY,
            format!("The history starts with version {}; it has to start with 0 or 1.", first.number_text),
        );
    }
    for (earlier, later) in pairs(&ctx.history) {
        let next = successor(earlier.number.major());
        if compare_digits(&next, later.number.major()).is_lt() {
            out.add(
                "6.1.21",
                HISTORY,
                format!(
                    "Version {next} is missing between {} and {}; add its entry.",
                    earlier.number_text, later.number_text
                ),
            );
        }
    }
}

/// The next whole number, however many digits it has.
fn successor(digits: &str) -> String {
    let kept = digits.trim_end_matches('9');
    let nines = digits.len().saturating_sub(kept.len());
    let mut bytes = kept.as_bytes().to_vec();
    match bytes.last_mut() {
        Some(last) => *last = last.saturating_add(1),
        None => bytes.push(b'1'),
    }
    let mut text: String = bytes.into_iter().map(char::from).collect();
    text.extend(std::iter::repeat_n('0', nines));
    text
}

/// 6.1.16, 6.1.17, 6.1.18, 6.1.20, 6.1.30: the document's version, status and history together.
pub(super) fn versions(ctx: &Ctx<'_>, out: &mut Sink) {
    let released = matches!(ctx.status, "final" | "interim");
    if released {
        for revision in ctx.history.iter().filter(|revision| revision.number.is_zero()) {
            out.add(
                "6.1.18",
                format!("{HISTORY}/{}/number", revision.index),
                format!(
                    "The document is {}, but its history lists version {}; remove the drafts from the history.",
                    ctx.status, revision.number_text
                ),
            );
        }
    }
    mixed(ctx, out);
    let Some(text) = ctx.tracking.text("version") else { return };
    let Some(version) = Number::parse(text) else { return };
    if let Some(last) = ctx.history.last() {
        let draft = ctx.status == "draft";
        if version.plain(draft) != last.number.plain(draft) {
            out.add(
                "6.1.16",
                VERSION,
                format!(
                    "The document says version {text}, but the newest entry of its history is {}; make them the same.",
                    last.number_text
                ),
            );
        }
    }
    if ctx.status != "draft" && !ctx.status.is_empty() && (version.is_zero() || !version.pre().is_empty()) {
        out.add(
            "6.1.17",
            "/document/tracking/status",
            format!(
                "Version {text} is a draft, but the status is {}; set the status to draft or raise the version.",
                ctx.status
            ),
        );
    }
    if released && !version.pre().is_empty() {
        out.add(
            "6.1.20",
            VERSION,
            format!("The document is {}, but version {text} is a pre-release; remove -{}.", ctx.status, version.pre()),
        );
    }
}

/// 6.1.30: integers or semantic versions, not both.
fn mixed(ctx: &Ctx<'_>, out: &mut Sink) {
    let numbers = ctx
        .tracking
        .list("revision_history")
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((format!("{HISTORY}/{index}/number"), entry.text("number")?)))
        .chain(ctx.tracking.text("version").map(|text| (VERSION.to_owned(), text)));
    let mut kind = None;
    for (path, text) in numbers {
        let Some(number) = Number::parse(text) else { continue };
        let semantic = matches!(number, Number::Semantic { .. });
        if *kind.get_or_insert(semantic) != semantic {
            out.add(
                "6.1.30",
                path,
                format!("{text} mixes whole numbers with semantic versions; use one kind in the whole document."),
            );
            break;
        }
    }
}

/// 6.2.4, 6.2.5, 6.2.6: build metadata, and release dates older than the history.
pub(super) fn dates(ctx: &Ctx<'_>, out: &mut Sink) {
    for (index, entry) in ctx.tracking.list("revision_history").iter().enumerate() {
        if let Some(number) = entry.text("number").and_then(Number::parse)
            && !number.build().is_empty()
        {
            out.add(
                "6.2.4",
                format!("{HISTORY}/{index}/number"),
                format!("The version number has the build metadata +{}; remove it.", number.build()),
            );
        }
    }
    let date = |key: &str| ctx.tracking.get(key).and_then(Value::as_str).and_then(Instant::parse);
    if let (Some(initial), Some(oldest)) = (date("initial_release_date"), ctx.history.first())
        && initial < oldest.date
    {
        out.add(
            "6.2.5",
            "/document/tracking/initial_release_date",
            format!(
                "The initial release is dated before the oldest entry of the history, {}; set one to the other.",
                oldest.date_text
            ),
        );
    }
    if let (Some(current), Some(newest)) = (date("current_release_date"), ctx.history.last())
        && current < newest.date
    {
        out.add(
            "6.2.6",
            "/document/tracking/current_release_date",
            format!(
                "The current release is dated before the newest entry of the history, {}; set one to the other.",
                newest.date_text
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn successors() {
        for (number, next) in [("0", "1"), ("9", "10"), ("199", "200"), ("1", "2"), ("999", "1000")] {
            assert_eq!(super::successor(number), next);
        }
    }
}
