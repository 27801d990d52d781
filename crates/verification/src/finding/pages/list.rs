//! The list of findings, its export, and the summary of a release.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products::{Product, ProductId, ProductState};
use web::{AsOf, CsvFile, Flashed, Operation, PageError, Query, ago, desk_page, ui};

use super::super::model::{Finding, Kind, Practice, SEVERITIES, State, rank, severity_label, severity_named};
use super::super::store::{self, Cursor, Filter, Sort, Target, Way};
use super::super::{api, standing};
use super::{ACTIVE, severity_badge, state_sign, triage, visible};

/// Rows on a page.
const ROWS: u32 = 50;
/// Findings are counted up to here.
const COUNTED: u32 = 1_000;
/// Where a count has to look through many others, up to here.
const COUNTED_SLOWLY: u32 = 100;
/// Rows of a CSV file that are read at once.
const EXPORTED: u32 = 1_000;

/// The filter that an address names.
pub(super) fn filter_of(ctx: &Ctx, query: &Query, products: &[Product]) -> Result<Filter> {
    let as_of = AsOf::read(query, ctx.now)?;
    let past = as_of.past.then_some(as_of.at);
    let (state, live) = match query.get("state") {
        _ if past.is_some() => (None, None),
        "" => (None, Some(true)),
        "all" => (None, None),
        "settled" => (None, Some(false)),
        name => (State::parse(name), None),
    };
    // Whole days, as all figures count them.
    let ago = |name: &str| {
        let days = query.get(name).parse::<i32>().ok().filter(|days| (0..36_500).contains(days));
        days.map(|days| as_of.at.date().plus_days(1 - days).start() - Duration::from_micros(1))
    };
    Ok(Filter {
        visible: of_family(query, products, visible(ctx, products)),
        product: query.get("product").parse().ok(),
        target: query.get("target").parse().ok(),
        practice: Practice::parse(query.get("practice")),
        kind: Kind::parse(query.get("kind")),
        tool: query.get("tool").to_owned(),
        severity: severity_named(query.get("severity")).map(rank),
        live,
        state,
        waiting: query.get("waiting") == "yes",
        mark: mark(query.get("id")),
        component: query.get("component").trim().to_owned(),
        text: query.get("q").to_owned(),
        opened_before: ago("older"),
        opened_after: ago("newer"),
        open_at: past,
    })
}

/// The products of a family out of those that may be seen, unless one product is asked for.
fn of_family(query: &Query, products: &[Product], visible: Option<Vec<ProductId>>) -> Option<Vec<ProductId>> {
    let family = query.get("family");
    if family.is_empty() || !query.get("product").is_empty() {
        return visible;
    }
    let is_of = |product: &&Product| product.family.to_string() == family && product.state != ProductState::Archived;
    let ids = products.iter().filter(is_of).map(|product| product.id);
    Some(ids.filter(|id| visible.as_ref().is_none_or(|visible| visible.contains(id))).collect())
}

/// A CVE or CWE as it is stored; a bare number is a weakness.
fn mark(text: &str) -> String {
    let text = text.trim().to_uppercase();
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) { format!("CWE-{text}") } else { text }
}

/// Lets a filter name only what the actor may see.
async fn check(tx: &mut db::Tx, filter: &Filter, products: &[Product]) -> Result<Vec<Target>> {
    let may = |id| filter.visible.as_ref().is_none_or(|visible| visible.contains(&id));
    let mut product = filter.product;
    if let Some(target) = filter.target {
        let target = store::load_target(tx, target).await?;
        if !may(target.product) {
            return Err(Error::NotFound { what: "release" });
        }
        product = product.or(Some(target.product));
    }
    match product {
        None => Ok(Vec::new()),
        Some(id) if may(id) && products.iter().any(|product| product.id == id) => store::list_targets(tx, id).await,
        Some(_) => Err(Error::NotFound { what: "product" }),
    }
}

fn cursor(text: &str, back: bool) -> Option<Cursor> {
    let (key, id) = text.rsplit_once('.')?;
    Some(Cursor { key: key.to_owned(), id: id.parse().ok()?, back })
}

