//! Reports of scanners about the example products. Code, hosts, components and identifiers are invented.

use serde_json::{Value, json};

/// Rule, level, weight, file, line, the code, what is said of it.
type Spot = (&'static str, &'static str, &'static str, &'static str, u32, &'static str, &'static str);

const GATE: &[Spot] = &[
    (
        "buffer-size",
        "error",
        "9.1",
        "dialler/src/display.c",
        214,
        "memcpy(out->name, in->name, in->name_len);",
        "The length comes from the caller and is not compared with the size of the buffer.",
    ),
    (
        "format-string",
        "error",
        "8.2",
        "dialler/src/trace.c",
        88,
        "syslog(LOG_DEBUG, text);",
        "Text from a call is used as format.",
    ),
    (
        "hardcoded-key",
        "error",
        "7.5",
        "provision/src/seal.c",
        41,
        "static const uint8_t KEY[16] = { 0x4b, 0x72 };",
        "A key stands in the source.",
    ),
    (
        "path-traversal",
        "error",
        "7.7",
        "web/src/backup.c",
        132,
        "snprintf(path, sizeof path, \"%s/%s\", ROOT, name);",
        "The name of the file comes from the request.",
    ),
    (
        "command-injection",
        "error",
        "8.8",
        "web/src/diagnose.c",
        57,
        "snprintf(line, sizeof line, \"ping -c 3 %s\", host);",
        "The host name reaches a shell.",
    ),
    (
        "weak-random",
        "warning",
        "5.3",
        "web/src/session.c",
        23,
        "token ^= rand();",
        "rand() can be foreseen; a session token must not.",
    ),
    (
        "integer-overflow",
        "warning",
        "6.5",
        "media/src/jitter.c",
        301,
        "size_t bytes = frames * stride;",
        "The product of two lengths is not checked.",
    ),
    (
        "null-dereference",
        "warning",
        "4.3",
        "media/src/mixer.c",
        77,
        "mix(peer->stream);",
        "peer is not set when the lookup fails.",
    ),
    (
        "unchecked-return",
        "note",
        "3.1",
        "boot/src/verify.c",
        19,
        "read(fd, header, sizeof header);",
        "The result of read is thrown away.",
    ),
    (
        "time-of-check",
        "warning",
        "5.0",
        "provision/src/store.c",
        66,
        "if (access(path, W_OK) == 0) f = fopen(path, \"w\");",
        "The file may be another one when it is opened.",
    ),
    (
        "missing-break",
        "note",
        "2.0",
        "media/src/codec.c",
        140,
        "case CODEC_A: setup_a();",
        "Falls through into the next case.",
    ),
];

/// What the second scan has besides: it runs with more rules.
const GATE_LATER: &[Spot] = &[
    (
        "certificate-time",
        "error",
        "7.1",
        "update/src/clock.c",
        48,
        "x509_set_time(ctx, boot_time());",
        "The time of the certificate check comes from an unauthenticated source.",
    ),
    (
        "log-secret",
        "warning",
        "5.5",
        "web/src/login.c",
        91,
        "log_debug(\"login %s %s\", user, pass);",
        "A password is written into the log.",
    ),
];

const SERVER: &[Spot] = &[
    (
        "missing-authorisation",
        "error",
        "8.1",
        "src/rooms/invite.rs",
        118,
        "let room = rooms.find(id).await?;",
        "The room is loaded without asking whether the caller may enter it.",
    ),
    (
        "unescaped-html",
        "error",
        "7.4",
        "src/chat/preview.rs",
        63,
        "out.push_str(&preview.title);",
        "The title of a page is put into HTML as it comes.",
    ),
    (
        "regex-backtracking",
        "warning",
        "5.9",
        "src/chat/links.rs",
        22,
        "static LINK: &str = \"(a+)+$\";",
        "The expression may take very long on crafted input.",
    ),
    (
        "unbounded-read",
        "warning",
        "6.2",
        "src/upload/picture.rs",
        35,
        "body.read_to_end(&mut bytes)?;",
        "The size of the body is not limited.",
    ),
    (
        "panic-in-handler",
        "note",
        "3.7",
        "src/api/calls.rs",
        201,
        "let first = list[0];",
        "An empty list stops the worker.",
    ),
];

