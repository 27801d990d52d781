//! Nikto, XML and JSON: equal entries of one address are one finding; the tool gives no severity, so all are info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "nikto", title: "Nikto (XML, JSON)", aliases: &["nikto_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("niktoscan") || probe.root_is("niktoscans") {
        100
    } else if probe.item(&["vulnerabilities[].msg", "vulnerabilities[].method"]) {
        95
    } else if probe.item(&["host", "ip", "port", "banner", "vulnerabilities"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).shape != Shape::Xml {
        out.scanner("Nikto", None);
        input.each_json(|host| read_host(host, out))?;
        return out.flush();
    }
    let mut xml = input.xml()?;
    let mut named = false;
    while let Some(item) = xml.next(&["item"])? {
        if !named {
            out.scanner("Nikto", Some(xml.around("niktoscan", "version")));
            named = true;
        }
        let (words, address) = (item.text("description"), item.text("iplink"));
        out.merge(format!("{address}\n{words}\n{}", item.attr("method")), Finding {
            rule: text::some(item.attr("id")),
            cve: text::cves(words),
            location: Some(Location {
                method: text::some(item.attr("method")),
                ..Location::url(item.first(&["namelink", "iplink"]).unwrap_or_default())
            }),
            description: text::some(words),
            references: item.opt("references").into_iter().collect(),
            ..Finding::new(sentence(words), Severity::Info)
        })?;
    }
    out.flush()
}

fn read_host(host: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let port = host.int("port").and_then(|port| u16::try_from(port).ok());
    for item in host.list("vulnerabilities") {
        let words = item.text("msg");
        out.merge(format!("{}\n{words}", item.opt("id").unwrap_or_default()), Finding {
            rule: item.opt("id"),
            cve: text::cves(words),
            location: Some(Location {
                method: item.opt("method"),
                url: item.opt("url"),
                ..Location::host(host.first(&["host", "ip"]).unwrap_or_default(), port, None)
            }),
            description: text::some(words),
            references: item.opt("references").into_iter().collect(),
            ..Finding::new(words, Severity::Info)
        })?;
    }
    Ok(())
}

/// The first sentence; a dot after an abbreviation does not end one.
fn sentence(words: &str) -> &str {
    for (at, _) in words.match_indices([' ', '\n', '\t']) {
        let head = words.get(..at).unwrap_or_default();
        let last = head.rsplit(char::is_whitespace).next().unwrap_or_default();
        let short = last.trim_end_matches('.').contains('.') || (last.len() == 3 && last.starts_with(char::is_uppercase));
        if head.ends_with('?') || (head.ends_with('.') && !short) {
            return head;
        }
    }
    words
}
