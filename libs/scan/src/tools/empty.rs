//! Reports that say nothing at all, such as `[]`, `{}` and `null`: no findings, and nothing that names the tool.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Input};

pub(crate) const TOOL: Tool =
    Tool { name: "empty", title: "an empty report", aliases: &["none"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let text: String = probe.head.chars().filter(|symbol| !symbol.is_whitespace()).take(8).collect();
    if matches!(text.as_str(), "[]" | "{}" | "null" | "[{}]") { 60 } else { 0 }
}

fn read(_input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.warn("the report is empty: it has no findings and does not say which tool wrote it");
    Ok(())
}
