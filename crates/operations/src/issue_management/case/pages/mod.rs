//! HTML of the case desk: what all pages of a case share.

mod forms;
mod list;
mod overview;
mod people;
mod timeline;
mod words;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Id, Result, Timestamp};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, desk_page, ui};

use super::actions;
use super::clock::{self, Level, Running};
use super::model::{Case, CaseId, Severity, State, Tlp};
use super::rules::Standing;
use super::store::{self, Counts, Names};

pub(super) use forms::{edit_form, edit_save, new_form, new_save, split_form, split_save};
pub(super) use list::list;
#[cfg(test)]
pub(super) use list::load_list;
pub(super) use overview::{make_move, mark_duplicate, merge, overview, set_exploited, set_route};
pub(super) use people::{add_member, assign, people, remove_member, watch};
pub(super) use timeline::{advisories, conversation, timeline};

/// Reads an identifier of an address; what is none is missing.
pub(super) fn read_id<K>(text: &str, what: &'static str) -> Result<Id<K>> {
    text.parse().map_err(|_| Error::NotFound { what })
}

/// What every page of a case shows.
pub(super) struct Frame {
    pub(super) case: Case,
    pub(super) names: Names,
    pub(super) counts: Counts,
    pub(super) standing: Standing,
    pub(super) clocks: Vec<Running>,
    pub(super) works: bool,
    pub(super) leads: bool,
}

/// Loads a case for a page, and records the read of an embargoed one (P8).
pub(super) async fn load_frame(ctx: &Ctx, id: &str) -> Result<Frame> {
    let id: CaseId = read_id(id, "case")?;
    let mut tx = ctx.read().await?;
    let case = store::load_visible(&mut tx, ctx, id).await?;
    let names = store::load_names(&mut tx, &case).await?;
    let counts = store::load_counts(&mut tx, id).await?;
    let standing = store::load_standing(&mut tx, &case, ctx.now.date()).await?;
    let clocks = clock::list(&mut tx, id).await?;
    drop(tx);
    actions::note_read(ctx, &case).await?;
    let (works, leads) = (actions::may_work(ctx, &case), actions::may_lead(ctx, &case));
    Ok(Frame { case, names, counts, standing, clocks, works, leads })
}

/// The address of a page of a case.
pub(super) fn address(case: CaseId, rest: &str) -> String {
    format!("/desk/cases/{case}{rest}")
}

/// A page of a case.
pub(super) fn page(ctx: &Ctx, flashed: Flashed, frame: &Frame, tab: &str, body: Markup) -> Markup {
    let case = &frame.case;
    let tabs = [
        ("", "Overview", None),
        ("/vulnerabilities", "Vulnerabilities", Some(frame.counts.vulnerabilities)),
        ("/exposure", "Exposure", None),
        ("/conversation", "Conversation", Some(frame.counts.reports)),
        ("/advisories", "Advisories", Some(frame.counts.advisories)),
        ("/work", "Notes, tasks, files", Some(frame.counts.work)),
        ("/root-cause", "Root cause", None),
        ("/people", "People", Some(frame.counts.members)),
        ("/timeline", "Timeline", None),
    ];
    let tabs = tabs
        .into_iter()
        .map(|(rest, label, count)| {
            let entry = ui::Tab::new(label, address(case.id, rest)).here(rest == tab);
            match count {
                Some(count) => entry.count(count),
                None => entry,
            }
        })
        .collect();
    let mut subtitle = case.number.clone();
    for part in [&frame.names.product, &frame.names.assignee] {
        if !part.is_empty() {
            subtitle.push_str(" · ");
            subtitle.push_str(part);
        }
    }
    let mut shell = ui::Shell::new(&case.title)
        .subtitle(subtitle)
        .crumbs(vec![ui::Crumb::link("Cases", "/desk/cases"), ui::Crumb::here(&case.number)])
        .badges(badges(case))
        .tabs(tabs);
    if case.is_embargoed() && !case.is_closed() {
        shell = shell.banner(
            ui::Tone::Warn,
            "Under embargo: nothing of this leaves the circle of its members. Every read is in the log.",
        );
    }
    desk_page(ctx, "cases", flashed, shell, ui::stack(body))
}

