//! The pages of the portal.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Result};
use maud::{Markup, html};
use platform::{Ctx, profile};
use web::ui::{self, Choice, Column, Crumb, FilterBar, Portal, Row, Severity, Sorted, Table, Weight};
use web::{CsvFile, Flashed, Operation, Page, PageError, Path, Query, paragraphs, portal_page};

use super::page::{self, advisory_body};
use super::store::{self, Filter, Listed};
use crate::issue_management::advisory::{Snapshot, figure};

const ROWS: u64 = 25;
const SEVERITIES: [(&str, &str); 5] =
    [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low"), ("none", "None")];

fn severity(listed: &Listed) -> Markup {
    html! {
        @if listed.withdrawn { (ui::badge(ui::Tone::Neutral, "Withdrawn")) }
        @else if listed.severity.is_empty() { (ui::badge(ui::Tone::Info, "Notice")) }
        @else { (ui::severity(Severity::of_name(&listed.severity))) }
    }
}

pub(super) fn rows(list: &[Listed]) -> Vec<Row> {
    list.iter()
        .map(|listed| {
            let row = Row::new(vec![
                html! { (listed.number) },
                html! { (listed.title) },
                severity(listed),
                html! { @if let Some(score) = listed.score { (figure(score)) } },
                html! { (listed.products) },
                html! { (ui::time(&listed.first_published_at.rfc3339(), &listed.first_published_at.date().to_string())) },
                html! { (ui::time(&listed.published_at.rfc3339(), &listed.published_at.date().to_string())) },
            ])
            .link(format!("/advisories/{}", listed.number));
            if listed.withdrawn { row.quiet() } else { row }
        })
        .collect()
}

/// `GET /`.
pub(super) async fn start(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let latest = store::list(&mut tx, &Filter::default(), 0, 8).await?;
    drop(tx);
    let body = start_body(&latest);
    let shell = |vendor: &str| {
        Portal::new("Product security", vendor)
            .subtitle(format!("How {vendor} finds, fixes and tells about vulnerabilities in its products."))
    };
    Ok(portal_page(&ctx, "", flashed, shell, body).await?)
}

pub(super) fn start_body(latest: &[Listed]) -> Markup {
    let table = Table::new("Latest advisories")
        .columns(["Number", "Title", "Severity", "Score", "Products", "Published", "Updated"])
        .rows(rows(latest))
        .empty(ui::empty_state(
            "Nothing is published yet",
            "As soon as there is an advisory, it stands here, in the feeds and in the mail of everybody who signed up.",
        ))
        .foot(ui::more("All advisories", "/advisories"));
    let cards = html! {
        (ui::panel("Report a vulnerability", html! {
            p { "You found a weakness in one of our products? Tell us, with your name or without. You get an answer from a person." }
            (ui::button_link(Weight::Primary, "Report a vulnerability", "/report"))
        }))
        (ui::panel("Stay informed", html! {
            p { "Get a mail about the products you use, from the severity you choose. Or take the feed." }
            (ui::button_link(Weight::Secondary, "Sign up for notices", "/subscribe")) " "
            (ui::button_link(Weight::Plain, "Atom feed", "/feeds/advisories.atom"))
        }))
        (ui::panel("How we work", html! {
            p { "What you can expect from us, and what we ask of you." }
            (ui::button_link(Weight::Secondary, "Read the policy", "/policy"))
        }))
    };
    html! { (ui::panel("Latest advisories", table.markup())) (ui::grid(cards)) }
}

fn filter_of(query: &Query) -> Filter {
    Filter {
        words: query.get("q").to_owned(),
        severity: query.get("severity").to_owned(),
        product: query.get("product").to_owned(),
        year: query.get("year").parse().ok(),
        sort: query.get("sort").to_owned(),
        ascending: query.get("order") == "up",
    }
}

fn sortable(query: &Query, filter: &Filter, label: &str, key: &str) -> Column {
    let here = filter.sort == key || (filter.sort.is_empty() && key == "updated");
    let sorted = match (here, filter.ascending) {
        (false, _) => Sorted::No,
        (true, true) => Sorted::Ascending,
        (true, false) => Sorted::Descending,
    };
    let order = if sorted == Sorted::Descending { "up" } else { "" };
    let column = if key == "score" { Column::number(label) } else { Column::new(label) };
    column.sortable(query.with_all(&[("sort", key), ("order", order)]), sorted)
}

/// What the list page shows, in a fixed number of statements.
pub(super) struct ListPage {
    pub(super) list: Vec<Listed>,
    pub(super) total: u64,
    pub(super) products: Vec<(String, String)>,
    pub(super) years: Vec<i16>,
}

pub(super) async fn load_list(tx: &mut db::Tx, filter: &Filter, page: Page) -> Result<ListPage> {
    let span = store::load_span(tx).await?;
    Ok(ListPage {
        list: store::list(tx, filter, page.offset(), page.size).await?,
        total: store::count(tx, filter).await?,
        products: store::list_products(tx).await?,
        years: span.map(|(first, last)| (first.date().year()..=last.date().year()).rev().collect()).unwrap_or_default(),
    })
}

/// The list as a table for other programs, whole.
fn export(list: Vec<Listed>) -> CsvFile {
    let titles = ["number", "title", "severity", "score", "products", "published", "updated", "withdrawn"];
    let mut file = CsvFile::new("advisories.csv", titles);
    for one in list {
        file.row(vec![
            one.number,
            one.title,
            one.severity,
            one.score.map(figure).unwrap_or_default(),
            one.products,
            one.first_published_at.rfc3339(),
            one.published_at.rfc3339(),
            if one.withdrawn { "yes" } else { "no" }.to_owned(),
        ]);
    }
    file
}

/// `GET /advisories`.
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let filter = filter_of(&query);
    let page = Page::of(&query, ROWS);
    let mut tx = ctx.read().await?;
    if query.get("format") == "csv" {
        return Ok(export(store::list(&mut tx, &filter, 0, 100_000).await?).into_response());
    }
    let found = load_list(&mut tx, &filter, page).await?;
    drop(tx);
    let any = |label: &'static str| std::iter::once(("", label));
    let years: Vec<String> = found.years.iter().map(ToString::to_string).collect();
    let severities = Choice::list(any("Any").chain(SEVERITIES), &filter.severity);
    let products = Choice::list(
        any("All").chain(found.products.iter().map(|(slug, name)| (slug.as_str(), name.as_str()))),
        &filter.product,
    );
    let of_years =
        Choice::list(any("Any").chain(years.iter().map(|year| (year.as_str(), year.as_str()))), query.get("year"));
    let mut bar = FilterBar::new("/advisories")
        .search("q", &filter.words, "Search by words, CVE, product or release")
        .select("severity", "Severity", &severities)
        .select("product", "Product", &products)
        .select("year", "Year", &of_years)
        .keep("sort", &filter.sort)
        .keep("order", query.get("order"))
        .clear("/advisories")
        .export(query.with_all(&[("page", ""), ("format", "csv")]));
    for (name, label) in [("q", "Words"), ("severity", "Severity"), ("product", "Product"), ("year", "Year")] {
        let value = query.get(name);
        let known = match name {
            "severity" => SEVERITIES.iter().find(|(key, _)| *key == value).map(|(_, title)| *title),
            "product" => found.products.iter().find(|(slug, _)| slug == value).map(|(_, title)| title.as_str()),
            _ => None,
        };
        if !value.is_empty() {
            bar = bar.chip(format!("{label}: {}", known.unwrap_or(value)), query.with(name, ""));
        }
    }
    let columns = [
        ("Number", "number"),
        ("Title", "title"),
        ("Severity", "severity"),
        ("Score", "score"),
        ("Products", ""),
        ("Published", "published"),
        ("Updated", "updated"),
    ];
    let mut table = Table::new("Advisories");
    for (label, key) in columns {
        table = table.column(match key {
            "" => Column::new(label),
            "score" => Column::number(label),
            key => sortable(&query, &filter, label, key),
        });
    }
    let table = table
        .rows(rows(&found.list))
        .empty(web::empty(
            &query,
            &[],
            "advisory",
            ui::empty_state("No advisory yet", "What we publish about the security of our products stands here."),
        ))
        .foot(html! {
            span class="muted small" { (found.total) @if found.total == 1 { " advisory" } @else { " advisories" } }
            (page.links(&query, found.total))
        });
    let shell = |vendor: &str| Portal::new("Security advisories", vendor).actions(feeds(&filter.product));
    Ok(portal_page(&ctx, "advisories", flashed, shell, html! { (bar) (table) }).await?.into_response())
}

