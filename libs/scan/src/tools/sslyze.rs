//! SSLyze, JSON (before and since version 5) and XML: weak protocols and ciphers, known attacks, broken certificates.
//!
//! The tool rates nothing: what JSON shows is medium, what XML shows is info. Ciphers are measured, as the lists do it,
//! by the recommendations of BSI TR-02102-2 (JSON) and by forward secrecy and authenticated encryption (XML).

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "sslyze",
    title: "SSLyze (JSON, XML)",
    aliases: &["sslyze_scan", "sslyze_3_scan", "sslyze_scan_json"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("document") && !probe.root.attr("SSLyzeVersion").is_empty() {
        100
    } else if probe.has("server_scan_results") {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    if Probe::new(input.head()?).shape == Shape::Xml {
        let mut xml = input.xml()?;
        while let Some(target) = xml.next(&["target"])? {
            out.scanner("SSLyze", Some(xml.around("document", "SSLyzeVersion")));
            read_target(&target, out)?;
        }
        return out.flush();
    }
    let report = input.json()?;
    out.scanner("SSLyze", report.opt("sslyze_version").as_deref());
    for server in report.list("server_scan_results") {
        read_server(server, out)?;
    }
    Ok(())
}

/// What one scan command of a server found; since version 5 it sits one level deeper.
fn result<'v>(server: &'v Value, command: &str) -> Option<&'v Value> {
    let found = ["scan_result", "scan_commands_results"]
        .iter()
        .find_map(|place| server.at(place).filter(|commands| commands.is_object()))?
        .at(command)?;
    if found.get("status").is_some() { found.at("result") } else { Some(found) }
}

fn read_server(server: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let place = server.at("server_location").or_else(|| server.at("server_info/server_location"));
    let host = place.map(|place| place.text("hostname")).unwrap_or_default();
    let port = place.and_then(|place| place.int("port")).and_then(|port| u16::try_from(port).ok());
    let label = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut put = |rule: &str, name: &str, said: String, cve: Option<&str>| {
        out.push(Finding {
            rule: text::some(rule),
            cve: cve.map(str::to_owned).into_iter().collect(),
            location: Some(Location::host(host, port, Some("tls".to_owned()))),
            description: Some(said),
            ..Finding::new(format!("{name} ({label})"), Severity::Medium)
        })
    };
    let shows = |command: &str, flag: &str| result(server, command).is_some_and(|found| found.flag(flag));
    if shows("heartbleed", "is_vulnerable_to_heartbleed") {
        put("heartbleed", "Heartbleed", format!("{label} is vulnerable to Heartbleed"), Some("CVE-2014-0160"))?;
    }
    if shows("openssl_ccs_injection", "is_vulnerable_to_ccs_injection") {
        let said = format!("{label} is vulnerable to CCS injection in OpenSSL");
        put("openssl_ccs_injection", "CCS injection", said, Some("CVE-2014-0224"))?;
    }
    let insecure = result(server, "session_renegotiation")
        .is_some_and(|found| found.at("supports_secure_renegotiation").is_some_and(|flag| *flag == Value::Bool(false)));
    let by_client = ["accepts_client_renegotiation", "is_vulnerable_to_client_renegotiation_dos"]
        .iter()
        .any(|flag| shows("session_renegotiation", flag));
    if insecure || by_client {
        let said = match (insecure, by_client) {
            (true, true) => "clients can start a renegotiation, and secure renegotiation is missing",
            (true, false) => "secure renegotiation is missing",
            (false, _) => "clients can start a renegotiation",
        };
        put("session_renegotiation", "Session renegotiation", format!("{label}: {said}"), None)?;
    }
    for (command, name) in [("ssl_2_0", "SSL 2.0"), ("ssl_3_0", "SSL 3.0"), ("tls_1_0", "TLS 1.0"), ("tls_1_1", "TLS 1.1")] {
        let command = format!("{command}_cipher_suites");
        if result(server, &command).is_some_and(|found| !found.list("accepted_cipher_suites").is_empty()) {
            put(&command, &format!("{name} not recommended"), format!("{label} accepts {name}"), None)?;
        }
    }
    for (command, name) in [("tls_1_2", "TLS 1.2"), ("tls_1_3", "TLS 1.3")] {
        let command = format!("{command}_cipher_suites");
        let Some(found) = result(server, &command) else { continue };
        let suites = found.list("accepted_cipher_suites").iter().map(|suite| suite.text("cipher_suite/name"));
        let weak: Vec<&str> = suites.filter(|suite| !suite.is_empty() && !recommended(suite)).collect();
        if !weak.is_empty() {
            let said = format!("{label} accepts cipher suites that are not recommended: {}", weak.join(", "));
            put(&command, &format!("Unrecommended cipher suites for {name}"), said, None)?;
        }
    }
    let troubles = result(server, "certificate_info").map(certificate).unwrap_or_default();
    if !troubles.is_empty() {
        let said = format!("{label}: {}", troubles.join("; "));
        put("certificate_info", "Problems in certificate deployments", said, None)?;
    }
    Ok(())
}

