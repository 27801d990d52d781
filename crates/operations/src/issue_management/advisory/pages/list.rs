//! The list of advisories.

use maud::{Markup, html};
use web::ui::{self, Choice, Column, FilterBar, Row, Severity, Shell, Sorted, Table};
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, desk_page, moment};

use super::super::model::{Kind, State, figure};
use super::super::store::{self, Filter, Listed};
use super::state_badge;

const ROWS: u64 = 50;

fn filter_of(query: &Query) -> Filter {
    Filter {
        words: query.get("q").to_owned(),
        state: query.get("state").to_owned(),
        kind: query.get("kind").to_owned(),
        severity: query.get("severity").to_owned(),
        product: query.get("product").to_owned(),
        sort: query.get("sort").to_owned(),
        descending: query.get("order") != "up",
    }
}

fn row(listed: &Listed) -> Row {
    let when = match (listed.publish_at, listed.last_published_at) {
        (Some(at), _) => html! { "goes out " (moment(at)) },
        (None, Some(at)) => moment(at),
        (None, None) => html! {},
    };
    Row::new(vec![
        html! { (listed.number) },
        html! { (listed.title) @if listed.kind == Kind::LimitedNotice { " " (ui::badge(ui::Tone::Info, "Limited notice")) } },
        state_badge(listed.state),
        html! { @if !listed.severity.is_empty() { (ui::severity(Severity::of_name(&listed.severity))) } },
        html! { (listed.product) },
        html! { a href={"/desk/cases/" (listed.case)} { (listed.case_number) } },
        html! { (listed.author) },
        when,
    ])
    .link(format!("/desk/advisories/{}", listed.id))
}

/// `GET /desk/advisories`.
pub(in super::super) async fn list(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let filter = filter_of(&query);
    let page = Page::of(&query, ROWS);
    let mut tx = ctx.read().await?;
    let list = store::list(&mut tx, &ctx.actor, &filter, page.offset(), page.size).await?;
    let total = store::count(&mut tx, &ctx.actor, &filter).await?;
    let products = register::products::list_products(&mut tx).await?;
    drop(tx);
    let any = |label: &'static str| std::iter::once(("", label));
    let ids: Vec<(String, String)> =
        products.into_iter().map(|product| (product.id.to_string(), product.name)).collect();
    let severities = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")];
    let states = any("Any").chain(State::ALL.map(|state| (state.as_str(), state.label())));
    let kinds = any("Any").chain(Kind::ALL.map(|kind| (kind.as_str(), kind.label())));
    let of_products = any("All").chain(ids.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    let bar = FilterBar::new("/desk/advisories")
        .search("q", &filter.words, "Search by number, title or CVE")
        .select("state", "State", &Choice::list(states, &filter.state))
        .select("severity", "Severity", &Choice::list(any("Any").chain(severities), &filter.severity))
        .select("product", "Product", &Choice::list(of_products, &filter.product))
        .select("kind", "Kind", &Choice::list(kinds, &filter.kind))
        .keep("sort", &filter.sort)
        .keep("order", query.get("order"))
        .clear("/desk/advisories")
        .export(query.with("page", "").replacen("/desk/advisories", "/desk/advisories.csv", 1));
    let sortable = |label: &str, key: &str| {
        let here = filter.sort == key || (filter.sort.is_empty() && key == "created");
        let sorted = match (here, filter.descending) {
            (false, _) => Sorted::No,
            (true, true) => Sorted::Descending,
            (true, false) => Sorted::Ascending,
        };
        let order = if sorted == Sorted::Descending { "up" } else { "" };
        Column::new(label).sortable(query.with_all(&[("sort", key), ("order", order)]), sorted)
    };
    let table = Table::new("Advisories")
        .column(sortable("Number", "number"))
        .column(sortable("Title", "title"))
        .column(sortable("State", "state"))
        .column(sortable("Severity", "severity"))
        .columns(["Product", "Case", "Author"])
        .column(sortable("Published", "published"))
        .rows(list.iter().map(row))
        .empty(web::empty(
            &query,
            &[],
            "advisory",
            ui::empty_state("No advisories", "An advisory begins on the page of a confirmed case, under Advisories."),
        ))
        .foot(html! { span class="muted small" { (total) " advisories" } (page.links(&query, total)) });
    let shell = Shell::new("Advisories").subtitle("Drafts, reviews, and what is public");
    Ok(desk_page(&ctx, "advisories", flashed, shell, html! { (bar) (table) }))
}

/// `GET /desk/advisories.csv`.
pub(in super::super) async fn csv(Operation(ctx): Operation, query: Query) -> Result<CsvFile, PageError> {
    let mut tx = ctx.read().await?;
    let list = store::list(&mut tx, &ctx.actor, &filter_of(&query), 0, 100_000).await?;
    let titles =
        ["number", "title", "kind", "state", "version", "severity", "score", "product", "case", "author", "published"];
    let mut file = CsvFile::new("advisories.csv", titles);
    for one in list {
        file.row(vec![
            one.number,
            one.title,
            one.kind.as_str().to_owned(),
            one.state.as_str().to_owned(),
            one.version.to_string(),
            one.severity,
            one.score.map(figure).unwrap_or_default(),
            one.product,
            one.case_number,
            one.author,
            one.last_published_at.map(kernel::Timestamp::rfc3339).unwrap_or_default(),
        ]);
    }
    Ok(file)
}
