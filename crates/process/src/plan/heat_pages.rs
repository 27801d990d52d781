//! The heat map of the portfolio: products by practices; every number leads to its rows.

use std::collections::{HashMap, HashSet};

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result};
use maud::html;
use register::products::{ProductId, ReleaseId, ReleaseState};
use web::{AsOf, CsvFile, Flashed, Operation, PageError, Query, desk_page, ui};

use super::summary::Counts;
use super::{practice_pages, sheet, store};
use crate::pack as packs;
use crate::place::Place;

/// What a cell counts.
fn figure(counts: &Counts, what: &str) -> i64 {
    match what {
        "overdue" => counts.overdue,
        "lapsed" => counts.lapsed,
        "waiting" => counts.waiting,
        "waived" => counts.waived,
        "settled" => counts.settled(),
        _ => counts.lacking(),
    }
}

/// The filter of a release's page that shows the rows of a cell.
fn filter(what: &str) -> &'static str {
    match what {
        "overdue" => "due=overdue",
        "lapsed" => "state=lapsed",
        "waiting" => "state=waiting_for_review",
        "waived" => "state=waived",
        "settled" => "state=settled",
        _ => "state=lacking",
    }
}

/// The release of each product that the map shows: the newest planned one that is not out yet, else the newest planned.
fn shown(places: &[Place], planned: impl Fn(ReleaseId) -> bool) -> Vec<Place> {
    let mut by: HashMap<ProductId, &Place> = HashMap::new();
    for place in
        places.iter().filter(|place| planned(place.release.id) && place.release.state != ReleaseState::Withdrawn)
    {
        let rank = |place: &Place| (place.release.state != ReleaseState::Released, place.release.position);
        let known = by.entry(place.product.id).or_insert(place);
        if rank(place) > rank(known) {
            *known = place;
        }
    }
    let mut list: Vec<Place> = by.into_values().cloned().collect();
    list.sort_by_key(|place| place.product.name.to_lowercase());
    list
}

/// `GET /desk/practices/heatmap`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let active = packs::load_active(&mut tx).await?;
    let places = sheet::list_places(&mut tx).await?;
    let at = AsOf::read(&query, ctx.now)?.at;
    let past = at != ctx.now;
    let (planned, summaries): (HashSet<ReleaseId>, _) = if past {
        let figures = super::days::figures_at(&mut tx, at).await?;
        (figures.iter().map(|(release, _, _)| *release).collect(), figures)
    } else {
        let plans = store::list_present_plans(&mut tx).await?;
        (plans.into_keys().collect(), store::list_summaries(&mut tx).await?)
    };
    drop(tx);
    let counts: HashMap<(ReleaseId, String), Counts> =
        summaries.into_iter().map(|(release, practice, counts)| ((release, practice), counts)).collect();
    let places: Vec<Place> =
        places.into_iter().filter(|place| ctx.actor.may(Permission::ReadPlans, place.product.scope())).collect();
    let rows = shown(&places, |release| planned.contains(&release));
    let what = query.get("what");
    let practices = &active.pack.practices;
    let cell = |place: &Place, practice: &str| {
        counts.get(&(place.release.id, practice.to_owned())).map(|counts| figure(counts, what))
    };
    if query.get("format") == "csv" {
        let mut file = CsvFile::new("heatmap.csv", ["product", "release", "practice", "count"]);
        for place in &rows {
            for practice in practices {
                let count = cell(place, &practice.id).map(|count| count.to_string()).unwrap_or_default();
                file.row(vec![place.product.name.clone(), place.release.version.clone(), practice.id.clone(), count]);
            }
        }
        return Ok(file.into_response());
    }
    let most = rows
        .iter()
        .flat_map(|place| practices.iter().filter_map(|practice| cell(place, &practice.id)))
        .max()
        .unwrap_or(0);
    let level = |count: i64| if count <= 0 || most <= 0 { 0 } else { (count * 5 + most - 1) / most };
    let day = if past { format!("&asof={}", at.date()) } else { String::new() };
    let map = html! {
        div class="table-scroll" tabindex="0" role="region" aria-label="Products by practices" {
            table class="heat" {
                caption { "Tasks of the release in work of each product, by practice" }
                thead { tr {
                    th scope="col" { "Product" }
                    @for practice in practices { th scope="col" { a href={"/desk/practices/" (practice.id)} { (practice.title) } } }
                } }
                tbody {
                    @for place in &rows {
                        tr {
                            th scope="row" { a href={"/desk/releases/" (place.release.id) (day.replacen('&', "?", 1))} { (place.title()) } }
                            @for practice in practices {
                                @match cell(place, &practice.id) {
                                    Some(count) => td class={"heat-" (level(count))} {
                                        a href={"/desk/releases/" (place.release.id) "?practice=" (practice.id) "&" (filter(what)) (day)} { (count) }
                                    },
                                    None => td class="heat-0" { "–" },
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    let choices = [
        ("", "Lacking for the gate"),
        ("overdue", "Overdue"),
        ("lapsed", "Lapsed"),
        ("waiting", "Waiting for review"),
        ("waived", "Waived"),
        ("settled", "Settled"),
    ];
    let body = html! {
        (ui::FilterBar::new("/desk/practices/heatmap").select("what", "Count", &ui::Choice::list(choices, what)).date("asof", "As of", &if past { at.date().to_string() } else { String::new() }).export(query.with("format", "csv")))
        @if rows.is_empty() { (ui::empty_state("No plan yet", "The map shows the planned release of each product. Make a plan on a release's page.")) }
        @else { (map) }
    };
    let shell = ui::Shell::new("Heat map")
        .subtitle("What the release in work of each product owes, by practice")
        .tabs(practice_pages::heat_tabs());
    let shell = if past {
        let words = format!(
            "How the plans stood at the end of {}. Which release of a product is shown follows its state today.",
            at.date()
        );
        shell.banner(ui::Tone::Info, words)
    } else {
        shell
    };
    Ok(desk_page(&ctx, "practices", flashed, shell, body).into_response())
}
