//! Entries of the audit log in human words, for the timeline of a case.

use platform::audit::Recorded;
use serde_json::Value;
use web::ui::{Icon, Tone};

use super::super::exposure::Status;
use super::super::model::{Outcome, Route, Severity, State};
use super::super::root_cause::{Cause, Detected};

/// What the timeline says about an entry.
pub(super) struct Said {
    pub(super) icon: Icon,
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) details: Vec<String>,
}

/// What happened, in a sentence, with its details in lines.
pub(super) fn of(entry: &Recorded) -> Said {
    let detail = Detail(&entry.detail);
    let (icon, tone, title) = head(&entry.action, &detail);
    let mut details = Vec::new();
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            details.push(format!("{name}: {text}"));
        }
    };
    line("Outcome", detail.word("outcome", |text| Outcome::parse(text).map(Outcome::label)));
    line("Severity", detail.word("severity", |text| Severity::parse(text).map(Severity::label)));
    line("Route", detail.word("route", |text| Route::parse(text).map(Route::label)));
    line("Status", detail.word("status", |text| Status::parse(text).map(Status::label)));
    line("Vector", detail.text("vector"));
    line("Before", if entry.action == "vulnerability.scored" { detail.text("before") } else { String::new() });
    line("Releases", detail.list("releases"));
    line("Changed", detail.list("fields"));
    let root_cause = if entry.action == "case.root-cause" { &entry.detail } else { &entry.detail["root_cause"] };
    let root_cause = Detail(root_cause);
    line("Root cause", root_cause.word("cause", |text| Cause::parse(text).map(Cause::label)));
    line("Should have been caught by", root_cause.text("activity"));
    line("Found by", root_cause.word("detected", |text| Detected::parse(text).map(Detected::label)));
    let earlier = Detail(&root_cause.0["before"]);
    line("Root cause before", earlier.word("cause", |text| Cause::parse(text).map(Cause::label)));
    line("Caught by, before", earlier.text("activity"));
    line("Weakness", detail.text("cwe"));
    line("CVE", detail.text("cve"));
    line("Known here since", detail.text("aware_at"));
    line("Reason", detail.text("reason"));
    if detail.flag("out_of_support") && entry.action == "case.confirmed" {
        details.push("Every affected release was out of support.".to_owned());
    }
    if let Some(set) = entry.detail.get("encrypted_only").and_then(Value::as_bool) {
        details.push(if set { "Encrypted only from now on." } else { "Mail in clear is allowed again." }.to_owned());
    }
    Said { icon, tone, title, details }
}

