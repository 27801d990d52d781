//! Decisions about advisories. Pure: no clock, no database, no HTTP.

use cvss::Severity;
use kernel::{Id, Refusal, Timestamp, kinds};

use super::model::{Advisory, CaseFacts, Kind, State};

/// Why something about an advisory is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error(
        "The case is not confirmed yet. Confirm it first: an advisory takes its vulnerabilities and scores from it."
    )]
    NotConfirmed,
    #[error(
        "The policy sends a case of this severity to a release, without an advisory. Only a lead can override that, with a reason."
    )]
    BelowThreshold,
    #[error("Only a lead can publish a limited notice.")]
    LimitedByLead,
    #[error("Say why, so that the log tells it.")]
    Reason,
    #[error("This cannot be done in the state “{0}”. Reload the page to see what is possible now.")]
    WrongState(&'static str),
    #[error("You wrote this text, so somebody else has to approve it.")]
    OwnText,
    #[error("Somebody other than {0} has to publish what {0} wrote.")]
    NotApproved(String),
    #[error(
        "There is no fix, mitigation or workaround that users can have today, so nothing may be published yet. Add one to each vulnerability of the case, or publish a limited notice without technical detail."
    )]
    NoMitigation,
    #[error("The case or the text changed after it was approved. Read it again and approve it again.")]
    ApprovalLapsed,
    #[error("The document would not be valid CSAF: {0} Mend this first.")]
    NotValid(String),
    #[error("Say what changed, for the revision history.")]
    ChangeNote,
    #[error("The advisory says exactly this already.")]
    SameText,
    #[error("This time has passed. Choose a later one, or publish now.")]
    Past,
}

impl Refusal for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotConfirmed => "advisory-case-not-confirmed",
            Self::BelowThreshold => "advisory-below-threshold",
            Self::LimitedByLead => "advisory-limited-by-lead",
            Self::Reason => "advisory-reason-missing",
            Self::WrongState(_) => "advisory-wrong-state",
            Self::OwnText => "advisory-own-text",
            Self::NotApproved(_) => "advisory-not-approved",
            Self::NoMitigation => "advisory-no-mitigation",
            Self::ApprovalLapsed => "advisory-approval-lapsed",
            Self::NotValid(_) => "advisory-not-valid",
            Self::ChangeNote => "advisory-change-note-missing",
            Self::SameText => "advisory-same-text",
            Self::Past => "advisory-time-past",
        }
    }
}

/// Whether the case goes to an advisory (P1): as its route says, which a lead may have changed, and while it has none
/// as the policy would decide, from its threshold on and for what is exploited.
pub(super) fn is_due(facts: &CaseFacts) -> bool {
    match facts.route.as_str() {
        "advisory" => true,
        "release" => false,
        _ => facts.exploited || facts.severity().unwrap_or(Severity::None) >= facts.policy.threshold,
    }
}

/// Decides whether an advisory of this kind may be begun; the answer says whether it is an exception.
pub(super) fn may_create(facts: &CaseFacts, kind: Kind, is_lead: bool, reason: &str) -> Result<bool, Refused> {
    if !facts.is_confirmed {
        return Err(Refused::NotConfirmed);
    }
    let has_reason = !reason.trim().is_empty();
    match kind {
        Kind::LimitedNotice if !is_lead => Err(Refused::LimitedByLead),
        Kind::LimitedNotice if !has_reason => Err(Refused::Reason),
        Kind::LimitedNotice => Ok(true),
        Kind::Advisory if is_due(facts) => Ok(false),
        Kind::Advisory if !is_lead => Err(Refused::BelowThreshold),
        Kind::Advisory if !has_reason => Err(Refused::Reason),
        Kind::Advisory => Ok(true),
    }
}

fn in_state(advisory: &Advisory, states: &[State]) -> Result<(), Refused> {
    if states.contains(&advisory.state) { Ok(()) } else { Err(Refused::WrongState(advisory.state.label())) }
}

/// Whether the text may be changed; what was approved or scheduled goes back to a draft by that.
pub(super) fn may_edit(advisory: &Advisory) -> Result<(), Refused> {
    in_state(advisory, &[State::Draft, State::InReview, State::Approved, State::Scheduled])
}

/// Whether it may go to review: a later version says what changed.
pub(super) fn may_submit(advisory: &Advisory) -> Result<(), Refused> {
    in_state(advisory, &[State::Draft])?;
    if advisory.version > 0 && advisory.draft.change_note.trim().is_empty() {
        return Err(Refused::ChangeNote);
    }
    Ok(())
}

