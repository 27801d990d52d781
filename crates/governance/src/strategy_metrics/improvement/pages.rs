//! The improvement board and the escapes behind its numbers.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use kernel::{RecordRef, Result};
use maud::{Markup, html};
use pack::Pack;
use platform::Ctx;
use platform::cards::Card;
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page, ui};

use super::super::lens::{self, Lens};
use super::super::programme::tabs;
use super::model::{Action, ActionState, CAUSES, DETECTED, Escape, label};
use super::{rules, store};

/// Rows on a page of escapes.
const ROWS: u64 = 50;
/// Where escapes are listed.
pub(super) const ESCAPES: &str = "/desk/programme/improvement/escapes";
/// Where actions are listed.
pub(super) const ACTIONS: &str = "/desk/programme/improvement/actions";

/// What escapes are filtered by besides product and day; empty texts match everything.
pub(super) struct Filter<'a>(pub(super) &'a Query);

impl Filter<'_> {
    fn fits(&self, lens: &Lens, escape: &Escape) -> bool {
        let is = |name: &str, value: &str| {
            let wanted = self.0.get(name);
            wanted.is_empty() || wanted == value
        };
        lens.has(escape.product)
            && is("practice", escape.practice_key())
            && is("activity", escape.activity_key())
            && is("cause", &escape.cause)
            && is("detected", &escape.detected)
            && is("severity", escape.severity_key())
            && is("release", &escape.release_key())
            && is("quarter", &lens::quarter(escape.found_at.date()))
            && is("state", if escape.closed_at.is_some() { "closed" } else { "open" })
    }
}

/// The process pack, for titles; an empty one while there is none.
pub(crate) async fn titles(tx: &mut db::Tx) -> Result<std::sync::Arc<Pack>> {
    match process::pack::load_active(tx).await {
        Ok(document) => Ok(document.pack),
        Err(kernel::Error::Refused { .. } | kernel::Error::NotFound { .. }) => Ok(std::sync::Arc::default()),
        Err(
            other @ (kernel::Error::Invalid(_)
            | kernel::Error::Stale { .. }
            | kernel::Error::Unavailable { .. }
            | kernel::Error::Internal(_)),
        ) => Err(other),
    }
}

/// A practice as a group in words.
pub(crate) fn practice_title(pack: &Pack, key: &str) -> String {
    match key {
        "gap" => "None: a gap in the process".to_owned(),
        "unknown" => "Not determined".to_owned(),
        id => pack.practice(id).map_or_else(|| id.to_owned(), |practice| practice.title.clone()),
    }
}

/// An activity as a group in words.
pub(super) fn activity_title(pack: &Pack, escapes: &[Escape], key: &str) -> String {
    match key {
        "gap" | "unknown" => practice_title(pack, key),
        id => pack.activity(id).map(|activity| activity.title.clone()).unwrap_or_else(|| {
            let named = escapes.iter().find(|escape| escape.activity == id);
            named.map_or_else(|| id.to_owned(), |escape| escape.activity_title.clone())
        }),
    }
}

fn release_title(lens: &Lens, key: &str) -> String {
    match key {
        "before_records" => "Before our records".to_owned(),
        "unknown" => "Not known".to_owned(),
        id => id.parse().map_or_else(|_| id.to_owned(), |id| lens.release_name(id)),
    }
}