fn feeds(product: &str) -> Markup {
    let atom = if product.is_empty() {
        "/feeds/advisories.atom".to_owned()
    } else {
        format!("/feeds/advisories.atom?product={product}")
    };
    html! {
        (ui::button_link(Weight::Plain, "Atom feed", &atom))
        (ui::button_link(Weight::Secondary, "Sign up for notices", "/subscribe"))
    }
}

pub(super) fn shell_of(snapshot: &Snapshot, vendor: &str) -> Portal {
    Portal::new(&snapshot.title, vendor)
        .crumbs(vec![Crumb::link("Advisories", "/advisories"), Crumb::here(&snapshot.number)])
        .badges(page::badges(snapshot))
        .subtitle(format!("{} {}, version {}", snapshot.kind_label(), snapshot.number, snapshot.version))
}

/// `GET /advisories/{number}`.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(number): Path<String>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let snapshot = store::load_current(&mut tx, &number).await?;
    drop(tx);
    let scored = if query.get("cvss").is_empty() { None } else { page::calculators(&snapshot, 1, &query) };
    let body = html! {
        @if let Some(scored) = scored { (scored) }
        (advisory_body(&snapshot, true))
        @if query.get("cvss").is_empty() && !snapshot.vulnerabilities.is_empty() {
            (ui::section("Score for your environment", html! { (first_calculator(&snapshot, &query)) }))
        }
    };
    Ok(portal_page(&ctx, "advisories", flashed, |vendor| shell_of(&snapshot, vendor), body).await?)
}

