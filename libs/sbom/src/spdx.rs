//! SPDX 2: what the JSON and the tag-value reader have in common. Both hand over packages, files and so on as JSON.

use std::collections::HashMap;
use std::sync::Arc;

use limits::{Exceeded, Limits};
use serde_json::Value;

use crate::check_json::{Checker, short};
use crate::findings::Findings;
use crate::model::{Component, Document, Format, Hash, Relationship};
use crate::pool::Pool;
use crate::refs::Refs;
use crate::rules::Rules;

static TABLE: &str = include_str!("tables/spdx-json.rules");

/// Rules for a `spdxVersion` such as `SPDX-2.3`; unknown versions are checked as 2.3 and reported.
pub(crate) fn rules(version: Option<&str>, findings: &mut Findings) -> Rules {
    let number = version.and_then(|version| version.strip_prefix("SPDX-"));
    match number {
        Some(number @ ("2.2" | "2.3")) => Rules::new(TABLE, number),
        Some("2.2.1" | "2.2.2") => Rules::new(TABLE, "2.2"),
        Some("2.3.1") => Rules::new(TABLE, "2.3"),
        _ => {
            if let Some(version) = version {
                findings.error("version", "/spdxVersion", || {
                    format!(
                        "“{}” is not a version that is known; SPDX-2.2 and SPDX-2.3 are, and 3.0 as JSON-LD",
                        short(version)
                    )
                });
            }
            Rules::new(TABLE, if number == Some("2.1") { "2.2" } else { "2.3" })
        }
    }
}