/// `GET /desk/programme/improvement`
pub(super) async fn board(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let lens = Lens::load(&mut tx, &ctx, &query).await?;
    let pack = titles(&mut tx).await?;
    let all = store::list_escapes(&mut tx, lens.at).await?;
    let unasked = store::list_unasked(&mut tx, lens.at).await?;
    let actions = store::list_actions(&mut tx, lens.at).await?;
    let links = store::list_links(&mut tx, lens.at).await?;
    drop(tx);
    let escapes: Vec<Escape> = all.into_iter().filter(|escape| lens.has(escape.product)).collect();
    let unasked = unasked.iter().filter(|(_, product, _)| lens.has(*product)).count();
    let actions: Vec<Action> =
        actions.into_iter().filter(|action| action.aim.product.is_none() || lens.has(action.aim.product)).collect();
    let body = html! {
        (lens.bar(ui::FilterBar::new("/desk/programme/improvement").export(lens.address(ESCAPES, &[("format", "csv")]))))
        (lens.notice())
        (head(&lens, &escapes, unasked, &actions))
        @if escapes.is_empty() {
            (ui::empty_state("No escape yet", "When a case with a vulnerability closes, its root cause is asked for. It is counted here: by the practice that should have caught it, by cause, product and release."))
        } @else {
            (by_practice(&lens, &pack, &escapes, &actions, &links))
            (over_time(&lens, &escapes))
            (ui::columns(
                group(&lens, "Cause", "cause", &rules::count_by(&escapes, |escape| escape.cause.clone()), |key| label(CAUSES, key).to_owned()),
                group(&lens, "What found it", "detected", &rules::count_by(&escapes, |escape| escape.detected.clone()), |key| label(DETECTED, key).to_owned()),
            ))
            (group(&lens, "Activity that should have caught it", "activity", &rules::count_by(&escapes, |escape| escape.activity_key().to_owned()), |key| activity_title(&pack, &escapes, key)))
            (ui::columns(
                products(&lens, &escapes),
                group(&lens, "Release that brought it in", "release", &rules::count_by(&escapes, Escape::release_key), |key| release_title(&lens, key)),
            ))
            (suggestions(&escapes))
        }
    };
    let run = ctx.actor.may_somewhere(kernel::Permission::RunProgramme);
    let mut shell = ui::Shell::new("Improvement")
        .subtitle("What was found in the field, which practice should have caught it, and what was done about it")
        .tabs(tabs("Improvement"));
    if run {
        shell = shell.actions(ui::button_link(ui::Weight::Primary, "New action", &format!("{ACTIONS}/new")));
    }
    Ok(desk_page(&ctx, "programme", flashed, shell, ui::stack(body)))
}

fn head(lens: &Lens, escapes: &[Escape], unasked: usize, actions: &[Action]) -> Markup {
    let count = |state: fn(&Action) -> bool| actions.iter().filter(|action| state(action)).count();
    let gaps = escapes.iter().filter(|escape| escape.caught == "gap").count();
    let unknown = escapes.iter().filter(|escape| escape.cause == "unknown").count();
    let late = actions.iter().filter(|action| action.is_overdue(lens.day())).count();
    let warn = |count: usize| if count > 0 { ui::Tone::Warn } else { ui::Tone::Neutral };
    ui::tiles(&[
        ui::Tile::new("Escapes", escapes.len()).link(lens.address(ESCAPES, &[])),
        ui::Tile::new("Gaps in the process", gaps).tone(warn(gaps)).link(lens.address(ESCAPES, &[("practice", "gap")])),
        ui::Tile::new("Cause left unknown", unknown)
            .tone(warn(unknown))
            .link(lens.address(ESCAPES, &[("cause", "unknown")])),
        ui::Tile::new("Closed without a root cause", unasked)
            .tone(warn(unasked))
            .link(lens.address("/desk/programme/rows", &[("measure", "unasked")])),
        ui::Tile::new("Actions under way", count(|action| action.state.is_owed()))
            .link(lens.address(ACTIONS, &[("state", "owed")])),
        ui::Tile::new("Actions overdue", late).tone(warn(late)).link(lens.address(ACTIONS, &[("state", "overdue")])),
        ui::Tile::new("Actions done", count(|action| action.state == ActionState::Done))
            .link(lens.address(ACTIONS, &[("state", "done")])),
    ])
}

/// Escapes by practice, with what was done about each.
fn by_practice(
    lens: &Lens,
    pack: &Pack,
    escapes: &[Escape],
    actions: &[Action],
    links: &[(super::model::ActionId, kernel::Id<kernel::kinds::Case>)],
) -> Markup {
    let counts = rules::count_by(escapes, |escape| escape.practice_key().to_owned());
    let answered: std::collections::HashSet<_> = links.iter().map(|(_, case)| *case).collect();
    let bars: Vec<_> =
        counts.iter().map(|(key, count)| (practice_title(pack, key), number(*count), paint(key))).collect();
    let rows = counts.iter().map(|(key, count)| {
        let of: Vec<&Escape> = escapes.iter().filter(|escape| escape.practice_key() == key).collect();
        let without = of.iter().filter(|escape| !answered.contains(&escape.case)).count();
        let about: Vec<&Action> =
            actions.iter().filter(|action| of.iter().any(|escape| action.aim.fits(escape))).collect();
        let owed = about.iter().filter(|action| action.state.is_owed()).count();
        let done = about.iter().filter(|action| action.state == ActionState::Done).count();
        let at = |more: &[(&str, &str)]| {
            let mut all = vec![("practice", key.as_str())];
            all.extend(more);
            lens.address(ACTIONS, &all)
        };
        ui::Row::new(vec![
            html! { (practice_title(pack, key)) },
            html! { a href=(lens.address(ESCAPES, &[("practice", key)])) { (count) } },
            html! { a href=(lens.address(ESCAPES, &[("practice", key), ("answered", "no")])) { (without) } },
            html! { a href=(at(&[("state", "owed")])) { (owed) } },
            html! { a href=(at(&[("state", "done")])) { (done) } },
        ])
    });
    let table = ui::Table::new("Escapes by practice, and what was done")
        .columns(["Practice"])
        .column(ui::Column::number("Escapes"))
        .column(ui::Column::number("Without an action"))
        .column(ui::Column::number("Actions under way"))
        .column(ui::Column::number("Actions done"))
        .rows(rows);
    ui::panel(
        "By the practice that should have caught it",
        html! { (ui::bar_chart("Escapes by practice", &bars)) (table) },
    )
}

