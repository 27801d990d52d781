//! What the releases are made of, as CycloneDX and SPDX documents. Components and suppliers are invented.

use anyhow::Context;
use kernel::Role;
use serde_json::json;

use super::Life;
use crate::demo::client::Attached;

/// Ecosystem, name, version, licence, supplier; an empty version is one that the build did not tell.
type Part = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The form a document takes.
#[derive(Clone, Copy)]
enum Form {
    CycloneDx,
    Spdx,
}

const GATE: &[Part] = &[
    ("cargo", "harbour-tls", "2.3.1", "Apache-2.0", "Harbour project"),
    ("cargo", "quillcodec", "0.9.4", "MIT", "Quill Works"),
    ("cargo", "pebble-json", "1.14.0", "MIT", "Pebble authors"),
    ("cargo", "driftlog", "0.4.8", "MIT", "Driftlog authors"),
    ("cargo", "sipwright", "3.0.2", "MPL-2.0", "Wright Telephony"),
    ("cargo", "hexring", "1.2.0", "BSD-3-Clause", "Hexring authors"),
    ("cargo", "tidepool", "0.31.5", "MIT", "Tidepool authors"),
    ("cargo", "lanternfs", "2.0.0", "Apache-2.0", "Lantern group"),
    ("generic", "gatekernel", "6.1.88", "GPL-2.0-only", "Gatekernel community"),
    ("generic", "smallbox", "1.36.0", "GPL-2.0-only", "Smallbox community"),
    ("generic", "bootplate", "2025.04", "GPL-2.0-or-later", "Bootplate community"),
    ("npm", "ribbonlog", "3.1.4", "MIT", "Ribbon authors"),
    ("npm", "cardstock-ui", "8.2.0", "MIT", "Cardstock authors"),
    ("npm", "fernroute", "4.4.1", "ISC", "Fern authors"),
];

const MANAGER: &[Part] = &[
    ("maven", "example.juniper/juniper-web", "5.2.0", "Apache-2.0", "Juniper Grove"),
    ("maven", "example.juniper/juniper-data", "5.2.0", "Apache-2.0", "Juniper Grove"),
    ("maven", "example.lodestar/lodestar-ldap", "1.8.3", "EPL-2.0", "Lodestar"),
    ("maven", "example.copper/copper-pool", "3.1.0", "Apache-2.0", "Copper authors"),
    ("maven", "example.inkwell/inkwell-pdf", "0.22.1", "LGPL-2.1-only", "Inkwell"),
    ("npm", "cardstock-ui", "8.2.0", "MIT", "Cardstock authors"),
    ("npm", "ribbonlog", "3.2.1", "MIT", "Ribbon authors"),
    ("npm", "gridweave", "2.7.9", "MIT", "Gridweave authors"),
];

const MEET: &[Part] = &[
    ("cargo", "harbour-tls", "2.4.2", "Apache-2.0", "Harbour project"),
    ("cargo", "quillcodec", "0.9.4", "MIT", "Quill Works"),
    ("cargo", "meadow-rtc", "0.18.0", "BSD-3-Clause", "Meadow project"),
    ("cargo", "tidepool", "0.31.5", "MIT", "Tidepool authors"),
    ("cargo", "pebble-json", "1.14.0", "MIT", "Pebble authors"),
    ("cargo", "brasskey", "1.0.6", "Apache-2.0", "Brasskey authors"),
    ("npm", "cardstock-ui", "8.1.3", "MIT", "Cardstock authors"),
    ("npm", "fernroute", "4.4.1", "ISC", "Fern authors"),
];

/// The parts of a document, by its name: those of the line, with some changed, added and left out.
fn parts(name: &str) -> Option<(Form, Vec<Part>)> {
    let with = |base: &[Part], changed: &[Part], gone: &[&str]| -> Vec<Part> {
        let kept = base.iter().filter(|part| !gone.contains(&part.1) && !changed.iter().any(|new| new.1 == part.1));
        kept.chain(changed).copied().collect()
    };
    let found = match name {
        "gate-7.4" => (Form::CycloneDx, with(GATE, &[], &["ribbonlog"])),
        "gate-8.0-early" => (
            Form::CycloneDx,
            with(GATE, &[("cargo", "harbour-tls", "2.4.2", "Apache-2.0", "Harbour project")], &["smallbox"]),
        ),
        "gate-8.0" => (
            Form::CycloneDx,
            with(
                GATE,
                &[
                    ("cargo", "harbour-tls", "2.4.2", "Apache-2.0", "Harbour project"),
                    ("cargo", "sipwright", "3.1.0", "MPL-2.0", "Wright Telephony"),
                    ("cargo", "tidepool", "0.33.0", "MIT", "Tidepool authors"),
                    ("generic", "gatekernel", "6.6.31", "GPL-2.0-only", "Gatekernel community"),
                    ("npm", "ribbonlog", "3.2.1", "MIT", "Ribbon authors"),
                    ("cargo", "brasskey", "1.0.6", "Apache-2.0", "Brasskey authors"),
                    ("generic", "maplecrypt-firmware", "", "LicenseRef-Maple", "Maple Silicon"),
                ],
                &["smallbox", "lanternfs"],
            ),
        ),
        "manager-9.4" => (Form::Spdx, with(MANAGER, &[], &["gridweave"])),
        "manager-10.0" => (
            Form::Spdx,
            with(
                MANAGER,
                &[
                    ("maven", "example.juniper/juniper-web", "6.0.1", "Apache-2.0", "Juniper Grove"),
                    ("maven", "example.juniper/juniper-data", "6.0.1", "Apache-2.0", "Juniper Grove"),
                ],
                &["example.inkwell/inkwell-pdf"],
            ),
        ),
        "server-8.4" => (Form::CycloneDx, with(MEET, &[], &["brasskey"])),
        "server-9.0" => (
            Form::CycloneDx,
            with(
                MEET,
                &[
                    ("cargo", "meadow-rtc", "0.20.1", "BSD-3-Clause", "Meadow project"),
                    ("cargo", "tidepool", "0.33.0", "MIT", "Tidepool authors"),
                    ("npm", "cardstock-ui", "8.2.0", "MIT", "Cardstock authors"),
                ],
                &[],
            ),
        ),
        "client-9.0" => (
            Form::CycloneDx,
            with(MEET, &[("npm", "paperlantern", "1.1.0", "AGPL-3.0-only", "Paper Lantern")], &["brasskey"]),
        ),
        _ => return None,
    };
    Some(found)
}