fn cursor_text(finding: &Finding, sort: Sort) -> String {
    let key = match sort {
        Sort::Severity | Sort::Mildest => rank(finding.severity).to_string(),
        Sort::Newest | Sort::Oldest => finding.opened_at.micros().to_string(),
        Sort::Title | Sort::TitleDown => super::super::report::key_of(&finding.title),
    };
    format!("{key}.{}", finding.id)
}

/// Titles are walked in their own order when one is looked for, and old ones by age; else the worst come first.
fn sort_of(query: &Query) -> Sort {
    let default = if !query.get("q").trim().is_empty() {
        Sort::Title
    } else if !query.get("older").is_empty() {
        Sort::Oldest
    } else if !query.get("newer").is_empty() || !query.get("as_of").is_empty() {
        Sort::Newest
    } else {
        Sort::Severity
    };
    Sort::parse(query.get("sort")).unwrap_or(default)
}

/// `GET /desk/findings`
pub(in super::super) async fn list(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    if query.get("format") == "csv" {
        return csv(Operation(ctx), query).await;
    }
    let mut tx = ctx.read().await?;
    let products = register::products::list_products(&mut tx).await?;
    let filter = filter_of(&ctx, &query, &products)?;
    let targets = check(&mut tx, &filter, &products).await?;
    let sort = sort_of(&query);
    let at = cursor(query.get("after"), false).or_else(|| cursor(query.get("before"), true));
    let way = Way::choose(&mut tx, &filter, sort).await?;
    let mut findings = store::list_findings(&mut tx, (&filter, &way), sort, at.as_ref(), ROWS + 1).await?;
    let counted = if way.is_slow(&filter) { COUNTED_SLOWLY } else { COUNTED };
    let count = store::count_findings(&mut tx, (&filter, &way), counted + 1).await?;
    let tools = store::list_tools(&mut tx).await?;
    drop(tx);
    let back = at.as_ref().is_some_and(|at| at.back);
    let full = findings.len() > ROWS as usize;
    if full && back {
        findings.remove(0);
    } else {
        findings.truncate(ROWS as usize);
    }
    let newer = if back { full } else { at.is_some() };
    let older = back || full;
    let link = |finding: Option<&Finding>, name: &str, there: bool| {
        finding.filter(|_| there).map(|finding| query.with(name, &cursor_text(finding, sort)))
    };
    let pager = ui::Pager::new(shown(findings.len(), count, counted))
        .newer(link(findings.first(), "before", newer))
        .older(link(findings.last(), "after", older));
    let may_work = ctx.actor.may_somewhere(Permission::WorkPlans);
    let mut table = columns(&query, sort)
        .rows(findings.iter().map(|finding| row(&ctx, finding)))
        .empty(empty(&ctx, &query))
        .foot(html! { (pager) });
    if may_work {
        table = table.bulk("finding", "/desk/findings/bulk", triage::bulk_buttons(&ctx, query_text(&query).as_str()));
    }
    let body = html! {
        (filter_bar(&query, &products, &filter, &targets, &tools))
        @if filter.open_at.is_some() {
            (ui::alert(ui::Tone::Info, &format!("What was open at the end of {}", query.get("as_of")), html! {
                p { "Severities and states are those of today: earlier ones are not kept in lists. The page of a finding tells its history." }
            }))
        }
        div id="findings" { (table) }
    };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell(&ctx, &query, &filter), body).into_response())
}

/// `GET /desk/implementation-review`: the list, of this practice.
pub(crate) async fn open_review() -> Response {
    web::redirect("/desk/findings?practice=implementation_review")
}

/// `GET /desk/security-testing`: the list, of this practice.
pub(crate) async fn open_testing() -> Response {
    web::redirect("/desk/findings?practice=security_testing")
}

/// The address of this list, to come back to.
fn query_text(query: &Query) -> String {
    query.with_all(&[("before", query.get("before")), ("after", query.get("after"))])
}

fn shown(rows: usize, count: i64, counted: u32) -> String {
    if count > i64::from(counted) {
        format!("{rows} of more than {counted} findings")
    } else if count == 1 {
        "One finding".to_owned()
    } else {
        format!("{rows} of {count} findings")
    }
}