/// Whether it may go back to its authors.
pub(super) fn may_return(advisory: &Advisory) -> Result<(), Refused> {
    in_state(advisory, &[State::InReview, State::Approved, State::Scheduled])
}

/// Whether `person` may approve it: never whoever wrote it.
pub(super) fn may_approve(advisory: &Advisory, person: Option<Id<kinds::Person>>) -> Result<(), Refused> {
    in_state(advisory, &[State::InReview])?;
    match person {
        Some(person) if person != advisory.author => Ok(()),
        Some(_) | None => Err(Refused::OwnText),
    }
}

/// The gate of P6: no public detail until users can do something. A limited notice tells none.
pub(super) fn may_disclose(advisory: &Advisory, facts: &CaseFacts) -> Result<(), Refused> {
    match advisory.kind {
        Kind::LimitedNotice => Ok(()),
        Kind::Advisory if facts.is_mitigated() => Ok(()),
        Kind::Advisory => Err(Refused::NoMitigation),
    }
}

/// Whether what would be published now may be: approved by a second person, unchanged since, and through the gate.
pub(super) fn may_publish(advisory: &Advisory, facts: &CaseFacts, digest: &str) -> Result<(), Refused> {
    in_state(advisory, &[State::Approved, State::Scheduled])?;
    if advisory.approved_by.is_none_or(|person| person == advisory.author) {
        return Err(Refused::NotApproved(advisory.author_name.clone()));
    }
    may_disclose(advisory, facts)?;
    if advisory.kind == Kind::Advisory && !is_due(facts) && advisory.exception_reason.is_empty() {
        return Err(Refused::BelowThreshold);
    }
    if advisory.approved_digest != digest {
        return Err(Refused::ApprovalLapsed);
    }
    Ok(())
}

/// Whether it may be set to go out at a time.
pub(super) fn may_schedule(advisory: &Advisory, at: Timestamp, now: Timestamp) -> Result<(), Refused> {
    in_state(advisory, &[State::Approved, State::Scheduled])?;
    if at <= now { Err(Refused::Past) } else { Ok(()) }
}

/// Whether a next version may be begun.
pub(super) fn may_revise(advisory: &Advisory) -> Result<(), Refused> {
    in_state(advisory, &[State::Published])
}

