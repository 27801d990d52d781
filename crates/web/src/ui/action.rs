//! What a person can press: buttons, button forms with a question before them, menus, dialogs.

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// How much a button asks for attention; one primary button a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Primary,
    Secondary,
    Danger,
    Plain,
}

impl Weight {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Weight::Primary => "btn primary",
            Weight::Secondary => "btn",
            Weight::Danger => "btn danger",
            Weight::Plain => "btn plain",
        }
    }
}

/// The button that sends the form it stands in.
pub fn submit(weight: Weight, label: &str) -> Markup {
    html! { button type="submit" class=(weight.class()) { (label) } }
}

/// A button that sends its form with `name=value`, for forms with more than one button.
pub fn submit_named(weight: Weight, label: &str, name: &str, value: &str) -> Markup {
    html! { button type="submit" class=(weight.class()) name=(name) value=(value) { (label) } }
}

/// A link that looks like a button: for going somewhere, never for changing something.
pub fn button_link(weight: Weight, label: &str, href: &str) -> Markup {
    html! { a class=(weight.class()) href=(href) { (label) } }
}

/// A button that copies `text`; shown only when script runs.
pub fn copy_button(text: &str) -> Markup {
    html! {
        button type="button" class="btn plain small copy" data-copy=(text) hidden { (icon(Icon::Copy)) span { "Copy" } }
    }
}

/// A button that changes something: a form of its own, sent by POST, with a question first if wanted.
#[derive(Debug, Clone)]
pub struct ButtonForm {
    action: String,
    label: String,
    weight: Weight,
    hidden: Vec<(String, String)>,
    question: Option<String>,
    fields: Option<Markup>,
    icon: Option<Icon>,
}

impl ButtonForm {
    /// A secondary button that posts to `action`.
    pub fn new(label: impl Into<String>, action: impl Into<String>) -> ButtonForm {
        ButtonForm {
            action: action.into(),
            label: label.into(),
            weight: Weight::Secondary,
            hidden: Vec::new(),
            question: None,
            fields: None,
            icon: None,
        }
    }

    /// Sets how much the button asks for attention.
    #[must_use]
    pub fn weight(mut self, weight: Weight) -> ButtonForm {
        self.weight = weight;
        self
    }

    /// Adds a hidden value: the revision the person read, for example.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl std::fmt::Display) -> ButtonForm {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// Asks before sending. Without script the question opens below the button, with script in a dialog.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> ButtonForm {
        self.question = Some(question.into());
        self
    }

    /// Fields to fill in before sending, such as a reason; shown with the question.
    #[must_use]
    pub fn fields(mut self, fields: Markup) -> ButtonForm {
        self.fields = Some(fields);
        self
    }

    /// Puts an icon before the label.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> ButtonForm {
        self.icon = Some(icon);
        self
    }

    /// The finished button.
    pub fn markup(&self) -> Markup {
        let label = html! { @if let Some(which) = self.icon { (icon(which)) } (self.label) };
        let hidden = html! { @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); } };
        if self.question.is_none() && self.fields.is_none() {
            return html! {
                form class="button-form" method="post" action=(self.action) {
                    (hidden) button type="submit" class=(self.weight.class()) { (label) }
                }
            };
        }
        let send = if self.weight == Weight::Danger { Weight::Danger } else { Weight::Primary };
        html! {
            details class="confirm" data-confirm=(self.label) {
                summary class=(self.weight.class()) { (label) }
                div class="confirm-box" {
                    form method="post" action=(self.action) {
                        (hidden)
                        @if let Some(question) = &self.question { p { (question) } }
                        @if let Some(fields) = &self.fields { (fields) }
                        div class="form-actions" { button type="submit" class=(send.class()) { (self.label) } }
                    }
                }
            }
        }
    }
}

/// A button that opens a list of links and button forms.
#[derive(Debug, Clone)]
pub struct Menu {
    label: String,
    weight: Weight,
    entries: Vec<Markup>,
}

impl Menu {
    /// An empty menu behind a secondary button.
    pub fn new(label: impl Into<String>) -> Menu {
        Menu { label: label.into(), weight: Weight::Secondary, entries: Vec::new() }
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, label: &str, href: &str) -> Menu {
        self.entries.push(html! { a href=(href) { (label) } });
        self
    }

    /// Adds a button that posts to `action`.
    #[must_use]
    pub fn post(mut self, label: &str, action: &str) -> Menu {
        self.entries.push(html! { form method="post" action=(action) { button type="submit" { (label) } } });
        self
    }

    /// Adds anything else.
    #[must_use]
    pub fn entry(mut self, entry: Markup) -> Menu {
        self.entries.push(entry);
        self
    }

    /// The finished menu.
    pub fn markup(&self) -> Markup {
        html! {
            details class="dropdown" data-dropdown {
                summary class=(self.weight.class()) { (self.label) (icon(Icon::Down)) }
                ul { @for entry in &self.entries { li { (entry) } } }
            }
        }
    }
}

renders!(ButtonForm, Menu);

/// A box over the page, opened by [`dialog_button`] with the same `id`; works without script.
pub fn dialog(id: &str, title: &str, body: Markup) -> Markup {
    let heading = format!("{id}-title");
    html! {
        dialog id=(id) class="dialog" popover aria-labelledby=(heading) {
            header class="dialog-head" {
                h2 id=(heading) { (title) }
                button type="button" class="btn plain icon-only" popovertarget=(id) popovertargetaction="hide" aria-label="Close" {
                    (icon(Icon::Cross))
                }
            }
            div class="dialog-body" { (body) }
        }
    }
}

/// The button that opens the dialog `id`.
pub fn dialog_button(id: &str, weight: Weight, label: &str) -> Markup {
    html! { button type="button" class=(weight.class()) popovertarget=(id) { (label) } }
}
