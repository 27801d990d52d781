//! Dates from a schedule: when an activity is due in each way of working. Pure.

use std::collections::BTreeMap;

use kernel::Date;
use pack::{AgileDue, Criterion, Due, Pack, Planned};

use super::model::Schedule;

/// The last day of each phase when nobody set it: the time to the target divided evenly.
pub(super) fn even_phases(pack: &Pack, starts_on: Date, target_on: Date) -> BTreeMap<String, Date> {
    let days = target_on.days_since(starts_on).max(0);
    let count = i32::try_from(pack.phases.len()).unwrap_or(1).max(1);
    let end = |(index, phase): (usize, &pack::Phase)| {
        let nth = i32::try_from(index).unwrap_or(0).saturating_add(1);
        (phase.id.clone(), starts_on.plus_days(days.saturating_mul(nth) / count))
    };
    pack.phases.iter().enumerate().map(end).collect()
}

fn phase_end(pack: &Pack, schedule: &Schedule, index: usize) -> Date {
    let phase = pack.phases.get(index).map(|phase| phase.id.as_str()).unwrap_or_default();
    schedule.phase_ends.get(phase).copied().unwrap_or(schedule.target_on)
}

/// When one due of an activity is, by the schedule.
fn day(pack: &Pack, schedule: &Schedule, due: &Due<'_>) -> Date {
    let sprint = |count: u32| {
        let days = i32::try_from(count.saturating_mul(schedule.sprint_days)).unwrap_or(i32::MAX);
        schedule.starts_on.plus_days(days).min(schedule.target_on)
    };
    match due {
        Due::Waterfall(due, index) => match (due.criterion, index) {
            (Criterion::Entry, 0) => schedule.starts_on,
            (Criterion::Entry, index) => phase_end(pack, schedule, index - 1),
            (Criterion::Exit, index) => phase_end(pack, schedule, *index),
        },
        Due::Agile(AgileDue::Bucket { sprints }) => sprint(*sprints),
        Due::Agile(AgileDue::Setup) => sprint(1),
        Due::Agile(AgileDue::Done { .. } | AgileDue::Trigger { .. }) | Due::Devops(_) => schedule.target_on,
    }
}

/// The earliest day on which an activity is due, and why, for all its ways of working.
pub(super) fn due(pack: &Pack, schedule: &Schedule, planned: &Planned<'_>) -> (Date, String) {
    let earliest = planned.due.iter().map(|due| day(pack, schedule, due)).min().unwrap_or(schedule.target_on);
    let words: Vec<String> =
        planned.due.iter().map(|due| format!("{}: {}", due.model().title(), pack.due_words(due))).collect();
    (earliest, words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_share_the_time() {
        let phase = |id: &str| pack::Phase { id: id.to_owned(), title: String::new(), about: String::new() };
        let pack = Pack { phases: vec![phase("a"), phase("b")], ..Pack::default() };
        let ends = even_phases(&pack, "2026-01-01".parse().unwrap(), "2026-01-11".parse().unwrap());
        assert_eq!(ends["a"].to_string(), "2026-01-06");
        assert_eq!(ends["b"].to_string(), "2026-01-11");
    }

    #[test]
    fn what_is_needed_to_enter_a_phase_is_due_when_the_one_before_ends() {
        let phase = |id: &str| pack::Phase { id: id.to_owned(), title: String::new(), about: String::new() };
        let pack = Pack { phases: vec![phase("a"), phase("b")], ..Pack::default() };
        let schedule = Schedule {
            starts_on: "2026-01-01".parse().unwrap(),
            target_on: "2026-01-11".parse().unwrap(),
            sprint_days: 14,
            phase_ends: even_phases(&pack, "2026-01-01".parse().unwrap(), "2026-01-11".parse().unwrap()),
        };
        let gate = |criterion| pack::WaterfallDue { phase: "b".to_owned(), criterion, approver: String::new() };
        let (entry, exit) = (gate(Criterion::Entry), gate(Criterion::Exit));
        assert_eq!(day(&pack, &schedule, &Due::Waterfall(&entry, 1)).to_string(), "2026-01-06");
        assert_eq!(day(&pack, &schedule, &Due::Waterfall(&exit, 1)).to_string(), "2026-01-11");
        assert_eq!(
            day(&pack, &schedule, &Due::Agile(&AgileDue::Setup)).to_string(),
            "2026-01-11",
            "never after the target"
        );
    }
}
