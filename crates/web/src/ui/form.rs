//! Forms: fields with label, hint and error, and the summary of what is wrong.

use std::fmt::Display;

use maud::{Markup, html};

use super::action::{Weight, submit};
use super::assets::asset_url;
use super::badge::Tone;
use super::icon::{Icon, icon};

/// One choice of a select, a radio group or a group of boxes.
#[derive(Debug, Clone)]
pub struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
    group: String,
    chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), hint: None, group: String::new(), chosen: false }
    }

    /// Choices from pairs of value and label, with the one that equals `chosen` chosen.
    pub fn list<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
        pairs.into_iter().map(|(value, label)| Choice::new(value, label).chosen(value == chosen)).collect()
    }

    /// A second, quieter line; not shown in a select.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = Some(hint.into());
        self
    }

    /// In a select, shows it below this title together with its neighbours of the same title.
    #[must_use]
    pub fn group(mut self, title: impl Into<String>) -> Choice {
        self.group = title.into();
        self
    }

    /// Chooses it when `chosen` holds.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Choice {
        self.chosen = chosen;
        self
    }

    pub(crate) fn option(&self) -> Markup {
        html! { option value=(self.value) selected[self.chosen] { (self.label) } }
    }
}

#[derive(Debug, Clone)]
enum Kind {
    Input(&'static str),
    Area(u32),
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Boxes(Vec<Choice>),
    Box(bool),
}

/// One field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    kind: Kind,
    name: String,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    checks: Option<Vec<(Tone, String)>>,
    required: bool,
    extra: Vec<(&'static str, String)>,
}

impl Field {
    fn of(kind: Kind, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field {
            kind,
            name: name.into(),
            label: label.into(),
            value: String::new(),
            hint: None,
            error: None,
            checks: None,
            required: false,
            extra: Vec::new(),
        }
    }

    /// One line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("text"), name, label)
    }

