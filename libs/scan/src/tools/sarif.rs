//! SARIF 2.1.0, whatever tool wrote it; the reading itself is in the module `sarif` of this crate.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Input};

pub(crate) const TOOL: Tool =
    Tool { name: "sarif", title: "SARIF 2.1.0", aliases: &["sarif_2_1_0", "codeql"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let schema = probe.value("$schema").to_ascii_lowercase();
    if schema.contains("sarif") || probe.has_all(&["runs[].tool.driver"]) {
        99
    } else if probe.has("runs[].results[].ruleId") || probe.has_all(&["version", "runs"]) {
        90
    } else if probe.keys == ["runs"] {
        60
    } else if probe.has_all(&["version", "runGuid"]) {
        // External properties of a log (3.15), in a file of their own.
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    crate::sarif::read(input, out)
}
