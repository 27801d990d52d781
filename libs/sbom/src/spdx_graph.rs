//! SPDX 3 in JSON-LD: packages, relationships, licences and agents, joined when the graph has been read.

use std::collections::HashMap;
use std::sync::Arc;

use limits::{Exceeded, Limits};
use serde::de::{DeserializeSeed, MapAccess};
use serde_json::{Map, Value};

use crate::check_json::{push, push_index, short};
use crate::error::Error;
use crate::findings::Findings;
use crate::formats;
use crate::json::{Item, Items, ObjectWalk, Walk, syntax};
use crate::model::{Component, Document, Format, Hash, Relationship};
use crate::pool::Pool;
use crate::refs::Refs;
use crate::source::Reader;
use crate::spdx::is_said;

pub(crate) fn read(reader: Reader<'_>, limits: &Limits, findings: &mut Findings) -> Result<Document, Error> {
    let mut graph = Graph {
        document: Document::new(Format::SpdxGraph),
        pool: Pool::default(),
        refs: Refs::strict(),
        names: HashMap::new(),
        versions: Vec::new(),
        findings,
        limits,
        path: String::new(),
        root: Map::new(),
        has_graph: false,
        exceeded: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let result = Walk(&mut graph).deserialize(&mut deserializer).and_then(|_| deserializer.end());
    if let Some(exceeded) = graph.exceeded {
        return Err(exceeded.into());
    }
    if let Err(error) = result {
        if error.is_io() {
            return Err(std::io::Error::from(error).into());
        }
        let (line, words) = syntax(&error);
        graph.findings.line = Some(line);
        graph.findings.error("syntax", &graph.path, || words);
        graph.findings.line = None;
    }
    graph.path.clear();
    if !graph.has_graph {
        let root = Value::Object(std::mem::take(&mut graph.root));
        graph.element(&root)?;
    }
    Ok(graph.finish())
}

struct Graph<'a> {
    document: Document,
    pool: Pool,
    refs: Refs,
    /// Names of agents and licences by identifier.
    names: HashMap<Arc<str>, Arc<str>>,
    versions: Vec<String>,
    findings: &'a mut Findings,
    limits: &'a Limits,
    path: String,
    root: Map<String, Value>,
    has_graph: bool,
    exceeded: Option<Exceeded>,
}

impl ObjectWalk for Graph<'_> {
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let length = push(&mut self.path, &name);
        if name == "@graph" {
            self.has_graph = true;
            map.next_value_seed(Items(|item| match item {
                Item::At(index, value) => {
                    let length = push_index(&mut self.path, index);
                    let result = self.element(&value);
                    self.path.truncate(length);
                    result.map_err(|exceeded| {
                        self.exceeded = Some(exceeded);
                        exceeded.to_string()
                    })
                }
                Item::NoList(_) => {
                    self.findings.error("type", &self.path, || "a list of elements is needed here".to_owned());
                    Ok(())
                }
            }))?;
        } else {
            let value = map.next_value()?;
            self.root.insert(name, value);
        }
        self.path.truncate(length);
        Ok(())
    }

    fn other(&mut self, kind: &'static str) {
        self.findings.error("type", &self.path, || format!("an object is needed here, not {kind}"));
    }
}

