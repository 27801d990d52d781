//! A report as it came, and what became of it.

use kernel::{Id, Scope, Timestamp, kinds, words};

words! {
    /// How a report came.
    pub(crate) enum Channel {
        /// By the public form.
        Form => "form", "Form";
        /// By mail.
        Mail => "mail", "Mail";
        /// Entered by one of us, after a telephone call for example.
        Desk => "desk", "By hand";
    }
}

words! {
    /// Where a report stands.
    pub(crate) enum ReportState {
        /// Nobody has dealt with it.
        New => "new", "New";
        /// It belongs to a case.
        InCase => "in_case", "In a case";
        /// Its sender got an answer.
        Answered => "answered", "Answered";
        /// Nothing is left to do.
        Closed => "closed", "Closed";
    }
}

words! {
    /// What a report is, as a person decided.
    pub(crate) enum Class {
        /// Nobody has decided.
        Unclassified => "unclassified", "Not classified";
        /// It is about a vulnerability.
        Vulnerability => "vulnerability", "Vulnerability";
        /// It is a question for somebody else (P15).
        Enquiry => "enquiry", "General enquiry";
        /// It is nothing.
        Spam => "spam", "Spam";
        /// A machine wrote it.
        Automatic => "automatic", "Automatic mail";
    }
}

words! {
    /// Whether the sender wants to be named.
    pub(crate) enum Credit {
        /// They did not say.
        Unknown => "unknown", "Not said";
        /// Yes.
        Wanted => "wanted", "Wants credit";
        /// No.
        Declined => "declined", "No credit";
    }
}

words! {
    /// What the signature of a message is worth.
    pub(crate) enum SignatureMark {
        /// It has none.
        None => "none", "Not signed";
        /// It fits the key of the sender.
        Valid => "valid", "Signature verified";
        /// It does not fit.
        Invalid => "invalid", "Signature does not match";
        /// We do not have the sender's key.
        UnknownKey => "unknown_key", "Signed, key unknown";
    }
}

/// The case of a report, as far as a report shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfCase {
    /// Which one.
    pub(crate) id: Id<kinds::Case>,
    /// Its number.
    pub(crate) number: String,
    /// Its state, as stored.
    pub(crate) state: String,
    /// How it ended, as stored; empty while it goes on.
    pub(crate) outcome: String,
    /// Whether nothing may leave in clear.
    pub(crate) encrypted_only: bool,
    /// Where permissions on it are asked.
    pub(crate) place: Scope,
}

/// A report.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Which one.
    pub(crate) id: Id<kinds::Report>,
    /// What people call it: `R-2026-0001`.
    pub(crate) number: String,
    /// How it came.
    pub(crate) channel: Channel,
    /// Where it stands.
    pub(crate) state: ReportState,
    /// What it is.
    pub(crate) class: Class,
    /// The family.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// The product.
    pub(crate) product: Option<Id<kinds::Product>>,
    /// The product's name.
    pub(crate) product_name: String,
    /// Its case.
    pub(crate) case: Option<OfCase>,
    /// In a line.
    pub(crate) subject: String,
    /// What was written.
    pub(crate) body: String,
    /// The product in the sender's words.
    pub(crate) product_text: String,
    /// The version in the sender's words.
    pub(crate) version_text: String,
    /// The sender's name.
    pub(crate) sender_name: String,
    /// The sender's address; empty when there is none.
    pub(crate) sender_address: String,
    /// Fingerprint of the key that belongs to this report.
    pub(crate) sender_key: String,
    /// Whether the sender wants to stay unknown.
    pub(crate) anonymous: bool,
    /// Whether the sender wants to be named.
    pub(crate) credit: Credit,
    /// As whom.
    pub(crate) credit_name: String,
    /// Whether it came encrypted.
    pub(crate) encrypted: bool,
    /// Whether a later message came encrypted.
    pub(crate) thread_encrypted: bool,
    /// What its signature is worth.
    pub(crate) signature: SignatureMark,
    /// Who signed.
    pub(crate) signer: String,
    /// Why a person has to look.
    pub(crate) problem: String,
    /// Its Message-ID.
    pub(crate) message_id: Option<String>,
    /// The mail as it came.
    pub(crate) raw_file: Option<Id<kinds::File>>,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// When the sender was told.
    pub(crate) acknowledged_at: Option<Timestamp>,
    /// Counts writes.
    pub(crate) revision: i64,
}

impl Report {
    /// Where permissions are asked while it is in no case.
    pub(crate) const fn place(&self) -> Scope {
        place(self.product, self.family)
    }

    /// Whether nothing may go to the sender in clear: it, a later message, or its case says so (P12).
    pub(crate) fn encrypted_only(&self) -> bool {
        self.encrypted || self.thread_encrypted || self.case.as_ref().is_some_and(|case| case.encrypted_only)
    }

    /// The sender as people read it.
    pub(crate) fn sender(&self) -> String {
        sender(&self.sender_name, &self.sender_address)
    }

    /// The key of its own files: one for each report.
    pub(crate) fn vault_scope(&self) -> String {
        vault_scope(self.id)
    }
}