/// Whether it may be taken back: something of it has to be public.
pub(super) fn may_withdraw(advisory: &Advisory, reason: &str) -> Result<(), Refused> {
    if advisory.version == 0 || advisory.state == State::Withdrawn {
        return Err(Refused::WrongState(advisory.state.label()));
    }
    if reason.trim().is_empty() { Err(Refused::Reason) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Draft, PolicyFacts, RemediationFacts, VulnerabilityFacts};
    use super::*;

    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
    const LOW: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";

    fn id<K>(number: u8) -> Id<K> {
        format!("00000000-0000-7000-8000-0000000000{number:02x}").parse().unwrap()
    }

    fn facts(vector: &str) -> CaseFacts {
        CaseFacts {
            id: id(1),
            number: "PSIRT-2026-0001".to_owned(),
            title: "A flaw".to_owned(),
            place: kernel::Scope::All,
            family: None,
            product: None,
            route: "undecided".to_owned(),
            is_confirmed: true,
            exploited: false,
            vulnerabilities: vec![VulnerabilityFacts {
                id: id(2),
                title: "A flaw".to_owned(),
                description: String::new(),
                cwe: String::new(),
                cve: None,
                cvss31: Some(vector.to_owned()),
                cvss40: None,
            }],
            releases: Vec::new(),
            exposures: Vec::new(),
            remediations: Vec::new(),
            credits: Vec::new(),
            policy: PolicyFacts {
                prefix: "PSA".to_owned(),
                threshold: Severity::Medium,
                legal_notice: String::new(),
                time_zone: "UTC".to_owned(),
            },
        }
    }

    fn remedy(available: bool) -> RemediationFacts {
        RemediationFacts {
            vulnerability: id(2),
            category: "mitigation".to_owned(),
            details: "Close the port.".to_owned(),
            url: String::new(),
            release: None,
            available_on: None,
            available,
        }
    }

    fn advisory(kind: Kind, state: State) -> Advisory {
        Advisory {
            id: id(3),
            number: "PSA-2026-0001".to_owned(),
            case: id(1),
            kind,
            state,
            draft: Draft { title: "A flaw".to_owned(), ..Draft::default() },
            exception_reason: String::new(),
            author: id(10),
            author_name: "Ann".to_owned(),
            approved_by: Some(id(11)),
            approver_name: "Ben".to_owned(),
            approved_at: None,
            approved_digest: "d".to_owned(),
            publish_at: None,
            publish_zone: "UTC".to_owned(),
            first_published_at: None,
            last_published_at: None,
            version: 0,
            created_at: Timestamp::from_micros(0),
            revision: 1,
        }
    }

    #[test]
    fn low_risk_gets_no_advisory_unless_a_lead_says_why() {
        assert_eq!(may_create(&facts(HIGH), Kind::Advisory, false, ""), Ok(false));
        assert_eq!(may_create(&facts(LOW), Kind::Advisory, false, "because"), Err(Refused::BelowThreshold));
        assert_eq!(may_create(&facts(LOW), Kind::Advisory, true, " "), Err(Refused::Reason));
        assert_eq!(may_create(&facts(LOW), Kind::Advisory, true, "customers ask"), Ok(true));
        let exploited = CaseFacts { exploited: true, ..facts(LOW) };
        assert_eq!(may_create(&exploited, Kind::Advisory, false, ""), Ok(false));
        let waiting = CaseFacts { is_confirmed: false, ..facts(HIGH) };
        assert_eq!(may_create(&waiting, Kind::Advisory, true, "x"), Err(Refused::NotConfirmed));
    }

    #[test]
    fn a_limited_notice_is_for_leads_with_a_reason() {
        assert_eq!(may_create(&facts(HIGH), Kind::LimitedNotice, false, "x"), Err(Refused::LimitedByLead));
        assert_eq!(may_create(&facts(HIGH), Kind::LimitedNotice, true, ""), Err(Refused::Reason));
        assert_eq!(may_create(&facts(HIGH), Kind::LimitedNotice, true, "attacks are seen"), Ok(true));
    }

    #[test]
    fn nobody_approves_their_own_text() {
        let waiting = advisory(Kind::Advisory, State::InReview);
        assert_eq!(may_approve(&waiting, Some(id(11))), Ok(()));
        assert_eq!(may_approve(&waiting, Some(id(10))), Err(Refused::OwnText));
        assert_eq!(may_approve(&waiting, None), Err(Refused::OwnText));
        assert!(may_approve(&advisory(Kind::Advisory, State::Draft), Some(id(11))).is_err());
    }

    #[test]
    fn nothing_goes_out_before_users_can_do_something() {
        let approved = advisory(Kind::Advisory, State::Approved);
        assert_eq!(may_publish(&approved, &facts(HIGH), "d"), Err(Refused::NoMitigation));
        let planned = CaseFacts { remediations: vec![remedy(false)], ..facts(HIGH) };
        assert_eq!(may_publish(&approved, &planned, "d"), Err(Refused::NoMitigation));
        let mitigated = CaseFacts { remediations: vec![remedy(true)], ..facts(HIGH) };
        assert_eq!(may_publish(&approved, &mitigated, "d"), Ok(()));
        assert_eq!(may_publish(&approved, &mitigated, "other"), Err(Refused::ApprovalLapsed));
        assert_eq!(may_publish(&advisory(Kind::LimitedNotice, State::Approved), &facts(HIGH), "d"), Ok(()));
        let low = CaseFacts { remediations: vec![remedy(true)], ..facts(LOW) };
        assert_eq!(may_publish(&approved, &low, "d"), Err(Refused::BelowThreshold));
    }

    #[test]
    fn a_person_does_not_publish_what_they_alone_wrote() {
        let mitigated = CaseFacts { remediations: vec![remedy(true)], ..facts(HIGH) };
        let own = Advisory { approved_by: Some(id(10)), ..advisory(Kind::Advisory, State::Approved) };
        assert_eq!(may_publish(&own, &mitigated, "d"), Err(Refused::NotApproved("Ann".to_owned())));
    }

    #[test]
    fn later_versions_say_what_changed_and_only_public_ones_are_withdrawn() {
        let mut next = Advisory { version: 1, ..advisory(Kind::Advisory, State::Draft) };
        assert_eq!(may_submit(&next), Err(Refused::ChangeNote));
        next.draft.change_note = "Fixed release added.".to_owned();
        assert_eq!(may_submit(&next), Ok(()));
        assert!(may_withdraw(&advisory(Kind::Advisory, State::Draft), "x").is_err());
        assert_eq!(may_withdraw(&next, ""), Err(Refused::Reason));
        assert_eq!(may_withdraw(&next, "wrong product"), Ok(()));
    }
}
