//! Reports that say nothing at all, such as `[]`, `{}`, `null` and `{"data": []}`: no findings, and nothing that
//! names the tool.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Input};

pub(crate) const TOOL: Tool =
    Tool { name: "empty", title: "an empty report", aliases: &["none"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let blank = |symbol: &char| symbol.is_whitespace() || *symbol == '\u{feff}';
    let text: String = probe.head.chars().filter(|symbol| !blank(symbol)).take(60).collect();
    let list = text.strip_prefix("{\"").and_then(|rest| rest.strip_suffix("\":[]}"));
    let bare = list.is_some_and(|key| key.chars().all(|symbol| symbol.is_ascii_alphanumeric() || symbol == '_'));
    if bare || matches!(text.as_str(), "[]" | "{}" | "null" | "[{}]") { 52 } else { 0 }
}

fn read(_input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.warn("the report is empty: it has no findings and does not say which tool wrote it");
    Ok(())
}
