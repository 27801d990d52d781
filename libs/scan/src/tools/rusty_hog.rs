//! Rusty Hog (Choctaw, Duroc, Göttingen, Essex), JSON: one finding for each entry; every one is high. The strings
//! found are not repeated.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "rusty_hog", title: "Rusty Hog (JSON)", aliases: &["rusty_hog_scan", "rustyhog"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let marks = ["linenum", "issue_id", "page_id", "parent_commit_hash", "new_line_num", "old_file_id"];
    if !probe.item(&["stringsFound", "reason"]) {
        0
    } else if marks.iter().any(|name| probe.item(&[name])) {
        93
    } else {
        75
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Rusty Hog", None);
    input.each_json(|item| {
        let (reason, path) = (item.text("reason"), item.text("path"));
        let (title, location) = if let Some(issue) = item.opt("issue_id") {
            let place = Location { parameter: item.opt("location"), ..Location::url(item.text("url")) };
            (format!("{reason} found in Jira ID {issue} ({})", item.text("location")), place)
        } else if let Some(page) = item.opt("page_id") {
            (format!("{reason} found in Confluence Page ID {page}"), Location::url(item.text("url")))
        } else if let Some(commit) = item.opt("commitHash") {
            (format!("{reason} found in Git path {path} ({commit})"), Location::file(text::path(path), item.line("new_line_num")))
        } else {
            (format!("{reason} found in path {path}"), Location::file(text::path(path), item.line("linenum")))
        };
        let found = item.texts("stringsFound").len();
        out.push(Finding {
            rule: item.opt("reason"),
            cwe: vec![798],
            location: Some(location),
            description: Some(format!("{found} strings match {reason}. {}", item.text("commit"))),
            anchor: text::some(&item.texts("stringsFound").join("\n")),
            references: item.opt("url").into_iter().collect(),
            ..Finding::new(title, Severity::High)
        })
    })
}
