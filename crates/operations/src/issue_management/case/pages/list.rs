//! The list of cases.

use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::Result;
use maud::{Markup, html};
use platform::Ctx;
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page, ui};

use super::super::clock::{self, Level};
use super::super::model::{Severity, State, figure};
use super::super::store::{self, Filter, Listed};
use super::{severity, tone};

const ROWS: u64 = 50;
const MOST_EXPORTED: u64 = 20_000;

fn filter(ctx: &Ctx, query: &Query) -> Filter {
    Filter {
        state: query.get("state").to_owned(),
        severity: query.get("severity").to_owned(),
        product: query.get("product").to_owned(),
        family: query.get("family").to_owned(),
        assignee: query.get("assignee").to_owned(),
        overdue: query.get("overdue") == "1",
        mine: ctx.actor.person().filter(|_| query.get("mine") == "1"),
        text: query.get("q").to_owned(),
        sort: query.get("sort").to_owned(),
    }
}

/// What the list page shows.
pub(in super::super) struct Shown {
    pub(in super::super) rows: Vec<Listed>,
    total: u64,
    products: Vec<(String, String, String, String)>,
    assignees: Vec<(String, String)>,
}

/// Loads the list page in four statements, however many rows it has.
pub(in super::super) async fn load_list(tx: &mut Tx, ctx: &Ctx, query: &Query) -> Result<Shown> {
    let filter = filter(ctx, query);
    Ok(Shown {
        rows: store::list(tx, &ctx.actor, &filter, ctx.now, Page::of(query, ROWS)).await?,
        total: store::count(tx, &ctx.actor, &filter, ctx.now).await?,
        products: store::list_products(tx).await?,
        assignees: store::list_assignees(tx, &ctx.actor).await?,
    })
}

/// `GET /desk/cases`: also as CSV with `format=csv`.
pub(in super::super) async fn list(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    if query.get("format") == "csv" {
        let filter = filter(&ctx, &query);
        let rows = store::list(&mut tx, &ctx.actor, &filter, ctx.now, Page::all(MOST_EXPORTED)).await?;
        return Ok(csv(&rows).into_response());
    }
    let page = Page::of(&query, ROWS);
    let Shown { rows, total, products, assignees } = load_list(&mut tx, &ctx, &query).await?;
    drop(tx);
    let may_open = ctx.actor.may_somewhere(kernel::Permission::WorkCases);
    let mut shell = ui::Shell::new("Cases").subtitle(if total == 1 {
        "1 case that you may see".to_owned()
    } else {
        format!("{total} cases that you may see")
    });
    if may_open {
        shell = shell.actions(ui::button_link(ui::Weight::Primary, "New case", "/desk/cases/new"));
    }
    let body = html! {
        (bar(&query, &products, &assignees))
        div id="cases" {
            (table(&ctx, &query, &rows, may_open).foot(page.links(&query, total)))
        }
    };
    Ok(desk_page(&ctx, "cases", flashed, shell, body).into_response())
}

fn bar(query: &Query, products: &[(String, String, String, String)], assignees: &[(String, String)]) -> ui::FilterBar {
    let choices = |name: &str, first: &[(&str, &str)], rest: Vec<(&str, &str)>| {
        ui::Choice::list(first.iter().copied().chain(rest), query.get(name))
    };
    let states = State::ALL.iter().map(|state| (state.as_str(), state.label())).collect();
    let severities = Severity::ALL.iter().rev().map(|severity| (severity.as_str(), severity.label())).collect();
    let mut families: Vec<(&str, &str)> = products.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    families.dedup();
    let products: Vec<(&str, &str)> = products.iter().map(|row| (row.2.as_str(), row.3.as_str())).collect();
    let people: Vec<(&str, &str)> = assignees.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    let mut bar = ui::FilterBar::new("/desk/cases")
        .search("q", query.get("q"), "Number, title or CVE id")
        .select("state", "State", &choices("state", &[("", "Open"), ("any", "Any")], states))
        .select("severity", "Severity", &choices("severity", &[("", "Any"), ("unrated", "Not scored")], severities))
        .select("family", "Family", &choices("family", &[("", "Any")], families.clone()))
        .select("product", "Product", &choices("product", &[("", "Any")], products.clone()))
        .select("assignee", "Assignee", &choices("assignee", &[("", "Anybody"), ("nobody", "Nobody")], people.clone()))
        .select("overdue", "Targets", &choices("overdue", &[("", "Any"), ("1", "Missed")], Vec::new()))
        .select("mine", "Whose", &choices("mine", &[("", "All I may see"), ("1", "Mine")], Vec::new()))
        .keep("sort", query.get("sort"))
        .clear("/desk/cases")
        .export(query.with("format", "csv"))
        .swap("cases");
    let label = |pairs: &[(&str, &str)], value: &str| {
        pairs.iter().find(|pair| pair.0 == value).map_or_else(|| value.to_owned(), |pair| pair.1.to_owned())
    };
    for (name, title, pairs) in [
        ("q", "Text", &[][..]),
        ("state", "State", &[("any", "any")][..]),
        ("severity", "Severity", &[("unrated", "not scored")][..]),
        ("family", "Family", &families[..]),
        ("product", "Product", &products[..]),
        ("assignee", "Assignee", &people[..]),
        ("overdue", "Targets", &[("1", "missed")][..]),
        ("mine", "Whose", &[("1", "mine")][..]),
    ] {
        let value = query.get(name);
        if !value.is_empty() {
            bar = bar.chip(format!("{title}: {}", label(pairs, value)), query.with(name, ""));
        }
    }
    bar
}