/// A page of a case that shows a form again because something has to be mended.
pub(super) fn unfinished(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// A page with a form below a case, without its tabs.
pub(super) fn form_page(ctx: &Ctx, case: &Case, title: &str, body: Markup) -> Markup {
    let shell = ui::Shell::new(title).subtitle(format!("{} · {}", case.number, case.title)).crumbs(vec![
        ui::Crumb::link("Cases", "/desk/cases"),
        ui::Crumb::link(&case.number, address(case.id, "")),
        ui::Crumb::here(title),
    ]);
    desk_page(ctx, "cases", Flashed::default(), shell, body)
}

/// A severity as the components show it.
pub(super) fn severity(of: Option<Severity>) -> ui::Severity {
    of.map_or(ui::Severity::Unrated, |severity| ui::Severity::of_name(severity.as_str()))
}

/// A TLP label as the components show it.
const fn tlp(label: Tlp) -> ui::Tlp {
    match label {
        Tlp::Clear => ui::Tlp::Clear,
        Tlp::Green => ui::Tlp::Green,
        Tlp::Amber => ui::Tlp::Amber,
        Tlp::AmberStrict => ui::Tlp::AmberStrict,
        Tlp::Red => ui::Tlp::Red,
    }
}

/// A state with its tone.
pub(super) const fn tone(state: State) -> ui::Tone {
    match state {
        State::Triage => ui::Tone::Warn,
        State::Confirmed | State::Fixing => ui::Tone::Info,
        State::Ready => ui::Tone::Brand,
        State::Published => ui::Tone::Good,
        State::Closed => ui::Tone::Neutral,
    }
}

fn badges(case: &Case) -> Markup {
    let until = case.agreed_disclosure.map_or_else(String::new, |date| format!("until {date}"));
    html! {
        (ui::severity(severity(case.severity)))
        @if case.severity.is_some() && !case.is_confirmed() { (ui::badge(ui::Tone::Neutral, "provisional")) }
        (ui::state(tone(case.state), case.state.label()))
        @if let Some(outcome) = case.outcome { (ui::badge(ui::Tone::Neutral, outcome.label())) }
        (ui::tlp(tlp(case.tlp)))
        @if case.exploited { (ui::exploited("Exploited")) }
        @if case.is_embargoed() && !case.is_closed() { (ui::embargoed(&until)) }
        @if case.encrypted_only { (ui::badge(ui::Tone::Good, "Encrypted only")) }
    }
}

/// The clocks of a case as blocks.
pub(super) fn clock_blocks(clocks: &[Running], now: Timestamp) -> Markup {
    let blocks: Vec<ui::Clock> = clocks
        .iter()
        .map(|running| {
            let level = clock::level(running.due_at, running.met_at, running.warned_at.is_some(), now);
            let (state, remaining) = match (level, running.met_at) {
                (Level::Met, met) => (ui::ClockState::Met, done(met, now)),
                (Level::MetLate, met) => (ui::ClockState::MetLate, done(met, now)),
                (Level::Running, _) => (ui::ClockState::Running, web::for_people(running.due_at, now)),
                (Level::Warning, _) => (ui::ClockState::Warning, web::for_people(running.due_at, now)),
                (Level::Overdue, _) => {
                    let escalated = if running.escalated_at.is_some() { ", escalated" } else { "" };
                    (ui::ClockState::Overdue, format!("missed {}{escalated}", web::for_people(running.due_at, now)))
                }
            };
            let used = clock::percent_used(running.started_at, running.due_at, running.met_at.unwrap_or(now));
            let block =
                ui::Clock::new(running.step.label(), &running.due_at.rfc3339(), &running.due_at.for_people(), state)
                    .remaining(remaining)
                    .used(used);
            if running.provisional && running.met_at.is_none() { block.provisional() } else { block }
        })
        .collect();
    ui::clocks(&blocks)
}

fn done(met: Option<Timestamp>, now: Timestamp) -> String {
    met.map_or_else(String::new, |met| format!("done {}", web::for_people(met, now)))
}

/// What somebody else wrote meanwhile, beside what was typed, for a form that is shown again.
pub(in crate::issue_management) fn conflict(fields: &Fields, stored: &Fields, labels: &[(&str, &str)]) -> Markup {
    let differing: Vec<_> =
        labels.iter().filter(|(name, _)| normal(fields.get(name)) != normal(stored.get(name))).collect();
    html! {
        (ui::alert(ui::Tone::Warn, "Somebody else saved this while you were writing", html! {
            p {
                "What you typed is below, unchanged. "
                @if differing.is_empty() { "Nothing in these fields differs from theirs. Saving again is safe." }
                @else { "Lines with − are stored now, lines with + are yours. Mend your text where needed and save again." }
            }
        }))
        @for (name, label) in differing {
            (ui::diff(label, &ui::diff_texts(&normal(stored.get(name)), &normal(fields.get(name)))))
        }
    }
}

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
