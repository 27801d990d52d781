//! Xanitizer, XML of its findings list: one finding for each entry; the rating is read like a CVSS score.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, Step, text};

pub(crate) const TOOL: Tool = Tool { name: "xanitizer", title: "Xanitizer (XML)", aliases: &["xanitizer_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("XanitizerFindingsList") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    while let Some(item) = xml.next(&["finding"])? {
        out.scanner("Xanitizer", text::some(xml.around("XanitizerFindingsList", "xanitizerVersionShort")).as_deref());
        out.push(finding(&item))?;
    }
    Ok(())
}

fn place(node: &Node) -> Location {
    Location {
        logical: text::some(node.attr("classFQN")),
        ..Location::file(text::path(node.attr("relativePath")), node.attr("lineNo").parse().ok())
    }
}

fn finding(item: &Node) -> Finding {
    let line: Option<u32> = item.text("line").parse().ok().filter(|line| *line > 0);
    let (package, class, file) = (item.text("package"), item.text("class"), item.text("file"));
    let name = if item.child("package").is_some() && item.child("class").is_some() { format!("{package}.{class}") } else { file.to_owned() };
    let number = line.map(|line| format!(":{line}")).unwrap_or_default();
    let path = ["endNode", "node"].iter().filter_map(|name| text::some(item.child(name)?.attr("relativePath"))).next();
    let path = path.unwrap_or_else(|| if package.is_empty() { file.to_owned() } else { format!("{}/{file}", package.replace('.', "/")) });
    let nodes = item.children.iter().filter(|node| ["startNode", "node", "endNode"].contains(&node.name.as_str()));
    let code = item.all("code").into_iter().find(|code| code.attr("finding") == "true");
    Finding {
        rule: item.first(&["problemTypeId", "problemType"]),
        cve: text::cves(item.text("description")),
        cwe: text::cwe_field(&item.text("cweNumber").replace([',', '.'], "")),
        location: Some(Location { logical: text::some(&name), ..Location::file(text::path(&path), line) }),
        description: item.opt("description"),
        evidence: code.and_then(|code| text::some(&code.text)),
        anchor: code.map(|code| text::without_numbers(&code.text)),
        steps: nodes.map(|node| Step { flow: 0, location: place(node), message: None }).collect(),
        ..Finding::new(
            format!("{} ({name}{number})", item.text("problemType")),
            Severity::from_score(item.num("rating").unwrap_or(0.0)),
        )
    }
}