fn empty(ctx: &Ctx, query: &Query) -> Markup {
    let action = html! {
        @if ctx.actor.may_somewhere(Permission::WorkPlans) {
            (ui::button_link(ui::Weight::Primary, "Import a report", "/desk/findings/import"))
        }
    };
    let none = ui::empty_state_with(
        "Nothing to do",
        "No finding is open. Import a report of a scanner, or have a pipeline post it.",
        action,
    );
    web::empty(query, &[], "finding", none)
}

fn shell(ctx: &Ctx, query: &Query, filter: &Filter) -> ui::Shell {
    let tab = |label: &str, state: &str| {
        ui::Tab::new(label, query.with_all(&[("state", state), ("waiting", "")]))
            .here(query.get("state") == state && query.get("waiting").is_empty())
    };
    let tabs = vec![
        tab("To do", ""),
        ui::Tab::new("Acceptance asked for", query.with_all(&[("state", ""), ("waiting", "yes")]))
            .here(!query.get("waiting").is_empty()),
        tab("Accepted", State::Accepted.as_str()),
        tab("Settled", "settled"),
        tab("All", "all"),
    ];
    let mut actions = html! {};
    if ctx.actor.may_somewhere(Permission::WorkPlans) {
        actions = html! {
            (ui::button_link(ui::Weight::Primary, "Import a report", "/desk/findings/import"))
            (ui::button_link(ui::Weight::Secondary, "Enter a finding", "/desk/findings/new"))
        };
    }
    let actions = html! {
        (actions)
        (ui::button_link(ui::Weight::Plain, "Imports", "/desk/findings/imports"))
        (ui::button_link(ui::Weight::Plain, "Quality standard", "/desk/findings/thresholds"))
        @if let Some(target) = filter.target {
            (ui::button_link(ui::Weight::Plain, "Summary", &format!("/desk/findings/summary?target={target}")))
            (ui::button_link(ui::Weight::Plain, "SARIF", &format!("/desk/findings/export.sarif?target={target}")))
        }
    };
    ui::Shell::new("Findings")
        .subtitle(
            "What scanners and reviewers found in releases and branches. Keys: j and k walk, x ticks, Enter opens.",
        )
        .tabs(tabs)
        .actions(actions)
}

/// The families of these products.
fn families(products: &[Product]) -> Vec<(String, &str)> {
    let mut families: Vec<(String, &str)> = Vec::new();
    for product in products {
        let id = product.family.to_string();
        if !families.iter().any(|(known, _)| *known == id) {
            families.push((id, product.family_name.as_str()));
        }
    }
    families
}