impl Graph<'_> {
    fn element(&mut self, value: &Value) -> Result<(), Exceeded> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let Some(kind) = text("type").or_else(|| text("@type")) else {
            self.findings.error("missing-property", &self.path, || "an element needs a “type”".to_owned());
            return Ok(());
        };
        let id = text("spdxId").or_else(|| text("@id"));
        self.check(kind, id, value);
        if let Some(id) = id {
            self.refs.declare(id, &self.path, self.findings);
        }
        match kind {
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" => {
                self.limits.check_count(self.document.components.len().saturating_add(1))?;
                let component = self.package(kind, id, value);
                self.document.components.push(component);
            }
            "software_File" => self.document.files = self.document.files.saturating_add(1),
            "SpdxDocument" => {
                self.document.serial = id.map(Into::into);
                self.document.name = text("name").map(Into::into);
            }
            "CreationInfo" => {
                self.versions.extend(text("specVersion").map(str::to_owned));
                if self.document.created.is_none() {
                    self.document.created = text("created").map(Into::into);
                }
            }
            _ if kind.ends_with("Relationship") => self.relationship(value)?,
            _ => {
                let name = text("simplelicensing_licenseExpression")
                    .or_else(|| text("name"))
                    .or_else(|| id.and_then(|id| id.strip_prefix("https://spdx.org/licenses/")));
                if let (Some(id), Some(name)) = (id, name) {
                    let (id, name) = (self.pool.share(id), self.pool.share(name));
                    self.names.insert(id, name);
                }
            }
        }
        Ok(())
    }

    /// The properties that the model makes mandatory for what is read here.
    fn check(&mut self, kind: &str, id: Option<&str>, value: &Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let mut missing = |name: &str, words: &str| {
            self.findings
                .error("missing-property", &self.path, || format!("a {} needs “{name}”: {words}", short(kind)));
        };
        if kind == "CreationInfo" {
            if text("specVersion").is_none() {
                missing("specVersion", "the version of the model");
            }
            if value.get("createdBy").and_then(Value::as_array).is_none_or(Vec::is_empty) {
                missing("createdBy", "at least one agent");
            }
            match text("created") {
                None => missing("created", "a date and time"),
                Some(created) if !formats::is_date_time(created, true) => {
                    self.findings.error("form", &format!("{}/created", self.path), || {
                        format!("“{}” is not a date and time like 2024-05-31T12:00:00Z", short(created))
                    });
                }
                Some(_) => {}
            }
            return;
        }
        let is_element = kind.ends_with("Relationship")
            || matches!(
                kind,
                "software_Package" | "software_File" | "software_Snippet" | "software_Sbom" | "SpdxDocument"
            )
            || matches!(kind, "Person" | "Organization" | "Tool" | "Agent" | "SoftwareAgent" | "Bom" | "Annotation");
        if is_element {
            if id.is_none() {
                missing("spdxId", "its identifier");
            }
            if value.get("creationInfo").is_none() {
                missing("creationInfo", "who made it and when");
            }
        }
        if kind.ends_with("Relationship") {
            for (name, words) in
                [("from", "where it starts"), ("to", "where it points"), ("relationshipType", "its type")]
            {
                if value.get(name).is_none() {
                    missing(name, words);
                }
            }
        }
    }

    fn package(&mut self, kind: &str, id: Option<&str>, value: &Value) -> Component {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| is_said(text));
        let pool = &mut self.pool;
        if text("name").is_none() {
            self.findings.error("missing-property", &self.path, || format!("a {} needs “name”", short(kind)));
        }
        let mut component = Component {
            name: text("name").unwrap_or_default().into(),
            version: text("software_packageVersion").map(|text| pool.share(text)),
            kind: text("software_primaryPurpose").map(|text| pool.share(text)),
            bom_ref: id.map(|text| pool.share(text)),
            // An identifier for now; names are joined at the end, because agents may follow.
            supplier: text("suppliedBy").map(|text| pool.share(text)),
            ..Component::default()
        };
        if component.supplier.is_none() {
            let originators = value.get("originatedBy").and_then(Value::as_array);
            component.supplier = originators.and_then(|list| list.first()?.as_str()).map(|text| pool.share(text));
        }
        if let Some(purl) = text("software_packageUrl") {
            component.add_purl(purl);
        }
        let list = |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
        for identifier in list("externalIdentifier") {
            let text = |name: &str| identifier.get(name).and_then(Value::as_str);
            match (text("externalIdentifierType"), text("identifier")) {
                (Some("packageUrl" | "purl"), Some(purl)) => component.add_purl(purl),
                (Some("cpe22" | "cpe23"), Some(cpe)) => component.add_cpe(cpe),
                _ => {}
            }
        }
        for method in list("verifiedUsing") {
            let text = |name: &str| method.get(name).and_then(Value::as_str);
            if let (Some(algorithm), Some(value)) = (text("algorithm"), text("hashValue")) {
                component.hashes.push(Hash { algorithm: pool.share(algorithm), value: value.into() });
            }
        }
        component
    }

    fn relationship(&mut self, value: &Value) -> Result<(), Exceeded> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let (Some(from), Some(kind)) = (text("from"), text("relationshipType")) else { return Ok(()) };
        let (from, kind) = (self.pool.share(from), self.pool.share(kind));
        let to = value.get("to");
        let many: &[Value] = match to {
            Some(Value::Array(list)) => list,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for to in many.iter().filter_map(Value::as_str) {
            self.limits.check_count(self.document.relationships.len().saturating_add(1))?;
            let to = self.pool.share(to);
            self.document.relationships.push(Relationship { from: Arc::clone(&from), kind: Arc::clone(&kind), to });
        }
        Ok(())
    }

    fn finish(mut self) -> Document {
        self.versions.sort();
        self.document.spec_version = self.versions.last().map(|version| format!("SPDX-{version}").into());
        if self.versions.is_empty() {
            self.findings.error("version", "", || "no CreationInfo says which version of SPDX this is".to_owned());
        } else if let Some(odd) = self.versions.iter().find(|version| !version.starts_with("3.0")) {
            self.findings.error("version", "", || format!("“{}” is not a version that is known; 3.0 is", short(odd)));
        }
        let mut licences: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
        for relationship in &self.document.relationships {
            if matches!(&*relationship.kind, "hasConcludedLicense" | "hasDeclaredLicense") {
                let to = &relationship.to;
                let name = self.names.get(to).cloned().unwrap_or_else(|| {
                    let id = to.rsplit('/').next().unwrap_or(to);
                    Arc::from(id)
                });
                if is_said(&name) && !name.ends_with("NoAssertionLicense") && !name.ends_with("NoneLicense") {
                    licences.entry(Arc::clone(&relationship.from)).or_default().push(name);
                }
            }
        }
        for component in &mut self.document.components {
            if let Some(supplier) = &component.supplier {
                component.supplier = Some(Arc::clone(self.names.get(supplier).unwrap_or(supplier)));
            }
            for licence in component.bom_ref.as_ref().and_then(|id| licences.get(id)).into_iter().flatten() {
                component.add_licence(Arc::clone(licence));
            }
        }
        self.document.derive_dependencies();
        self.document
    }
}
