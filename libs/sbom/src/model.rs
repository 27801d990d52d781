//! The inventory: what CycloneDX and SPDX have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::findings::{Finding, Severity};

/// Format and encoding of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Format {
    /// CycloneDX in JSON.
    #[serde(rename = "CycloneDX-JSON")]
    CycloneDxJson,
    /// CycloneDX in XML.
    #[serde(rename = "CycloneDX-XML")]
    CycloneDxXml,
    /// SPDX 2 in JSON.
    #[serde(rename = "SPDX-JSON")]
    SpdxJson,
    /// SPDX 2 as lines of tag and value.
    #[serde(rename = "SPDX-tag-value")]
    SpdxTagValue,
    /// SPDX 3 in JSON-LD.
    #[serde(rename = "SPDX-3-JSON-LD")]
    SpdxGraph,
}

impl Format {
    /// The name, as the JSON form has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CycloneDxJson => "CycloneDX-JSON",
            Self::CycloneDxXml => "CycloneDX-XML",
            Self::SpdxJson => "SPDX-JSON",
            Self::SpdxTagValue => "SPDX-tag-value",
            Self::SpdxGraph => "SPDX-3-JSON-LD",
        }
    }
}

/// What was read from one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Format and encoding.
    pub format: Format,
    /// Version of the specification, as written: `1.6`, `SPDX-2.3`.
    pub spec_version: Option<Box<str>>,
    /// Identifier of the document: serial number or namespace.
    pub serial: Option<Box<str>>,
    /// When it was made, as written.
    pub created: Option<Box<str>>,
    /// Name of the document, where the format has one.
    pub name: Option<Box<str>>,
    /// What the document is about; not among the components.
    pub subject: Option<Component>,
    /// All components at any depth, in the order of the document.
    pub components: Vec<Component>,
    /// Who depends on what.
    pub dependencies: Vec<Dependency>,
    /// All relationships of SPDX, in the order of the document; empty for CycloneDX.
    pub relationships: Vec<Relationship>,
    /// Number of services at any depth (CycloneDX).
    pub services: usize,
    /// Number of files (SPDX).
    pub files: usize,
    /// Number of vulnerability statements (CycloneDX).
    pub vulnerabilities: usize,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Document {
    pub(crate) const fn new(format: Format) -> Self {
        Self {
            format,
            spec_version: None,
            serial: None,
            created: None,
            name: None,
            subject: None,
            components: Vec::new(),
            dependencies: Vec::new(),
            relationships: Vec::new(),
            services: 0,
            files: 0,
            vulnerabilities: 0,
            findings: Vec::new(),
        }
    }

    /// Whether the document keeps its standard, as far as it is checked: no finding is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// Derives `dependencies` from the relationships of SPDX: dependency, prerequisite and link.
    pub(crate) fn derive_dependencies(&mut self) {
        let mut by_source: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for relationship in &self.relationships {
            let Some((from, to)) = relationship.as_dependency() else { continue };
            let index = *by_source.entry(Arc::clone(from)).or_insert_with(|| {
                self.dependencies.push(Dependency {
                    reference: Arc::clone(from),
                    depends_on: Vec::new(),
                    provides: Vec::new(),
                });
                self.dependencies.len().saturating_sub(1)
            });
            if let Some(dependency) = self.dependencies.get_mut(index) {
                dependency.depends_on.push(Arc::clone(to));
            }
        }
    }
}

/// One component or package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Its name; empty when the document has none.
    pub name: Box<str>,
    /// Its version, as written.
    pub version: Option<Arc<str>>,
    /// Its first package URL, as written.
    pub purl: Option<Box<str>>,
    /// Its first CPE, as written.
    pub cpe: Option<Box<str>>,
    /// Identifiers, names or expressions of its licences.
    pub licences: Vec<Arc<str>>,
    /// Digests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<Hash>,
    /// Who supplies it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Arc<str>>,
    /// Namespace or vendor (CycloneDX `group`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Arc<str>>,
    /// Kind: library, application, container and so on, as written.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Arc<str>>,
    /// How others in the document refer to it (`bom-ref`, `SPDXID`, `spdxId`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bom_ref: Option<Arc<str>>,
    /// Required, optional or excluded, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Arc<str>>,
    /// Position in the list of the component that this one is nested in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// Package URLs after the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_purls: Vec<Box<str>>,
    /// CPEs after the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_cpes: Vec<Box<str>>,
}

impl Component {
    /// All package URLs, as written.
    pub fn purls(&self) -> impl Iterator<Item = &str> {
        self.purl.iter().chain(&self.more_purls).map(AsRef::as_ref)
    }

    /// All CPEs, as written.
    pub fn cpes(&self) -> impl Iterator<Item = &str> {
        self.cpe.iter().chain(&self.more_cpes).map(AsRef::as_ref)
    }

    pub(crate) fn add_purl(&mut self, purl: &str) {
        if self.purls().any(|known| known == purl) {
            return;
        }
        if self.purl.is_none() {
            self.purl = Some(purl.into());
        } else {
            self.more_purls.push(purl.into());
        }
    }

    pub(crate) fn add_cpe(&mut self, cpe: &str) {
        if self.cpes().any(|known| known == cpe) {
            return;
        }
        if self.cpe.is_none() {
            self.cpe = Some(cpe.into());
        } else {
            self.more_cpes.push(cpe.into());
        }
    }

    /// Gives back what lists have room for and do not hold; it adds up over a million components.
    pub(crate) fn trim(&mut self) {
        self.licences.shrink_to_fit();
        self.hashes.shrink_to_fit();
        self.more_purls.shrink_to_fit();
        self.more_cpes.shrink_to_fit();
    }

    pub(crate) fn add_licence(&mut self, licence: Arc<str>) {
        if !licence.is_empty() && !self.licences.contains(&licence) {
            self.licences.push(licence);
        }
    }
}

/// A digest of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hash {
    /// Algorithm, as written: `SHA-256`, `SHA256`.
    pub algorithm: Arc<str>,
    /// Value in hexadecimal, as written.
    pub value: Box<str>,
}

/// What one component depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// The component that depends on others.
    #[serde(rename = "ref")]
    pub reference: Arc<str>,
    /// The components that it depends on.
    pub depends_on: Vec<Arc<str>>,
    /// The specifications or interfaces that it implements (CycloneDX 1.6).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<Arc<str>>,
}

/// One relationship of SPDX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relationship {
    /// The element that it starts from.
    pub from: Arc<str>,
    /// Its type, as written.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The element that it points to.
    pub to: Arc<str>,
}

impl Relationship {
    /// The pair (dependent, dependency) when the relationship is one of dependency, prerequisite or link.
    #[must_use]
    pub fn as_dependency(&self) -> Option<(&Arc<str>, &Arc<str>)> {
        match &*self.kind {
            "DEPENDS_ON"
            | "HAS_PREREQUISITE"
            | "DYNAMIC_LINK"
            | "STATIC_LINK"
            | "dependsOn"
            | "hasPrerequisite"
            | "hasDynamicLink"
            | "hasStaticLink"
            | "hasOptionalDependency"
            | "hasProvidedDependency" => Some((&self.from, &self.to)),
            "DEPENDENCY_OF"
            | "BUILD_DEPENDENCY_OF"
            | "DEV_DEPENDENCY_OF"
            | "OPTIONAL_DEPENDENCY_OF"
            | "PROVIDED_DEPENDENCY_OF"
            | "RUNTIME_DEPENDENCY_OF"
            | "TEST_DEPENDENCY_OF"
            | "PREREQUISITE_FOR" => Some((&self.to, &self.from)),
            _ => None,
        }
    }
}
