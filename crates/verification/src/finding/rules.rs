//! Decisions about findings: the state machine, what carries over, the release quality standard. Pure.

use std::collections::BTreeMap;
use std::fmt;

use kernel::{Date, Refusal, Timestamp};

use super::model::{Class, Decision, Judgement, Kind, Practice, SEVERITIES, Severity, Standard, State, Verdict, rank};

/// What moves a finding from state to state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// A person finds that it is real.
    Confirm,
    /// A person says that it is mended.
    Fix,
    /// A person finds that it is not real.
    FalsePositive,
    /// A person finds that nothing reaches it.
    NotReachable,
    /// A person finds that it is another one once more.
    Duplicate,
    /// A second person approves that it is lived with.
    Accept,
    /// A person takes back what was decided.
    Reopen,
    /// The report does not have it any more.
    Gone,
    /// The report has it again.
    Back,
    /// The acceptance is over.
    Lapse,
    /// What the decision rested on changed.
    Change,
}

use State as S;

const LIVE: &[State] = &[S::Open, S::Confirmed];
const DECIDED: &[State] = &[S::Accepted, S::FalsePositive, S::Duplicate, S::NotReachable];

/// The state machine: what moves, from which states, to which, and whether a reason is asked for.
const TABLE: &[(Move, &[State], State, bool)] = &[
    (Move::Confirm, &[S::Open], S::Confirmed, false),
    (Move::Fix, LIVE, S::Fixed, true),
    (Move::FalsePositive, LIVE, S::FalsePositive, true),
    (Move::NotReachable, LIVE, S::NotReachable, true),
    (Move::Duplicate, LIVE, S::Duplicate, true),
    (Move::Accept, LIVE, S::Accepted, true),
    (
        Move::Reopen,
        &[S::Confirmed, S::Fixed, S::Accepted, S::FalsePositive, S::Duplicate, S::NotReachable],
        S::Open,
        true,
    ),
    (
        Move::Gone,
        &[S::Open, S::Confirmed, S::Accepted, S::FalsePositive, S::Duplicate, S::NotReachable],
        S::Fixed,
        false,
    ),
    (Move::Back, &[S::Fixed], S::Open, false),
    (Move::Lapse, &[S::Accepted], S::Open, false),
    (Move::Change, DECIDED, S::Open, false),
];

impl Move {
    /// The moves that a person makes on a page, alone.
    pub(super) const BY_HAND: &'static [Self] =
        &[Self::Confirm, Self::FalsePositive, Self::NotReachable, Self::Duplicate, Self::Fix, Self::Reopen];

    /// What forms send.
    #[must_use]
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Fix => "fix",
            Self::FalsePositive => "false_positive",
            Self::NotReachable => "not_reachable",
            Self::Duplicate => "duplicate",
            Self::Accept => "accept",
            Self::Reopen => "reopen",
            Self::Gone => "gone",
            Self::Back => "back",
            Self::Lapse => "lapse",
            Self::Change => "change",
        }
    }

    /// The words on the button.
    #[must_use]
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Confirm => "Confirm",
            Self::Fix => "Fixed",
            Self::FalsePositive => "False positive",
            Self::NotReachable => "Not reachable",
            Self::Duplicate => "Duplicate",
            Self::Accept => "Accept",
            Self::Reopen => "Reopen",
            Self::Gone => "Gone",
            Self::Back => "Back",
            Self::Lapse => "Lapsed",
            Self::Change => "Changed",
        }
    }

    /// Reads what a form sent; only the moves that a person makes alone.
    #[must_use]
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::BY_HAND.iter().copied().find(|known| known.as_str() == text)
    }

    fn line(self) -> Option<&'static (Move, &'static [State], State, bool)> {
        TABLE.iter().find(|(known, ..)| *known == self)
    }

    /// Whether a reason is asked for.
    #[must_use]
    pub(super) fn needs_reason(self) -> bool {
        self.line().is_some_and(|(.., reason)| *reason)
    }
}

/// Why a finding does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MoveRefused {
    from: State,
    wanted: Move,
}

