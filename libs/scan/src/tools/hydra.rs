//! Hydra, JSON: one finding of severity high for each pair of name and password that worked; the password is not repeated.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool = Tool { name: "hydra", title: "Hydra (JSON)", aliases: &["hydra_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("generator.software").eq_ignore_ascii_case("hydra") || probe.has("generator.jsonoutputversion") {
        99
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Hydra", report.opt("generator/version").as_deref());
    for item in report.list("results") {
        let (Some(host), Some(login), Some(_)) = (item.opt("host"), item.opt("login"), item.opt("password")) else {
            out.leave_out("incomplete entries");
            continue;
        };
        let port = item.int("port").and_then(|port| u16::try_from(port).ok());
        out.push(Finding {
            rule: Some("weak-credentials".to_owned()),
            cwe: vec![521],
            anchor: Some(login.clone()),
            location: Some(Location::host(host.clone(), port, item.opt("service"))),
            description: Some(format!("{host} lets {login} in with a password that was guessed")),
            ..Finding::new(format!("Weak username / password combination found for {host}"), Severity::High)
        })?;
    }
    Ok(())
}
