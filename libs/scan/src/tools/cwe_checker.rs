//! cwe_checker, JSON: one finding of severity medium for each warning, for the tool does not rate.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "cwe_checker", title: "cwe_checker (JSON)", aliases: &["cwe_checker_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["name", "addresses", "tids", "symbols"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("cwe_checker", None);
    input.each_json(|item| {
        let (name, said) = (item.text("name"), item.text("description"));
        // The name of the check stands in parentheses before what it found.
        let (title, detail) = said.strip_prefix('(').and_then(|rest| rest.split_once(')')).unwrap_or(("", said));
        let symbols = item.texts("symbols").join(", ");
        out.push(Finding {
            rule: text::some(name),
            cwe: text::cwes(name),
            location: text::some(&symbols).map(|symbols| Location { logical: Some(symbols), ..Location::default() }),
            anchor: text::some(&item.texts("addresses").join(",")),
            description: text::some(detail),
            ..Finding::new(text::some(title).unwrap_or_else(|| name.to_owned()), Severity::Medium)
        })
    })
}
