//! What happened and what comes next: timelines, conversations, the states of a case, response clocks.

use maud::{Markup, html};

use super::badge::{Tone, avatar};
use super::icon::{Icon, icon};
use super::layout::time;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Event {
    icon: Icon,
    tone: Tone,
    title: Markup,
    actor: String,
    at: (String, String),
    body: Option<Markup>,
}

impl Event {
    /// What happened, and when: RFC 3339 and words.
    pub fn new(icon: Icon, title: Markup, iso: impl Into<String>, words: impl Into<String>) -> Event {
        Event { icon, tone: Tone::Neutral, title, actor: String::new(), at: (iso.into(), words.into()), body: None }
    }

    /// Who did it.
    #[must_use]
    pub fn by(mut self, actor: impl Into<String>) -> Event {
        self.actor = actor.into();
        self
    }

    /// Colours the sign of the event.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Event {
        self.tone = tone;
        self
    }

    /// More about it: a note, a comparison.
    #[must_use]
    pub fn body(mut self, body: Markup) -> Event {
        self.body = Some(body);
        self
    }
}

/// What happened, in the order given.
pub fn timeline(events: &[Event]) -> Markup {
    html! {
        ol class="timeline" {
            @for event in events {
                li class=(event.tone.class()) {
                    span class="timeline-sign" { (icon(event.icon)) }
                    div {
                        p class="timeline-line" {
                            span { (event.title) }
                            span class="muted small" {
                                @if !event.actor.is_empty() { (event.actor) " · " }
                                (time(&event.at.0, &event.at.1))
                            }
                        }
                        @if let Some(body) = &event.body { div class="timeline-body" { (body) } }
                    }
                }
            }
        }
    }
}

/// What is known about the signature of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    None,
    Good,
    UnknownKey,
    Bad,
}

/// One message of a conversation.
#[derive(Debug, Clone)]
pub struct Message {
    from: String,
    to: String,
    at: (String, String),
    subject: String,
    body: Markup,
    kind: &'static str,
    encrypted: bool,
    signature: Signature,
    attachments: Markup,
}

impl Message {
    fn of(kind: &'static str, from: impl Into<String>, iso: &str, words: &str, text: &str) -> Message {
        Message {
            from: from.into(),
            to: String::new(),
            at: (iso.into(), words.into()),
            subject: String::new(),
            body: html! { p class="message-text" { (text) } },
            kind,
            encrypted: false,
            signature: Signature::None,
            attachments: super::nothing(),
        }
    }

    /// A message we received.
    pub fn received(from: impl Into<String>, iso: &str, words: &str, text: &str) -> Message {
        Message::of("in", from, iso, words, text)
    }

    /// A message we sent.
    pub fn sent(from: impl Into<String>, iso: &str, words: &str, text: &str) -> Message {
        Message::of("out", from, iso, words, text)
    }

    /// A note only staff see.
    pub fn internal(from: impl Into<String>, iso: &str, words: &str, text: &str) -> Message {
        Message::of("internal", from, iso, words, text)
    }

    /// Who it went to.
    #[must_use]
    pub fn to(mut self, to: impl Into<String>) -> Message {
        self.to = to.into();
        self
    }

    /// What it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Message {
        self.subject = subject.into();
        self
    }

    /// That it travelled encrypted.
    #[must_use]
    pub fn encrypted(mut self, encrypted: bool) -> Message {
        self.encrypted = encrypted;
        self
    }

    /// What is known about its signature.
    #[must_use]
    pub fn signature(mut self, signature: Signature) -> Message {
        self.signature = signature;
        self
    }

    /// Files that came with it, usually from `file_list`.
    #[must_use]
    pub fn attachments(mut self, attachments: Markup) -> Message {
        self.attachments = attachments;
        self
    }

    fn seals(&self) -> Markup {
        html! {
            @if self.kind == "internal" { span class="badge tone-warn" { (icon(Icon::Eye)) "Internal note" } }
            @else if self.encrypted { span class="badge tone-good" { (icon(Icon::Lock)) "Encrypted" } }
            @else { span class="badge tone-neutral" { (icon(Icon::Unlock)) "Not encrypted" } }
            @match self.signature {
                Signature::None => {},
                Signature::Good => span class="badge tone-good" { (icon(Icon::Check)) "Signature verified" },
                Signature::UnknownKey => span class="badge tone-warn" { (icon(Icon::Key)) "Signed, key unknown" },
                Signature::Bad => span class="badge tone-bad" { (icon(Icon::Warning)) "Signature does not match" },
            }
        }
    }

    fn markup(&self) -> Markup {
        html! {
            article class={"message " (self.kind)} {
                header {
                    (avatar(&self.from))
                    div class="message-who" {
                        strong { (self.from) }
                        span class="muted small" { @if !self.to.is_empty() { "to " (self.to) " · " } (time(&self.at.0, &self.at.1)) }
                    }
                    div class="badges" { (self.seals()) }
                }
                @if !self.subject.is_empty() { p class="message-subject" { (self.subject) } }
                (self.body)
                (self.attachments)
            }
        }
    }
}

