//! Builds the record that a CNA submits.

use crate::FORMAT;
use crate::model::{
    Affected, Container, Credit, CreditType, Description, Metadata, Metric, ProblemDescription, ProblemType, Provider,
    Record, Reference, State, TimelineEntry,
};
use lenient::{Map, Value};

/// Builds a published or a rejected record, part by part.
#[derive(Clone, Debug)]
pub struct Builder {
    record: Record,
}

impl Builder {
    /// A published record for `id`, by the organisation `org_id` (a UUID) with the short name `org_name`.
    #[must_use]
    pub fn new(id: &str, org_id: &str, org_name: &str) -> Self {
        let provider =
            Provider { org_id: org_id.to_owned(), short_name: Some(org_name.to_owned()), ..Provider::default() };
        let metadata = Metadata {
            id: id.to_owned(),
            assigner_org_id: org_id.to_owned(),
            assigner_short_name: Some(org_name.to_owned()),
            state: Some(State::Published),
            ..Metadata::default()
        };
        let mut record = Record {
            data_type: "CVE_RECORD".to_owned(),
            data_version: FORMAT.to_owned(),
            metadata,
            ..Record::default()
        };
        record.containers.cna.provider = provider;
        Self { record }
    }

    /// A rejected record, which says why in English and which identifiers to use instead.
    #[must_use]
    pub fn rejected(id: &str, org_id: &str, org_name: &str, reason: &str, replaced_by: &[&str]) -> Record {
        let mut record = Self::new(id, org_id, org_name).record;
        record.metadata.state = Some(State::Rejected);
        record.containers.cna.rejected_reasons.push(english(reason));
        record.containers.cna.replaced_by = replaced_by.iter().map(|id| (*id).to_owned()).collect();
        record
    }

    fn cna(mut self, change: impl FnOnce(&mut Container)) -> Self {
        change(&mut self.record.containers.cna);
        self
    }

    /// Sets the title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.cna(|cna| cna.title = Some(title.to_owned()))
    }

    /// Sets when the vulnerability became public (RFC 3339).
    #[must_use]
    pub fn date_public(self, date: &str) -> Self {
        self.cna(|cna| cna.date_public = Some(date.to_owned()))
    }

    /// Adds a description in English.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        self.cna(|cna| cna.descriptions.push(english(text)))
    }

    /// Adds a product with its versions.
    #[must_use]
    pub fn affected(self, affected: Affected) -> Self {
        self.cna(|cna| cna.affected.push(affected))
    }

    /// Adds a weakness: `CWE-79` and its name.
    #[must_use]
    pub fn cwe(self, id: &str, name: &str) -> Self {
        let description = ProblemDescription {
            lang: "en".to_owned(),
            description: format!("{id} {name}"),
            cwe_id: Some(id.to_owned()),
            kind: Some("CWE".to_owned()),
            ..ProblemDescription::default()
        };
        self.cna(|cna| {
            cna.problem_types.push(ProblemType { descriptions: vec![description], ..ProblemType::default() })
        })
    }

    /// Adds a reference with its tags, such as `vendor-advisory`.
    #[must_use]
    pub fn reference(self, url: &str, tags: &[&str]) -> Self {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        self.cna(|cna| cna.references.push(Reference { url: url.to_owned(), tags, ..Reference::default() }))
    }

    /// Adds a CVSS score: vector, base score and the severity in capital letters. Unknown vectors are left out.
    #[must_use]
    pub fn cvss(self, vector: &str, score: f64, severity: &str) -> Self {
        let mut cvss = Map::new();
        let mut metric = Metric { format: Some("CVSS".to_owned()), ..Metric::default() };
        let (place, version) = match vector.split('/').next() {
            Some("CVSS:4.0") => (&mut metric.cvss_v4_0, "4.0"),
            Some("CVSS:3.1") => (&mut metric.cvss_v3_1, "3.1"),
            Some("CVSS:3.0") => (&mut metric.cvss_v3_0, "3.0"),
            Some(first) if first.starts_with("AV:") => (&mut metric.cvss_v2_0, "2.0"),
            _ => return self,
        };
        cvss.insert("version".to_owned(), version.into());
        cvss.insert("vectorString".to_owned(), vector.into());
        cvss.insert("baseScore".to_owned(), Value::from(score));
        if version != "2.0" {
            cvss.insert("baseSeverity".to_owned(), severity.into());
        }
        *place = Some(cvss);
        self.cna(|cna| cna.metrics.push(metric))
    }

    /// Adds a solution in English.
    #[must_use]
    pub fn solution(self, text: &str) -> Self {
        self.cna(|cna| cna.solutions.push(english(text)))
    }

    /// Adds a way around in English.
    #[must_use]
    pub fn workaround(self, text: &str) -> Self {
        self.cna(|cna| cna.workarounds.push(english(text)))
    }

    /// Thanks somebody.
    #[must_use]
    pub fn credit(self, name: &str, kind: CreditType) -> Self {
        let credit = Credit { lang: "en".to_owned(), value: name.to_owned(), kind: Some(kind), ..Credit::default() };
        self.cna(|cna| cna.credits.push(credit))
    }

    /// Adds an event (RFC 3339 time, English words).
    #[must_use]
    pub fn event(self, time: &str, text: &str) -> Self {
        let entry = TimelineEntry {
            time: time.to_owned(),
            lang: "en".to_owned(),
            value: text.to_owned(),
            ..TimelineEntry::default()
        };
        self.cna(|cna| cna.timeline.push(entry))
    }

    /// Adds a tag: `disputed`, `unsupported-when-assigned` or `exclusively-hosted-service`.
    #[must_use]
    pub fn tag(self, tag: &str) -> Self {
        self.cna(|cna| cna.tags.push(tag.to_owned()))
    }

    /// The record.
    #[must_use]
    pub fn build(self) -> Record {
        self.record
    }
}

fn english(text: &str) -> Description {
    Description { lang: "en".to_owned(), value: text.to_owned(), ..Description::default() }
}
