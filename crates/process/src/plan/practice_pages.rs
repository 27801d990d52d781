//! The practices: their activities by level, and which release owes what of them.

use std::collections::HashMap;

use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use pack::{Activity, Pack};
use register::products::{ReleaseId, ReleaseState};
use web::{AsOf, Flashed, Operation, PageError, Path, Query, desk_page, ui};

use super::describe::due;
use super::summary::Counts;
use super::{sheet, store};
use crate::pack as packs;
use crate::place::Place;
use crate::profile::class_badge;

fn sections(here: &str) -> Vec<ui::Tab> {
    [
        ("Practices", "/desk/practices"),
        ("Heat map", "/desk/practices/heatmap"),
        ("Coverage", "/desk/practices/coverage"),
        ("Packs", "/desk/practices/packs"),
    ]
    .iter()
    .map(|(label, href)| ui::Tab::new(*label, *href).here(*label == here))
    .collect()
}

/// Whether what lapses mattered on a day: a release that was out by then, or is withdrawn, owes nothing any more.
fn is_in_work(place: &Place, day: Date) -> bool {
    match place.release.state {
        ReleaseState::Planned | ReleaseState::InDevelopment => true,
        ReleaseState::Released => place.release.released_on.is_some_and(|out| out > day),
        ReleaseState::Withdrawn => false,
    }
}

/// `GET /desk/practices`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let active = packs::load_active(&mut tx).await?;
    let places = sheet::list_places(&mut tx).await?;
    let at = AsOf::read(&query, ctx.now)?.at;
    let past = at != ctx.now;
    let summaries =
        if past { super::days::figures_at(&mut tx, at).await? } else { store::list_summaries(&mut tx).await? };
    drop(tx);
    let day = if past { format!("&asof={}", at.date()) } else { String::new() };
    let seen: HashMap<ReleaseId, ()> = places
        .iter()
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()) && is_in_work(place, at.date()))
        .map(|place| (place.release.id, ()))
        .collect();
    let mut counts: HashMap<&str, Counts> = HashMap::new();
    for (release, practice, figures) in &summaries {
        if seen.contains_key(release) {
            counts.entry(practice).or_default().join(figures);
        }
    }
    let pack = &active.pack;
    let shown = if past { at.date().to_string() } else { String::new() };
    let body = html! {
        (ui::FilterBar::new("/desk/practices").date("asof", "As of", &shown))
        @for function in &pack.functions {
            (ui::section(&function.title, html! {
                p class="muted" { (function.about) }
                (table(pack, &function.id, &counts, &day))
            }))
        }
    };
    let shell = ui::Shell::new("Practices")
        .subtitle(format!(
            "{}: {} practices, {} activities",
            active.row.label(),
            pack.practices.len(),
            pack.activities.len()
        ))
        .tabs(sections("Practices"));
    Ok(desk_page(&ctx, "practices", flashed, shell, body))
}

fn table(pack: &Pack, function: &str, counts: &HashMap<&str, Counts>, day: &str) -> Markup {
    let rows = pack.practices.iter().filter(|practice| practice.function == function).map(|practice| {
        let one = counts.get(practice.id.as_str()).copied().unwrap_or_default();
        let activities = pack.activities.iter().filter(|activity| activity.practice == practice.id).count();
        let at = format!("/desk/practices/{}", practice.id);
        ui::Row::new(vec![
            html! { (practice.title) },
            html! { (practice.purpose) },
            html! { (activities) },
            html! { a href={(at) "?show=lacking" (day) "#releases"} { (one.lacking()) } },
            html! { a href={(at) "?show=all" (day) "#releases"} { (one.settled()) } },
            html! { a href={(at) "?show=overdue" (day) "#releases"} { (one.overdue) } },
        ])
        .link(at.clone())
    });
    let table = ui::Table::new("Practices")
        .columns(["Practice", "What it is for"])
        .column(ui::Column::number("Activities"))
        .column(ui::Column::number("Lacking"))
        .column(ui::Column::number("Settled"))
        .column(ui::Column::number("Overdue"))
        .rows(rows);
    html! { (table) }
}