impl fmt::Display for MoveRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "This finding is {}, so it cannot become {}. Reopen it first, or reload the page to see where it stands.",
            self.from.label().to_lowercase(),
            self.wanted.line().map_or("that", |(_, _, to, _)| to.label()).to_lowercase()
        )
    }
}

impl Refusal for MoveRefused {
    fn code(&self) -> &'static str {
        "finding-state"
    }
}

/// The state after a move.
///
/// # Errors
/// When the table has no such move from `from`.
pub(super) fn next(from: State, wanted: Move) -> Result<State, MoveRefused> {
    match wanted.line() {
        Some((_, states, to, _)) if states.contains(&from) => Ok(*to),
        Some(_) | None => Err(MoveRefused { from, wanted }),
    }
}

/// Why an acceptance is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AcceptanceRefused {
    /// The one who asked may not decide.
    OwnRequest,
    /// The last day is over or further away than a year.
    Until,
}

impl fmt::Display for AcceptanceRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnRequest => "You asked for this acceptance yourself. Somebody else has to decide about it.",
            Self::Until => {
                "An acceptance ends on a day from today up to one year ahead, so that it is looked at again."
            }
        })
    }
}

impl Refusal for AcceptanceRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::OwnRequest => "own-request",
            Self::Until => "acceptance-end",
        }
    }
}

/// Whether an acceptance may end on `until`.
///
/// # Errors
/// When it is over or more than a year ahead.
pub(super) fn may_end(until: Date, today: Date) -> Result<(), AcceptanceRefused> {
    if until < today || until.days_since(today) > 366 { Err(AcceptanceRefused::Until) } else { Ok(()) }
}

/// Whether `decider` may decide what `requester` asked for.
///
/// # Errors
/// When it is the same person.
pub(super) fn may_decide(requester: &str, decider: &str) -> Result<(), AcceptanceRefused> {
    if requester == decider { Err(AcceptanceRefused::OwnRequest) } else { Ok(()) }
}

/// A finding as a decision sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// What the decision rests on.
    pub context: &'a str,
    /// How bad it is.
    pub severity: i64,
    /// The release's position; `None` for a branch.
    pub position: Option<i64>,
}

/// Whether a decision holds for a finding with the same fingerprint, on `today`.
///
/// A state holds while what it rested on is the same and the severity has not risen; a rating while the tool's own has
/// not. Both reach branches and the releases from the one on for which they were made.
#[must_use]
pub(super) fn holds(decision: &Decision, subject: Subject<'_>, today: Date) -> bool {
    let reaches = subject.position.is_none_or(|position| position >= decision.reach);
    let in_time = decision.until.is_none_or(|until| until >= today);
    let same = match decision.verdict {
        Verdict::State(_) => decision.context == subject.context,
        Verdict::Severity(_) => true,
    };
    reaches && in_time && same && subject.severity <= decision.severity
}

/// The newest decision that holds, of those about a state or of those about the severity. `decisions` are oldest first.
#[must_use]
pub(super) fn carried<'d>(
    decisions: &'d [Decision],
    subject: Subject<'_>,
    about_severity: bool,
    today: Date,
) -> Option<&'d Decision> {
    decisions.iter().rev().find(|decision| {
        matches!(decision.verdict, Verdict::Severity(_)) == about_severity && holds(decision, subject, today)
    })
}

/// What a practice asks for by default of products of a class.
#[must_use]
pub(super) fn default_standard(practice: Practice, class: Class) -> Standard {
    let days = match class {
        Class::Low => [Some(7), Some(30), None, None],
        Class::Moderate => [Some(0), Some(14), Some(90), None],
        Class::High => [Some(0), Some(0), Some(30), None],
        Class::Critical => [Some(0), Some(0), Some(14), Some(90)],
    };
    let fresh = match (practice, class) {
        (Practice::ImplementationReview, Class::Low) => 90,
        (Practice::ImplementationReview, Class::Moderate | Class::High) => 31,
        (Practice::ImplementationReview, Class::Critical) => 14,
        (Practice::SecurityTesting, Class::Low) => 180,
        (Practice::SecurityTesting, Class::Moderate) => 90,
        (Practice::SecurityTesting, Class::High) => 60,
        (Practice::SecurityTesting, Class::Critical) => 31,
    };
    Standard { days, fresh: Some(fresh), revision: 0 }
}

