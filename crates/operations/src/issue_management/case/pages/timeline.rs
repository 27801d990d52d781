//! The timeline of a case, and the pages that siblings fill: conversation and advisories.

use axum::extract::Path;
use kernel::Result;
use maud::{Markup, html};
use platform::audit::{self, Recorded};
use web::{Flashed, Operation, PageError, Query, ui};

use super::super::actions::reference;
use super::words;
use super::{load_frame, page};
use crate::issue_management::{advisory, intake};

const ENTRIES: u32 = 40;

/// `GET /desk/cases/{id}/timeline`: everything that happened, newest first; reads only when asked for.
pub(in super::super) async fn timeline(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let frame = load_frame(&ctx, &id).await?;
    let with_reads = query.get("reads") == "1";
    let hidden = if with_reads { "" } else { "case.read" };
    let before = query.get("before").parse().ok();
    let mut tx = ctx.read().await?;
    let subject = reference(frame.case.id);
    let mut entries = audit::load_timeline_without(&mut tx, &subject, hidden, before, ENTRIES + 1).await?;
    drop(tx);
    let more = entries.len() > ENTRIES as usize;
    entries.truncate(ENTRIES as usize);
    let events: Vec<ui::Event> = entries.iter().map(event).collect();
    let older = entries.last().filter(|_| more).map(|last| query.with_all(&[("before", &last.seq.to_string())]));
    let toggle = if with_reads {
        ui::button_link(ui::Weight::Plain, "Hide who read it", &query.with("reads", ""))
    } else {
        ui::button_link(ui::Weight::Plain, "Show who read it", &query.with("reads", "1"))
    };
    let newer = before.map(|_: i64| query.with("before", ""));
    let body = ui::panel_with(
        "Timeline",
        toggle,
        html! {
            @if events.is_empty() { (ui::empty_state("Nothing here", "There are no entries before this moment.")) }
            @else { (ui::timeline(&events)) }
            (ui::Pager::new(format!("{} entries", events.len())).newer(newer).older(older))
        },
    );
    Ok(page(&ctx, flashed, &frame, "/timeline", body))
}

fn event(entry: &Recorded) -> ui::Event {
    let said = words::of(entry);
    let event = ui::Event::new(said.icon, html! { (said.title) }, entry.at.rfc3339(), entry.at.for_people())
        .by(&entry.actor_name)
        .tone(said.tone);
    if said.details.is_empty() {
        return event;
    }
    event.body(html! { ul class="small" { @for line in &said.details { li { (line) } } } })
}

/// `GET /desk/cases/{id}/conversation`.
pub(in super::super) async fn conversation(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let frame = load_frame(&ctx, &id).await?;
    let mut tx = ctx.read().await?;
    let body = intake::conversation_panel(&mut tx, &ctx, frame.case.id).await?;
    drop(tx);
    Ok(page(&ctx, flashed, &frame, "/conversation", body))
}

/// `GET /desk/cases/{id}/advisories`.
pub(in super::super) async fn advisories(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let frame = load_frame(&ctx, &id).await?;
    let mut tx = ctx.read().await?;
    let body = advisory::panel(&mut tx, &ctx, frame.case.id).await?;
    drop(tx);
    Ok(page(&ctx, flashed, &frame, "/advisories", body))
}
