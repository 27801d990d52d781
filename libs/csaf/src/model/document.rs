//! The document level: publisher, tracking, notes, references, distribution.

use super::part::{Fields, Reader, Special, Writer, both, only21};
use super::version_text;
use crate::Version;
use crate::json::Value;

record! {
    /// What a document says about itself (3.2.1).
    pub mixed Document {
        /// Who is thanked.
        acknowledgments: Vec<Acknowledgment> = both("acknowledgments"),
        /// How severe the issuer finds the whole.
        aggregate_severity: Option<AggregateSeverity> = both("aggregate_severity"),
        /// The profile, such as `csaf_security_advisory`, or a name of one's own.
        category: String = both("category"),
        /// Who may see the document.
        distribution: Option<Distribution> = both("distribution"),
        /// The language of the texts.
        lang: Option<String> = both("lang"),
        /// The licence as an SPDX expression (2.1).
        license_expression: Option<String> = only21("license_expression"),
        /// Notes on the whole.
        notes: Vec<Note> = both("notes"),
        /// Who publishes.
        publisher: Publisher = both("publisher"),
        /// References about the whole.
        references: Vec<Reference> = both("references"),
        /// The language translated from.
        source_lang: Option<String> = both("source_lang"),
        /// The title.
        title: String = both("title"),
        /// Identity, versions and dates.
        tracking: Tracking = both("tracking"),
        /// Extensions (2.1).
        x_extensions: Vec<Value<'static>> = only21("x_extensions"),
    }
    special {}
}

impl Special for Document {
    fn write_special<'m>(&'m self, fields: &mut Fields<'m>, writer: &mut Writer) {
        fields.push(("csaf_version".into(), version_text(writer.version)));
    }
}

record! {
    /// Thanks to somebody (3.1.1).
    pub plain Acknowledgment {
        /// Persons.
        names: Vec<String> = both("names"),
        /// Their organization.
        organization: Option<String> = both("organization"),
        /// What for.
        summary: Option<String> = both("summary"),
        /// Where to find them.
        urls: Vec<String> = both("urls"),
    }
}

record! {
    /// The severity of the whole in the issuer's own words.
    pub plain AggregateSeverity {
        /// Where the words are explained.
        namespace: Option<String> = both("namespace"),
        /// The word.
        text: String = both("text"),
    }
}

record! {
    /// Who may see the document.
    pub plain Distribution {
        /// The group that shares it (2.1).
        sharing_group: Option<SharingGroup> = only21("sharing_group"),
        /// Constraints in words.
        text: Option<String> = both("text"),
        /// The Traffic Light Protocol.
        tlp: Option<Tlp> = both("tlp"),
    }
}

record! {
    /// A group that shares documents (2.1).
    pub plain SharingGroup {
        /// A UUID.
        id: String = both("id"),
        /// Its name.
        name: Option<String> = both("name"),
    }
}

record! {
    /// A label of the Traffic Light Protocol.
    pub plain Tlp {
        /// The label.
        label: TlpLabel = both("label"),
        /// Where the labels are explained.
        url: Option<String> = both("url"),
    }
}

/// A label of the Traffic Light Protocol: 1.0 in CSAF 2.0, 2.0 in CSAF 2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlpLabel {
    /// For everybody; `WHITE` in 2.0.
    #[default]
    Clear,
    /// For the community.
    Green,
    /// For the organization and its clients.
    Amber,
    /// For the organization only; 2.0 has no such label and writes `AMBER`.
    AmberStrict,
    /// For the recipients only.
    Red,
}

impl TlpLabel {
    /// The label as a version writes it.
    #[must_use]
    pub const fn name_in(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::Clear, Version::V2_0) => "WHITE",
            (Self::Clear, Version::V2_1) => "CLEAR",
            (Self::Green, _) => "GREEN",
            (Self::Amber, _) | (Self::AmberStrict, Version::V2_0) => "AMBER",
            (Self::AmberStrict, Version::V2_1) => "AMBER+STRICT",
            (Self::Red, _) => "RED",
        }
    }

    /// Reads a label of either version, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "WHITE" | "CLEAR" => Some(Self::Clear),
            "GREEN" => Some(Self::Green),
            "AMBER" => Some(Self::Amber),
            "AMBER+STRICT" => Some(Self::AmberStrict),
            "RED" => Some(Self::Red),
            _ => None,
        }
    }
}

impl super::part::Part for TlpLabel {
    fn read(value: &Value<'_>, _: &mut Reader) -> Option<Self> {
        value.as_str().and_then(Self::parse)
    }