fn filter_bar(
    query: &Query,
    products: &[Product],
    filter: &Filter,
    targets: &[Target],
    tools: &[String],
) -> ui::FilterBar {
    let may = |product: &&Product| filter.visible.as_ref().is_none_or(|visible| visible.contains(&product.id));
    let ids: Vec<(String, &str)> =
        products.iter().filter(may).map(|product| (product.id.to_string(), product.name.as_str())).collect();
    let pairs = |ids: &[(String, &str)], chosen: &str| {
        ui::Choice::list(std::iter::once(("", "All")).chain(ids.iter().map(|(id, name)| (id.as_str(), *name))), chosen)
    };
    let target_ids: Vec<(String, &str)> =
        targets.iter().map(|target| (target.id.to_string(), target.name.as_str())).collect();
    let tool_ids: Vec<(String, &str)> = tools.iter().map(|tool| (tool.clone(), tool.as_str())).collect();
    let named = |all: &[(&'static str, &'static str)], chosen: &str| {
        ui::Choice::list(std::iter::once(("", "All")).chain(all.iter().copied()), chosen)
    };
    let severities = SEVERITIES.map(|severity| (severity.name(), severity_label(severity)));
    let practices: Vec<_> = Practice::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
    let kinds: Vec<_> = Kind::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
    let ages = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "a year")];
    let families = families(products);
    let mut bar = ui::FilterBar::new("/desk/findings")
        .search("q", query.get("q"), "Title begins with")
        .select("family", "Family", &pairs(&families, query.get("family")))
        .select("product", "Product", &pairs(&ids, query.get("product")));
    if !targets.is_empty() {
        bar = bar.select("target", "Release or branch", &pairs(&target_ids, query.get("target")));
    }
    bar = bar
        .select("severity", "Severity", &named(&severities, query.get("severity")))
        .select("practice", "Practice", &named(&practices, query.get("practice")))
        .select("kind", "Kind", &named(&kinds, query.get("kind")))
        .select("tool", "Tool", &pairs(&tool_ids, query.get("tool")))
        .select("older", "Open for more than", &named(&ages, query.get("older")))
        .search("id", query.get("id"), "CVE or CWE")
        .search("component", query.get("component"), "Component")
        .keep("state", query.get("state"))
        .keep("waiting", query.get("waiting"))
        .keep("sort", query.get("sort"))
        .export(query.with_all(&[("format", "csv")]));
    // What the dashboard asks for stands here once it is asked for.
    if !query.get("newer").is_empty() {
        bar = bar.select("newer", "Open for less than", &named(&ages, query.get("newer")));
    }
    if !query.get("as_of").is_empty() {
        bar = bar.date("as_of", "Open on the day", query.get("as_of"));
    }
    let chips =
        [("q", "Title"), ("id", "Identifier"), ("component", "Component"), ("tool", "Tool"), ("severity", "Severity")];
    for (name, label) in chips.iter().filter(|(name, _)| !query.get(name).is_empty()) {
        bar = bar.chip(format!("{label}: {}", query.get(name)), query.with(name, ""));
    }
    bar.clear("/desk/findings")
}

fn columns(query: &Query, sort: Sort) -> ui::Table {
    let head = |column: ui::Column, up: Sort, down: Sort, first: Sort| {
        let (sorted, next) = if sort == up {
            (ui::Sorted::Ascending, down)
        } else if sort == down {
            (ui::Sorted::Descending, up)
        } else {
            (ui::Sorted::No, first)
        };
        column.sortable(query.with("sort", next.as_str()), sorted)
    };
    ui::Table::new("Findings")
        .column(head(ui::Column::new("Finding"), Sort::Title, Sort::TitleDown, Sort::Title))
        .column(head(ui::Column::narrow("Severity"), Sort::Mildest, Sort::Severity, Sort::Severity))
        .column(ui::Column::narrow("State"))
        .column(ui::Column::new("Where"))
        .column(ui::Column::new("Product"))
        .column(ui::Column::narrow("Tool"))
        .column(head(ui::Column::narrow("Open since"), Sort::Oldest, Sort::Newest, Sort::Newest))
}

fn row(ctx: &Ctx, finding: &Finding) -> ui::Row {
    let row = ui::Row::new(vec![
        html! { (finding.title) },
        severity_badge(finding.severity),
        state_sign(finding),
        html! {
            @if finding.component.is_empty() { span class="break" { (finding.place) } } @else {
                (finding.component) " " (finding.component_version)
                @if !finding.cve.is_empty() { br; span class="small muted" { (finding.cve) } }
            }
        },
        html! { (finding.product_name) " " (finding.target_name) },
        html! { (finding.tool) },
        ago(finding.opened_at, ctx.now),
    ])
    .link(format!("/desk/findings/{}", finding.id))
    .select(finding.id.to_string(), finding.title.as_str());
    if finding.state.is_live() { row } else { row.quiet() }
}