fn paint(key: &str) -> ui::Paint {
    match key {
        "gap" => ui::Paint::Severity(ui::Severity::High),
        "unknown" => ui::Paint::Quiet,
        _ => ui::Paint::One,
    }
}

/// A count for a chart.
#[expect(clippy::cast_precision_loss, reason = "charts draw small counts")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

/// How many quarters the board looks back.
const QUARTERS: u8 = 8;

fn over_time(lens: &Lens, escapes: &[Escape]) -> Markup {
    let names = lens::quarters(lens.day(), QUARTERS);
    let series: Vec<ui::Series> = ["critical", "high", "medium", "low", "none", "unrated"]
        .into_iter()
        .map(|severity| {
            let values = names.iter().map(|name| {
                let of = |escape: &&Escape| {
                    escape.severity_key() == severity && lens::quarter(escape.found_at.date()) == *name
                };
                number(escapes.iter().filter(of).count())
            });
            let kind = ui::Severity::of_name(severity);
            ui::Series::new(kind.label(), ui::Paint::Severity(kind), values.collect())
        })
        .filter(|series| series.values.iter().any(|value| *value > 0.0))
        .collect();
    let links = names.iter().map(|name| {
        let count = escapes.iter().filter(|escape| lens::quarter(escape.found_at.date()) == *name).count();
        (name, count)
    });
    ui::panel(
        "By the quarter in which they were found",
        html! {
            (ui::column_chart("Escapes by quarter and severity", &names, &series))
            p class="small" {
                @for (place, (name, count)) in links.enumerate() {
                    @if place > 0 { " · " }
                    a href=(lens.address(ESCAPES, &[("quarter", name)])) { (name) ": " (count) }
                }
            }
        },
    )
}

fn group(lens: &Lens, title: &str, name: &str, counts: &[(String, usize)], words: impl Fn(&str) -> String) -> Markup {
    let rows = counts.iter().map(|(key, count)| {
        ui::Row::new(vec![html! { (words(key)) }, html! { a href=(lens.address(ESCAPES, &[(name, key)])) { (count) } }])
    });
    ui::panel(
        title,
        html! { (ui::Table::new(title).columns([title]).column(ui::Column::number("Escapes")).rows(rows)) },
    )
}

fn products(lens: &Lens, escapes: &[Escape]) -> Markup {
    let counts = rules::count_by(escapes, |escape| escape.product.map_or_else(String::new, |id| id.to_string()));
    let rows = counts.iter().map(|(key, count)| {
        let name = lens.product_name(key.parse().ok()).to_owned();
        let cell = if key.is_empty() {
            html! { (count) }
        } else {
            html! { a href=(lens.address(ESCAPES, &[("product", key)])) { (count) } }
        };
        ui::Row::new(vec![html! { (name) }, cell])
    });
    let table = ui::Table::new("Product").columns(["Product"]).column(ui::Column::number("Escapes")).rows(rows);
    ui::panel("Product", html! { (table) })
}

/// What people who closed cases say the process lacks.
fn suggestions(escapes: &[Escape]) -> Markup {
    let said: Vec<&Escape> = escapes.iter().filter(|escape| !escape.suggestion.is_empty()).take(20).collect();
    if said.is_empty() {
        return html! {};
    }
    ui::panel(
        "What the process lacks, in the words of those who looked",
        html! {
            ul { @for escape in said { li { (escape.suggestion) " " span class="muted small" { (escape.found_at.date()) } } } }
            p class="muted small" { "Shown once a case is public or closed. Extend the process pack, or write an action." }
        },
    )
}

