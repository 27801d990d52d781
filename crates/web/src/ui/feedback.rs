//! What the program says back: messages, warnings, empty lists, error pages.

use maud::{Markup, html};

use super::badge::Tone;
use super::icon::icon;

/// A message shown once, after something was done.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Good, warn, bad or info.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

impl Flash {
    /// Something went as asked.
    pub fn good(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Good, text: text.into() }
    }

    /// Something did not.
    pub fn bad(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Bad, text: text.into() }
    }

    pub(crate) fn markup(&self) -> Markup {
        let role = if matches!(self.tone, Tone::Bad | Tone::Warn) { "alert" } else { "status" };
        html! { div class={"flash " (self.tone.class())} role=(role) { (icon(self.tone.icon())) p { (self.text) } } }
    }
}

/// A standing message on a page: a title, which may be empty, and its explanation.
pub fn alert(tone: Tone, title: &str, body: Markup) -> Markup {
    html! {
        div class={"alert " (tone.class())} {
            (icon(tone.icon()))
            div { @if !title.is_empty() { p class="alert-title" { (title) } } div class="alert-body" { (body) } }
        }
    }
}

/// What an empty list shows: what is missing and what to do about it.
pub fn empty_state(title: &str, text: &str) -> Markup {
    empty_state_with(title, text, super::nothing())
}

/// An empty list with the button that fills it.
pub fn empty_state_with(title: &str, text: &str, action: Markup) -> Markup {
    html! {
        div class="empty" {
            (super::icon::mark())
            p class="empty-title" { (title) }
            p class="muted" { (text) }
            @if !action.0.is_empty() { div class="actions" { (action) } }
        }
    }
}

/// The body of an error page: what is wrong, what to do, and the number of the request for support.
pub fn problem(title: &str, text: &str, request: &str, actions: Markup) -> Markup {
    html! {
        div class="problem" {
            (super::icon::mark())
            @if !title.is_empty() { h1 { (title) } }
            p { (text) }
            @if !actions.0.is_empty() { div class="actions" { (actions) } }
            @if !request.is_empty() { p class="muted small" { "Request " code { (request) } } }
        }
    }
}