/// How many findings of one severity have been open since one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSince {
    /// 0 to 4.
    pub severity: i64,
    /// Days since 1970.
    pub day: i64,
    /// How many.
    pub count: i64,
}

/// The kinds of posts, as process packs name them, for which scans are proof.
pub(super) const POSTS: &[&str] = &["sast", "secrets", "sca", "infrastructure", "dast", "container", "security_tests"];

/// Which kind of post a scan is. What people found by hand proves nothing by being entered.
#[must_use]
pub(super) const fn post_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Sast => Some("sast"),
        Kind::Secrets => Some("secrets"),
        Kind::Sca => Some("sca"),
        Kind::Config => Some("infrastructure"),
        // Both look at the running product from outside.
        Kind::Dast | Kind::Network => Some("dast"),
        Kind::Platform => Some("container"),
        Kind::Test => Some("security_tests"),
        Kind::ManualReview | Kind::PenetrationTest => None,
    }
}

/// What is open, under the names that process packs give thresholds for.
#[must_use]
pub(super) fn measures(post: &str, open: &[OpenSince]) -> BTreeMap<String, u32> {
    let figure = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let all = figure(open.iter().map(|since| since.count).sum());
    match post {
        "secrets" => [("found".to_owned(), all)].into(),
        "security_tests" => [("failed".to_owned(), all)].into(),
        _ => SEVERITIES
            .iter()
            .take(4)
            .map(|severity| {
                let of = open.iter().filter(|since| since.severity == rank(*severity));
                (severity.name().to_owned(), figure(of.map(|since| since.count).sum()))
            })
            .collect(),
    }
}

const DAY: i64 = 86_400_000_000;

/// Whether findings and reports keep the standard.
#[must_use]
pub(super) fn judge(
    practice: Practice,
    standard: &Standard,
    open: &[OpenSince],
    last_report: Option<Timestamp>,
    now: Timestamp,
) -> Judgement {
    let today = now.micros().div_euclid(DAY);
    let mut lacking = Vec::new();
    let graded = SEVERITIES.iter().zip(standard.days).filter_map(|(severity, days)| days.map(|days| (severity, days)));
    for (severity, days) in graded {
        let too_old = |since: &&OpenSince| since.severity == rank(*severity) && (days == 0 || today - since.day > days);
        let count: i64 = open.iter().filter(too_old).map(|since| since.count).sum();
        if count > 0 {
            lacking.push(too_many(count, *severity, days));
        }
    }
    match (standard.fresh, last_report) {
        (Some(_), None) => lacking.push("no report was imported for this release".to_owned()),
        (Some(days), Some(at)) if today - at.micros().div_euclid(DAY) > days => {
            lacking.push(format!("the last report is of {}, and one of the last {days} days is asked for", at.date()))
        }
        (Some(_) | None, _) => {}
    }
    let total: i64 = open.iter().map(|since| since.count).sum();
    let at = last_report.unwrap_or(now);
    if lacking.is_empty() {
        let words = match total {
            0 => "No finding is open.".to_owned(),
            1 => "One finding is open, within the release quality standard.".to_owned(),
            more => format!("{more} findings are open, all within the release quality standard."),
        };
        Judgement { holds: true, at, words }
    } else {
        let words = format!(
            "Outside the release quality standard of {}: {}.",
            practice.label().to_lowercase(),
            lacking.join("; ")
        );
        Judgement { holds: false, at, words }
    }
}

fn too_many(count: i64, severity: Severity, days: i64) -> String {
    let plural = if count == 1 { "finding" } else { "findings" };
    let name = severity.name();
    if days == 0 {
        format!("{count} open {name} {plural}, none may be")
    } else {
        format!("{count} open {name} {plural} older than {days} days")
    }
}