pub(super) const fn place(product: Option<Id<kinds::Product>>, family: Option<Id<kinds::Family>>) -> Scope {
    match (product, family) {
        (Some(product), Some(family)) => Scope::Product { product, family },
        (None, Some(family)) => Scope::Family(family),
        (Some(_) | None, None) => Scope::All,
    }
}

/// Whose data key seals the files of a report.
pub(crate) fn vault_scope(report: Id<kinds::Report>) -> String {
    format!("report {report}")
}

fn sender(name: &str, address: &str) -> String {
    match (name, address) {
        ("", "") => "Anonymous".to_owned(),
        ("", address) => address.to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// A report as lists show it.
#[derive(Clone, Debug)]
pub(crate) struct ReportRow {
    /// Which one.
    pub(crate) id: Id<kinds::Report>,
    /// What people call it.
    pub(crate) number: String,
    /// How it came.
    pub(crate) channel: Channel,
    /// Where it stands.
    pub(crate) state: ReportState,
    /// What it is.
    pub(crate) class: Class,
    /// In a line.
    pub(crate) subject: String,
    /// The sender's name.
    pub(crate) sender_name: String,
    /// The sender's address; empty when there is none.
    pub(crate) sender_address: String,
    /// Whether the sender wants to stay unknown.
    pub(crate) anonymous: bool,
    /// Whether the sender wants to be named.
    pub(crate) credit: Credit,
    /// As whom.
    pub(crate) credit_name: String,
    /// Whether it came encrypted.
    pub(crate) encrypted: bool,
    /// What its signature is worth.
    pub(crate) signature: SignatureMark,
    /// Why a person has to look.
    pub(crate) problem: String,
    /// The product: ours, or in the sender's words.
    pub(crate) product: String,
    /// The number of its case.
    pub(crate) case_number: Option<String>,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// When the sender was told.
    pub(crate) acknowledged_at: Option<Timestamp>,
}

impl ReportRow {
    /// The sender as people read it.
    pub(crate) fn sender(&self) -> String {
        sender(&self.sender_name, &self.sender_address)
    }
}

/// A report that is about to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewReport {
    /// Which one.
    pub(crate) id: Id<kinds::Report>,
    /// Its number.
    pub(crate) number: String,
    /// How it came.
    pub(crate) channel: Channel,
    /// Where it stands.
    pub(crate) state: ReportState,
    /// What it is.
    pub(crate) class: Class,
    /// The family.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// The product.
    pub(crate) product: Option<Id<kinds::Product>>,
    /// In a line.
    pub(crate) subject: String,
    /// What was written.
    pub(crate) body: String,
    /// The product in the sender's words.
    pub(crate) product_text: String,
    /// The version in the sender's words.
    pub(crate) version_text: String,
    /// The sender's name.
    pub(crate) sender_name: String,
    /// The sender's address.
    pub(crate) sender_address: String,
    /// Fingerprint of the key that belongs to this report.
    pub(crate) sender_key: String,
    /// Whether the sender wants to stay unknown.
    pub(crate) anonymous: bool,
    /// Whether the sender wants to be named.
    pub(crate) credit: Credit,
    /// As whom.
    pub(crate) credit_name: String,
    /// Whether it came encrypted.
    pub(crate) encrypted: bool,
    /// What its signature is worth.
    pub(crate) signature: SignatureMark,
    /// Who signed.
    pub(crate) signer: String,
    /// Why a person has to look.
    pub(crate) problem: String,
    /// Its Message-ID.
    pub(crate) message_id: Option<String>,
    /// Where it was sent.
    pub(crate) intake_address: String,
    /// The mail as it came.
    pub(crate) raw_file: Option<Id<kinds::File>>,
    /// Hash of its secret link.
    pub(crate) secret_hash: Option<String>,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// When the sender was told.
    pub(crate) acknowledged_at: Option<Timestamp>,
}

impl NewReport {
    /// An empty report that came now.
    pub(crate) fn empty(id: Id<kinds::Report>, number: String, channel: Channel, now: Timestamp) -> Self {
        Self {
            id,
            number,
            channel,
            state: ReportState::New,
            class: Class::Unclassified,
            family: None,
            product: None,
            subject: String::new(),
            body: String::new(),
            product_text: String::new(),
            version_text: String::new(),
            sender_name: String::new(),
            sender_address: String::new(),
            sender_key: String::new(),
            anonymous: false,
            credit: Credit::Unknown,
            credit_name: String::new(),
            encrypted: false,
            signature: SignatureMark::None,
            signer: String::new(),
            problem: String::new(),
            message_id: None,
            intake_address: String::new(),
            raw_file: None,
            secret_hash: None,
            received_at: now,
            acknowledged_at: None,
        }
    }
}

/// A file that came with a report or a message.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// Which one.
    pub(crate) id: Id<Attachment>,
    /// Its file.
    pub(crate) file: Id<kinds::File>,
    /// Its report.
    pub(crate) report: Id<kinds::Report>,
    /// The message that it came with; `None` for the report itself.
    pub(crate) message: Option<String>,
    /// Its name.
    pub(crate) name: String,
    /// Its length in bytes.
    pub(crate) size: i64,
}