    /// An e-mail address.
    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("email"), name, label).autocomplete("email")
    }

    /// A password.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("password"), name, label)
    }

    /// An address on the web.
    pub fn url(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("url"), name, label)
    }

    /// A whole number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("number"), name, label)
    }

    /// A date (`2026-11-22`).
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("date"), name, label)
    }

    /// A date with a time (`2026-11-22T14:30`).
    pub fn datetime(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("datetime-local"), name, label)
    }

    /// A file; the form must be [`Form::multipart`].
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("file"), name, label)
    }

    /// Text of several lines.
    pub fn textarea(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::of(Kind::Area(6), name, label)
    }

    /// One of a list that folds out.
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field::of(Kind::Select(choices), name, label)
    }

    /// One of a few, all in view.
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field::of(Kind::Radios(choices), name, label)
    }

    /// Any of a few, all in view.
    pub fn boxes(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field::of(Kind::Boxes(choices), name, label)
    }

    /// Yes or no; sends `name=on` when ticked.
    pub fn checkbox(name: impl Into<String>, label: impl Into<String>, ticked: bool) -> Field {
        Field::of(Kind::Box(ticked), name, label)
    }

    /// What is in the field now.
    #[must_use]
    pub fn value(mut self, value: impl Display) -> Field {
        self.value = value.to_string();
        self
    }

    /// What the person should know before filling it in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with what was sent; `None` when nothing is.
    #[must_use]
    pub fn error(mut self, error: Option<impl Into<String>>) -> Field {
        self.error = error.map(Into::into);
        self
    }

    /// What a check found about what is in the field, shown below it and kept up to date in a [`Form::live`] form.
    #[must_use]
    pub fn checked(mut self, findings: Vec<(Tone, String)>) -> Field {
        self.checks = Some(findings);
        self
    }

    /// Marks the field as one that must be filled in.
    #[must_use]
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// How many lines a textarea shows.
    #[must_use]
    pub fn lines(mut self, lines: u32) -> Field {
        if let Kind::Area(shown) = &mut self.kind {
            *shown = lines;
        }
        self
    }

    /// An example shown while the field is empty.
    #[must_use]
    pub fn placeholder(self, text: impl Into<String>) -> Field {
        self.attribute("placeholder", text)
    }

    /// What browsers may fill in (`"name"`, `"current-password"`, `"off"`).
    #[must_use]
    pub fn autocomplete(self, what: impl Into<String>) -> Field {
        self.attribute("autocomplete", what)
    }

    /// The longest text taken.
    #[must_use]
    pub fn longest(self, characters: u32) -> Field {
        self.attribute("maxlength", characters.to_string())
    }

    /// The smallest and largest number, or the first and last date.
    #[must_use]
    pub fn between(self, least: impl Display, most: impl Display) -> Field {
        self.attribute("min", least.to_string()).attribute("max", most.to_string())
    }

    /// Which files a file field offers (`".pdf,.txt"`).
    #[must_use]
    pub fn accept(self, endings: impl Into<String>) -> Field {
        self.attribute("accept", endings)
    }

    fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Field {
        self.extra.push((name, value.into()));
        self
    }

    fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The address of the field on its page, for links from the error summary.
    fn id(&self) -> String {
        format!("field-{}", self.name)
    }

    fn described_by(&self) -> Option<String> {
        let id = self.id();
        let parts = [(self.hint.is_some(), "hint"), (self.error.is_some(), "error"), (self.checks.is_some(), "checks")];
        let ids: Vec<String> =
            parts.iter().filter(|(there, _)| *there).map(|(_, part)| format!("{id}-{part}")).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn mark(&self) -> Markup {
        html! { @if self.required { span class="required" title="Required" aria-hidden="true" { "*" } } }
    }

    fn notes(&self) -> Markup {
        let id = self.id();
        html! {
            @if let Some(hint) = &self.hint { p class="hint" id={(id) "-hint"} { (hint) } }
            @if let Some(error) = &self.error {
                p class="error" id={(id) "-error"} { (icon(Icon::Warning)) span { span class="sr-only" { "Error: " } (error) } }
            }
        }
    }

    /// The input, textarea or select itself.
    fn control(&self) -> Markup {
        let id = self.id();
        let described = self.described_by();
        let invalid = self.error.is_some().then_some("true");
        match &self.kind {
            Kind::Area(lines) => html! {
                textarea id=(id) name=(self.name) rows=(lines) required[self.required] aria-invalid=[invalid]
                    aria-describedby=[described] placeholder=[self.extra("placeholder")]
                    maxlength=[self.extra("maxlength")] { (self.value) }
            },
            Kind::Select(choices) => html! {
                select id=(id) name=(self.name) required[self.required] aria-invalid=[invalid] aria-describedby=[described] {
                    @for group in choices.chunk_by(|one, next| one.group == next.group) {
                        @match group.first().map(|choice| choice.group.as_str()) {
                            Some(title) if !title.is_empty() => optgroup label=(title) { @for choice in group { (choice.option()) } },
                            _ => { @for choice in group { (choice.option()) } },
                        }
                    }
                }
            },
            Kind::Input(kind) => html! {
                input type=(kind) id=(id) name=(self.name) required[self.required] aria-invalid=[invalid]
                    value=[(*kind != "file").then_some(self.value.as_str())]
                    aria-describedby=[described] placeholder=[self.extra("placeholder")]
                    autocomplete=[self.extra("autocomplete")] maxlength=[self.extra("maxlength")]
                    min=[self.extra("min")] max=[self.extra("max")] accept=[self.extra("accept")];
            },
            Kind::Radios(choices) => self.group("radio", choices),
            Kind::Boxes(choices) => self.group("checkbox", choices),
            Kind::Box(ticked) => html! {
                input type="checkbox" id=(id) name=(self.name) value="on" checked[*ticked] required[self.required]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
        }
    }

    fn group(&self, kind: &str, choices: &[Choice]) -> Markup {
        html! {
            @for (place, choice) in choices.iter().enumerate() {
                label class="choice" {
                    input type=(kind) name=(self.name) value=(choice.value) checked[choice.chosen]
                        required[self.required && kind == "radio"] id=[(place == 0).then(|| self.id())];
                    span { (choice.label) @if let Some(hint) = &choice.hint { span class="hint" { (hint) } } }
                }
            }
        }
    }

    /// The finished field.
    pub fn markup(&self) -> Markup {
        let class = if self.error.is_some() { "field wrong" } else { "field" };
        match &self.kind {
            Kind::Radios(_) | Kind::Boxes(_) => html! {
                fieldset class=(class) aria-describedby=[self.described_by()] {
                    legend { (self.label) (self.mark()) }
                    (self.notes())
                    div class="choices" { (self.control()) }
                }
            },
            Kind::Box(_) => html! {
                div class=(class) {
                    label class="choice" for=(self.id()) { (self.control()) span { (self.label) (self.mark()) } }
                    (self.notes())
                }
            },
            Kind::Input(_) | Kind::Area(_) | Kind::Select(_) => html! {
                div class=(class) {
                    label for=(self.id()) { (self.label) (self.mark()) }
                    (self.notes())
                    (self.control())
                    @if let Some(findings) = &self.checks { (field_checks(&self.name, findings)) }
                }
            },
        }
    }
}

/// A form sent by POST: fields below each other, then its buttons.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    multipart: bool,
    errors: Vec<(String, String)>,
    labels: Vec<(String, String)>,
    parts: Vec<Markup>,
    submit: String,
    beside: Vec<Markup>,
    live: Option<String>,
}