/// `GET /desk/findings.csv`
pub(in super::super) async fn csv(Operation(ctx): Operation, query: Query) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let products = register::products::list_products(&mut tx).await?;
    let filter = filter_of(&ctx, &query, &products)?;
    check(&mut tx, &filter, &products).await?;
    let sort = sort_of(&query);
    let way = Way::choose(&mut tx, &filter, sort).await?;
    let first = store::list_findings(&mut tx, (&filter, &way), sort, None, EXPORTED).await?;
    drop(tx);
    let mut file = CsvFile::new(
        "findings.csv",
        [
            "id",
            "product",
            "release_or_branch",
            "practice",
            "kind",
            "tool",
            "scope",
            "state",
            "accepted_until",
            "severity",
            "title",
            "rule",
            "cwe",
            "cve",
            "component",
            "version",
            "fixed_in",
            "place",
            "open_since",
            "closed",
            "fingerprint",
        ],
    );
    let from = rest_of(&first, sort);
    first.into_iter().for_each(|finding| file.row(cells(finding)));
    // Each part is read on its own, so that a slow reader holds no transaction open.
    let more = move |at: Option<Cursor>| {
        let (ctx, filter) = (ctx.clone(), filter.clone());
        async move {
            let Some(at) = at else { return Ok(None) };
            let mut tx = ctx.read().await?;
            let part = store::list_findings(&mut tx, (&filter, &way), sort, Some(&at), EXPORTED).await?;
            drop(tx);
            let next = rest_of(&part, sort);
            Ok(Some((part.into_iter().map(cells).collect(), next)))
        }
    };
    Ok(file.followed_by(from, more)?)
}

/// Where the next part of a long list begins; nothing when this part was the last.
fn rest_of(part: &[Finding], sort: Sort) -> Option<Cursor> {
    let last = part.last().filter(|_| part.len() >= EXPORTED as usize)?;
    cursor(&cursor_text(last, sort), false)
}

fn cells(finding: Finding) -> Vec<String> {
    vec![
        finding.id.to_string(),
        finding.product_name,
        finding.target_name,
        finding.practice.as_str().to_owned(),
        finding.kind.as_str().to_owned(),
        finding.tool,
        finding.scope,
        finding.state.as_str().to_owned(),
        finding.accepted_until.map(|day| day.to_string()).unwrap_or_default(),
        finding.severity.name().to_owned(),
        finding.title,
        finding.rule,
        finding.cwe,
        finding.cve,
        finding.component,
        finding.component_version,
        finding.fixed_in,
        finding.place,
        finding.opened_at.rfc3339(),
        finding.closed_at.map(kernel::Timestamp::rfc3339).unwrap_or_default(),
        finding.fingerprint,
    ]
}

/// The release or branch that an address names, by its target or its release, and its product.
async fn target_of(ctx: &Ctx, query: &Query) -> Result<(Option<Target>, Product, String)> {
    let mut tx = ctx.read().await?;
    let missing = Error::NotFound { what: "release" };
    let (target, product, name) = if let Ok(id) = query.get("target").parse() {
        let target = store::load_target(&mut tx, id).await?;
        let (product, name) = (target.product, target.name.clone());
        (Some(target), product, name)
    } else {
        let release: register::products::ReleaseId = query.get("release").parse().map_err(|_| missing)?;
        let release = register::products::load_release(&mut tx, release).await?;
        let target = store::load_target_of(&mut tx, release.product, Some(release.id), "").await?;
        (target, release.product, release.version)
    };
    let product = register::products::load_product(&mut tx, product).await?;
    ctx.require(Permission::ReadPlans, product.scope(), "release")?;
    Ok((target, product, name))
}

/// `GET /desk/findings/export.sarif?release=…` or `?target=…`
pub(in super::super) async fn sarif(Operation(ctx): Operation, query: Query) -> Result<Response, PageError> {
    let (target, product, name) = target_of(&ctx, &query).await?;
    let (release, branch) = match &target {
        Some(target) => (target.release, if target.release.is_none() { target.name.clone() } else { String::new() }),
        None => (query.get("release").parse().ok(), String::new()),
    };
    Ok(api::sarif_of(&ctx, &product, release, &branch, &name).await?)
}

