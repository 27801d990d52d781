//! Messages between us and a reporter.

use kernel::{Id, Timestamp, kinds, words};

use super::super::report::SignatureMark;

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageKind {}

words! {
    /// Who wrote a message.
    pub(crate) enum Direction {
        /// The reporter.
        In => "in", "Received";
        /// One of us.
        Out => "out", "Sent";
    }
}

/// A message as it stands in the conversation.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Which one.
    pub(crate) id: Id<MessageKind>,
    /// Its report.
    pub(crate) report: Id<kinds::Report>,
    /// Who wrote it.
    pub(crate) direction: Direction,
    /// Whether it went or came by mail; otherwise on the reporter's page.
    pub(crate) by_mail: bool,
    /// The writer's name.
    pub(crate) author: String,
    /// In a line.
    pub(crate) subject: String,
    /// What was written.
    pub(crate) body: String,
    /// Whether it travelled encrypted.
    pub(crate) encrypted: bool,
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
    /// When.
    pub(crate) at: Timestamp,
    /// How the mail server took it: `waiting`, `sent`, `failed`; empty when it was no mail of ours.
    pub(crate) delivery: String,
}

/// A message that is about to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    /// Which one.
    pub(crate) id: Id<MessageKind>,
    /// Its report.
    pub(crate) report: Id<kinds::Report>,
    /// Its case.
    pub(crate) case: Option<Id<kinds::Case>>,
    /// Who wrote it.
    pub(crate) direction: Direction,
    /// Whether it went or came by mail.
    pub(crate) by_mail: bool,
    /// Which of us wrote it.
    pub(crate) person: Option<Id<kinds::Person>>,
    /// The writer's name.
    pub(crate) author: String,
    /// In a line.
    pub(crate) subject: String,
    /// What was written.
    pub(crate) body: String,
    /// Whether it travelled encrypted.
    pub(crate) encrypted: bool,
    /// What its signature is worth.
    pub(crate) signature: SignatureMark,
    /// Who signed.
    pub(crate) signer: String,
    /// Why a person has to look.
    pub(crate) problem: String,
    /// Its Message-ID.
    pub(crate) message_id: Option<String>,
    /// The mail in the outbox.
    pub(crate) mail: Option<Id<platform::outbox::Mail>>,
    /// The mail as it came.
    pub(crate) raw_file: Option<Id<kinds::File>>,
    /// When.
    pub(crate) at: Timestamp,
}