impl Form {
    /// A form that posts to `action`, with the words on its button.
    pub fn new(action: impl Into<String>, submit: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            multipart: false,
            errors: Vec::new(),
            labels: Vec::new(),
            parts: Vec::new(),
            submit: submit.into(),
            beside: Vec::new(),
            live: None,
        }
    }

    /// Sends files too.
    #[must_use]
    pub fn multipart(mut self) -> Form {
        self.multipart = true;
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Form {
        self.labels.push((field.name.clone(), field.label.clone()));
        self.parts.push(field.markup());
        self
    }

    /// Adds a value that is sent but not shown, such as the revision that was read.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Display) -> Form {
        self.parts.push(hidden(name, value));
        self
    }

    /// Adds anything else.
    #[must_use]
    pub fn part(mut self, part: Markup) -> Form {
        self.parts.push(part);
        self
    }

    /// What was wrong with what was sent: names of fields and words.
    #[must_use]
    pub fn errors(mut self, errors: &[(String, String)]) -> Form {
        self.errors = errors.to_vec();
        self
    }

    /// Has the form checked while it is filled in, where script runs: after a pause it is posted to `address`, whose
    /// answer is a piece of page; each part of it with an `id` and the attribute `data-live-part` takes the place of
    /// the part of that name. A button with the name `do` and the value `check` is for those without script.
    #[must_use]
    pub fn live(mut self, address: impl Into<String>) -> Form {
        self.live = Some(address.into());
        self
    }

    /// A second button or a link beside the first.
    #[must_use]
    pub fn beside(mut self, button: Markup) -> Form {
        self.beside.push(button);
        self
    }

    /// The finished form.
    pub fn markup(&self) -> Markup {
        html! {
            form class="form" method="post" action=(self.action) data-guard data-live=[self.live.as_deref()]
                enctype=[self.multipart.then_some("multipart/form-data")] {
                (summary(&self.errors, &self.labels))
                @for part in &self.parts { (part) }
                div class="form-actions" {
                    (submit(Weight::Primary, &self.submit))
                    @for button in &self.beside { (button) }
                    @if self.live.is_some() { span class="muted small" role="status" data-live-state {} }
                }
            }
            @if self.live.is_some() { script type="module" src=(asset_url("live.js")) {} }
        }
    }
}

renders!(Field, Form);

/// A value that is sent but not shown.
pub fn hidden(name: &str, value: impl Display) -> Markup {
    html! { input type="hidden" name=(name) value=(value.to_string()); }
}

/// What a check found about a field: the part of the page below it that a [`Form::live`] form replaces.
pub fn field_checks(name: &str, findings: &[(Tone, String)]) -> Markup {
    html! {
        ul class="field-checks" id={"field-" (name) "-checks"} data-live-part {
            @for (tone, words) in findings {
                li class=(tone.class()) { (icon(tone.icon())) span { (words) } }
            }
        }
    }
}

/// A titled group of fields.
pub fn fieldset(title: &str, fields: Markup) -> Markup {
    html! { fieldset class="group" { legend { (title) } (fields) } }
}

/// What is wrong, above the form, each with a link to its field; nothing when nothing is.
pub fn error_summary(errors: &[(String, String)]) -> Markup {
    summary(errors, &[])
}

/// What people call the field: its label where that is known, else its name in words.
fn label_of(name: &str, labels: &[(String, String)]) -> String {
    if let Some((_, label)) = labels.iter().find(|(known, _)| known == name) {
        return label.clone();
    }
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn summary(errors: &[(String, String)], labels: &[(String, String)]) -> Markup {
    let of_fields = errors.iter().filter(|(name, _)| !name.is_empty()).count();
    let title = match of_fields {
        0 => "This was not done".to_owned(),
        1 => "Please mend one field".to_owned(),
        many => format!("Please mend {many} fields"),
    };
    html! {
        @if !errors.is_empty() {
            div class="alert tone-bad" role="alert" tabindex="-1" data-focus {
                (icon(Icon::Warning))
                div {
                    p class="alert-title" { (title) }
                    ul class="alert-body" {
                        @for (name, words) in errors {
                            li {
                                @if name.is_empty() { (words) }
                                @else { a href={"#field-" (name)} { (label_of(name, labels)) } ": " (words) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Form, error_summary};

    #[test]
    fn what_is_wrong_is_named_by_its_label() {
        let error = |name: &str| (name.to_owned(), "Please fill this in.".to_owned());
        let form = Form::new("/x", "Save").errors(&[error("body")]).field(Field::textarea("body", "Description"));
        let page = form.markup().into_string();
        assert!(page.contains("<a href=\"#field-body\">Description</a>: Please fill this in."), "{page}");
        let page = error_summary(&[error("sender_name"), error("")]).into_string();
        assert!(page.contains(">Sender name</a>: Please") && page.contains("<li>Please fill this in.</li>"), "{page}");
    }
}