/// Log of a source scanner in SARIF 2.1.0.
fn sarif(spots: &[&Spot]) -> String {
    let rules: Vec<Value> = spots
        .iter()
        .map(|spot| {
            json!({"id": spot.0, "shortDescription": {"text": spot.0.replace('-', " ")}, "properties": {"security-severity": spot.2, "tags": ["security"]}})
        })
        .collect();
    let results: Vec<Value> = spots
        .iter()
        .map(|spot| {
            json!({
                "ruleId": spot.0, "level": spot.1, "message": {"text": spot.6},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": spot.3},
                    "region": {"startLine": spot.4, "snippet": {"text": spot.5}},
                }}],
            })
        })
        .collect();
    json!({
        "version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{
            "tool": {"driver": {"name": "Plumbline", "version": "4.2.0", "rules": rules}},
            "results": results,
        }],
    })
    .to_string()
}

/// Findings of a scan for secrets, as Gitleaks writes them.
fn leaks(found: &[(&str, &str, u32)]) -> String {
    let list: Vec<Value> = found
        .iter()
        .map(|(rule, file, line)| {
            json!({
                "Description": format!("A {} stands in the source", rule.replace('-', " ")), "StartLine": line, "EndLine": line,
                "StartColumn": 1, "EndColumn": 20, "Match": "REDACTED", "Secret": "REDACTED", "File": file, "SymlinkFile": "",
                "Commit": "8c1f0d2e", "Entropy": 3.9, "Author": "Dev Arora", "Email": "dev@halden.example",
                "Date": "2026-01-01T09:00:00Z", "Message": "Add provisioning", "Tags": [], "RuleID": rule,
                "Fingerprint": format!("8c1f0d2e:{file}:{rule}:{line}"),
            })
        })
        .collect();
    Value::from(list).to_string()
}

