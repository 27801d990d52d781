//! SPDX 2 as lines of tag and value, turned section by section into what the JSON form would hold.

use std::collections::VecDeque;
use std::io::BufRead;

use limits::Limits;
use serde_json::{Map, Value, json};

use crate::check_json::short;
use crate::error::Error;
use crate::expression::{Object, Type};
use crate::findings::Findings;
use crate::model::{Document, Format};
use crate::source::Reader;
use crate::spdx::{Intake, rules};

/// Longest line that is read.
const LONGEST: u64 = 16 << 20;

pub(crate) fn read(mut reader: Reader<'_>, limits: &Limits, findings: &mut Findings) -> Result<Document, Error> {
    // The version is needed before the rules: it stands in one of the first lines.
    let mut lines = Lines { reader: &mut reader, waiting: VecDeque::new(), number: 0, limits };
    let mut start = Vec::new();
    let mut version = None;
    while start.len() < 1_000 {
        let Some((number, tag, value)) = lines.next(findings)? else { break };
        let found = tag == "SPDXVersion";
        if found {
            version = Some(value.clone());
        }
        start.push((number, tag, value));
        if found {
            break;
        }
    }
    let rules = rules(version.as_deref(), findings);
    let empty = Object::default();
    let object = match rules.by_name("document") {
        Some(Type::Object(object)) => object,
        _ => &empty,
    };
    let intake = Intake::new(Format::SpdxTagValue, &rules, limits, findings);
    let mut reading = Reading { intake, head: Map::new(), section: None, counts: [0; 8] };
    for (number, tag, value) in start {
        reading.tag(number, &tag, value)?;
    }
    while let Some((number, tag, value)) = lines.next(reading.intake.findings)? {
        reading.tag(number, &tag, value)?;
    }
    reading.close()?;
    let Reading { mut intake, head, .. } = reading;
    for (name, value) in &head {
        if let Ok(at) = object.properties.binary_search_by_key(&name.as_str(), |(known, _)| known)
            && let Some((_, expression)) = object.properties.get(at)
        {
            let mut path = format!("/{name}");
            intake.checker.check(expression, value, &mut path, &mut intake.refs, intake.findings);
        }
    }
    intake.checker.presence(object, &|name| head.contains_key(name), "", intake.findings);
    intake.head(&head);
    Ok(intake.finish())
}

/// Lines with their tag and value, where a value between `<text>` and `</text>` may span lines.
struct Lines<'a, 'b> {
    reader: &'a mut Reader<'b>,
    /// Lines after a bare carriage return, which some tools end lines with.
    waiting: VecDeque<String>,
    number: u64,
    limits: &'a Limits,
}

impl Lines<'_, '_> {
    fn next(&mut self, findings: &mut Findings) -> Result<Option<(u64, String, String)>, Error> {
        while let Some(line) = self.line()? {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let start = self.number;
            let Some((tag, value)) = trimmed.split_once(':') else {
                findings.line = Some(start);
                findings
                    .error("syntax", "", || format!("“{}” is not a tag with a value after a colon", short(trimmed)));
                findings.line = None;
                continue;
            };
            let (tag, value) = (tag.trim().to_owned(), value.trim());
            let Some(text) = value.strip_prefix("<text>") else {
                return Ok(Some((start, tag, value.to_owned())));
            };
            return Ok(Some((start, tag, self.text(text, findings)?)));
        }
        Ok(None)
    }

    fn text(&mut self, first: &str, findings: &mut Findings) -> Result<String, Error> {
        if let Some((text, _)) = first.split_once("</text>") {
            return Ok(text.to_owned());
        }
        let start = self.number;
        let mut whole = first.to_owned();
        while let Some(line) = self.line()? {
            let end = line.split_once("</text>");
            let part = end.map_or(line.trim_end_matches(['\r', '\n']), |(text, _)| text);
            if whole.len() < self.limits.text {
                whole.push('\n');
                whole.push_str(part);
            }
            if end.is_some() {
                return Ok(whole);
            }
        }
        findings.line = Some(start);
        findings.error("syntax", "", || "<text> is opened here and never closed".to_owned());
        findings.line = None;
        Ok(whole)
    }

    fn line(&mut self) -> Result<Option<String>, Error> {
        if let Some(line) = self.waiting.pop_front() {
            self.number = self.number.saturating_add(1);
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let mut bounded = std::io::Read::take(&mut *self.reader, LONGEST);
        if bounded.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let body = text.trim_end_matches(['\n', '\r']);
        if body.contains('\r') {
            let mut lines = body.split('\r').map(str::to_owned);
            let first = lines.next();
            self.waiting.extend(lines);
            return Ok(first);
        }
        Ok(Some(text))
    }
}

/// A section that is being read, and the list that it goes into.
struct Section {
    list: &'static str,
    line: u64,
    value: Map<String, Value>,
}

struct Reading<'a> {
    intake: Intake<'a>,
    head: Map<String, Value>,
    section: Option<Section>,
    counts: [usize; 8],
}