/// What is known of the project that a report names itself.
#[derive(Clone, Debug, Default)]
pub(super) struct ProjectKnown<'a> {
    /// This product's name, short name and identifiers.
    pub own_names: Vec<&'a str>,
    /// Whether an earlier report for this product named the same project.
    pub seen_here: bool,
    /// Another product to which the project belongs: by an earlier report, or by its name.
    pub other: Option<&'a str>,
}

/// What to make of the project that a report names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ProjectVerdict {
    /// Nothing speaks against it.
    Fine,
    /// It may be another product's; the words say so with the import.
    Warn(String),
    /// It is another product's.
    Wrong(String),
}

/// Whether a report that names `project` can be this product's.
#[must_use]
pub(super) fn judge_project(project: &str, known: &ProjectKnown<'_>) -> ProjectVerdict {
    if project.is_empty() || known.seen_here || known.own_names.iter().any(|name| is_alike(project, name)) {
        return ProjectVerdict::Fine;
    }
    match known.other {
        Some(other) => ProjectVerdict::Wrong(format!(
            "the report says that it is of the project {project}, which belongs to the product {other}. Choose that \
             product, or confirm that the report is this product's"
        )),
        None => ProjectVerdict::Warn(format!(
            "The report says that it is of the project {project}. Make sure that this is the right product."
        )),
    }
}

