//! What the public form takes, and how a report's state reads to its sender.

use kernel::{EmailAddress, Error, FieldError, Id, Result, clean_text, kinds};
use web::{Fields, Upload};

use super::super::report::{Class, Credit, Report, ReportState, composed};
use super::super::shared::{self, optional_line, optional_text, shortened};

/// Most files with one report or message.
pub(super) const MOST_FILES: usize = 10;
/// Largest single file.
pub(super) const LARGEST_FILE: usize = 20 << 20;
/// The field that people do not see and programs fill in.
pub(super) const TRAP: &str = "homepage";

/// What somebody filled in.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) product: Option<Id<kinds::Product>>,
    pub(super) product_text: String,
    pub(super) version: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) anonymous: bool,
    pub(super) credit: Credit,
    pub(super) credit_name: String,
    pub(super) key: String,
    pub(super) files: Vec<Upload>,
    /// A program filled in what people do not see.
    pub(super) trapped: bool,
}

/// Reads the public form.
pub(super) fn read(fields: &mut Fields) -> Result<Filled> {
    let mut errors: Vec<FieldError> = Vec::new();
    let description = shared::take(&mut errors, clean_text("description", fields.get("description"), 50_000));
    let part =
        |errors: &mut Vec<FieldError>, name: &str| shared::take(errors, optional_text(name, fields.get(name), 50_000));
    let impact = part(&mut errors, "impact");
    let steps = part(&mut errors, "steps");
    let line =
        |errors: &mut Vec<FieldError>, name: &str| shared::take(errors, optional_line(name, fields.get(name), 200));
    let title = line(&mut errors, "title");
    let product_text = line(&mut errors, "product_text");
    let version = line(&mut errors, "version");
    let name = line(&mut errors, "name");
    let credit_name = line(&mut errors, "credit_name");
    let address = read_address(&mut errors, fields.get("address"));
    let product = match fields.get("product") {
        "" => None,
        text => text.parse().map_or_else(
            |_| {
                errors.push(FieldError { field: "product".into(), words: "Choose a product from the list.".into() });
                None
            },
            Some,
        ),
    };
    if product.is_none() && product_text.is_empty() {
        let words = "Choose the product, or write its name below.".to_owned();
        errors.push(FieldError { field: "product".to_owned(), words });
    }
    let mut uploads = fields.take_uploads();
    let key_file = uploads.iter().position(|upload| upload.field == "key_file").map(|at| uploads.remove(at));
    let key = match key_file {
        Some(upload) => String::from_utf8_lossy(&upload.content).into_owned(),
        None => fields.get("key").trim().to_owned(),
    };
    check_files(&mut errors, &uploads);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let first = description.lines().next().unwrap_or_default();
    Ok(Filled {
        subject: if title.is_empty() { shortened(first, 120) } else { title },
        body: composed(&[("Description", &description), ("Impact", &impact), ("Steps to reproduce", &steps)]),
        product,
        product_text,
        version,
        anonymous: fields.ticked("anonymous"),
        name: if fields.ticked("anonymous") { String::new() } else { name },
        address,
        credit: Credit::parse(fields.get("credit")).unwrap_or(Credit::Unknown),
        credit_name,
        key,
        files: uploads,
        trapped: !fields.get(TRAP).is_empty(),
    })
}

fn read_address(errors: &mut Vec<FieldError>, typed: &str) -> String {
    if typed.trim().is_empty() {
        return String::new();
    }
    EmailAddress::parse("address", typed).map_or_else(
        |error| {
            errors.push(error);
            String::new()
        },
        |address| address.to_string(),
    )
}

/// Notes files that are too many or too large.
pub(super) fn check_files(errors: &mut Vec<FieldError>, uploads: &[Upload]) {
    let mut note = |words: String| errors.push(FieldError { field: "file".to_owned(), words });
    if uploads.len() > MOST_FILES {
        note(format!("These are {} files; at most {MOST_FILES} fit. Please put them into one archive.", uploads.len()));
    }
    for upload in uploads.iter().filter(|upload| upload.content.len() > LARGEST_FILE) {
        note(format!(
            "{} is larger than {} MiB. Please send a smaller part, or tell us where to get it.",
            upload.name,
            LARGEST_FILE >> 20
        ));
    }
}

/// Where a report stands, in plain words for its sender: the steps, which one is current, and what that means.
pub(super) fn story(report: &Report) -> (&'static [&'static str], usize, &'static str) {
    const USUAL: &[&str] = &["Received", "Being checked", "Confirmed", "Fix ready", "Published"];
    const OTHER: &[&str] = &["Received", "Being checked", "Finished"];
    const ASIDE: &[&str] = &["Received", "Answered"];
    let Some(case) = &report.case else {
        return match (report.class, report.state) {
            (Class::Enquiry, _) => (ASIDE, 1, "This was not about a vulnerability, so we answered where to turn to."),
            (_, ReportState::New | ReportState::InCase) => {
                (USUAL, 0, "Your report has arrived. A person reads it and decides what happens next.")
            }
            (_, ReportState::Answered) => (USUAL, 0, "We answered you below. Your reply is welcome."),
            (_, ReportState::Closed) => {
                (ASIDE, 1, "Nothing more is being done about this report. You can still write to us.")
            }
        };
    };
    match (case.state.as_str(), case.outcome.as_str()) {
        ("triage", _) => (USUAL, 1, "We are checking whether this is a vulnerability and whom it affects."),
        ("confirmed" | "fixing", _) => (USUAL, 2, "This is a vulnerability. We are working on a fix or mitigation."),
        ("ready", _) => (USUAL, 3, "A fix or mitigation is ready. Users will hear of it soon."),
        ("published", _) | ("closed", "fixed") => (USUAL, 4, "This is fixed. Thank you for your help."),
        ("closed", "not_a_vulnerability") => {
            (OTHER, 2, "We found that the product behaves as intended here. Tell us if you see it differently.")
        }
        ("closed", "out_of_scope") => (OTHER, 2, "This is not about a product of ours."),
        ("closed", "unsupported") => (OTHER, 2, "This affects only releases that are not supported any more."),
        ("closed", "duplicate" | "merged") => {
            (OTHER, 2, "Somebody had told us about the same before. We go on with theirs.")
        }
        ("closed", "not_reproducible") => {
            (OTHER, 2, "We could not reproduce this. More details would help us to look again.")
        }
        _ => (OTHER, 2, "Work on this has ended."),
    }
}
