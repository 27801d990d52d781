//! One document model for both versions: read from either, written to either, with a list of what one cannot carry.

#[macro_use]
mod part;
mod document;
mod product;
mod vulnerability;

use std::borrow::Cow;

pub use document::{
    Acknowledgment, AggregateSeverity, Distribution, Document, Engine, Generator, Note, NoteCategory, Publisher,
    PublisherCategory, Reference, ReferenceCategory, Revision, SharingGroup, Status, Tlp, TlpLabel, Tracking,
};
pub use part::Loss;
pub use product::{
    Branch, BranchCategory, FileHash, FullProductName, GenericUri, Hashes, IdentificationHelper, ProductGroup,
    ProductPath, ProductTree, Relation, Subpath,
};
pub use vulnerability::{
    Content, Cwe, Epss, ExploitationDate, Flag, FlagLabel, Identifier, Involvement, InvolvementStatus, Metric, Party,
    ProductStatus, QualitativeRating, Remediation, RemediationCategory, RestartCategory, RestartRequired, Threat,
    ThreatCategory, Vulnerability, cvss_object,
};

use crate::Version;
use crate::json::Value;
use crate::schema::SCHEMA_URL;
use part::{Fields, Part, Reader, Writer, both, only21};

record! {
    /// A whole CSAF document.
    pub plain Csaf {
        /// What the document says about itself.
        document: Document = both("document"),
        /// The products it is about.
        product_tree: Option<ProductTree> = both("product_tree"),
        /// The vulnerabilities it is about.
        vulnerabilities: Vec<Vulnerability> = both("vulnerabilities"),
        /// Extensions at the top (2.1).
        x_extensions: Vec<Value<'static>> = only21("x_extensions"),
    }
}

/// A document that was read, and what did not fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The document as far as it could be read.
    pub csaf: Csaf,
    /// The version that it was read as.
    pub version: Version,
    /// Pointers to values of the wrong kind or with unknown names, which were left out. Validation says more.
    pub skipped: Vec<String>,
}

/// A document written in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes: keys sorted (test 6.2.13), two spaces of indentation, one newline at the end. The same document
    /// always gives the same bytes, so that they can be hashed and signed.
    pub bytes: Vec<u8>,
    /// What the version could not carry.
    pub losses: Vec<Loss>,
}

impl Csaf {
    /// Reads a tree as far as it goes.
    #[must_use]
    pub fn read(root: &Value<'_>) -> Read {
        let version = crate::validate::version_of(root);
        let mut reader = Reader::new(version);
        let csaf = <Self as Part>::read(root, &mut reader).unwrap_or_default();
        Read { csaf, version, skipped: reader.skipped }
    }

    /// The document as a tree of one version, and what that version cannot carry.
    #[must_use]
    pub fn to_value(&self, version: Version) -> (Value<'_>, Vec<Loss>) {
        let mut writer = Writer::new(version);
        let mut fields: Fields<'_> = match self.write(&mut writer) {
            Some(Value::Object(fields)) => fields,
            Some(_) | None => Vec::new(),
        };
        if version == Version::V2_1 {
            fields.push((Cow::Borrowed("$schema"), Value::Text(Cow::Borrowed(SCHEMA_URL))));
        }
        (Value::Object(fields), writer.losses)
    }

    /// Writes the document in one version.
    #[must_use]
    pub fn to_bytes(&self, version: Version) -> Written {
        let (value, losses) = self.to_value(version);
        let mut bytes = Vec::new();
        value.write(&mut bytes, Some(0));
        bytes.push(b'\n');
        Written { bytes, losses }
    }

    /// The file name of this document (5.1).
    #[must_use]
    pub fn file_name(&self) -> String {
        crate::file_name(&self.document.tracking.id)
    }
}

/// What 2.1 writes where a document has no label: 2.1 demands one.
fn version_text(version: Version) -> Value<'static> {
    Value::Text(Cow::Borrowed(version.as_str()))
}
