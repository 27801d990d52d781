//! The pages of the advisory desk: the list, one advisory, its editor, the texts saved before.

mod editor;
mod history;
mod list;
mod one;

use maud::Markup;
use web::ui::{self, Tone};

use super::model::State;

pub(super) use editor::{check, edit, edit_form, new, new_form};
pub(super) use history::{history, restore};
pub(super) use list::{csv, list};
pub(super) use one::{approve, back, publish, revise, schedule, show, submit, unschedule, withdraw};

/// How a state looks.
pub(crate) fn state_badge(state: State) -> Markup {
    let tone = match state {
        State::Draft => Tone::Neutral,
        State::InReview => Tone::Warn,
        State::Approved | State::Scheduled => Tone::Info,
        State::Published => Tone::Good,
        State::Withdrawn => Tone::Bad,
    };
    ui::state(tone, state.label())
}
