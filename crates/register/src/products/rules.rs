//! Decisions about products. Pure.

use kernel::{Date, FieldError, clean_line, clean_text};

use super::model::{FamilyDraft, ProductDraft, Release, ReleaseDraft, ReleaseState, Support};

/// Whether `release` is actively supported on `day`; what P4 turns on.
#[must_use]
pub fn support_at(release: &Release, day: Date) -> Support {
    match release.state {
        ReleaseState::Planned | ReleaseState::InDevelopment => Support::NotYet,
        ReleaseState::Withdrawn => Support::Ended { on: None },
        ReleaseState::Released => match release.support_ends_on {
            Some(end) if day > end => Support::Ended { on: Some(end) },
            until => Support::Supported { until },
        },
    }
}

/// Longest CPE name or package URL.
const LONGEST_NAME: usize = 500;

/// The draft with its texts cleaned, or all that has to be mended.
pub(super) fn checked_family(draft: &FamilyDraft) -> Result<FamilyDraft, Vec<FieldError>> {
    let mut problems = Vec::new();
    let name = take(clean_line("name", &draft.name, 100), &mut problems);
    let description = optional_text("description", &draft.description, &mut problems);
    if problems.is_empty() { Ok(FamilyDraft { name, description, archived: draft.archived }) } else { Err(problems) }
}

/// The draft with its texts cleaned, or all that has to be mended.
pub(super) fn checked_product(draft: &ProductDraft) -> Result<ProductDraft, Vec<FieldError>> {
    let mut problems = Vec::new();
    let name = take(clean_line("name", &draft.name, 100), &mut problems);
    let description = optional_text("description", &draft.description, &mut problems);
    let mut name_of = |field: &str, text: &str| match text.trim() {
        "" => String::new(),
        text => take(clean_line(field, text, LONGEST_NAME), &mut problems),
    };
    let (cpe, purl) = (name_of("cpe", &draft.cpe), name_of("purl", &draft.purl));
    if !(cpe.is_empty() || cpe.starts_with("cpe:2.3:") || cpe.starts_with("cpe:/")) {
        problems.push(problem("cpe", "A CPE name starts with cpe:2.3: or cpe:/. Leave it empty when there is none."));
    }
    if !purl.is_empty() && !purl.starts_with("pkg:") {
        problems.push(problem("purl", "A package URL starts with pkg:. Leave it empty when there is none."));
    }
    if problems.is_empty() {
        Ok(ProductDraft { family: draft.family, name, description, state: draft.state, cpe, purl })
    } else {
        Err(problems)
    }
}

/// The draft with its texts cleaned, or all that has to be mended.
pub(super) fn checked_release(draft: &ReleaseDraft) -> Result<ReleaseDraft, Vec<FieldError>> {
    let mut problems = Vec::new();
    let version = take(clean_line("version", &draft.version, 100), &mut problems);
    let support_note = optional_text("support_note", &draft.support_note, &mut problems);
    if draft.state == ReleaseState::Released && draft.released_on.is_none() {
        problems.push(problem("released_on", "Say when it came out, since support is counted from then."));
    }
    if let (Some(from), Some(until)) = (draft.released_on, draft.support_ends_on)
        && until < from
    {
        problems.push(problem("support_ends_on", "Support cannot end before the release came out."));
    }
    if problems.is_empty() { Ok(ReleaseDraft { version, support_note, ..draft.clone() }) } else { Err(problems) }
}

fn problem(field: &str, words: &str) -> FieldError {
    FieldError { field: field.to_owned(), words: words.to_owned() }
}

fn take(cleaned: Result<String, FieldError>, problems: &mut Vec<FieldError>) -> String {
    cleaned.unwrap_or_else(|error| {
        problems.push(error);
        String::new()
    })
}

fn optional_text(field: &str, text: &str, problems: &mut Vec<FieldError>) -> String {
    if text.trim().is_empty() { String::new() } else { take(clean_text(field, text, 4_000), problems) }
}

#[cfg(test)]
mod tests {
    use kernel::{IdSource, Timestamp};

    use super::super::model::ProductState;
    use super::*;

    #[track_caller]
    fn check(state: ReleaseState, ends: Option<&str>, expected: Support) {
        let now = Timestamp::from_micros(0);
        let release = Release {
            id: IdSource::counted().next(now),
            product: IdSource::counted().next(now),
            version: "1.0".to_owned(),
            position: 1,
            state,
            released_on: None,
            support_ends_on: ends.map(|end| end.parse().unwrap()),
            support_note: String::new(),
            revision: 1,
        };
        assert_eq!(support_at(&release, "2026-06-30".parse().unwrap()), expected);
    }

    #[test]
    fn the_last_day_is_still_supported() {
        let day = |text: &str| Some(text.parse().unwrap());
        check(ReleaseState::Released, None, Support::Supported { until: None });
        check(ReleaseState::Released, Some("2026-06-30"), Support::Supported { until: day("2026-06-30") });
        check(ReleaseState::Released, Some("2026-06-29"), Support::Ended { on: day("2026-06-29") });
        check(ReleaseState::Withdrawn, Some("2026-12-31"), Support::Ended { on: None });
        check(ReleaseState::Planned, None, Support::NotYet);
    }

    #[test]
    fn names_for_machines_are_bounded_and_of_their_kind() {
        let draft = |cpe: &str, purl: &str| ProductDraft {
            family: IdSource::counted().next(Timestamp::from_micros(0)),
            name: "Gate 300".to_owned(),
            description: String::new(),
            state: ProductState::Active,
            cpe: cpe.to_owned(),
            purl: purl.to_owned(),
        };
        let long = format!("cpe:/a:{}", "a".repeat(500));
        for (cpe, purl, wrong) in
            [("", "", 0), (" cpe:/a:halden ", "pkg:generic/gate", 0), ("halden", "gate", 2), (long.as_str(), "", 1)]
        {
            let problems = checked_product(&draft(cpe, purl)).err().unwrap_or_default();
            assert_eq!(problems.len(), wrong, "{problems:?}");
        }
    }

    #[test]
    fn a_release_that_is_out_has_a_date_before_its_end() {
        let draft = ReleaseDraft {
            version: " 2.1 ".to_owned(),
            state: ReleaseState::Released,
            released_on: None,
            support_ends_on: None,
            support_note: String::new(),
        };
        assert_eq!(checked_release(&draft).unwrap_err().len(), 1);
        let dated = ReleaseDraft {
            released_on: "2026-01-01".parse().ok(),
            support_ends_on: "2025-01-01".parse().ok(),
            ..draft
        };
        assert_eq!(checked_release(&dated).unwrap_err()[0].field, "support_ends_on");
        let good = ReleaseDraft { support_ends_on: None, ..dated };
        assert_eq!(checked_release(&good).unwrap().version, "2.1");
    }
}
