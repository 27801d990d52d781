//! HTML pages of components and SBOMs.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use kernel::Permission;
use maud::{Markup, html};
use register::products::{self, Product};
use web::{CsvFile, Flashed, Operation, Page, PageError, Query, ago, desk_page, ui};

use super::model::{Component, Count, Rule, Verdict};
use super::store::Wanted;
use super::{rules, store};

pub(super) const ACTIVE: &str = "components";

pub(super) fn tabs(here: &str) -> Vec<ui::Tab> {
    [
        ("Components", "/desk/components"),
        ("SBOMs by release", "/desk/components/releases"),
        ("Rules", "/desk/components/rules"),
    ]
    .into_iter()
    .map(|(label, href)| ui::Tab::new(label, href).here(href == here))
    .collect()
}

pub(super) fn verdict(verdict: Option<Verdict>) -> Markup {
    match verdict {
        Some(Verdict::Approved) => ui::state(ui::Tone::Good, "Approved"),
        Some(Verdict::Limited) => ui::state(ui::Tone::Warn, "Limited"),
        Some(Verdict::Banned) => ui::state(ui::Tone::Bad, "Banned"),
        None => html! { span class="muted" { "no rule" } },
    }
}

pub(super) fn name_of(component: &Component) -> Markup {
    html! {
        strong { (component.name) }
        @if !component.package.is_empty() { br; code class="small" { (component.package) } }
    }
}

/// `GET /desk/components`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let csv = query.get("format") == "csv";
    let page = if csv { Page::all(100_000) } else { Page::of(&query, 50) };
    let wanted =
        Wanted { text: query.get("q"), product: query.get("product"), limit: page.size, offset: page.offset() };
    let mut tx = ctx.read().await?;
    let total = store::count_uses(&mut tx, &ctx.actor, &wanted).await?;
    let uses = store::list_uses(&mut tx, &ctx.actor, &wanted).await?;
    let in_force: Vec<Rule> =
        store::list_rules(&mut tx).await?.into_iter().filter(|rule| rule.family.is_none()).collect();
    let products: Vec<Product> = products::list_products(&mut tx)
        .await?
        .into_iter()
        .filter(|product| ctx.actor.may(Permission::ReadPlans, product.scope()))
        .collect();
    let any_family = products.first().map(|product| product.family);
    let judged = |component: &Component| {
        any_family
            .and_then(|family| rules::judge(component, &in_force, family, ctx.now.date()))
            .map(|rule| rule.verdict)
    };
    if csv {
        let mut file = CsvFile::new(
            "components.csv",
            ["name", "version", "package", "licences", "supplier", "releases", "products", "verdict"],
        );
        for line in uses {
            let component = &line.component;
            file.row(vec![
                component.name.clone(),
                component.version.clone(),
                component.package.clone(),
                component.licences.replace('\n', "; "),
                component.supplier.clone(),
                line.releases.to_string(),
                line.products.to_string(),
                judged(component).map_or("", Verdict::as_str).to_owned(),
            ]);
        }
        return Ok(file.into_response());
    }
    let rows = uses.iter().map(|line| {
        let component = &line.component;
        ui::Row::new(vec![
            name_of(component),
            html! { (component.version) },
            html! { (component.licences.replace('\n', ", ")) },
            html! { (line.releases) },
            html! { (line.products) },
            verdict(judged(component)),
        ])
    });
    let ids: Vec<String> = products.iter().map(|product| product.id.to_string()).collect();
    let choices = std::iter::once(("", "All"))
        .chain(ids.iter().map(String::as_str).zip(products.iter().map(|product| product.name.as_str())));
    let bar = ui::FilterBar::new("/desk/components")
        .search("q", query.get("q"), "Name or package URL")
        .select("product", "Product", &ui::Choice::list(choices, query.get("product")))
        .export(query.with("format", "csv"));
    let none = ui::empty_state_with(
        "No components yet",
        "Components come from the SBOMs of releases. Add the first by hand, or let the pipeline post it.",
        ui::button_link(ui::Weight::Primary, "SBOMs by release", "/desk/components/releases"),
    );
    let empty = web::empty(&query, &[], "component of a present SBOM", none);
    let table = ui::Table::new("Components")
        .columns(["Component", "Version", "Licences"])
        .column(ui::Column::number("Releases"))
        .column(ui::Column::number("Products"))
        .column(ui::Column::new("Rule"))
        .rows(rows)
        .empty(empty);
    let shell = ui::Shell::new("Components")
        .subtitle(format!("{total} in the present SBOMs of releases"))
        .tabs(tabs("/desk/components"));
    let body = html! { (bar) (table) (page.links(&query, total)) };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}