pub(super) fn first_calculator(snapshot: &Snapshot, query: &Query) -> Markup {
    let rated = snapshot
        .vulnerabilities
        .iter()
        .enumerate()
        .filter_map(|(place, one)| Some((one.cvss31.as_ref()?.score, std::cmp::Reverse(place))))
        .max()
        .map_or(1, |(_, std::cmp::Reverse(place))| place + 1);
    html! {
        p class="muted" { "Your environment is not ours: set what holds for you and pass the link on. Nothing you choose is sent to us while your browser runs scripts." }
        @if let Some(markup) = page::calculators(snapshot, rated, query) { (markup) }
    }
}

/// `GET /advisories/{number}/score/{index}`.
pub(super) async fn score(
    Operation(ctx): Operation,
    Path((number, index)): Path<(String, usize)>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let snapshot = store::load_current(&mut tx, &number).await?;
    drop(tx);
    let body = score_body(&snapshot, index, &query).ok_or(Error::NotFound { what: "vulnerability" })?;
    Ok(portal_page(&ctx, "advisories", flashed, |vendor| score_shell(&snapshot, vendor), body).await?)
}

pub(super) fn score_shell(snapshot: &Snapshot, vendor: &str) -> Portal {
    Portal::new("Score for your environment", vendor).crumbs(vec![
        Crumb::link("Advisories", "/advisories"),
        Crumb::link(&snapshot.number, format!("/advisories/{}", snapshot.number)),
        Crumb::here("Score"),
    ])
}

pub(super) fn score_body(snapshot: &Snapshot, index: usize, query: &Query) -> Option<Markup> {
    let one = snapshot.vulnerabilities.get(index.checked_sub(1)?)?;
    let calculators = page::calculators(snapshot, index, query)?;
    Some(html! {
        (ui::prose(html! {
            p { strong { (one.title) } @if let Some(cve) = &one.cve { " (" (cve) ")" } }
            p { "The published score holds for a reasonable worst case. Set below how exploitation stands today and what holds in your environment; the link carries your choice." }
        }))
        (calculators)
    })
}

/// `GET /advisories/{number}/versions/{version}`.
pub(super) async fn version(
    Operation(ctx): Operation,
    Path((number, version)): Path<(String, i64)>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let snapshot = store::load_version(&mut tx, &number, version).await?;
    let current = store::load_current(&mut tx, &number).await?;
    drop(tx);
    let newest = format!("/advisories/{number}");
    let body = html! {
        @if current.version != snapshot.version {
            (ui::alert(ui::Tone::Warn, "This is an older version", html! { p { "Version " (current.version) " is the newest. " a href=(newest) { "Go to it" } "." } }))
        }
        (advisory_body(&snapshot, false))
    };
    Ok(portal_page(&ctx, "advisories", flashed, |vendor| shell_of(&snapshot, vendor), body).await?)
}

async fn text_page(
    ctx: &Ctx,
    active: &str,
    flashed: Flashed,
    title: &str,
    text: String,
    empty: &str,
) -> Result<Markup, PageError> {
    let body = text_body(&text, empty);
    Ok(portal_page(ctx, active, flashed, |vendor| Portal::new(title, vendor), body).await?)
}

pub(super) fn text_body(text: &str, empty: &str) -> Markup {
    html! {
        @if text.trim().is_empty() { (ui::empty_state("Not written yet", empty)) }
        @else { (ui::prose(paragraphs(text))) }
    }
}

pub(super) const NO_POLICY: &str =
    "The policy is written by the product security team and will stand here. You can report a vulnerability already.";
pub(super) const NO_PRIVACY: &str = "What happens with personal data of people who report or sign up will stand here.";

/// `GET /policy`.
pub(super) async fn policy(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    drop(tx);
    text_page(&ctx, "policy", flashed, "Vulnerability handling policy", vendor.policy, NO_POLICY).await
}

/// `GET /privacy`.
pub(super) async fn privacy(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    drop(tx);
    text_page(&ctx, "", flashed, "Privacy", vendor.privacy, NO_PRIVACY).await
}

pub(super) fn documents_body(has_policy: bool) -> Markup {
    let mut rows = Vec::new();
    if has_policy {
        rows.push(Row::new(vec![html! { "Vulnerability handling policy" }, html! { "Page" }]).link("/policy"));
    }
    let empty =
        ui::empty_state("No documents yet", "Security and data-protection documents of our products will stand here.");
    Table::new("Documents").columns(["Document", "Kind"]).rows(rows).empty(empty).markup()
}

/// `GET /documents`.
pub(super) async fn documents(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    drop(tx);
    let body = documents_body(!vendor.policy.trim().is_empty());
    Ok(portal_page(&ctx, "documents", flashed, |name| Portal::new("Documents", name), body).await?)
}