/// What is wrong with the first deployment that has anything wrong.
fn certificate(found: &Value) -> Vec<String> {
    for deployment in found.list("certificate_deployments") {
        let mut troubles = Vec::new();
        if deployment.at("leaf_certificate_subject_matches_hostname") == Some(&Value::Bool(false)) {
            troubles.push("the certificate's subject does not match the host name".to_owned());
        }
        for path in deployment.list("path_validation_results") {
            if let Some(error) = path.first(&["openssl_error_string", "validation_error"]) {
                troubles.push(format!("{error} (trust store {})", path.text("trust_store/name")));
            }
        }
        if !troubles.is_empty() {
            return troubles;
        }
    }
    Vec::new()
}

/// Whether BSI TR-02102-2 recommends the suite.
fn recommended(suite: &str) -> bool {
    let Some((exchange, cipher)) = suite.strip_prefix("TLS_").and_then(|name| name.split_once("_WITH_")) else {
        return ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_CCM_SHA256"].contains(&suite);
    };
    let exchanges = [
        "ECDHE_ECDSA", "ECDHE_RSA", "DHE_DSS", "DHE_RSA", "ECDH_ECDSA", "ECDH_RSA", "DH_DSS", "DH_RSA", "ECDHE_PSK",
        "DHE_PSK", "RSA_PSK",
    ];
    let ciphers = [
        "AES_128_CBC_SHA256", "AES_256_CBC_SHA256", "AES_256_CBC_SHA384", "AES_128_GCM_SHA256", "AES_256_GCM_SHA384",
        "AES_128_CCM", "AES_256_CCM", "AES_128_CCM_SHA256",
    ];
    exchanges.contains(&exchange) && ciphers.contains(&cipher)
}

fn read_target(target: &Node, out: &mut Out<'_>) -> Result<(), Error> {
    let host = target.attr("host");
    let location = Location::host(host, target.attr("port").parse().ok(), text::some(target.attr("tlsWrappedProtocol")));
    for part in &target.children {
        let shows = |child: &str, attribute: &str, value: &str| {
            part.child(child).is_some_and(|child| child.attr(attribute) == value)
        };
        let (title, said, cve) = match part.name.as_str() {
            "heartbleed" if shows("openSslHeartbleed", "isVulnerable", "True") => {
                (part.attr("title").to_owned(), "vulnerable to Heartbleed".to_owned(), Some("CVE-2014-0160"))
            }
            "openssl_ccs" if shows("openSslCcsInjection", "isVulnerable", "True") => {
                (part.attr("title").to_owned(), "vulnerable to CCS injection".to_owned(), Some("CVE-2014-0224"))
            }
            "reneg" if shows("sessionRenegotiation", "isSecure", "False") => {
                (part.attr("title").to_owned(), "secure renegotiation is missing".to_owned(), None)
            }
            "sslv2" | "sslv3" | "tlsv1" | "tlsv1_1" | "tlsv1_2" | "tlsv1_3"
                if part.attr("isProtocolSupported") == "True" =>
            {
                let mut weak: Vec<&str> = ["preferredCipherSuite", "acceptedCipherSuites"]
                    .iter()
                    .flat_map(|name| part.list(name))
                    .flat_map(|suites| &suites.children)
                    .map(|suite| suite.attr("name"))
                    .filter(|suite| weak(suite))
                    .collect();
                weak.sort_unstable();
                weak.dedup();
                if weak.is_empty() {
                    continue;
                }
                (format!("{} | Weak Ciphers", part.name), weak.join(", "), None)
            }
            _ => continue,
        };
        let title = format!("{title} | {host}");
        out.merge(format!("{title}\n{said}"), Finding {
            rule: text::some(&part.name),
            cve: cve.map(str::to_owned).into_iter().collect(),
            location: Some(location.clone()),
            description: Some(said),
            ..Finding::new(title, Severity::Info)
        })?;
    }
    Ok(())
}

/// Whether a suite lacks forward secrecy or authenticated encryption.
fn weak(suite: &str) -> bool {
    suite.starts_with("TLS_RSA_WITH_")
        || (suite.contains("_CBC_") && (suite.starts_with("TLS_DHE_RSA_") || suite.starts_with("TLS_ECDHE_RSA_")))
}