fn counts(count: Count) -> Markup {
    html! {
        @if count.banned > 0 { (ui::state(ui::Tone::Bad, &format!("{} banned", count.banned))) " " }
        @if count.limited > 0 { (ui::state(ui::Tone::Warn, &format!("{} limited", count.limited))) " " }
        @if count.banned == 0 && count.limited == 0 { (ui::state(ui::Tone::Good, "Nothing banned")) }
    }
}

/// `GET /desk/components/releases`
pub(super) async fn releases(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let products = products::list_products(&mut tx).await?;
    let releases = products::list_releases_of(&mut tx, None).await?;
    let present = store::list_present(&mut tx).await?;
    let by_id: HashMap<_, &Product> = products.iter().map(|product| (product.id, product)).collect();
    let text = query.get("q").to_lowercase();
    let shown: Vec<_> = releases
        .iter()
        .filter_map(|release| by_id.get(&release.product).map(|product| (*product, release)))
        .filter(|(product, _)| ctx.actor.may(Permission::ReadPlans, product.scope()))
        .filter(|(product, release)| format!("{} {}", product.name, release.version).to_lowercase().contains(&text))
        .filter(|(_, release)| match query.get("sbom") {
            "missing" => !present.contains_key(&release.id),
            "banned" => present.get(&release.id).is_some_and(|(_, count)| count.banned > 0),
            _ => true,
        })
        .collect();
    let page = Page::of(&query, 50);
    let total = shown.len() as u64;
    let first = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = shown.iter().skip(first).take(50).map(|(product, release)| {
        let sbom = present.get(&release.id);
        ui::Row::new(vec![
            html! { strong { (product.name) " " (release.version) } },
            html! { (release.state.label()) },
            sbom.map_or_else(
                || html! { span class="muted" { "none yet" } },
                |(sbom, _)| html! { (sbom.format) " " (sbom.spec_version) },
            ),
            sbom.map_or_else(|| html! {}, |(sbom, _)| html! { (sbom.components) }),
            sbom.map_or_else(|| html! {}, |(_, count)| counts(*count)),
            sbom.map_or_else(|| html! {}, |(sbom, _)| ago(sbom.added_at, ctx.now)),
        ])
        .link(format!("/desk/components/releases/{}", release.id))
    });
    let bar = ui::FilterBar::new("/desk/components/releases").search("q", query.get("q"), "Product or version").select(
        "sbom",
        "SBOM",
        &ui::Choice::list(
            [("", "All"), ("missing", "Missing"), ("banned", "With banned components")],
            query.get("sbom"),
        ),
    );
    let table = ui::Table::new("SBOMs by release")
        .columns(["Release", "State", "SBOM"])
        .column(ui::Column::number("Components"))
        .columns(["Rules", "Added"])
        .rows(rows)
        .empty(web::empty(
            &query,
            &[],
            "release",
            ui::empty_state("No release yet", "Releases are added on a product's page; each then gets its SBOM here."),
        ));
    let shell = ui::Shell::new("SBOMs by release").tabs(tabs("/desk/components/releases"));
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (bar) (table) (page.links(&query, total)) }))
}