/// Takes in the parts of an SPDX 2 document as they come.
pub(crate) struct Intake<'a> {
    pub(crate) checker: Checker<'a>,
    pub(crate) document: Document,
    pub(crate) refs: Refs,
    pub(crate) findings: &'a mut Findings,
    pool: Pool,
    limits: &'a Limits,
    /// Prefixes of documents that are referred to: `DocumentRef-…`.
    outside: Vec<String>,
    /// Text of extracted licences by identifier, so that `LicenseRef-1` can be shown by its name.
    extracted: HashMap<Box<str>, Box<str>>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(format: Format, rules: &'a Rules, limits: &'a Limits, findings: &'a mut Findings) -> Self {
        Self {
            checker: Checker { rules, identifier: "SPDXID" },
            document: Document::new(format),
            refs: Refs::strict(),
            findings,
            pool: Pool::default(),
            limits,
            outside: Vec::new(),
            extracted: HashMap::new(),
        }
    }

    /// Checks an item of the list `name` and keeps what belongs to the inventory.
    pub(crate) fn item(&mut self, name: &str, value: &Value, path: &mut String) -> Result<(), Exceeded> {
        let kind = match name {
            "packages" => "package",
            "files" => "file",
            "snippets" => "snippet",
            "relationships" => "relationship",
            "hasExtractedLicensingInfos" => "extracted",
            "externalDocumentRefs" => "external-document",
            "annotations" => "annotation",
            _ => "review",
        };
        let expression = self.checker.rules.expression_for(kind);
        self.checker.check(&expression, value, path, &mut self.refs, self.findings);
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        match name {
            "packages" => {
                self.limits.check_count(self.document.components.len().saturating_add(1))?;
                let component = self.package(value);
                self.document.components.push(component);
            }
            "files" => self.document.files = self.document.files.saturating_add(1),
            "relationships" => {
                self.limits.check_count(self.document.relationships.len().saturating_add(1))?;
                if let (Some(from), Some(kind), Some(to)) =
                    (text("spdxElementId"), text("relationshipType"), text("relatedSpdxElement"))
                {
                    let (from, kind, to) = (self.pool.share(from), self.pool.share(kind), self.pool.share(to));
                    self.document.relationships.push(Relationship { from, kind, to });
                }
            }
            "externalDocumentRefs" => self.outside.extend(text("externalDocumentId").map(str::to_owned)),
            "hasExtractedLicensingInfos" => {
                if let (Some(id), Some(name)) = (text("licenseId"), text("name"))
                    && !matches!(name, "" | "NOASSERTION" | "NONE")
                {
                    self.extracted.insert(id.into(), name.into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn package(&mut self, value: &Value) -> Component {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| is_said(text));
        let pool = &mut self.pool;
        let mut component = Component {
            name: value.get("name").and_then(Value::as_str).unwrap_or_default().into(),
            version: text("versionInfo").map(|text| pool.share(text)),
            kind: text("primaryPackagePurpose").map(|text| pool.share(text)),
            bom_ref: text("SPDXID").map(|text| pool.share(text)),
            ..Component::default()
        };
        let supplier = text("supplier").or_else(|| text("originator"));
        component.supplier = supplier.map(|text| pool.share(agent(text)));
        for licence in ["licenseConcluded", "licenseDeclared"] {
            if let Some(text) = text(licence) {
                component.add_licence(pool.share(text));
            }
        }
        let list = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
        for checksum in list("checksums") {
            let text = |name: &str| checksum.get(name).and_then(Value::as_str);
            if let (Some(algorithm), Some(value)) = (text("algorithm"), text("checksumValue")) {
                component.hashes.push(Hash { algorithm: pool.share(algorithm), value: value.into() });
            }
        }
        for reference in list("externalRefs") {
            let text = |name: &str| reference.get(name).and_then(Value::as_str);
            let (Some(kind), Some(locator)) = (text("referenceType"), text("referenceLocator")) else { continue };
            let kind = kind.rsplit_once("spdx.org/rdf/references/").map_or(kind, |(_, kind)| kind);
            match kind {
                "purl" | "package-url" => component.add_purl(locator),
                "cpe22Type" | "cpe23Type" => component.add_cpe(locator),
                _ => {}
            }
        }
        component.trim();
        component
    }

    /// Checks that the document's own facts are sound; `head` holds the properties that are not lists.
    pub(crate) fn head(&mut self, head: &serde_json::Map<String, Value>) {
        let text = |name: &str| head.get(name).and_then(Value::as_str);
        self.document.spec_version = text("spdxVersion").map(Into::into);
        self.document.serial = text("documentNamespace").map(Into::into);
        self.document.name = text("name").map(Into::into);
        let created = head.get("creationInfo").and_then(|info| info.get("created")).and_then(Value::as_str);
        self.document.created = created.map(Into::into);
        let creators = head.get("creationInfo").and_then(|info| info.get("creators")).and_then(Value::as_array);
        for creator in creators.into_iter().flatten().filter_map(Value::as_str) {
            if !["Person:", "Organization:", "Tool:"].iter().any(|kind| creator.starts_with(kind)) {
                self.findings.warning("creator", "/creationInfo/creators", || {
                    format!("“{}” should start with Person:, Organization: or Tool:", short(creator))
                });
            }
        }
        if text("dataLicense").is_some_and(|licence| licence != "CC0-1.0") {
            self.findings
                .warning("data-licence", "/dataLicense", || "the data of an SPDX document is under CC0-1.0".to_owned());
        }
    }

    /// Resolves what can only be known at the end.
    pub(crate) fn finish(mut self) -> Document {
        for (index, relationship) in self.document.relationships.iter().enumerate() {
            for reference in [&relationship.from, &relationship.to] {
                let foreign = reference.starts_with("DocumentRef-");
                let known = if foreign {
                    let prefix = reference.split(':').next().unwrap_or(reference);
                    self.outside.iter().any(|outside| outside == prefix)
                } else {
                    self.refs.knows(reference) || matches!(&**reference, "NOASSERTION" | "NONE")
                };
                if !known {
                    self.findings.warning("dangling-reference", &format!("/relationships/{index}"), || {
                        format!("nothing in the document has the identifier “{}”", short(reference))
                    });
                }
            }
        }
        let extracted = &self.extracted;
        for component in &mut self.document.components {
            for licence in &mut component.licences {
                if let Some(name) = extracted.get(&**licence) {
                    *licence = Arc::from(&**name);
                }
            }
        }
        self.document.derive_dependencies();
        self.document
    }
}

/// Whether a field says something: SPDX writes `NOASSERTION` and `NONE` for nothing.
pub(crate) fn is_said(text: &str) -> bool {
    !matches!(text, "" | "NOASSERTION" | "NONE")
}

/// The name in `Organization: Halden Systems (mail@halden.example)`.
fn agent(text: &str) -> &str {
    let name = text.split_once(':').map_or(text, |(kind, name)| {
        if matches!(kind, "Organization" | "Person" | "Tool") { name.trim() } else { text }
    });
    match name.rsplit_once(" (") {
        Some((name, address)) if address.ends_with(')') && (address.contains('@') || address == ")") => name.trim(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_lose_kind_and_address() {
        assert_eq!(agent("Organization: Halden Systems (psirt@halden.example)"), "Halden Systems");
        assert_eq!(agent("Person: Ada (R&D)"), "Ada (R&D)");
        assert_eq!(agent("Tool: x ()"), "x");
        assert_eq!(agent("a: b"), "a: b");
    }
}
