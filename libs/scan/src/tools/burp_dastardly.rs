//! Dastardly (Burp Suite), XML in the layout of JUnit: one finding for each failure, whose type is the severity.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "burp_dastardly",
    title: "Dastardly (XML)",
    aliases: &["dastardly", "burp_dastardly_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if !probe.root_is("testsuites") || !probe.element("failure") {
        return 0;
    }
    let rated = ["High", "Medium", "Low", "Info", "Information"].iter().any(|word| probe.contains(&format!("type=\"{word}\"")));
    let pages = probe.contains("name=\"http://") || probe.contains("name=\"https://");
    if rated && pages { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Dastardly", None);
    let mut xml = input.xml()?;
    while let Some(case) = xml.next(&["testcase"])? {
        let page = xml.around("testsuite", "name").to_owned();
        for failure in case.list("failure") {
            let title = failure.attr("message");
            let said = text::without_html(&failure.text);
            out.push(Finding {
                rule: text::some(title),
                cwe: text::cwes(&said),
                location: text::some(&page).map(Location::url),
                description: text::some(&said),
                ..Finding::new(title, Severity::word(failure.attr("type")))
            })?;
        }
    }
    Ok(())
}
