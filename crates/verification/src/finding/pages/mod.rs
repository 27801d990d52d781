//! HTML of findings: the list, one finding, judging, importing, entering, the release quality standard.

pub(super) mod import;
pub(super) mod list;
pub(super) mod manual;
pub(super) mod show;
pub(super) mod thresholds;
pub(super) mod triage;

use kernel::{Permission, Scope};
use maud::{Markup, html};
use platform::Ctx;
use register::products::{Product, ProductId};
use web::ui;

use super::model::{Finding, Severity, State, severity_label};

const ACTIVE: &str = "findings";

/// A severity as a badge.
fn severity_badge(severity: Severity) -> Markup {
    match severity {
        Severity::Critical => ui::severity(ui::Severity::Critical),
        Severity::High => ui::severity(ui::Severity::High),
        Severity::Medium => ui::severity(ui::Severity::Medium),
        Severity::Low => ui::severity(ui::Severity::Low),
        Severity::Info => ui::badge(ui::Tone::Info, severity_label(severity)),
    }
}

/// A state as a dot and a word.
fn state_sign(finding: &Finding) -> Markup {
    let tone = match finding.state {
        State::Open => ui::Tone::Warn,
        State::Confirmed => ui::Tone::Bad,
        State::Fixed => ui::Tone::Good,
        State::Accepted => ui::Tone::Info,
        State::FalsePositive | State::Duplicate | State::NotReachable => ui::Tone::Neutral,
    };
    html! {
        (ui::state(tone, finding.state.label()))
        @if let Some(until) = finding.accepted_until { " " span class="small muted" { @if finding.state.is_live() { "accepted " } "until " (until) } }
        @if finding.waiting { " " (ui::badge(ui::Tone::Info, "Acceptance asked for")) }
    }
}

/// The products that the actor may see findings of: `None` when it is all of them.
fn visible(ctx: &Ctx, products: &[Product]) -> Option<Vec<ProductId>> {
    if ctx.actor.places(Permission::ReadPlans).contains(&Scope::All) {
        return None;
    }
    Some(
        products
            .iter()
            .filter(|product| ctx.actor.may(Permission::ReadPlans, product.scope()))
            .map(|product| product.id)
            .collect(),
    )
}

/// The products that the actor may work on.
fn workable<'a>(ctx: &Ctx, products: &'a [Product]) -> Vec<&'a Product> {
    products.iter().filter(|product| ctx.actor.may(Permission::WorkPlans, product.scope())).collect()
}

/// Bytes for people.
fn size_words(bytes: i64) -> String {
    match bytes {
        ..=1_023 => format!("{bytes} bytes"),
        1_024..=1_048_575 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
