//! The practices: their activities by level, and which release owes what of them.

use std::collections::HashMap;

use kernel::{Error, Permission, Result};
use maud::{Markup, html};
use pack::{Activity, Pack};
use register::products::ReleaseId;
use web::{Flashed, Operation, PageError, Path, Query, desk_page, ui};

use super::describe::due;
use super::summary::Counts;
use super::{sheet, store};
use crate::pack as packs;
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

/// `GET /desk/practices`
pub(super) async fn list(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let active = packs::load_active(&mut tx).await?;
    let places = sheet::list_places(&mut tx).await?;
    let summaries = store::list_summaries(&mut tx).await?;
    drop(tx);
    let seen: HashMap<ReleaseId, ()> = places
        .iter()
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()))
        .map(|place| (place.release.id, ()))
        .collect();
    let mut counts: HashMap<&str, Counts> = HashMap::new();
    for (release, practice, figures) in &summaries {
        if seen.contains_key(release) {
            counts.entry(practice).or_default().join(figures);
        }
    }
    let pack = &active.pack;
    let body = html! {
        @for function in &pack.functions {
            (ui::section(&function.title, html! {
                p class="muted" { (function.about) }
                (table(pack, &function.id, &counts))
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

fn table(pack: &Pack, function: &str, counts: &HashMap<&str, Counts>) -> Markup {
    let rows = pack.practices.iter().filter(|practice| practice.function == function).map(|practice| {
        let one = counts.get(practice.id.as_str()).copied().unwrap_or_default();
        let activities = pack.activities.iter().filter(|activity| activity.practice == practice.id).count();
        let at = format!("/desk/practices/{}", practice.id);
        ui::Row::new(vec![
            html! { (practice.title) },
            html! { (practice.purpose) },
            html! { (activities) },
            html! { a href={(at) "#releases"} { (one.lacking()) } },
            html! { (one.settled()) },
            html! { (one.overdue) },
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
    let summaries = store::list_summaries(&mut tx).await?;
    let plans = store::list_present_plans(&mut tx).await?;
    drop(tx);
    let pack = &active.pack;
    let practice = pack.practice(&id).ok_or(Error::NotFound { what: "practice" })?;
    let by_release: HashMap<ReleaseId, Counts> =
        summaries.into_iter().filter(|(_, of, _)| *of == id).map(|(release, _, counts)| (release, counts)).collect();
    let mut owing: Vec<_> = places
        .iter()
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()))
        .filter_map(|place| by_release.get(&place.release.id).map(|counts| (place, counts)))
        .filter(|(_, counts)| query.get("show") == "all" || counts.lacking() > 0)
        .collect();
    owing.sort_by_key(|(_, counts)| std::cmp::Reverse((counts.overdue, counts.lacking())));
    let today = ctx.now.date();
    let rows = owing.iter().take(100).map(|(place, counts)| {
        ui::Row::new(vec![
            html! { (place.title()) },
            html! { @if let Some(plan) = plans.get(&place.release.id) { (class_badge(plan.class)) } },
            html! { (counts.lacking()) },
            html! { (counts.overdue) },
            html! { (counts.settled()) },
            html! { @if let Some(day) = counts.next_due { (due(day, today, false)) } },
        ])
        .link(format!("/desk/releases/{}?practice={id}", place.release.id))
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
        @for level in 1..=pack.levels {
            (ui::section(&format!("Level {level}"), html! {
                @for activity in pack.activities_of(&id).into_iter().filter(|activity| activity.level == level) { (about(activity, pack, &planned)) }
            }))
        }
        div id="releases" { (ui::panel_with("Which release owes what", html! { a href=(query.with("show", "all")) { "Settled ones too" } }, html! { (table) })) }
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
    let answers: Vec<String> =
        activity.answers.iter().map(|(framework, ids)| format!("{framework} {}", ids.join(", "))).collect();
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
