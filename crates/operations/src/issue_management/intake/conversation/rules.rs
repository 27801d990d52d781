//! What goes to a reporter by which way, and the words of automatic mail.

use kernel::Refusal;

use super::super::report::Report;

/// Why a message cannot go out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CannotSend {
    /// It would leave in clear.
    #[error(
        "{0} is “encrypted only”, and there is no key of {1} to encrypt with, so nothing was sent. Enter their public key \
         under Reports, Keys of people, or ask them to add it on their page; or send this on the reporter's page only."
    )]
    EncryptedOnly(String, String),
    /// There is nobody to send to.
    #[error("{0} has no address, so this can only be shown on the reporter's page.")]
    NoAddress(String),
}

impl Refusal for CannotSend {
    fn code(&self) -> &'static str {
        match self {
            Self::EncryptedOnly(..) => "encrypted-only",
            Self::NoAddress(_) => "no-address",
        }
    }
}

/// Where the secret link stands in the text of an automatic mail.
pub(super) const LINK: &str = "{link}";

/// Stands for the link in what we keep: the link itself is a secret.
pub(super) const LINK_WITHHELD: &str = "(your private link)";

/// What an automatic receipt may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receipt {
    /// Number and secret link.
    Whole,
    /// Number only: the report came encrypted, and there is no key for the answer.
    Bare,
    /// It came, and we cannot read it.
    Unreadable,
}

/// The text of an automatic receipt.
pub(super) fn receipt(kind: Receipt, report: &Report, vendor: &str, keys: &str) -> String {
    let number = &report.number;
    match kind {
        Receipt::Whole => format!(
            "Thank you. Your report reached the product security team of {vendor}. Its number is {number}.\n\n\
             A person reads it and answers you. You can follow it, write to us and add files on your private page. Keep the \
             address to yourself, it opens the page without a password:\n\n{LINK}\n\n\
             Please do not tell others about the matter before we have agreed on a date. If you answer to this mail, leave \
             the number in the subject.\n\nOur keys, for encrypted mail: {keys}\n"
        ),
        Receipt::Bare => format!(
            "Thank you. Your encrypted message reached the product security team of {vendor}. Its number is {number}.\n\n\
             We answer encrypted only, and do not have your public key yet. Please send it to us, attached to an answer to \
             this mail.\n\nOur keys: {keys}\n"
        ),
        Receipt::Unreadable => format!(
            "Your message reached the product security team of {vendor} under the number {number}, but we cannot read it: \
             {}.\n\nPlease send it again, encrypted to our current key, and attach your public key. If that does not work, \
             use our report form.\n\nOur keys: {keys}\n",
            report.problem.split(". ").next().unwrap_or_default().trim_end_matches('.')
        ),
    }
}
