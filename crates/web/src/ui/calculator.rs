//! The CVSS calculator: a form that is scored by the server when sent, and at once when script runs.

use maud::{Markup, html};

use super::action::copy_button;
use super::assets::asset_url;
use super::badge::Severity;

/// One value a metric can have.
#[derive(Debug, Clone)]
pub struct MetricValue {
    /// Its letter in the vector.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What it means, in a sentence.
    pub hint: String,
}

/// One metric.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its letters in the vector; also the name of the form field.
    pub code: String,
    /// Its name.
    pub label: String,
    /// Its values; "not defined" first where the metric has it.
    pub values: Vec<MetricValue>,
    /// The code of the value chosen; may be empty.
    pub chosen: String,
}

/// Metrics that belong together.
#[derive(Debug, Clone)]
pub struct MetricGroup {
    /// Their heading.
    pub title: String,
    /// A sentence on when to use them.
    pub intro: String,
    /// Whether they show at once, or fold out.
    pub open: bool,
    /// The metrics.
    pub metrics: Vec<Metric>,
}

/// The calculator form, sent by GET with one field for each metric and `cvss` for the version.
#[derive(Debug, Clone)]
pub struct Calculator {
    version: String,
    action: String,
    groups: Vec<MetricGroup>,
    vector: String,
    score: String,
    severity: Severity,
    parts: Vec<(String, String)>,
    target: Option<String>,
    post: bool,
    more: Vec<Markup>,
}

impl Calculator {
    /// A calculator for version `"3.1"` or `"4.0"` whose form asks for `action`.
    pub fn new(version: impl Into<String>, action: impl Into<String>, groups: Vec<MetricGroup>) -> Calculator {
        Calculator {
            version: version.into(),
            action: action.into(),
            groups,
            vector: String::new(),
            score: "–".to_owned(),
            severity: Severity::Unrated,
            parts: Vec::new(),
            target: None,
            post: false,
            more: Vec::new(),
        }
    }

    /// The vector as it is now and its score, as the server knows them.
    #[must_use]
    pub fn scored(
        mut self,
        vector: impl Into<String>,
        score: impl std::fmt::Display,
        severity: Severity,
    ) -> Calculator {
        self.vector = vector.into();
        self.score = score.to_string();
        self.severity = severity;
        self
    }

    /// A score that goes into the whole ("Base", "9.8").
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, score: impl std::fmt::Display) -> Calculator {
        self.parts.push((name.into(), score.to_string()));
        self
    }

    /// Sends the finished vector by POST under this name too, for pages that save it.
    #[must_use]
    pub fn saves_as(mut self, name: impl Into<String>) -> Calculator {
        self.target = Some(name.into());
        self.post = true;
        self
    }

    /// More fields of the same form, such as the reasoning, above its buttons.
    #[must_use]
    pub fn with(mut self, fields: Markup) -> Calculator {
        self.more.push(fields);
        self
    }

    /// The finished calculator.
    pub fn markup(&self) -> Markup {
        let method = if self.post { "post" } else { "get" };
        html! {
            form class="calculator" method=(method) action=(self.action) data-cvss=(self.version) {
                input type="hidden" name="cvss" value=(self.version);
                @if let Some(name) = &self.target { input type="hidden" name=(name) value=(self.vector) data-cvss-target; }
                (self.result())
                @for group in &self.groups { (group_markup(group)) }
                @for fields in &self.more { (fields) }
                div class="form-actions" {
                    button type="submit" class="btn primary" { @if self.post { "Save score" } @else { "Calculate" } }
                    button type="reset" class="btn plain" { "Reset" }
                }
            }
            script defer src=(asset_url("calculator.js")) {}
        }
    }

    fn result(&self) -> Markup {
        html! {
            div class={"cvss-result " (self.severity.class())} data-cvss-result {
                output class="cvss-figure" data-cvss-score aria-live="polite" { (self.score) }
                div class="cvss-words" {
                    p { strong data-cvss-severity { (self.severity.label()) } span class="muted" { " CVSS " (self.version) } }
                    p class="vector-line" { code class="vector" data-cvss-vector { (self.vector) } (copy_button(&self.vector)) }
                    p class="small muted" data-cvss-parts {
                        @for (place, (name, score)) in self.parts.iter().enumerate() { @if place > 0 { " · " } (name) " " (score) }
                    }
                }
                a class="btn small" data-cvss-link href={"#" (self.vector)} { "Link to this score" }
            }
        }
    }
}

renders!(Calculator);

fn group_markup(group: &MetricGroup) -> Markup {
    html! {
        details class="metric-group" open[group.open] {
            summary { span class="metric-group-title" { (group.title) } @if !group.intro.is_empty() { span class="muted small" { (group.intro) } } }
            div class="metrics" { @for metric in &group.metrics { (metric_markup(metric)) } }
        }
    }
}

fn metric_markup(metric: &Metric) -> Markup {
    html! {
        fieldset class="metric" {
            legend { (metric.label) " " code { (metric.code) } }
            div class="pills" {
                @for value in &metric.values {
                    label class="pill" title=(value.hint) {
                        input type="radio" name=(metric.code) value=(value.code) checked[value.code == metric.chosen];
                        span { (value.label) " " span class="pill-code" { (value.code) } }
                    }
                }
            }
        }
    }
}