/// `GET /desk/practices/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let active = packs::load_active(&mut tx).await?;
    let places = sheet::list_places(&mut tx).await?;
    let at = AsOf::read(&query, ctx.now)?.at;
    let past = at != ctx.now;
    let summaries =
        if past { super::days::figures_at(&mut tx, at).await? } else { store::list_summaries(&mut tx).await? };
    let plans = store::list_present_plans(&mut tx).await?;
    drop(tx);
    let day = if past { format!("&asof={}", at.date()) } else { String::new() };
    let pack = &active.pack;
    let practice = pack.practice(&id).ok_or(Error::NotFound { what: "practice" })?;
    let by_release: HashMap<ReleaseId, Counts> =
        summaries.into_iter().filter(|(_, of, _)| *of == id).map(|(release, _, counts)| (release, counts)).collect();
    let mut owing: Vec<_> = places
        .iter()
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()))
        .filter_map(|place| by_release.get(&place.release.id).map(|counts| (place, counts)))
        .filter(|(place, counts)| match query.get("show") {
            "all" => true,
            "overdue" => is_in_work(place, at.date()) && counts.overdue > 0,
            _ => is_in_work(place, at.date()) && counts.lacking() > 0,
        })
        .collect();
    owing.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.overdue, counts.lacking())));
    let today = at.date();
    let link = |place: &crate::place::Place, filter: &str, count: i64| {
        html! { a href={"/desk/releases/" (place.release.id) "?practice=" (id) "&" (filter) (day)} { (count) } }
    };
    let rows = owing.iter().take(100).map(|(place, counts)| {
        ui::Row::new(vec![
            html! { (place.title()) },
            html! { @if let Some(plan) = plans.get(&place.release.id) { (class_badge(plan.class)) } },
            link(place, "state=lacking", counts.lacking()),
            link(place, "due=overdue", counts.overdue),
            link(place, "state=settled", counts.settled()),
            html! { @if let Some(day) = counts.next_due { (due(day, today, false)) } },
        ])
        .link(format!("/desk/releases/{}?practice={id}{day}", place.release.id))
    });
    let table = ui::Table::new("Which release owes what")
        .columns(["Release", "Class"])
        .column(ui::Column::number("Lacking"))
        .column(ui::Column::number("Overdue"))
        .column(ui::Column::number("Settled"))
        .column(ui::Column::new("Next due"))
        .rows(rows)
        .empty(ui::empty_state("Nothing is owed", "No planned release lacks anything of this practice."));
    let ask = pack::Ask { class: pack::RiskClass::Critical, models: pack::Model::ALL, up_to_level: None };
    let planned = pack::plan(pack, &ask);
    let body = html! {
        p { (practice.purpose) }
        div id="releases" { (ui::panel_with("Which release owes what", html! { a href=(query.with("show", "all")) { "Also settled ones, and releases that are out" } @if past { " as of " (today) } }, html! { (table) })) }
        @for level in 1..=pack.levels {
            (ui::section(&format!("Level {level}"), html! {
                @for activity in pack.activities_of(&id).into_iter().filter(|activity| activity.level == level) { (about(activity, pack, &planned)) }
            }))
        }
    };
    let shell = ui::Shell::new(practice.title.as_str())
        .crumbs(vec![ui::Crumb::link("Practices", "/desk/practices"), ui::Crumb::here(practice.title.as_str())]);
    Ok(desk_page(&ctx, "practices", flashed, shell, body))
}

fn about(activity: &Activity, pack: &Pack, planned: &[pack::Planned<'_>]) -> Markup {
    let role = |id: &String| pack.role(id).map_or(id.as_str(), |role| role.title.as_str()).to_owned();
    let due: Vec<String> = planned
        .iter()
        .filter(|one| one.activity.id == activity.id)
        .flat_map(|one| one.due.iter())
        .map(|due| format!("{}: {}", due.model().title(), pack.due_words(due)))
        .collect();
    let answers = pack.answer_words(activity);
    let evidence: Vec<String> =
        activity.evidence.iter().map(|one| format!("{}: {}", one.kind.title(), one.what)).collect();
    let facts = ui::facts(&[
        ui::Fact::new("For classes", html! { @for class in &activity.classes { (class_badge(*class)) " " } }),
        ui::Fact::text("Done for each", activity.scope.title()),
        ui::Fact::text("Done by", &activity.does.iter().map(role).collect::<Vec<_>>().join(", ")),
        ui::Fact::text("Decided by", &role(&activity.decides)),
        ui::Fact::new("Due", html! { ul { @for words in &due { li { (words) } } } }),
        ui::Fact::new(
            "Evidence",
            html! { p { (activity.evidence_rule.title()) ":" } ul { @for words in &evidence { li { (words) } } } },
        ),
        ui::Fact::text("Answers", &answers.join("; ")),
    ]);
    ui::panel(
        &activity.title,
        html! {
            p { (activity.purpose) }
            (ui::prose(html! { ol { @for step in &activity.steps { li { (step) } } } }))
            (facts)
        },
    )
}

pub(super) fn heat_tabs() -> Vec<ui::Tab> {
    sections("Heat map")
}

/// The pages of all practices, from those of profiles.
pub(crate) fn coverage_tabs() -> Vec<ui::Tab> {
    sections("Coverage")
}