const LISTS: [&str; 8] = [
    "packages",
    "files",
    "snippets",
    "hasExtractedLicensingInfos",
    "relationships",
    "externalDocumentRefs",
    "annotations",
    "revieweds",
];

impl Reading<'_> {
    fn tag(&mut self, line: u64, tag: &str, value: String) -> Result<(), Error> {
        match tag {
            "PackageName" => self.open("packages", line, "name", value),
            "FileName" => self.open("files", line, "fileName", value),
            "SnippetSPDXID" | "SnippetSPDXIdentifier" => self.open("snippets", line, "SPDXID", value),
            "LicenseID" => self.open("hasExtractedLicensingInfos", line, "licenseId", value),
            "Reviewer" => self.open("revieweds", line, "reviewer", value),
            "Annotator" => {
                // An annotation belongs to the element that it names, so that the section goes on after it.
                self.head.entry("annotations").or_insert_with(|| json!([]));
                Ok(())
            }
            "AnnotationDate" | "AnnotationComment" | "AnnotationType" | "SPDXREF" => Ok(()),
            "Relationship" => self.relationship(line, &value),
            "RelationshipComment" => Ok(()),
            "ExternalDocumentRef" => self.external_document(line, &value),
            _ => {
                self.plain(line, tag, value);
                Ok(())
            }
        }
    }

    fn open(&mut self, list: &'static str, line: u64, name: &str, value: String) -> Result<(), Error> {
        self.close()?;
        let mut map = Map::new();
        map.insert(name.to_owned(), value.into());
        self.section = Some(Section { list, line, value: map });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Error> {
        if let Some(section) = self.section.take() {
            self.take_in(section.list, section.line, Value::Object(section.value))?;
        }
        Ok(())
    }

    fn take_in(&mut self, list: &'static str, line: u64, value: Value) -> Result<(), Error> {
        let position = LISTS.iter().position(|known| *known == list).and_then(|at| self.counts.get_mut(at));
        let index = position.map_or(0, |count| {
            *count += 1;
            *count - 1
        });
        self.head.entry(list).or_insert_with(|| json!([]));
        let mut path = format!("/{list}/{index}");
        self.intake.findings.line = Some(line);
        let result = self.intake.item(list, &value, &mut path);
        self.intake.findings.line = None;
        Ok(result?)
    }

    fn relationship(&mut self, line: u64, value: &str) -> Result<(), Error> {
        let mut words = value.split_whitespace();
        let (Some(from), Some(kind), Some(to), None) = (words.next(), words.next(), words.next(), words.next()) else {
            self.wrong(line, "a relationship is written as FROM TYPE TO", value);
            return Ok(());
        };
        let value = json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to});
        self.take_in("relationships", line, value)
    }

    fn external_document(&mut self, line: u64, value: &str) -> Result<(), Error> {
        let mut words = value.split_whitespace();
        let (Some(id), Some(document), Some(checksum)) = (words.next(), words.next(), words.next()) else {
            self.wrong(line, "a document reference is written as ID ADDRESS CHECKSUM", value);
            return Ok(());
        };
        let (algorithm, digest) = checksum.split_once(':').unwrap_or((checksum, ""));
        let digest = if digest.is_empty() { words.next().unwrap_or_default() } else { digest };
        let checksum = json!({"algorithm": algorithm, "checksumValue": digest});
        let value = json!({"externalDocumentId": id, "spdxDocument": document, "checksum": checksum});
        self.take_in("externalDocumentRefs", line, value)
    }

    fn wrong(&mut self, line: u64, words: &str, value: &str) {
        self.intake.findings.line = Some(line);
        self.intake.findings.error("form", "", || format!("{words}, not “{}”", short(value)));
        self.intake.findings.line = None;
    }

    /// A tag that sets a property of the section that is open, or of the document.
    fn plain(&mut self, line: u64, tag: &str, value: String) {
        if let Some((property, place)) = document_property(tag) {
            match place {
                Place::Text => drop(self.head.insert(property.to_owned(), value.into())),
                Place::Creation(inner) => {
                    let info = self.head.entry("creationInfo").or_insert_with(|| json!({}));
                    put(info, inner, value, property == "creators");
                }
            }
            return;
        }
        let Some(section) = &mut self.section else {
            if tag == "SPDXID" {
                self.intake.refs.declare(&value, "/SPDXID", self.intake.findings);
                self.head.insert("SPDXID".to_owned(), value.into());
            } else {
                self.unknown(line, tag);
            }
            return;
        };
        if !section_property(section, tag, value) {
            self.unknown(line, tag);
        }
    }

    fn unknown(&mut self, line: u64, tag: &str) {
        self.intake.findings.line = Some(line);
        self.intake.findings.warning("unknown-tag", "", || format!("the tag “{}” is not known here", short(tag)));
        self.intake.findings.line = None;
    }
}

