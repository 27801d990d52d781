//! The list of releases with how they stand.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result, Timestamp};
use maud::{Markup, html};
use platform::Ctx;
use register::products::{ReleaseId, ReleaseState};
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page, ui};

use super::describe::{decision_badge, due, gate_badge};
use super::model::Plan;
use super::summary::Counts;
use super::{sheet, store};
use crate::gate::{self, Choice};
use crate::pack as packs;
use crate::place::Place;
use crate::profile::class_badge;

struct Shown<'a> {
    place: &'a Place,
    plan: Option<&'a Plan>,
    counts: Counts,
    decided: Option<(Choice, Timestamp)>,
}

impl Shown<'_> {
    /// Whether the release is out: then its decision stands, whatever lapses later.
    fn is_out(&self) -> bool {
        self.place.release.state == ReleaseState::Released
    }
}

/// What was decided last at the release gate of each release.
async fn decisions(
    tx: &mut db::Tx,
    plans: &HashMap<ReleaseId, Plan>,
) -> Result<HashMap<ReleaseId, (Choice, Timestamp)>> {
    let documents = packs::list_documents(tx).await?;
    let decided = gate::list_newest(tx).await?;
    let is_last = |release: &ReleaseId, wanted: &str| {
        let pack = plans.get(release).and_then(|plan| documents.get(&plan.pack_row));
        pack.is_some_and(|pack| pack.gates.iter().any(|gate| gate.phase.is_none() && gate.id == wanted))
    };
    Ok(decided
        .into_iter()
        .filter(|(release, gate, ..)| is_last(release, gate))
        .map(|(release, _, choice, at)| (release, (choice, at)))
        .collect())
}

fn fits(shown: &Shown<'_>, query: &Query) -> bool {
    let text = query.get("q").to_lowercase();
    let gate = match query.get("gate") {
        "pass" => shown.plan.is_some() && shown.counts.lacking() == 0,
        "lacking" => !shown.is_out() && shown.counts.lacking() > 0,
        "overdue" => !shown.is_out() && shown.counts.overdue > 0,
        "none" => shown.plan.is_none(),
        _ => true,
    };
    let state = match query.get("state") {
        "" => shown.place.release.state != ReleaseState::Withdrawn,
        "all" => true,
        state => shown.place.release.state.as_str() == state,
    };
    gate && state
        && (query.get("product").is_empty() || query.get("product") == shown.place.product.id.to_string())
        && shown.place.title().to_lowercase().contains(&text)
}

/// The planned releases in work, what is due first at the top, for the overview of whoever may read plans.
///
/// # Errors
/// When the database does not answer.
pub async fn overview(ctx: &Ctx, tx: &mut db::Tx) -> Result<Markup> {
    let places = sheet::list_places(tx).await?;
    let plans = store::list_present_plans(tx).await?;
    let mut counts: HashMap<ReleaseId, Counts> = HashMap::new();
    for (release, _, figures) in store::list_summaries(tx).await? {
        counts.entry(release).or_default().join(&figures);
    }
    let mut list: Vec<(&Place, &Plan, Counts)> = places
        .iter()
        .filter(|place| matches!(place.release.state, ReleaseState::Planned | ReleaseState::InDevelopment))
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()))
        .filter_map(|place| {
            let plan = plans.get(&place.release.id)?;
            Some((place, plan, counts.get(&place.release.id).copied().unwrap_or_default()))
        })
        .collect();
    // A release that lacks nothing has nothing due; it comes last.
    list.sort_by_key(|(_, plan, counts)| (counts.next_due.is_none(), counts.next_due, plan.schedule.target_on));
    let today = ctx.now.date();
    let rows = list.iter().take(8).map(|(place, plan, counts)| {
        let link = format!("/desk/releases/{}", place.release.id);
        ui::Row::new(vec![
            html! { (place.title()) },
            html! { a href={(link) "/gate"} { (gate_badge(counts)) } },
            ui::progress(
                &place.title(),
                u64::try_from(counts.settled()).unwrap_or(0),
                u64::try_from(counts.total()).unwrap_or(0),
            ),
            html! { @if counts.waiting > 0 { a href={(link) "/reviews"} { (counts.waiting) } } @else { "0" } },
            html! { @if counts.overdue > 0 { a href={(link) "?due=overdue"} { (counts.overdue) } } @else { "0" } },
            html! { @if let Some(day) = counts.next_due { (due(day, today, false)) } },
            html! { (plan.schedule.target_on) },
        ])
        .link(link.clone())
    });
    let table = ui::Table::new("Releases in work")
        .columns(["Release", "Gate", "Settled"])
        .column(ui::Column::number("To review"))
        .column(ui::Column::number("Overdue"))
        .column(ui::Column::new("Next due"))
        .column(ui::Column::narrow("Target"))
        .rows(rows)
        .empty(ui::empty_state(
            "No plan yet",
            "A release shows here once its plan is made, on the page of the release.",
        ));
    Ok(ui::panel_with("Releases in work", ui::more("All releases", "/desk/releases"), table.markup()))
}

