//! PMD, CSV, XML and JSON: one finding for each rule and place; priority 1 is critical, 5 info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "pmd", title: "PMD (CSV, XML, JSON)", aliases: &["pmd_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Problem", "Package", "File", "Priority", "Rule set", "Rule"])
        || (probe.root_is("pmd") && !probe.root.attr("version").is_empty())
        || probe.has_all(&["pmdVersion", "files"])
    {
        98
    } else {
        0
    }
}

/// What an entry of any of the formats says.
struct Violation {
    rule: String,
    set: String,
    priority: i64,
    file: String,
    line: Option<u32>,
    said: String,
    package: String,
    link: Option<String>,
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    match Probe::new(input.head()?).shape {
        Shape::Table => {
            let mut table = input.table()?;
            while let Some(row) = table.next()? {
                let own = |name: &str| row.get(name).to_owned();
                put(out, Violation {
                    rule: own("Rule"),
                    set: own("Rule set"),
                    priority: row.get("Priority").parse().unwrap_or_default(),
                    file: own("File"),
                    line: row.get("Line").parse().ok(),
                    said: own("Description"),
                    package: format!("{}|{}", own("Package"), own("Problem")),
                    link: None,
                })?;
            }
        }
        Shape::Xml => {
            let mut xml = input.xml()?;
            while let Some(node) = xml.next(&["violation"])? {
                out.scanner("PMD", Some(xml.around("pmd", "version")));
                let own = |name: &str| node.attr(name).to_owned();
                put(out, Violation {
                    rule: own("rule"),
                    set: own("ruleset"),
                    priority: node.attr_int("priority").unwrap_or_default(),
                    file: xml.around("file", "name").to_owned(),
                    line: node.attr("beginline").parse().ok(),
                    said: node.text.trim().to_owned(),
                    package: own("package"),
                    link: text::some(node.attr("externalInfoUrl")),
                })?;
            }
        }
        Shape::Json | Shape::JsonLines | Shape::Text => {
            let report = input.json()?;
            out.scanner("PMD", report.opt("pmdVersion").as_deref());
            for file in report.list("files") {
                for item in file.list("violations") {
                    let own = |name: &str| item.text(name).to_owned();
                    put(out, Violation {
                        rule: own("rule"),
                        set: own("ruleset"),
                        priority: item.int("priority").unwrap_or_default(),
                        file: file.text("filename").to_owned(),
                        line: item.line("beginline"),
                        said: own("description"),
                        package: String::new(),
                        link: item.opt("externalInfoUrl"),
                    })?;
                }
            }
        }
    }
    Ok(())
}

/// Priority 1 is the highest.
fn severity(priority: i64) -> Severity {
    match priority {
        1..=5 => Severity::from_level(5_i64.saturating_sub(priority)),
        _ => Severity::Info,
    }
}

fn put(out: &mut Out<'_>, found: Violation) -> Result<(), Error> {
    let key = format!("{}|{}|{}|{}|{}|{:?}", found.rule, found.set, found.said, found.package, found.file, found.line);
    out.merge(key, Finding {
        rule: text::some(&found.rule),
        location: Some(Location::file(text::path(&found.file), found.line)),
        description: text::some(&found.said),
        anchor: text::some(&text::without_numbers(&found.said)),
        references: found.link.into_iter().collect(),
        ..Finding::new(format!("PMD rule {}", found.rule), severity(found.priority))
    })
}