/// An escape's case as the actor may see it.
pub(super) fn case_cell(cards: &HashMap<RecordRef, Card>, escape: &Escape) -> Markup {
    html! {
        @match cards.get(&RecordRef::new("case", escape.case)) {
            Some(card) => a href=(card.link) { (card.title) },
            None => span class="muted" { "A case that you cannot see" },
        }
    }
}

/// The cards of these escapes' cases.
pub(super) async fn cards(tx: &mut db::Tx, ctx: &Ctx, escapes: &[&Escape]) -> Result<HashMap<RecordRef, Card>> {
    let references: Vec<RecordRef> = escapes.iter().map(|escape| RecordRef::new("case", escape.case)).collect();
    ctx.platform.cards.load(tx, &ctx.actor, &references).await
}

fn sorted(escapes: &mut [Escape], sort: &str, lens: &Lens) {
    let rank = |escape: &Escape| {
        ["critical", "high", "medium", "low", "none", "unrated"]
            .iter()
            .position(|known| *known == escape.severity_key())
    };
    match sort {
        "found" => escapes.sort_by_key(|escape| escape.found_at),
        "severity" => escapes.sort_by_key(rank),
        "-severity" => escapes.sort_by_key(|escape| std::cmp::Reverse(rank(escape))),
        "product" => escapes.sort_by_key(|escape| lens.product_name(escape.product).to_lowercase()),
        "-product" => {
            escapes.sort_by_key(|escape| std::cmp::Reverse(lens.product_name(escape.product).to_lowercase()));
        }
        _ => escapes.sort_by_key(|escape| std::cmp::Reverse(escape.found_at)),
    }
}

/// A heading that sorts.
pub(crate) fn heading(query: &Query, column: ui::Column, name: &str, default: &str) -> ui::Column {
    let now = if query.get("sort").is_empty() { default } else { query.get("sort") };
    let down = format!("-{name}");
    let (state, next) = if now == name {
        (ui::Sorted::Ascending, down)
    } else if now == down {
        (ui::Sorted::Descending, name.to_owned())
    } else {
        (ui::Sorted::No, name.to_owned())
    };
    column.sortable(query.with("sort", &next), state)
}

/// `GET /desk/programme/improvement/escapes`
pub(super) async fn escapes(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let lens = Lens::load(&mut tx, &ctx, &query).await?;
    let pack = titles(&mut tx).await?;
    let all = store::list_escapes(&mut tx, lens.at).await?;
    let links = store::list_links(&mut tx, lens.at).await?;
    let filter = Filter(&query);
    let mut list: Vec<Escape> = all.into_iter().filter(|escape| filter.fits(&lens, escape)).collect();
    if query.get("answered") == "no" {
        list.retain(|escape| !links.iter().any(|(_, case)| *case == escape.case));
    }
    sorted(&mut list, query.get("sort"), &lens);
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(100_000) } else { Page::of(&query, ROWS) };
    let total = list.len();
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let shown: Vec<&Escape> = list.iter().skip(skip).take(usize::try_from(page.size).unwrap_or(usize::MAX)).collect();
    let cards = cards(&mut tx, &ctx, &shown).await?;
    drop(tx);
    if csv {
        return Ok(export(&lens, &pack, &shown, &cards).into_response());
    }
    let rows = shown.iter().map(|escape| {
        let actions = links.iter().filter(|(_, case)| *case == escape.case).count();
        ui::Row::new(vec![
            case_cell(&cards, escape),
            html! { (lens.product_name(escape.product)) },
            ui::severity(ui::Severity::of_name(&escape.severity)),
            html! { (escape.found_at.date()) },
            html! { @match escape.closed_at { Some(at) => (at.date()), None => span class="muted" { "open" } } },
            html! { (label(CAUSES, &escape.cause)) },
            html! { (practice_title(&pack, escape.practice_key())) @if escape.caught == "activity" { br; span class="muted small" { (activity_title(&pack, &list, &escape.activity)) } } },
            html! { (release_title(&lens, &escape.release_key())) },
            html! { (actions) },
        ])
    });
    let table = ui::Table::new("Escapes")
        .column(ui::Column::new("Case"))
        .column(heading(&query, ui::Column::new("Product"), "product", "-found"))
        .column(heading(&query, ui::Column::narrow("Severity"), "severity", "-found"))
        .column(heading(&query, ui::Column::narrow("Found"), "found", "-found"))
        .column(ui::Column::narrow("Closed"))
        .columns(["Cause", "Should have been caught by", "Brought in with"])
        .column(ui::Column::number("Actions"))
        .rows(rows)
        .empty(web::empty(
            &query,
            &[],
            "escape",
            ui::empty_state(
                "No escape yet",
                "Closing a case of the response team asks why the flaw came to be; it counts here.",
            ),
        ));
    let table = if u64::try_from(total).unwrap_or(0) > page.size {
        table.foot(page.links(&query, u64::try_from(total).unwrap_or(0)))
    } else {
        table
    };
    let body = html! {
        (bar(&lens, &query, &pack))
        (lens.notice())
        p class="muted small" { (total) " escapes. Numbers and titles of cases are shown only to those who may see the case." }
        (table)
    };
    let shell = ui::Shell::new("Escapes")
        .subtitle("Vulnerabilities found in the field, and what should have caught them")
        .crumbs(vec![
            ui::Crumb::link("Programme", "/desk/programme"),
            ui::Crumb::link("Improvement", lens.address("/desk/programme/improvement", &[])),
            ui::Crumb::here("Escapes"),
        ]);
    Ok(desk_page(&ctx, "programme", flashed, shell, ui::stack(body)).into_response())
}

