//! Words and signs for how tasks and releases stand.

use kernel::{Date, Timestamp};
use maud::{Markup, html};
use web::ui;

use super::model::{PieceState, TaskState};
use super::summary::Counts;
use crate::gate::Choice;

/// A state as a dot and a word.
pub(crate) fn state_badge(state: TaskState) -> Markup {
    ui::state(tone(state), state.label())
}

pub(super) const fn tone(state: TaskState) -> ui::Tone {
    match state {
        TaskState::Open => ui::Tone::Neutral,
        TaskState::InWork => ui::Tone::Info,
        TaskState::Waiting | TaskState::Waived => ui::Tone::Warn,
        TaskState::Done => ui::Tone::Good,
        TaskState::Lapsed => ui::Tone::Bad,
        TaskState::NotApplicable => ui::Tone::Neutral,
    }
}

pub(super) fn piece_badge(state: PieceState) -> Markup {
    match state {
        PieceState::Missing => ui::state(ui::Tone::Neutral, "Missing"),
        PieceState::Unreviewed => ui::state(ui::Tone::Warn, "To be reviewed"),
        PieceState::Met => ui::state(ui::Tone::Good, "There"),
        PieceState::Lapsed => ui::state(ui::Tone::Bad, "Lapsed"),
        PieceState::Failed => ui::state(ui::Tone::Bad, "Not met"),
    }
}

/// Whether the gate lets a release pass, from its figures.
pub(super) fn gate_badge(counts: &Counts) -> Markup {
    if counts.total() == 0 {
        return ui::state(ui::Tone::Neutral, "No plan");
    }
    match (counts.lacking(), counts.waived) {
        (0, 0) => ui::state(ui::Tone::Good, "Would pass"),
        (0, _) => ui::state(ui::Tone::Good, "Would pass with exceptions"),
        (lacking, _) => ui::state(ui::Tone::Bad, &format!("{lacking} lacking")),
    }
}

/// What was decided at the release gate, and when.
pub(super) fn decision_badge(choice: Choice, at: Timestamp) -> Markup {
    let tone = match choice {
        Choice::Passed | Choice::PassedWithExceptions => ui::Tone::Good,
        Choice::Stopped => ui::Tone::Bad,
    };
    html! { (ui::state(tone, choice.label())) br; span class="muted small" { (at.date()) } }
}

/// A due date, loud when it is past.
pub(super) fn due(day: Date, today: Date, settled: bool) -> Markup {
    let days = day.days_since(today);
    html! {
        (day)
        @if !settled {
            @if days < 0 { " " (ui::badge(ui::Tone::Bad, &format!("{} days over", -days))) }
            @else if days <= 7 { " " (ui::badge(ui::Tone::Warn, "soon")) }
        }
    }
}
