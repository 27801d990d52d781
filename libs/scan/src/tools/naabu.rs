//! naabu, JSON lines: one finding of severity info for each open port of a host.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Input};

pub(crate) const TOOL: Tool =
    Tool { name: "naabu", title: "naabu (JSON lines)", aliases: &["naabu_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let has = probe.item(&["ip", "port", "protocol", "timestamp"]) || probe.item(&["ip", "port", "tls", "timestamp"]);
    if has && !probe.item(&["url"]) && !probe.item(&["severity"]) { 85 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("naabu", None);
    input.each_json(|item| {
        let host = item.first(&["ip", "host"]).unwrap_or_default();
        let protocol = item.opt("protocol").unwrap_or_else(|| "tcp".to_owned());
        let port = item.int("port").or_else(|| item.int("port/Port"));
        super::masscan::open_port(&host, port.and_then(|port| u16::try_from(port).ok()), &protocol, "", out)
    })?;
    out.flush()
}