/// Whether two names speak of the same thing: letters and digits of one are in the other.
#[must_use]
pub(super) fn is_alike(left: &str, right: &str) -> bool {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (left, right) = (plain(left), plain(right));
    left.len() >= 3 && right.len() >= 3 && (left.contains(&right) || right.contains(&left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: State, wanted: Move, expected: Option<State>) {
        assert_eq!(next(from, wanted).ok(), expected, "{wanted:?} from {from:?}");
    }

    #[test]
    fn a_decision_is_taken_back_before_another_is_made() {
        check(S::Open, Move::Confirm, Some(S::Confirmed));
        check(S::Confirmed, Move::FalsePositive, Some(S::FalsePositive));
        check(S::FalsePositive, Move::Accept, None);
        check(S::FalsePositive, Move::Reopen, Some(S::Open));
        check(S::Open, Move::Reopen, None);
        check(S::Fixed, Move::Gone, None);
        check(S::Fixed, Move::Back, Some(S::Open));
        check(S::Accepted, Move::Lapse, Some(S::Open));
        check(S::Open, Move::Lapse, None);
        check(S::Open, Move::Change, None);
    }

    #[test]
    fn the_guide_shows_this_table() {
        let guide = include_str!("../../../../docs/guide/findings.md");
        for (wanted, from, to, reason) in TABLE {
            let from: Vec<&str> = from.iter().map(|state| state.label()).collect();
            let reason = if *reason { "yes" } else { "no" };
            let line = format!("| {} | {} | {} | {reason} |", wanted.label(), from.join(", "), to.label());
            assert!(guide.contains(&line), "docs/guide/findings.md must have the line\n{line}");
        }
    }

    #[test]
    fn every_move_is_in_the_table_and_every_decision_has_a_reason() {
        for wanted in Move::BY_HAND {
            assert!(wanted.line().is_some(), "{wanted:?}");
        }
        for wanted in [Move::FalsePositive, Move::NotReachable, Move::Duplicate, Move::Accept, Move::Reopen] {
            assert!(wanted.needs_reason(), "{wanted:?}");
        }
    }

    fn decision(verdict: Verdict) -> Decision {
        Decision {
            id: "d".to_owned(),
            fingerprint: "f".to_owned(),
            verdict,
            context: "c".to_owned(),
            severity: 2,
            reach: 5,
            reason: "r".to_owned(),
            until: Some("2026-06-30".parse().unwrap()),
            duplicate_of: None,
        }
    }

    #[track_caller]
    fn holds_for(context: &str, severity: i64, position: Option<i64>, today: &str, expected: bool) {
        let subject = Subject { context, severity, position };
        let decision = decision(Verdict::State(S::Accepted));
        assert_eq!(holds(&decision, subject, today.parse().unwrap()), expected, "{subject:?} on {today}");
    }

    #[test]
    fn a_decision_carries_over_until_what_it_was_about_changes() {
        holds_for("c", 2, Some(5), "2026-06-30", true);
        holds_for("c", 1, Some(9), "2026-06-30", true);
        holds_for("c", 2, None, "2026-06-30", true);
        holds_for("other", 2, Some(5), "2026-06-30", false);
        holds_for("c", 3, Some(5), "2026-06-30", false);
        holds_for("c", 2, Some(4), "2026-06-30", false);
        holds_for("c", 2, Some(5), "2026-07-01", false);
        let rating = decision(Verdict::Severity(1));
        let subject = Subject { context: "other", severity: 2, position: None };
        assert!(holds(&rating, subject, "2026-06-01".parse().unwrap()));
    }

    #[track_caller]
    fn judged(days: [Option<i64>; 4], fresh: Option<i64>, open: &[(i64, i64)], report: Option<i64>, expected: bool) {
        let standard = Standard { days, fresh, revision: 0 };
        let open: Vec<OpenSince> =
            open.iter().map(|(severity, age)| OpenSince { severity: *severity, day: 1_000 - age, count: 1 }).collect();
        let now = Timestamp::from_micros(1_000 * DAY + 5);
        let report = report.map(|age| Timestamp::from_micros((1_000 - age) * DAY));
        let judgement = judge(Practice::SecurityTesting, &standard, &open, report, now);
        assert_eq!(judgement.holds, expected, "{}", judgement.words);
    }

    #[test]
    fn the_standard_counts_days() {
        let days = [Some(0), Some(14), None, None];
        judged(days, Some(31), &[], Some(0), true);
        judged(days, Some(31), &[], None, false);
        judged(days, None, &[], None, true);
        judged(days, Some(31), &[], Some(31), true);
        judged(days, Some(31), &[], Some(32), false);
        judged(days, Some(31), &[(4, 0)], Some(0), false);
        judged(days, Some(31), &[(3, 14)], Some(0), true);
        judged(days, Some(31), &[(3, 15)], Some(0), false);
        judged(days, Some(31), &[(2, 900), (0, 900)], Some(0), true);
    }

    #[test]
    fn plans_learn_what_is_open() {
        let open = |severity, count| OpenSince { severity, day: 0, count };
        let figures = measures("sast", &[open(4, 1), open(3, 2), open(3, 5), open(0, 9)]);
        assert_eq!(format!("{figures:?}"), r#"{"critical": 1, "high": 7, "low": 0, "medium": 0}"#);
        assert_eq!(measures("secrets", &[open(4, 1), open(0, 2)])["found"], 3);
        for kind in Kind::ALL {
            assert!(post_of(*kind).is_none_or(|post| POSTS.contains(&post)), "{kind:?}");
        }
    }

    #[test]
    fn a_report_of_another_product_is_told() {
        let known = |seen_here, other| ProjectKnown { own_names: vec!["Gate 300", "gate-300"], seen_here, other };
        assert_eq!(judge_project("", &known(false, Some("Phone"))), ProjectVerdict::Fine);
        assert_eq!(judge_project("halden/gate-300", &known(false, Some("Phone"))), ProjectVerdict::Fine);
        assert_eq!(judge_project("phone-fw", &known(true, Some("Phone"))), ProjectVerdict::Fine);
        assert!(matches!(judge_project("phone-fw", &known(false, Some("Phone"))), ProjectVerdict::Wrong(_)));
        assert!(matches!(judge_project("phone-fw", &known(false, None)), ProjectVerdict::Warn(_)));
    }

    #[test]
    fn nobody_decides_about_their_own_wish() {
        assert!(may_decide("a", "a").is_err());
        assert!(may_decide("a", "b").is_ok());
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(may_end(day("2026-03-02"), day("2026-03-02")).is_ok());
        assert!(may_end(day("2026-03-01"), day("2026-03-02")).is_err());
        assert!(may_end(day("2027-06-01"), day("2026-03-02")).is_err());
    }
}