/// `GET /desk/releases`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let places = sheet::list_places(&mut tx).await?;
    let plans = store::list_present_plans(&mut tx).await?;
    let mut counts: HashMap<ReleaseId, Counts> = HashMap::new();
    for (release, _, figures) in store::list_summaries(&mut tx).await? {
        counts.entry(release).or_default().join(&figures);
    }
    let decided = decisions(&mut tx, &plans).await?;
    drop(tx);
    let mut shown: Vec<Shown<'_>> = places
        .iter()
        .filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope()))
        .map(|place| Shown {
            place,
            plan: plans.get(&place.release.id),
            counts: counts.get(&place.release.id).copied().unwrap_or_default(),
            decided: decided.get(&place.release.id).copied(),
        })
        .filter(|shown| fits(shown, &query))
        .collect();
    match query.get("sort") {
        "lacking" => shown.sort_by_key(|shown| std::cmp::Reverse(shown.counts.lacking())),
        "target" => shown.sort_by_key(|shown| (shown.plan.is_none(), shown.plan.map(|plan| plan.schedule.target_on))),
        // What is being worked on comes first, then what came out with a plan; by product, the newest release first.
        _ => shown.sort_by(|a, b| {
            let key = |shown: &Shown<'_>| {
                (shown.is_out(), shown.is_out() && shown.plan.is_none(), shown.place.product.name.to_lowercase())
            };
            key(a).cmp(&key(b)).then(b.place.release.position.cmp(&a.place.release.position))
        }),
    }
    if query.get("format") == "csv" {
        return Ok(csv(&shown).into_response());
    }
    let page = Page::of(&query, 30);
    let total = shown.len() as u64;
    let from = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let today = ctx.now.date();
    let rows = shown.iter().skip(from).take(30).map(|shown| {
        let link = format!("/desk/releases/{}", shown.place.release.id);
        let counts = &shown.counts;
        ui::Row::new(vec![
            html! { (shown.place.title()) },
            html! { (shown.place.release.state.label()) },
            html! { @if let Some(plan) = shown.plan { (class_badge(plan.class)) } },
            html! {
                @match (shown.plan, shown.decided) {
                    (None, _) => span class="muted" { @if shown.is_out() { "no plan" } @else { "no plan yet" } },
                    (Some(_), Some((choice, at))) if shown.is_out() => a href={(link) "/gate"} { (decision_badge(choice, at)) },
                    (Some(_), _) => a href={(link) "/gate"} { (gate_badge(counts)) },
                }
            },
            html! { @if shown.plan.is_some() { (counts.settled()) " of " (counts.total()) } },
            html! { @if shown.plan.is_none() || shown.is_out() { } @else if counts.overdue > 0 { a href={(link) "?due=overdue"} { (counts.overdue) } } @else { "0" } },
            html! { @if let Some(day) = counts.next_due && !shown.is_out() { (due(day, today, false)) } },
            html! { @if let Some(plan) = shown.plan { (plan.schedule.target_on) } },
        ])
        .link(link.clone())
    });
    let sorted = |key: &str| if query.get("sort") == key { ui::Sorted::Descending } else { ui::Sorted::No };
    let table = ui::Table::new("Releases")
        .column(ui::Column::new("Release"))
        .column(ui::Column::new("State"))
        .column(ui::Column::narrow("Class"))
        .column(ui::Column::new("Gate").sortable(query.with("sort", "lacking"), sorted("lacking")))
        .column(ui::Column::number("Settled"))
        .column(ui::Column::number("Overdue"))
        .column(ui::Column::new("Next due"))
        .column(ui::Column::narrow("Target").sortable(query.with("sort", "target"), sorted("target")))
        .rows(rows)
        .empty(web::empty(
            &query,
            &[],
            "release",
            ui::empty_state("No release yet", "Add releases on a product's page; each then gets its plan here."),
        ))
        .foot(page.links(&query, total));
    let states = [("", "All but withdrawn"), ("all", "All")]
        .into_iter()
        .chain(ReleaseState::ALL.iter().map(|state| (state.as_str(), state.label())));
    let gates = [
        ("", "Any"),
        ("lacking", "Something lacks"),
        ("overdue", "Something is overdue"),
        ("pass", "Would pass"),
        ("none", "No plan yet"),
    ];
    let filter = ui::FilterBar::new("/desk/releases")
        .search("q", query.get("q"), "Product or version")
        .select("state", "State", &ui::Choice::list(states, query.get("state")))
        .select("gate", "Gate", &ui::Choice::list(gates, query.get("gate")))
        .keep("sort", query.get("sort"))
        .keep("product", query.get("product"))
        .export(query.with("format", "csv"));
    let shell = ui::Shell::new("Releases").subtitle(format!("{total} releases")).actions(html! {
        (ui::button_link(ui::Weight::Secondary, "Heat map", "/desk/practices/heatmap"))
    });
    Ok(desk_page(&ctx, "releases", flashed, shell, html! { (filter) (table) }).into_response())
}

fn csv(shown: &[Shown<'_>]) -> CsvFile {
    let mut file = CsvFile::new(
        "releases.csv",
        ["product", "version", "state", "class", "settled", "lacking", "waived", "overdue", "next_due", "target"],
    );
    for one in shown {
        file.row(vec![
            one.place.product.name.clone(),
            one.place.release.version.clone(),
            one.place.release.state.as_str().to_owned(),
            one.plan.map(|plan| plan.class.id().to_owned()).unwrap_or_default(),
            one.counts.settled().to_string(),
            one.counts.lacking().to_string(),
            one.counts.waived.to_string(),
            one.counts.overdue.to_string(),
            one.counts.next_due.map(|day| day.to_string()).unwrap_or_default(),
            one.plan.map(|plan| plan.schedule.target_on.to_string()).unwrap_or_default(),
        ]);
    }
    file
}
