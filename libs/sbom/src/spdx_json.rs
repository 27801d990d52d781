//! SPDX 2 in JSON, streamed: one package, file or relationship is in memory at a time.

use limits::{Exceeded, Limits};
use serde::de::{DeserializeSeed, MapAccess};
use serde_json::{Map, Value};

use crate::check_json::{push, push_index};
use crate::error::Error;
use crate::expression::{Object, Type};
use crate::findings::Findings;
use crate::json::{Item, Items, ObjectWalk, Walk, syntax};
use crate::model::{Document, Format};
use crate::source::Reader;
use crate::spdx::{Intake, rules};

pub(crate) fn read(
    reader: Reader<'_>,
    version: Option<&str>,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Document, Error> {
    let rules = rules(version, findings);
    let empty = Object::default();
    let object = match rules.by_name("document") {
        Some(Type::Object(object)) => object,
        _ => &empty,
    };
    let intake = Intake::new(Format::SpdxJson, &rules, limits, findings);
    let mut document =
        Reading { intake, object, path: String::new(), head: Map::new(), lists: Vec::new(), exceeded: None };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let result = Walk(&mut document).deserialize(&mut deserializer).and_then(|_| deserializer.end());
    let Reading { mut intake, head, lists, exceeded, mut path, .. } = document;
    if let Some(exceeded) = exceeded {
        return Err(exceeded.into());
    }
    if let Err(error) = result {
        if error.is_io() {
            return Err(std::io::Error::from(error).into());
        }
        let (line, words) = syntax(&error);
        intake.findings.line = Some(line);
        intake.findings.error("syntax", &path, || words);
        intake.findings.line = None;
    }
    path.clear();
    let has = |name: &str| head.contains_key(name) || lists.iter().any(|list| list == name);
    intake.checker.presence(object, &has, "", intake.findings);
    intake.head(&head);
    Ok(intake.finish())
}

struct Reading<'a> {
    intake: Intake<'a>,
    object: &'a Object,
    path: String,
    head: Map<String, Value>,
    lists: Vec<String>,
    exceeded: Option<Exceeded>,
}

impl ObjectWalk for Reading<'_> {
    fn property<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let length = push(&mut self.path, &name);
        match name.as_str() {
            "packages"
            | "files"
            | "snippets"
            | "relationships"
            | "hasExtractedLicensingInfos"
            | "externalDocumentRefs"
            | "annotations"
            | "revieweds" => {
                map.next_value_seed(Items(|item| self.item(&name, item)))?;
                self.lists.push(name);
            }
            _ => {
                let value: Value = map.next_value()?;
                self.check(&name, &value);
                if name == "SPDXID"
                    && let Some(text) = value.as_str()
                {
                    self.intake.refs.declare(text, &self.path, self.intake.findings);
                }
                self.head.insert(name, value);
            }
        }
        self.path.truncate(length);
        Ok(())
    }

    fn other(&mut self, kind: &'static str) {
        self.intake.findings.error("type", &self.path, || format!("an object is needed here, not {kind}"));
    }
}

impl Reading<'_> {
    fn item(&mut self, name: &str, item: Item) -> Result<(), String> {
        match item {
            Item::At(index, value) => {
                let length = push_index(&mut self.path, index);
                let result = self.intake.item(name, &value, &mut self.path);
                self.path.truncate(length);
                result.map_err(|exceeded| {
                    self.exceeded = Some(exceeded);
                    exceeded.to_string()
                })
            }
            Item::NoList(value) => {
                self.check(name, &value);
                Ok(())
            }
        }
    }

    fn check(&mut self, name: &str, value: &Value) {
        let object = self.object;
        let Intake { checker, refs, findings, .. } = &mut self.intake;
        match object
            .properties
            .binary_search_by_key(&name, |(known, _)| known)
            .ok()
            .and_then(|at| object.properties.get(at))
        {
            Some((_, expression)) => checker.check(expression, value, &mut self.path, refs, findings),
            None => checker.unknown(&object.unknown, name, value, &mut self.path, refs, findings),
        }
    }
}
