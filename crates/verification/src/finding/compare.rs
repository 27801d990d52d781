//! What a report changes: compares it with what is known of its target, tool and scope. Pure.

use std::collections::HashMap;

use kernel::{Date, Timestamp};
use scan::Status;

use super::model::{Counts, Decision, FindingId, State, Verdict};
use super::report::Incoming;
use super::rules::{self, Subject};

/// A finding as it is stored, as far as a report can change it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Which.
    pub id: FindingId,
    /// The same over moved code.
    pub fingerprint: String,
    /// What decisions rest on.
    pub context: String,
    /// Differs when anything that is stored differs.
    pub content: String,
    /// Where it stands.
    pub state: State,
    /// Whether the last report had it.
    pub present: bool,
    /// Whether its state comes from the report itself.
    pub by_tool: bool,
    /// Whether a person rated it.
    pub rated: bool,
    /// 0 to 4.
    pub severity: i64,
    /// 0 to 4, the tool's.
    pub tool_severity: i64,
    /// Since when it is open.
    pub opened_at: Timestamp,
}

impl Known {
    /// Whether its term begins anew when it is open again: the reports had lost it, or what it is about has changed. What
    /// somebody only called fixed, or what stood aside by a remark in the code, has been open all the time.
    #[must_use]
    pub fn begins_anew(&self) -> bool {
        let by_person = self.state.is_decided() && !self.by_tool;
        !self.state.is_live() && (!self.present || by_person || (self.by_tool && self.state == State::Fixed))
    }
}

/// How a finding stands after the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Whether that comes from the report itself.
    pub by_tool: bool,
    /// 0 to 4.
    pub severity: i64,
    /// Whether a person rated it.
    pub rated: bool,
    /// The decision that it rests on now.
    pub decision: Option<String>,
    /// The last day of acceptance.
    pub until: Option<Date>,
    /// The original of a duplicate.
    pub duplicate_of: Option<String>,
    /// What is said about it in its history: action and reason.
    pub said: Vec<(&'static str, String)>,
}

/// A known finding, what the report says of it, and how it stands now (`None`: as before).
pub(super) type Changed<'a> = (&'a Known, &'a Incoming, Option<Standing>);

/// What one report does.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// New here.
    pub added: Vec<(&'a Incoming, Standing)>,
    /// Known, and something changed: what the tool says, or how it stands.
    pub changed: Vec<Changed<'a>>,
    /// Not in the report any more.
    pub gone: Vec<&'a Known>,
    /// Figures for people.
    pub counts: Counts,
}

/// What is needed besides the report.
pub(super) struct Setting<'a> {
    /// Decisions by fingerprint, oldest first.
    pub decisions: &'a HashMap<String, Vec<Decision>>,
    /// The release's position; `None` for a branch.
    pub position: Option<i64>,
    /// Today.
    pub today: Date,
}

/// Compares a report with what is known of its target, tool and scope.
#[must_use]
pub(super) fn compare<'a>(known: &'a [Known], incoming: &'a [Incoming], setting: &Setting<'_>) -> Changes<'a> {
    let by_fingerprint: HashMap<&str, &Known> = known.iter().map(|one| (one.fingerprint.as_str(), one)).collect();
    let mut seen = std::collections::HashSet::with_capacity(incoming.len());
    let mut changes = Changes::default();
    for finding in incoming {
        if !seen.insert(finding.fingerprint.as_str()) {
            continue;
        }
        changes.counts.total += 1;
        match by_fingerprint.get(finding.fingerprint.as_str()) {
            None => {
                let standing = begin(finding, setting);
                changes.counts.added += 1;
                changes.counts.carried += i64::from(standing.decision.is_some());
                changes.added.push((finding, standing));
            }
            Some(known) => meet(known, finding, setting, &mut changes),
        }
    }
    changes.gone = known.iter().filter(|one| one.present && !seen.contains(one.fingerprint.as_str())).collect();
    changes.counts.closed =
        changes.gone.iter().filter(|one| one.state != State::Fixed).count().try_into().unwrap_or(i64::MAX);
    changes
}

fn meet<'a>(known: &'a Known, finding: &'a Incoming, setting: &Setting<'_>, changes: &mut Changes<'a>) {
    let standing = stand(known, finding, setting);
    if standing.is_none() && known.content == finding.content && known.context == finding.context && known.present {
        changes.counts.kept += 1;
        return;
    }
    if let Some(standing) = &standing {
        let live_again = standing.state.is_live() && !known.state.is_live();
        changes.counts.reopened += i64::from(live_again);
        changes.counts.carried += i64::from(standing.decision.is_some() && !standing.state.is_live());
    }
    changes.counts.changed += 1;
    changes.changed.push((known, finding, standing));
}