fn purl(part: &Part) -> String {
    let version = if part.2.is_empty() { String::new() } else { format!("@{}", part.2) };
    format!("pkg:{}/{}{version}", part.0, part.1)
}

fn cyclonedx(subject: &str, version: &str, number: usize, parts: &[Part]) -> String {
    let components: Vec<serde_json::Value> = parts
        .iter()
        .map(|part| {
            let licence =
                if part.3.starts_with("LicenseRef") { json!({"name": part.3}) } else { json!({"id": part.3}) };
            let (group, name) = part.1.split_once('/').unwrap_or(("", part.1));
            let mut component = json!({
                "type": "library", "bom-ref": purl(part), "name": name, "purl": purl(part),
                "licenses": [{"license": licence}], "supplier": {"name": part.4},
            });
            if let Some(fields) = component.as_object_mut() {
                if !group.is_empty() {
                    fields.insert("group".to_owned(), group.into());
                }
                if !part.2.is_empty() {
                    fields.insert("version".to_owned(), part.2.into());
                }
            }
            component
        })
        .collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": format!("urn:uuid:00000000-0000-4000-8000-{number:012x}"),
        "metadata": {
            "component": {"type": "firmware", "bom-ref": "subject", "name": subject, "version": version},
            "supplier": {"name": "Halden Systems"},
        },
        "components": components,
    })
    .to_string()
}

fn spdx(subject: &str, version: &str, number: usize, parts: &[Part]) -> String {
    let package = |id: String, name: &str, version: &str, licence: &str, supplier: &str, purl: Option<String>| {
        let mut package = json!({
            "SPDXID": id, "name": name, "downloadLocation": "NOASSERTION", "filesAnalyzed": false,
            "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "supplier": format!("Organization: {supplier}"),
        });
        if let Some(fields) = package.as_object_mut() {
            if !version.is_empty() {
                fields.insert("versionInfo".to_owned(), version.into());
            }
            if let Some(purl) = purl {
                let reference = json!([{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]);
                fields.insert("externalRefs".to_owned(), reference);
            }
        }
        package
    };
    let mut packages =
        vec![package("SPDXRef-Subject".to_owned(), subject, version, "NOASSERTION", "Halden Systems", None)];
    let mut relations = vec![
        json!({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-Subject"}),
    ];
    for (index, part) in parts.iter().enumerate() {
        let id = format!("SPDXRef-Part-{index}");
        relations.push(
            json!({"spdxElementId": "SPDXRef-Subject", "relationshipType": "CONTAINS", "relatedSpdxElement": id}),
        );
        let name = part.1.replace('/', ":");
        packages.push(package(id, &name, part.2, part.3, part.4, Some(purl(part))));
    }
    json!({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": format!("{subject} {version}"),
        "documentNamespace": format!("https://halden.example/sbom/{number}"),
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Halden Systems"]},
        "packages": packages, "relationships": relations,
    })
    .to_string()
}

impl Life<'_> {
    /// Gives a release its SBOM.
    pub(super) async fn sbom(&self, product: &str, version: &str, name: &str) -> anyhow::Result<()> {
        let release = self.release(product, version)?;
        let (form, parts) = parts(name).with_context(|| format!("no SBOM {name}"))?;
        let number = name.len() * 1_000 + parts.len();
        let (content, ending) = match form {
            Form::CycloneDx => (cyclonedx(product, version, number, &parts), "cdx.json"),
            Form::Spdx => (spdx(product, version, number, &parts), "spdx.json"),
        };
        let file = format!("{}-{version}.{ending}", product.to_lowercase().replace(' ', "-"));
        let file = Attached { name: &file, content: &content };
        let at = format!("/desk/components/releases/{release}/upload");
        self.site.upload(self.cookie(Role::Developer), &at, &[], &file).await.map(|_| ())
    }
}