fn column(query: &Query, label: &str, name: &str, narrow: bool) -> ui::Column {
    let now = query.get("sort");
    let down = format!("-{name}");
    let (sorted, next) = if now == name || (now.is_empty() && name == "due") {
        (ui::Sorted::Ascending, down.as_str())
    } else if now == down {
        (ui::Sorted::Descending, name)
    } else {
        (ui::Sorted::No, name)
    };
    let column = if narrow { ui::Column::narrow(label) } else { ui::Column::new(label) };
    column.sortable(query.with("sort", next), sorted)
}

fn table(ctx: &Ctx, query: &Query, rows: &[Listed], may_open: bool) -> ui::Table {
    let none = if may_open {
        ui::empty_state_with(
            "No open case",
            "Cases are opened from reports, or here for findings from inside.",
            ui::button_link(ui::Weight::Primary, "New case", "/desk/cases/new"),
        )
    } else {
        ui::empty_state("No open case", "You see a case as soon as somebody makes you a member of it.")
    };
    let empty = web::empty(query, &[], "case", none);
    ui::Table::new("Cases")
        .column(column(query, "Number", "number", true))
        .column(column(query, "Title", "title", false))
        .column(column(query, "Severity", "severity", true))
        .column(column(query, "State", "state", true))
        .column(column(query, "Next target", "due", true))
        .column(column(query, "Assignee", "assignee", true))
        .column(column(query, "Received", "received", true))
        .rows(rows.iter().map(|listed| row(ctx, listed)))
        .empty(empty)
}

fn row(ctx: &Ctx, listed: &Listed) -> ui::Row {
    let level = listed.due_at.map(|due| clock::level(due, None, listed.warned, ctx.now));
    let cells = vec![
        html! { (listed.number) },
        html! {
            (listed.title) @if listed.exploited { " " (ui::exploited("Exploited")) }
            @if let Some(product) = listed.product.as_ref().or(listed.family.as_ref()) {
                br; span class="muted small" { (product) }
            }
        },
        html! {
            (ui::severity(severity(listed.severity)))
            @if let Some(score) = listed.score { " " span class="num" { (figure(score)) } }
            @if listed.severity.is_some() && !listed.confirmed { br; span class="muted small" { "provisional" } }
        },
        html! {
            (ui::state(tone(listed.state), listed.state.label()))
            @if let Some(outcome) = listed.outcome { br; span class="muted small" { (outcome.label()) } }
        },
        next_target(ctx, listed, level),
        html! {
            @match &listed.assignee {
                Some(name) => (ui::person(name, "")),
                None => span class="muted" { "nobody" },
            }
        },
        html! { (web::ago(listed.received_at, ctx.now)) },
    ];
    let row = ui::Row::new(cells).link(format!("/desk/cases/{}", listed.id));
    if listed.state == State::Closed {
        row.quiet()
    } else if level == Some(Level::Overdue) {
        row.loud()
    } else {
        row
    }
}

fn next_target(ctx: &Ctx, listed: &Listed, level: Option<Level>) -> Markup {
    let (Some(step), Some(due), Some(level)) = (listed.step, listed.due_at, level) else {
        return html! { span class="muted" { "none" } };
    };
    let badge = match level {
        Level::Overdue => Some((ui::Tone::Bad, "Overdue")),
        Level::Warning => Some((ui::Tone::Warn, "Due soon")),
        Level::Met | Level::MetLate | Level::Running => None,
    };
    html! {
        (step.label()) " " @if let Some((tone, word)) = badge { (ui::badge(tone, word)) }
        br; span class="muted small" { (web::ago(due, ctx.now)) }
    }
}

fn csv(rows: &[Listed]) -> CsvFile {
    let mut file = CsvFile::new(
        "cases.csv",
        [
            "number",
            "title",
            "state",
            "outcome",
            "severity",
            "score",
            "confirmed",
            "exploited",
            "family",
            "product",
            "assignee",
            "received",
            "next_target",
            "due",
        ],
    );
    for listed in rows {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        file.row(vec![
            listed.number.clone(),
            listed.title.clone(),
            listed.state.as_str().to_owned(),
            listed.outcome.map_or_else(String::new, |outcome| outcome.as_str().to_owned()),
            listed.severity.map_or_else(String::new, |severity| severity.as_str().to_owned()),
            listed.score.map_or_else(String::new, figure),
            listed.confirmed.to_string(),
            listed.exploited.to_string(),
            text(&listed.family),
            text(&listed.product),
            text(&listed.assignee),
            listed.received_at.rfc3339(),
            listed.step.map_or_else(String::new, |step| step.as_str().to_owned()),
            listed.due_at.map_or_else(String::new, kernel::Timestamp::rfc3339),
        ]);
    }
    file
}