/// A conversation, in the order given.
pub fn thread(messages: &[Message]) -> Markup {
    html! { div class="thread" { @for message in messages { (message.markup()) } } }
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    Ahead,
    Skipped,
}

/// One step of a procedure.
#[derive(Debug, Clone)]
pub struct Step {
    label: String,
    note: String,
    state: StepState,
}

impl Step {
    /// A step and where it stands.
    pub fn new(label: impl Into<String>, state: StepState) -> Step {
        Step { label: label.into(), note: String::new(), state }
    }

    /// A quiet line below it: when it was done, who has it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Step {
        self.note = note.into();
        self
    }

    /// Steps from their names, with the one at `current` (counted from nought) current.
    pub fn list<'a>(labels: impl IntoIterator<Item = &'a str>, current: usize) -> Vec<Step> {
        labels
            .into_iter()
            .enumerate()
            .map(|(place, label)| {
                let state = match place.cmp(&current) {
                    std::cmp::Ordering::Less => StepState::Done,
                    std::cmp::Ordering::Equal => StepState::Current,
                    std::cmp::Ordering::Greater => StepState::Ahead,
                };
                Step::new(label, state)
            })
            .collect()
    }
}

/// The states something goes through, and which one it is in.
pub fn stepper(label: &str, steps: &[Step]) -> Markup {
    html! {
        ol class="stepper" aria-label=(label) {
            @for step in steps {
                @let (class, word) = match step.state {
                    StepState::Done => ("done", "done"),
                    StepState::Current => ("current", "now"),
                    StepState::Ahead => ("ahead", "ahead"),
                    StepState::Skipped => ("skipped", "skipped"),
                };
                li class=(class) aria-current=[(step.state == StepState::Current).then_some("step")] {
                    span class="step-sign" { @if step.state == StepState::Done { (icon(Icon::Check)) } }
                    span class="step-words" {
                        span class="step-label" { (step.label) span class="sr-only" { " (" (word) ")" } }
                        @if !step.note.is_empty() { span class="muted small" { (step.note) } }
                    }
                }
            }
        }
    }
}

/// How a response target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    Met,
    MetLate,
    Running,
    Warning,
    Overdue,
    Paused,
}

/// One response target.
#[derive(Debug, Clone)]
pub struct Clock {
    label: String,
    due: (String, String),
    remaining: String,
    state: ClockState,
    used: u8,
    provisional: bool,
}

impl Clock {
    /// A target, when it is due (RFC 3339 and words), and how it stands.
    pub fn new(label: impl Into<String>, iso: &str, words: &str, state: ClockState) -> Clock {
        Clock {
            label: label.into(),
            due: (iso.into(), words.into()),
            remaining: String::new(),
            state,
            used: 0,
            provisional: false,
        }
    }

    /// What remains, in words: "2 working days left", "overdue by 5 hours".
    #[must_use]
    pub fn remaining(mut self, words: impl Into<String>) -> Clock {
        self.remaining = words.into();
        self
    }

    /// How much of the time is used up, in per cent.
    #[must_use]
    pub fn used(mut self, percent: u8) -> Clock {
        self.used = percent.min(100);
        self
    }

    /// That the target comes from a score not yet confirmed.
    #[must_use]
    pub fn provisional(mut self) -> Clock {
        self.provisional = true;
        self
    }
}

/// One response target as a small block.
pub fn clock(target: &Clock) -> Markup {
    let (tone, word) = match target.state {
        ClockState::Met => (Tone::Good, "Met"),
        ClockState::MetLate => (Tone::Warn, "Met late"),
        ClockState::Running => (Tone::Info, "Running"),
        ClockState::Warning => (Tone::Warn, "Due soon"),
        ClockState::Overdue => (Tone::Bad, "Overdue"),
        ClockState::Paused => (Tone::Neutral, "Paused"),
    };
    html! {
        div class={"clock " (tone.class())} {
            div class="clock-line" {
                span class="clock-label" { (target.label) @if target.provisional { span class="muted small" { " provisional" } } }
                span class={"badge " (tone.class())} { (word) }
            }
            progress max="100" value=(target.used) aria-label={(target.label) ": time used"} { (target.used) "%" }
            div class="clock-line small" {
                span { @if !target.remaining.is_empty() { (target.remaining) } }
                span class="muted" { "due " (time(&target.due.0, &target.due.1)) }
            }
        }
    }
}

/// Response targets below each other.
pub fn clocks(targets: &[Clock]) -> Markup {
    html! { div class="clocks" { @for target in targets { (clock(target)) } } }
}