    fn write<'m>(&'m self, writer: &mut Writer) -> Option<Value<'m>> {
        if *self == Self::AmberStrict && writer.version == Version::V2_0 {
            writer.lose("CSAF 2.0 has no AMBER+STRICT; written as AMBER. Say so in the distribution text.");
        }
        Some(Value::Text(self.name_in(writer.version).into()))
    }
}

choice! {
    /// What a note is about (3.1.5).
    NoteCategory {
        /// Describes the subject.
        Description = "description";
        /// Goes into detail.
        Details = "details";
        /// Answers questions.
        Faq = "faq";
        /// General remarks.
        General = "general";
        /// Legal text.
        LegalDisclaimer = "legal_disclaimer";
        /// None of the others.
        #[default]
        Other = "other";
        /// Sums up.
        Summary = "summary";
    }
}

record! {
    /// A note (3.1.5).
    pub plain Note {
        /// For whom.
        audience: Option<String> = both("audience"),
        /// What it is about.
        category: NoteCategory = both("category"),
        /// Groups it is about (2.1).
        group_ids: Vec<String> = only21("group_ids"),
        /// Products it is about (2.1).
        product_ids: Vec<String> = only21("product_ids"),
        /// The text.
        text: String = both("text"),
        /// Its heading.
        title: Option<String> = both("title"),
    }
}

choice! {
    /// What kind of organization publishes (3.2.1.8).
    PublisherCategory {
        /// Brings others together.
        Coordinator = "coordinator";
        /// Found the vulnerability.
        Discoverer = "discoverer";
        /// Passes on what others published (2.1).
        Multiplier = "multiplier", 2.0: "other";
        /// None of the others.
        #[default]
        Other = "other";
        /// Translates.
        Translator = "translator";
        /// Uses the product.
        User = "user";
        /// Makes the product.
        Vendor = "vendor";
    }
}

record! {
    /// Who publishes (3.2.1.8).
    pub plain Publisher {
        /// What kind of organization.
        category: PublisherCategory = both("category"),
        /// How to reach it.
        contact_details: Option<String> = both("contact_details"),
        /// What entitles it.
        issuing_authority: Option<String> = both("issuing_authority"),
        /// Its name.
        name: String = both("name"),
        /// A URI under its control.
        namespace: String = both("namespace"),
    }
}

choice! {
    /// Whether a reference is to this document or another (3.1.10).
    ReferenceCategory {
        /// Another document.
        #[default]
        External = "external";
        /// This document in another place or form.
        SelfReference = "self";
    }
}

record! {
    /// A reference (3.1.10).
    pub plain Reference {
        /// To this document or another; external when absent.
        category: Option<ReferenceCategory> = both("category"),
        /// What is found there.
        summary: String = both("summary"),
        /// Where.
        url: String = both("url"),
    }
}

choice! {
    /// The state of a document (3.2.1.12.7).
    Status {
        /// Not released.
        #[default]
        Draft = "draft";
        /// Released; no change is expected soon.
        Final = "final";
        /// Released; changes are expected.
        Interim = "interim";
    }
}

record! {
    /// Identity, versions and dates (3.2.1.12).
    pub plain Tracking {
        /// Other identifiers of the document.
        aliases: Vec<String> = both("aliases"),
        /// When this version was released.
        current_release_date: String = both("current_release_date"),
        /// What made the document.
        generator: Option<Generator> = both("generator"),
        /// The identifier, which gives the file name.
        id: String = both("id"),
        /// When the first version was released.
        initial_release_date: String = both("initial_release_date"),
        /// The versions.
        revision_history: Vec<Revision> = both("revision_history"),
        /// The state.
        status: Status = both("status"),
        /// The version of the document.
        version: String = both("version"),
    }
}

record! {
    /// What made a document.
    pub plain Generator {
        /// When.
        date: Option<String> = both("date"),
        /// The program.
        engine: Engine = both("engine"),
    }
}

record! {
    /// A program that makes documents.
    pub plain Engine {
        /// Its name.
        name: String = both("name"),
        /// Its version.
        version: Option<String> = both("version"),
    }
}

record! {
    /// One version of a document.
    pub plain Revision {
        /// When it was released.
        date: String = both("date"),
        /// Its number in an older scheme.
        legacy_version: Option<String> = both("legacy_version"),
        /// Its number.
        number: String = both("number"),
        /// What changed.
        summary: String = both("summary"),
    }
}