/// How the report itself set a finding aside.
fn set_aside(status: &Status) -> Option<(State, String)> {
    match status {
        Status::Open => None,
        Status::Suppressed(why) => {
            let why = why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
            Some((State::FalsePositive, format!("Suppressed in the report{why}")))
        }
        Status::FalsePositive => Some((State::FalsePositive, "Called a false positive in the report".to_owned())),
        Status::Fixed => Some((State::Fixed, "Fixed by the report's own account".to_owned())),
    }
}

/// How a finding that is new here stands, or one that comes back.
fn begin(finding: &Incoming, setting: &Setting<'_>) -> Standing {
    let none = Vec::new();
    let decisions = setting.decisions.get(&finding.fingerprint).unwrap_or(&none);
    let mut standing = Standing {
        state: State::Open,
        by_tool: false,
        severity: finding.severity,
        rated: false,
        decision: None,
        until: None,
        duplicate_of: None,
        said: Vec::new(),
    };
    let subject = |severity| Subject { context: &finding.context, severity, position: setting.position };
    if let Some(decision) = rules::carried(decisions, subject(finding.severity), true, setting.today)
        && let Verdict::Severity(severity) = decision.verdict
    {
        standing.severity = severity;
        standing.rated = true;
        standing.said.push(("rated", format!("Carried over: {}", decision.reason)));
    }
    if let Some((state, why)) = set_aside(&finding.status) {
        standing.state = state;
        standing.by_tool = true;
        standing.said.push(("set_aside", why));
    } else if let Some(decision) = rules::carried(decisions, subject(standing.severity), false, setting.today)
        && let Verdict::State(state) = decision.verdict
    {
        standing.state = state;
        standing.decision = Some(decision.id.clone());
        standing.until = decision.until;
        standing.duplicate_of.clone_from(&decision.duplicate_of);
        standing.said.push(("carried", format!("Carried over: {}", decision.reason)));
    }
    standing
}

/// How a known finding stands after the report, when that differs from before.
fn stand(known: &Known, finding: &Incoming, setting: &Setting<'_>) -> Option<Standing> {
    let aside = set_aside(&finding.status);
    let back = !known.present || (known.state == State::Fixed && aside.is_none());
    let freed = known.by_tool && aside.is_none();
    let newly_aside = aside.is_some() && known.state.is_live();
    if back || freed || newly_aside {
        let mut standing = begin(finding, setting);
        if known.rated && finding.severity <= known.tool_severity {
            standing.severity = known.severity;
            standing.rated = true;
        }
        if standing.said.iter().all(|(action, _)| *action == "rated") {
            let why = if back { "The report has it again" } else { "The report does not set it aside any more" };
            standing.said.push(("reopened", why.to_owned()));
        }
        return Some(standing);
    }
    let severity = rated(known, finding);
    let state = changed(known, finding, severity);
    if severity == known.severity && state == known.state {
        return None;
    }
    let mut said = Vec::new();
    if severity != known.severity {
        said.push(("severity", "The tool rates it otherwise now".to_owned()));
    }
    if state != known.state {
        let why = if known.context == finding.context {
            "It is worse than when that was decided"
        } else {
            "What the decision rested on has changed"
        };
        said.push(("reopened", why.to_owned()));
    }
    Some(Standing {
        state,
        by_tool: false,
        severity,
        rated: known.rated && severity == known.severity,
        decision: None,
        until: None,
        duplicate_of: None,
        said,
    })
}

/// A person's rating stays until the tool finds it worse than it did then.
fn rated(known: &Known, finding: &Incoming) -> i64 {
    if finding.severity == known.tool_severity || (known.rated && finding.severity < known.tool_severity) {
        known.severity
    } else {
        finding.severity
    }
}

fn changed(known: &Known, finding: &Incoming, severity: i64) -> State {
    let moved = known.context != finding.context || severity > known.severity;
    if moved && known.state.is_decided() && !known.by_tool {
        rules::next(known.state, rules::Move::Change).unwrap_or(known.state)
    } else {
        known.state
    }
}

#[cfg(test)]
mod tests {
    use kernel::IdSource;

    use super::*;

    fn incoming(fingerprint: &str, context: &str, severity: i64) -> Incoming {
        Incoming {
            fingerprint: fingerprint.to_owned(),
            context: context.to_owned(),
            content: "content".to_owned(),
            severity,
            status: Status::Open,
            body: 0,
        }
    }

    fn known(fingerprint: &str, state: State, present: bool) -> Known {
        Known {
            id: IdSource::counted().next(Timestamp::from_micros(0)),
            fingerprint: fingerprint.to_owned(),
            context: "c".to_owned(),
            content: "content".to_owned(),
            state,
            present,
            by_tool: false,
            rated: false,
            severity: 2,
            tool_severity: 2,
            opened_at: Timestamp::from_micros(0),
        }
    }

