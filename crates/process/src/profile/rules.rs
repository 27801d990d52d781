//! Decisions about profiles and teams. Pure.

use kernel::{Date, Timestamp};
use pack::{Fact, Pack, RiskClass};

use super::model::{CHAMPION, Member, Profile};
use crate::evidence::LiveFact;

/// When a profile made on a day is to be looked at again: by the pack, and at the latest after a year.
pub(super) fn next_review(pack: &Pack, made_on: Date) -> Date {
    let days = pack.risk.review_days.clamp(1, 366);
    made_on.plus_days(i32::try_from(days).unwrap_or(365))
}

/// Whether a profile is complete, was looked at in time, and asks for no more than what was planned for.
pub(crate) fn profile_fact(profile: Option<&Profile>, planned: RiskClass, at: Timestamp) -> LiveFact {
    let words = match profile {
        None => "The product has no profile. Answer its questions on the product's profile page.".to_owned(),
        Some(profile) if profile.open_questions > 0 => {
            format!(
                "{} questions of the product profile are open. Answer them; each counts as its worst until then.",
                profile.open_questions
            )
        }
        Some(profile) if at.date() > profile.review_on => {
            format!(
                "The product profile was due for review on {}. Look at the answers again and confirm them.",
                profile.review_on
            )
        }
        Some(profile) if profile.class > planned => {
            format!(
                "The product is of {} risk by its profile, and this release was planned for {} risk. Plan it again.",
                profile.class.title().to_lowercase(),
                planned.title().to_lowercase()
            )
        }
        Some(profile) => return LiveFact::holding(Fact::ProfileCurrent, profile.made_at),
    };
    LiveFact::lacking(Fact::ProfileCurrent, words)
}

/// Whether a champion is named.
pub(crate) fn champion_fact(team: &[&Member]) -> LiveFact {
    match team.iter().find(|member| member.role == CHAMPION) {
        Some(member) => LiveFact::holding(Fact::ChampionNamed, member.made_at),
        None => LiveFact::lacking(
            Fact::ChampionNamed,
            "The product has no security champion. Name one on the product's team page.".to_owned(),
        ),
    }
}

/// The roles of the pack that nobody plays.
pub(super) fn unfilled<'a>(pack: &'a Pack, team: &[&Member]) -> Vec<&'a str> {
    let missing = pack.roles.iter().filter(|role| !team.iter().any(|member| member.role == role.id));
    missing.map(|role| role.title.as_str()).collect()
}

/// Whether every role of the pack is played.
pub(crate) fn team_fact(pack: &Pack, team: &[&Member]) -> LiveFact {
    let missing = unfilled(pack, team);
    if missing.is_empty() {
        let since = team.iter().map(|member| member.made_at).max().unwrap_or(Timestamp::from_micros(0));
        return LiveFact::holding(Fact::TeamFilled, since);
    }
    let words = format!("Nobody is named as {}. Name them on the product's team page.", missing.join(", "));
    LiveFact::lacking(Fact::TeamFilled, words)
}

/// The class in a sentence.
pub(super) fn class_words(class: RiskClass, sum: u32, open: usize) -> String {
    let provisional = if open == 0 { String::new() } else { format!("; provisional while {open} questions are open") };
    format!("{} risk (sum {sum}{provisional})", class.title())
}

#[cfg(test)]
mod tests {
    use kernel::{IdSource, Timestamp};
    use pack::Model;

    use super::*;

    fn profile(open: i64) -> Profile {
        let ids = IdSource::counted();
        let made: Timestamp = "2026-01-01T10:00:00Z".parse().unwrap();
        Profile {
            id: ids.next(made),
            product: ids.next(made),
            pack_row: ids.next(made),
            answers: [].into(),
            reasons: [].into(),
            models: vec![Model::Agile],
            class: RiskClass::High,
            sum: 1,
            open_questions: open,
            why: String::new(),
            review_on: "2027-01-01".parse().unwrap(),
            made_at: made,
            made_by: String::new(),
            ended_at: None,
        }
    }

    #[track_caller]
    fn check(profile: Option<&Profile>, day: &str, holds: bool) {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        assert_eq!(profile_fact(profile, RiskClass::High, at).holds, holds);
    }

    #[test]
    fn a_profile_holds_through_its_day_of_review() {
        check(None, "2026-01-02", false);
        check(Some(&profile(1)), "2026-01-02", false);
        check(Some(&profile(0)), "2027-01-01", true);
        check(Some(&profile(0)), "2027-01-02", false);
    }

    #[test]
    fn a_plan_for_less_risk_than_the_profile_says_does_not_do() {
        let at = "2026-01-02T12:00:00Z".parse().unwrap();
        assert!(!profile_fact(Some(&profile(0)), RiskClass::Moderate, at).holds);
        assert!(profile_fact(Some(&profile(0)), RiskClass::Critical, at).holds);
    }
}