enum Place {
    Text,
    Creation(&'static str),
}

fn document_property(tag: &str) -> Option<(&'static str, Place)> {
    Some(match tag {
        "SPDXVersion" => ("spdxVersion", Place::Text),
        "DataLicense" => ("dataLicense", Place::Text),
        "DocumentName" => ("name", Place::Text),
        "DocumentNamespace" => ("documentNamespace", Place::Text),
        "DocumentComment" => ("comment", Place::Text),
        "Creator" => ("creators", Place::Creation("creators")),
        "Created" => ("created", Place::Creation("created")),
        "CreatorComment" => ("comment", Place::Creation("comment")),
        "LicenseListVersion" => ("licenseListVersion", Place::Creation("licenseListVersion")),
        _ => return None,
    })
}

fn put(target: &mut Value, name: &str, value: String, many: bool) {
    let Some(map) = target.as_object_mut() else { return };
    if many {
        if let Some(list) = map.entry(name).or_insert_with(|| json!([])).as_array_mut() {
            list.push(value.into());
        }
    } else {
        map.insert(name.to_owned(), value.into());
    }
}

/// Sets the property that `tag` stands for; says whether the tag belongs to the section.
fn section_property(section: &mut Section, tag: &str, value: String) -> bool {
    let prefix = match section.list {
        "packages" => "Package",
        "files" => "File",
        "snippets" => "Snippet",
        _ => "License",
    };
    let map = &mut section.value;
    let many = |map: &mut Map<String, Value>, name: &str, item: Value| {
        if let Some(list) = map.entry(name).or_insert_with(|| json!([])).as_array_mut() {
            list.push(item);
        }
    };
    let name = match tag.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(tag) {
        "SPDXID" | "SPDXIdentifier" => "SPDXID",
        "Version" => "versionInfo",
        "FileName" => "packageFileName",
        "Supplier" => "supplier",
        "Originator" => "originator",
        "DownloadLocation" => "downloadLocation",
        "HomePage" => "homepage",
        "SourceInfo" => "sourceInfo",
        "LicenseConcluded" | "Concluded" => "licenseConcluded",
        "LicenseDeclared" => "licenseDeclared",
        "LicenseComments" | "Comments" => "licenseComments",
        "CopyrightText" => "copyrightText",
        "Summary" => "summary",
        "Description" => "description",
        "Notice" => "noticeText",
        "Comment" => "comment",
        "PrimaryPackagePurpose" | "PrimaryPurpose" => "primaryPackagePurpose",
        "BuiltDate" => "builtDate",
        "ReleaseDate" => "releaseDate",
        "ValidUntilDate" => "validUntilDate",
        "ExtractedText" => "extractedText",
        "LicenseName" | "Name" => "name",
        "FromFileSPDXID" => "snippetFromFile",
        "ReviewDate" => "reviewDate",
        "ReviewComment" => "comment",
        "FilesAnalyzed" => {
            map.insert("filesAnalyzed".to_owned(), value.parse::<bool>().map_or(Value::String(value), Value::Bool));
            return true;
        }
        "VerificationCode" => {
            let code = value.split_whitespace().next().unwrap_or_default();
            map.insert("packageVerificationCode".to_owned(), json!({"packageVerificationCodeValue": code}));
            return true;
        }
        "Checksum" => {
            let (algorithm, digest) = value.split_once(':').unwrap_or((&value, ""));
            many(map, "checksums", json!({"algorithm": algorithm.trim(), "checksumValue": digest.trim()}));
            return true;
        }
        "ExternalRef" => {
            let mut words = value.split_whitespace();
            let mut next = || words.next().unwrap_or_default();
            let (category, kind, locator) = (next(), next(), next());
            let item = json!({"referenceCategory": category, "referenceType": kind, "referenceLocator": locator});
            many(map, "externalRefs", item);
            return true;
        }
        "LicenseInfoFromFiles" => return list_property(map, "licenseInfoFromFiles", value),
        "LicenseInfoInFile" | "InfoInFile" => return list_property(map, "licenseInfoInFiles", value),
        "LicenseInfoInSnippet" => return list_property(map, "licenseInfoInSnippets", value),
        "AttributionText" => return list_property(map, "attributionTexts", value),
        "Type" => return list_property(map, "fileTypes", value),
        "Contributor" => return list_property(map, "fileContributors", value),
        "Dependency" => return list_property(map, "fileDependencies", value),
        "CrossReference" => return list_property(map, "seeAlsos", value),
        "ExternalRefComment"
        | "LineRange"
        | "ByteRange"
        | "ArtifactOfProjectName"
        | "ArtifactOfProjectHomePage"
        | "ArtifactOfProjectURI" => return true,
        _ => return false,
    };
    map.insert(name.to_owned(), value.into());
    true
}

fn list_property(map: &mut Map<String, Value>, name: &str, value: String) -> bool {
    if let Some(list) = map.entry(name).or_insert_with(|| json!([])).as_array_mut() {
        list.push(value.into());
    }
    true
}