/// Package, installed, fixed in, number of the identifier, severity, score, title.
type Hole = (&'static str, &'static str, &'static str, u32, &'static str, f64, &'static str);

const IMAGE: &[Hole] = &[
    ("smallbox", "1.36.0-2", "1.36.1-1", 20_014, "HIGH", 7.8, "Archive reader writes outside its folder"),
    ("gatekernel-headers", "6.1.88-1", "", 20_031, "MEDIUM", 5.5, "Timer is used after it was freed"),
    ("libharbour2", "2.3.1-1", "2.4.0-1", 20_040, "CRITICAL", 9.1, "Certificate of another host is accepted"),
    ("libtidepool0", "0.31.5-1", "0.33.0-1", 20_052, "MEDIUM", 6.1, "Queue grows without limit"),
    ("bootplate-tools", "2025.04-1", "", 20_063, "LOW", 3.3, "Environment readable by all"),
];

/// Known vulnerabilities of an image, as Trivy writes them.
fn image(name: &str, holes: &[&Hole]) -> String {
    let list: Vec<Value> = holes
        .iter()
        .map(|hole| {
            json!({
                "VulnerabilityID": format!("CVE-1900-{}", hole.3), "PkgName": hole.0, "InstalledVersion": hole.1,
                "FixedVersion": hole.2, "Severity": hole.4, "Title": hole.6, "Description": format!("{}.", hole.6),
                "PrimaryURL": format!("https://halden.example/advisories/{}", hole.3),
                "CVSS": {"halden": {"V3Score": hole.5}},
            })
        })
        .collect();
    json!({
        "SchemaVersion": 2, "ArtifactName": format!("registry.halden.example/{name}"), "ArtifactType": "container_image",
        "Results": [{"Target": format!("{name} (halden linux 12)"), "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": list}],
    })
    .to_string()
}

/// Plugin, name, risk, weakness, address, parameter, what to do.
type Alert = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const WEB: &[Alert] = &[
    ("40012", "Cross-site scripting (reflected)", "3", "79", "/search", "q", "Escape what is shown."),
    ("10038", "Content security policy not set", "2", "693", "/", "", "Send a content security policy."),
    ("10020", "Page may be framed by others", "2", "1021", "/login", "", "Send frame-ancestors."),
    ("10021", "Type of content may be guessed", "1", "693", "/assets/app.js", "", "Send nosniff."),
    ("10054", "Cookie without SameSite", "1", "1275", "/login", "session", "Set SameSite."),
];

/// Alerts of a scan of a running web interface, as ZAP writes them in XML.
fn web(host: &str, alerts: &[&Alert]) -> String {
    let items: String = alerts
        .iter()
        .map(|alert| {
            let level = match alert.2 {
                "3" => "High",
                "2" => "Medium",
                _ => "Low",
            };
            format!(
                "<alertitem><pluginid>{}</pluginid><alertRef>{}</alertRef><alert>{}</alert><name>{}</name>\
                 <riskcode>{}</riskcode><confidence>2</confidence><riskdesc>{level} (Medium)</riskdesc>\
                 <desc>&lt;p&gt;{}.&lt;/p&gt;</desc><instances><instance><uri>https://{host}{}</uri><method>GET</method>\
                 <param>{}</param><attack></attack><evidence></evidence></instance></instances><count>1</count>\
                 <solution>&lt;p&gt;{}&lt;/p&gt;</solution><reference></reference><cweid>{}</cweid><wascid>15</wascid>\
                 <sourceid>3</sourceid></alertitem>",
                alert.0, alert.0, alert.1, alert.1, alert.2, alert.1, alert.4, alert.5, alert.6, alert.3
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><OWASPZAPReport programName=\"ZAP\" version=\"2.15.0\" generated=\"Thu, 1 Jan 2026 09:00:00\">\
         <site name=\"https://{host}\" host=\"{host}\" port=\"443\" ssl=\"true\"><alerts>{items}</alerts></site></OWASPZAPReport>"
    )
}

/// A report by its name, with the name of its file.
pub(super) fn report(name: &str) -> Option<(&'static str, String)> {
    let gate =
        |wanted: &dyn Fn(&Spot) -> bool| -> Vec<&'static Spot> { GATE.iter().filter(|spot| wanted(spot)).collect() };
    let worst = |least: usize| -> Vec<&'static Alert> { WEB.iter().skip(least).collect() };
    // A release that is nearly done has little left in its reports.
    if let Some(product) = name.strip_suffix("-dast-calm") {
        return Some(("web.xml", web(&format!("{product}.halden.example"), &worst(3))));
    }
    if name.ends_with("-sast-calm") {
        return Some(("plumbline.sarif", sarif(&gate(&|spot| spot.1 == "note"))));
    }
    Some(match name {
        "gate-sast-1" => ("plumbline.sarif", sarif(&gate(&|_| true))),
        "gate-sast-2" => {
            let mended = ["format-string", "hardcoded-key", "weak-random"];
            let mut spots = gate(&|spot| !mended.contains(&spot.0));
            spots.extend(GATE_LATER);
            ("plumbline.sarif", sarif(&spots))
        }
        "gate-secrets-1" => {
            let found = [("private-key", "provision/test/device.pem", 1), ("generic-api-key", "tools/upload.sh", 12)];
            ("secrets.json", leaks(&found))
        }
        "gate-secrets-2" => ("secrets.json", leaks(&[("private-key", "provision/test/device.pem", 1)])),
        "gate-image" => ("image.json", image("gate-300:8.0", &IMAGE.iter().collect::<Vec<_>>())),
        "console-dast" => ("console.xml", web("console.halden.example", &worst(0))),
        "manager-dast" => ("manager.xml", web("manager.halden.example", &worst(1))),
        "server-sast-1" => ("plumbline.sarif", sarif(&SERVER.iter().collect::<Vec<_>>())),
        "server-sast-2" => ("plumbline.sarif", sarif(&SERVER.iter().skip(2).collect::<Vec<_>>())),
        "server-image" => {
            let holes: Vec<&Hole> = IMAGE.iter().filter(|hole| matches!(hole.4, "MEDIUM" | "LOW")).collect();
            ("image.json", image("meet-server:9.0", &holes))
        }
        _ => return None,
    })
}