    fn decision(state: State) -> Decision {
        Decision {
            id: "d".to_owned(),
            fingerprint: "f".to_owned(),
            verdict: Verdict::State(state),
            context: "c".to_owned(),
            severity: 2,
            reach: 1,
            reason: "tested".to_owned(),
            until: None,
            duplicate_of: None,
        }
    }

    #[track_caller]
    fn check(known: &[Known], report: &[Incoming], decided: &[Decision], expected: &[(&str, State)], counts: Counts) {
        let decisions = HashMap::from([("f".to_owned(), decided.to_vec())]);
        let setting = Setting { decisions: &decisions, position: Some(3), today: "2026-03-02".parse().unwrap() };
        let changes = compare(known, report, &setting);
        let mut states: Vec<(&str, State)> =
            changes.added.iter().map(|(finding, standing)| (finding.fingerprint.as_str(), standing.state)).collect();
        states.extend(changes.changed.iter().map(|(known, finding, standing)| {
            (finding.fingerprint.as_str(), standing.as_ref().map_or(known.state, |standing| standing.state))
        }));
        states.extend(changes.gone.iter().map(|known| (known.fingerprint.as_str(), State::Fixed)));
        assert_eq!(states, expected);
        assert_eq!(changes.counts, counts);
    }

    #[test]
    fn nothing_new_changes_nothing() {
        let counts = Counts { total: 1, kept: 1, ..Counts::default() };
        check(&[known("f", State::FalsePositive, true)], &[incoming("f", "c", 2)], &[], &[], counts);
    }

    #[test]
    fn what_is_gone_is_fixed_and_what_comes_back_is_open_or_decided_as_before() {
        let gone = Counts { closed: 1, ..Counts::default() };
        check(&[known("f", State::Accepted, true)], &[], &[], &[("f", State::Fixed)], gone);
        let back = Counts { total: 1, changed: 1, reopened: 1, ..Counts::default() };
        check(&[known("f", State::Fixed, false)], &[incoming("f", "c", 2)], &[], &[("f", State::Open)], back);
        let still_there = Counts { total: 1, changed: 1, reopened: 1, ..Counts::default() };
        check(&[known("f", State::Fixed, true)], &[incoming("f", "c", 2)], &[], &[("f", State::Open)], still_there);
        let decided = Counts { total: 1, changed: 1, carried: 1, ..Counts::default() };
        let decision = [decision(State::NotReachable)];
        check(
            &[known("f", State::Fixed, false)],
            &[incoming("f", "c", 2)],
            &decision,
            &[("f", State::NotReachable)],
            decided,
        );
    }

    #[test]
    fn a_term_begins_anew_only_for_what_was_gone_or_has_changed() {
        assert!(known("f", State::Fixed, false).begins_anew());
        assert!(known("f", State::FalsePositive, true).begins_anew());
        assert!(!known("f", State::Fixed, true).begins_anew());
        assert!(!known("f", State::Open, true).begins_anew());
        let aside = Known { by_tool: true, ..known("f", State::FalsePositive, true) };
        assert!(!aside.begins_anew());
        assert!(Known { state: State::Fixed, ..aside }.begins_anew());
    }

    #[test]
    fn a_decision_ends_when_its_ground_moves() {
        let counts = Counts { total: 1, changed: 1, reopened: 1, ..Counts::default() };
        check(
            &[known("f", State::FalsePositive, true)],
            &[incoming("f", "moved", 2)],
            &[],
            &[("f", State::Open)],
            counts,
        );
        check(&[known("f", State::FalsePositive, true)], &[incoming("f", "c", 3)], &[], &[("f", State::Open)], counts);
        let milder = Counts { total: 1, changed: 1, ..Counts::default() };
        check(
            &[known("f", State::FalsePositive, true)],
            &[incoming("f", "c", 1)],
            &[],
            &[("f", State::FalsePositive)],
            milder,
        );
    }

    #[test]
    fn a_new_finding_takes_the_decision_that_holds() {
        let counts = Counts { total: 1, added: 1, carried: 1, ..Counts::default() };
        check(&[], &[incoming("f", "c", 2)], &[decision(State::FalsePositive)], &[("f", State::FalsePositive)], counts);
        let counts = Counts { total: 1, added: 1, ..Counts::default() };
        check(&[], &[incoming("f", "other", 2)], &[decision(State::FalsePositive)], &[("f", State::Open)], counts);
    }

    #[test]
    fn a_persons_rating_stays_until_the_tool_finds_it_worse() {
        let mut one = known("f", State::Open, true);
        one.rated = true;
        one.severity = 1;
        assert_eq!(rated(&one, &incoming("f", "c", 2)), 1);
        assert_eq!(rated(&one, &incoming("f", "c", 1)), 1);
        assert_eq!(rated(&one, &incoming("f", "c", 3)), 3);
    }
}