fn head(action: &str, detail: &Detail<'_>) -> (Icon, Tone, String) {
    let state = |name| detail.word(name, |text| State::parse(text).map(State::label));
    let plain = |icon, text: &str| (icon, Tone::Neutral, text.to_owned());
    match action {
        "case.opened" => (Icon::Case, Tone::Brand, "Opened the case".to_owned()),
        "case.confirmed" => (Icon::Check, Tone::Good, "Confirmed the vulnerability".to_owned()),
        "case.dismissed" => (Icon::Cross, Tone::Neutral, "Dismissed the case".to_owned()),
        "case.duplicate" => plain(Icon::Copy, &format!("{} repeats {}", detail.text("number"), detail.text("other"))),
        "case.merged" => plain(Icon::Link, &format!("Merged {} into {}", detail.text("number"), detail.text("other"))),
        "case.split" => plain(Icon::Link, &format!("Split {} off from {}", detail.text("number"), detail.text("from"))),
        "case.fixing" | "case.fixing-again" | "case.ready" => {
            plain(Icon::Right, &format!("Moved from {} to {}", state("from"), state("to")))
        }
        "case.published" => (Icon::Advisory, Tone::Good, "Published".to_owned()),
        "case.closed" => (Icon::Check, Tone::Good, "Closed the case".to_owned()),
        "case.root-cause" => plain(Icon::Flag, "Recorded the root cause"),
        "case.withdrawn" => (Icon::Cross, Tone::Warn, "Withdrew the confirmation".to_owned()),
        "case.reopened" => (Icon::History, Tone::Warn, "Reopened the case".to_owned()),
        "case.routed" => plain(Icon::Right, "Set the route"),
        "case.route-exception" => (Icon::Flag, Tone::Warn, "Made an exception from the route".to_owned()),
        "case.edited" => plain(Icon::Edit, "Edited the case"),
        "case.exploited" => (Icon::Flame, Tone::Bad, "Marked it as exploited".to_owned()),
        "case.not-exploited" => (Icon::Flame, Tone::Neutral, "Took the mark of exploitation away".to_owned()),
        "case.mitigated" => (Icon::Shield, Tone::Good, "A mitigation became available".to_owned()),
        "case.assigned" if detail.text("name").is_empty() => plain(Icon::Person, "Took the work from its assignee"),
        "case.assigned" => plain(Icon::Person, &format!("Handed the case to {}", detail.text("name"))),
        "case.member-added" => plain(Icon::People, &format!("Made {} a member", detail.text("name"))),
        "case.member-removed" => plain(Icon::People, &format!("Removed {} from the members", detail.text("name"))),
        "case.watched" => plain(Icon::Bell, "Watches the case"),
        "case.unwatched" => plain(Icon::Bell, "Stopped watching the case"),
        "case.read" => plain(Icon::Eye, "Read the case"),
        "case.target-near" => (Icon::Clock, Tone::Warn, format!("A target ends soon: {}", detail.steps())),
        "case.target-missed" => (Icon::Clock, Tone::Bad, format!("A target was missed: {}", detail.steps())),
        "vulnerability.added" => plain(Icon::Finding, "Added a vulnerability"),
        "vulnerability.edited" => plain(Icon::Finding, "Edited a vulnerability"),
        "vulnerability.removed" => plain(Icon::Trash, "Removed a vulnerability"),
        "vulnerability.scored" => (
            Icon::Chart,
            Tone::Info,
            format!("Scored a vulnerability with CVSS {}: {}", detail.text("version"), detail.text("score")),
        ),
        "remediation.added" => (Icon::Shield, Tone::Info, "Recorded what users can do".to_owned()),
        "remediation.removed" => plain(Icon::Shield, "Removed what users can do"),
        "exposure.assessed" => (Icon::Release, Tone::Info, "Assessed releases".to_owned()),
        "note.written" => plain(Icon::Message, "Wrote an internal note"),
        "note.edited" => plain(Icon::Message, "Edited an internal note"),
        "note.removed" => plain(Icon::Message, "Removed an internal note"),
        "task.added" => plain(Icon::Practice, "Added a task"),
        "task.done" => (Icon::Practice, Tone::Good, "Did a task".to_owned()),
        "task.reopened" => plain(Icon::Practice, "Reopened a task"),
        "file.added" => plain(Icon::File, &format!("Added files: {}", detail.list("names"))),
        "file.removed" => plain(Icon::File, "Removed a file"),
        other => plain(Icon::Dot, &sentence(other)),
    }
}

/// An action nobody gave words to: `report.linked` becomes "Report linked".
fn sentence(action: &str) -> String {
    let words = action.replace(['.', '-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

struct Detail<'a>(&'a Value);

impl Detail<'_> {
    fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn word(&self, name: &str, label: impl Fn(&str) -> Option<&'static str>) -> String {
        label(&self.text(name)).unwrap_or_default().to_owned()
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn list(&self, name: &str) -> String {
        let texts = |values: &Vec<Value>| values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        self.0.get(name).and_then(Value::as_array).map_or_else(String::new, texts)
    }

    fn steps(&self) -> String {
        let told = self.0.get("told").and_then(Value::as_array);
        let steps = told.into_iter().flatten().filter_map(|one| one.get("steps").and_then(Value::as_array)).flatten();
        steps.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn unknown_actions_become_sentences() {
        assert_eq!(sentence("report.linked-to_case"), "Report linked to case");
        assert_eq!(sentence(""), "");
    }
}