/// `GET /desk/findings/summary?release=…` or `?target=…`
pub(in super::super) async fn summary(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let (target, product, name) = target_of(&ctx, &query).await?;
    let title = format!("Findings of {} {name}", product.name);
    let mut shell = ui::Shell::new(title).crumbs(vec![
        ui::Crumb::link("Findings", "/desk/findings"),
        ui::Crumb::here(format!("{} {name}", product.name)),
    ]);
    let release = target.as_ref().map_or_else(|| query.get("release").parse().ok(), |target| target.release);
    if let Some(release) = release {
        shell = shell.tabs(process::plan::tabs(release, "Findings"));
    }
    let may_work = ctx.actor.may(Permission::WorkPlans, product.scope());
    let import_at =
        release.map_or_else(|| "/desk/findings/import".to_owned(), |id| format!("/desk/findings/import?release={id}"));
    let Some(target) = target else {
        let empty = ui::empty_state_with(
            "Nothing was scanned yet",
            "Import a report for this release, or have a pipeline post it.",
            html! { @if may_work { (ui::button_link(ui::Weight::Primary, "Import a report", &import_at)) } },
        );
        return Ok(desk_page(&ctx, ACTIVE, flashed, shell, empty));
    };
    let mut tx = ctx.read().await?;
    let counts = store::list_summary(&mut tx, target.id).await?;
    let imports = store::list_imports(
        &mut tx,
        &store::ImportFilter { target: Some(target.id), ..store::ImportFilter::default() },
        20,
    )
    .await?;
    let facts = match target.release {
        Some(release) => store::list_facts(&mut tx, &[release]).await?,
        None => std::collections::HashMap::new(),
    };
    let standards = standing::Standards::load(&mut tx).await?;
    drop(tx);
    let open = |severity: i64| -> i64 {
        counts
            .iter()
            .filter(|(_, known, state, _)| *known == severity && state.is_live())
            .map(|(.., count)| count)
            .sum()
    };
    let tiles: Vec<ui::Tile> = SEVERITIES
        .iter()
        .map(|severity| {
            let link = format!("/desk/findings?target={}&severity={}", target.id, severity.name());
            ui::Tile::new(format!("Open, {}", severity.name()), open(rank(*severity))).link(link)
        })
        .collect();
    let verdicts = html! {
        @for practice in Practice::ALL {
            @if let Some(fact) = target.release.and_then(|release| facts.get(&(release, *practice))) {
                (ui::alert(if fact.holds { ui::Tone::Good } else { ui::Tone::Bad }, practice.label(), html! { (fact.words) }))
            }
        }
    };
    let class = standards.class(product.id).label();
    let body = html! {
        (verdicts) (ui::tiles(&tiles)) (state_table(&counts, &target))
        (ui::panel("Imports", super::import::table(&ctx, &imports)))
        p class="muted" { "Judged as " (class) " by the " a href="/desk/findings/thresholds" { "release quality standard" } "." }
    };
    let shell = shell.actions(html! {
        @if may_work { (ui::button_link(ui::Weight::Primary, "Import a report", &import_at)) }
        (ui::button_link(ui::Weight::Secondary, "All findings", &format!("/desk/findings?state=all&target={}", target.id)))
        (ui::button_link(ui::Weight::Secondary, "SARIF", &format!("/desk/findings/export.sarif?target={}", target.id)))
    });
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body))
}

fn state_table(counts: &[(Practice, i64, State, i64)], target: &Target) -> Markup {
    let rows = Practice::ALL.iter().flat_map(|practice| {
        State::ALL.iter().filter_map(move |state| {
            let of = |severity: Option<i64>| -> i64 {
                counts
                    .iter()
                    .filter(|(p, s, st, _)| {
                        p == practice && st == state && severity.is_none_or(|severity| *s == severity)
                    })
                    .map(|(.., count)| count)
                    .sum()
            };
            if of(None) == 0 {
                return None;
            }
            let mut cells = vec![html! { (state.label()) }, html! { (practice.label()) }];
            cells.extend(SEVERITIES.iter().map(|severity| html! { (of(Some(rank(*severity)))) }));
            let link =
                format!("/desk/findings?target={}&practice={}&state={}", target.id, practice.as_str(), state.as_str());
            Some(ui::Row::new(cells).link(link))
        })
    });
    let mut table =
        ui::Table::new("Findings by state").column(ui::Column::new("State")).column(ui::Column::new("Practice"));
    for severity in SEVERITIES {
        table = table.column(ui::Column::number(severity_label(severity)));
    }
    table.rows(rows).empty(ui::empty_state("No findings", "The reports that came had none.")).markup()
}