fn bar(lens: &Lens, query: &Query, pack: &Pack) -> ui::FilterBar {
    let practices = practice_choices(pack, "Any practice", query.get("practice"));
    let causes = std::iter::once(("", "Any cause")).chain(CAUSES.iter().copied());
    let detected = std::iter::once(("", "Anything")).chain(DETECTED.iter().copied());
    let states = [("", "Any"), ("open", "Open"), ("closed", "Closed")];
    let mut bar = lens
        .bar(ui::FilterBar::new(ESCAPES))
        .select("practice", "Practice", &practices)
        .select("cause", "Cause", &ui::Choice::list(causes, query.get("cause")))
        .select("detected", "Found by", &ui::Choice::list(detected, query.get("detected")))
        .select("state", "Case", &ui::Choice::list(states, query.get("state")))
        .keep("sort", query.get("sort"))
        .export(query.with("format", "csv"));
    for (name, words) in [
        ("activity", "Activity"),
        ("release", "Release"),
        ("quarter", "Found in"),
        ("severity", "Severity"),
        ("answered", "Answered"),
    ] {
        let value = query.get(name);
        if !value.is_empty() {
            let shown = match name {
                "activity" => activity_title(pack, &[], value),
                "release" => release_title(lens, value),
                _ => value.to_owned(),
            };
            bar = bar.keep(name, value).chip(format!("{words}: {shown}"), query.with(name, ""));
        }
    }
    bar.clear(lens.address(ESCAPES, &[]))
}

/// The practices of the pack, gaps and what was not determined, to choose from.
pub(super) fn practice_choices(pack: &Pack, first: &str, chosen: &str) -> Vec<ui::Choice> {
    let known = pack.practices.iter().map(|practice| (practice.id.as_str(), practice.title.as_str()));
    let rest = [("gap", "None: a gap in the process"), ("unknown", "Not determined")];
    ui::Choice::list(std::iter::once(("", first)).chain(known).chain(rest), chosen)
}

fn export(lens: &Lens, pack: &Pack, escapes: &[&Escape], cards: &HashMap<RecordRef, Card>) -> CsvFile {
    let titles =
        ["case", "product", "severity", "found", "closed", "cause", "found_by", "practice", "activity", "release"];
    let mut file = CsvFile::new("escapes.csv", titles);
    for escape in escapes {
        let card = cards.get(&RecordRef::new("case", escape.case));
        file.row(vec![
            card.map(|card| card.title.clone()).unwrap_or_default(),
            lens.product_name(escape.product).to_owned(),
            escape.severity.clone(),
            escape.found_at.rfc3339(),
            escape.closed_at.map(kernel::Timestamp::rfc3339).unwrap_or_default(),
            escape.cause.clone(),
            escape.detected.clone(),
            practice_title(pack, escape.practice_key()),
            escape.activity.clone(),
            release_title(lens, &escape.release_key()),
        ]);
    }
    file
}
