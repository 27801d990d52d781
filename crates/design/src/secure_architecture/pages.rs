//! HTML pages of components and SBOMs.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission};
use maud::{Markup, html};
use platform::{Ctx, files};
use register::products::{self, Product, ReleaseId};
use web::{
    CsvFile, Download, Fields, Flashed, Operation, Page, PageError, Path, Query, ago, desk_page, redirect_with, ui,
};

use super::actions::{self, Added, place};
use super::model::{Change, Component, Count, Rule, SbomId, Verdict};
use super::store::Wanted;
use super::{rules, store};

const ACTIVE: &str = "components";

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

fn name_of(component: &Component) -> Markup {
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

/// `GET /desk/components/releases/{id}`
pub(super) async fn inventory(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    inventory_page(&ctx, id, &query, flashed, &Fields::default()).await
}

async fn inventory_page(
    ctx: &Ctx,
    id: ReleaseId,
    query: &Query,
    flashed: Flashed,
    fields: &Fields,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let (release, product) = place(&mut tx, ctx, id, Permission::ReadPlans).await?;
    let sboms = store::list_sboms(&mut tx, id).await?;
    let in_force = store::list_rules(&mut tx).await?;
    let present = sboms.iter().find(|sbom| sbom.replaced_at.is_none());
    let components = match present {
        Some(sbom) => store::list_components(&mut tx, sbom.id).await?,
        None => Vec::new(),
    };
    let judged: Vec<(&Component, Option<&Rule>)> = components
        .iter()
        .map(|component| (component, rules::judge(component, &in_force, product.family, ctx.now.date())))
        .collect();
    let text = query.get("q").to_lowercase();
    let wanted = query.get("rule");
    let shown: Vec<_> = judged
        .iter()
        .filter(|(component, _)| component.name.to_lowercase().contains(&text) || component.package.contains(&text))
        .filter(|(_, rule)| wanted.is_empty() || rule.map_or("none", |rule| rule.verdict.as_str()) == wanted)
        .collect();
    if query.get("format") == "csv" {
        let mut file = CsvFile::new(
            "inventory.csv",
            ["name", "version", "purl", "cpe", "licences", "supplier", "type", "verdict", "reason"],
        );
        for (component, rule) in shown {
            file.row(vec![
                component.name.clone(),
                component.version.clone(),
                component.purl.clone(),
                component.cpe.clone(),
                component.licences.replace('\n', "; "),
                component.supplier.clone(),
                component.kind.clone(),
                rule.map_or("", |rule| rule.verdict.as_str()).to_owned(),
                rule.map_or_else(String::new, |rule| rule.reason.clone()),
            ]);
        }
        return Ok(file.into_response());
    }
    let page = Page::of(query, 100);
    let first = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let total = shown.len() as u64;
    let rows = shown.iter().skip(first).take(100).map(|(component, rule)| {
        ui::Row::new(vec![
            name_of(component),
            if component.version.is_empty() {
                ui::state(ui::Tone::Warn, "no version")
            } else {
                html! { (component.version) }
            },
            html! { (component.licences.replace('\n', ", ")) },
            html! { (component.supplier) },
            verdict(rule.map(|rule| rule.verdict)),
            html! { (rule.map_or("", |rule| rule.reason.as_str())) },
        ])
    });
    let rule_choices =
        [("", "All"), ("banned", "Banned"), ("limited", "Limited"), ("approved", "Approved"), ("none", "No rule")];
    let bar = ui::FilterBar::new(format!("/desk/components/releases/{id}"))
        .search("q", query.get("q"), "Name or package URL")
        .select("rule", "Rule", &ui::Choice::list(rule_choices, query.get("rule")))
        .export(query.with("format", "csv"));
    let table = ui::Table::new("Inventory")
        .columns(["Component", "Version", "Licences", "Supplier", "Rule", "Reason"])
        .rows(rows)
        .empty(if present.is_some() {
            let none = ui::empty_state("No components", "The present SBOM names no component. Add one that does.");
            web::empty(query, &[], "component", none)
        } else {
            ui::empty_state("No SBOM yet", "Add the SBOM of this release: CycloneDX 1.2 to 1.7 or SPDX 2.2 to 3.0.")
        });
    let may_work = ctx.actor.may(Permission::WorkPlans, product.scope());
    let upload = ui::Form::new(format!("/desk/components/releases/{id}/upload"), "Add")
        .multipart()
        .errors(&fields.errors())
        .field(
            ui::Field::file("file", "SBOM")
                .hint("JSON, XML, tag-value. It replaces the present one, which stays for comparison.")
                .required(),
        );
    let aside = html! {
        @if let Some(sbom) = present {
            (ui::panel("Present SBOM", html! {
                (ui::facts(&[
                    ui::Fact::text("Format", &format!("{} {}", sbom.format, sbom.spec_version)),
                    ui::Fact::new("Components", html! { (sbom.components) }),
                    ui::Fact::new("Without version", html! { (sbom.without_version) }),
                    ui::Fact::new("Added", html! { (ago(sbom.added_at, ctx.now)) " by " (sbom.added_by) }),
                    ui::Fact::new("SHA-256", html! { code class="small" { (sbom.sha256) } }),
                ]))
                @if sbom.without_version * 5 > sbom.components {
                    (ui::alert(ui::Tone::Warn, "Many components have no version", html! { p { "Rules with version ranges and matching against vulnerabilities pass them by. Let the tool that makes the SBOM resolve versions." } }))
                }
                @if !sbom.warnings.is_empty() {
                    details { summary { "What is wrong with the document" } ul { @for line in sbom.warnings.lines() { li { (line) } } } }
                }
            }))
        }
        @if may_work { (ui::panel("Add an SBOM", html! { (upload) })) }
        (ui::panel("All SBOMs of this release", html! {
            ul class="plain-list" {
                @for sbom in &sboms {
                    li {
                        a href={"/desk/components/sboms/" (sbom.id) "/file"} { (sbom.file_name) }
                        " " span class="muted" { (sbom.components) " components, " (ago(sbom.added_at, ctx.now)) @if sbom.replaced_at.is_some() { ", replaced" } }
                    }
                }
                @if sboms.is_empty() { li class="muted" { "None." } }
            }
        }))
    };
    let title = format!("{} {}", product.name, release.version);
    let mut shell = ui::Shell::new(title.as_str())
        .subtitle("What this release is made of")
        .crumbs(vec![ui::Crumb::link("SBOMs by release", "/desk/components/releases"), ui::Crumb::here(title.as_str())])
        .tabs(process::plan::tabs(id, "Components"));
    if present.is_some() {
        shell = shell.actions(ui::button_link(
            ui::Weight::Secondary,
            "Difference to the release before",
            &format!("/desk/components/releases/{id}/difference"),
        ));
    }
    let body = ui::split(html! { @if present.is_some() { (bar) } (table) (page.links(query, total)) }, aside);
    let status = if fields.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, desk_page(ctx, ACTIVE, flashed, shell, body)).into_response())
}

/// `POST /desk/components/releases/{id}/upload`
pub(super) async fn upload(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let added = match fields.take_uploads().into_iter().next() {
        Some(upload) => actions::add_sbom(&ctx, id, &upload.name, upload.content).await,
        None => Err(Error::invalid("file", "Choose the SBOM of this release.")),
    };
    let at = format!("/desk/components/releases/{id}");
    match added {
        Ok(Added::New { components, without_version, .. }) => Ok(redirect_with(
            &at,
            &format!("The SBOM is added: {components} components, {without_version} of them without a version."),
        )),
        Ok(Added::Known) => Ok(redirect_with(&at, "The release has exactly this SBOM already; nothing changed.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            inventory_page(&ctx, id, &query, Flashed::default(), &fields).await
        }
    }
}

/// `GET /desk/components/releases/{id}/difference`
pub(super) async fn difference(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let (release, product) = place(&mut tx, &ctx, id, Permission::ReadPlans).await?;
    let earlier = match query.get("with").parse::<ReleaseId>() {
        Ok(with) => Some(with),
        Err(_) => store::load_earlier_release(&mut tx, product.id, release.position).await?,
    };
    let all = products::list_releases(&mut tx, product.id).await?;
    let earlier = earlier.and_then(|with| all.iter().find(|release| release.id == with));
    let mut components = Vec::new();
    for wanted in [earlier.map(|release| release.id), Some(id)] {
        let sbom = match wanted {
            Some(wanted) => store::load_present(&mut tx, wanted).await?,
            None => None,
        };
        components.push(match sbom {
            Some(sbom) => store::list_components(&mut tx, sbom.id).await?,
            None => Vec::new(),
        });
    }
    let after = components.pop().unwrap_or_default();
    let before = components.pop().unwrap_or_default();
    let changes = rules::difference(&before, &after);
    let number = |wanted: fn(&Change) -> bool| changes.iter().filter(|change| wanted(change)).count();
    let rows = changes.iter().map(|change| match change {
        Change::Added(component) => ui::Row::new(vec![
            ui::state(ui::Tone::Info, "New"),
            name_of(component),
            html! {},
            html! { (component.version) },
        ]),
        Change::Removed(component) => ui::Row::new(vec![
            ui::state(ui::Tone::Neutral, "Gone"),
            name_of(component),
            html! { (component.version) },
            html! {},
        ]),
        Change::Moved(old, new) => ui::Row::new(vec![
            ui::state(ui::Tone::Warn, "Other version"),
            name_of(new),
            html! { (old.version) },
            html! { (new.version) },
        ]),
    });
    let ids: Vec<String> = all.iter().map(|release| release.id.to_string()).collect();
    let choices = ids
        .iter()
        .map(String::as_str)
        .zip(all.iter().map(|release| release.version.as_str()))
        .filter(|(other, _)| *other != id.to_string());
    let chosen = earlier.map(|release| release.id.to_string()).unwrap_or_default();
    let bar = ui::FilterBar::new(format!("/desk/components/releases/{id}/difference")).select(
        "with",
        "Compared with",
        &ui::Choice::list(choices, &chosen),
    );
    let tiles = ui::tiles(&[
        ui::Tile::new("New", number(|change| matches!(change, Change::Added(_)))),
        ui::Tile::new("Gone", number(|change| matches!(change, Change::Removed(_)))),
        ui::Tile::new("Other version", number(|change| matches!(change, Change::Moved(_, _)))),
    ]);
    let table = ui::Table::new("Differences").columns(["Change", "Component", "Before", "Now"]).rows(rows).empty(
        ui::empty_state(
            "No difference",
            "Both releases are made of the same components in the same versions, or have no SBOM.",
        ),
    );
    let title = format!("{} {}", product.name, release.version);
    let subtitle = earlier.map_or_else(
        || "No earlier release has an SBOM.".to_owned(),
        |earlier| format!("Compared with {}", earlier.version),
    );
    let shell = ui::Shell::new(format!("What changed in {title}")).subtitle(subtitle).crumbs(vec![
        ui::Crumb::link("SBOMs by release", "/desk/components/releases"),
        ui::Crumb::link(title, format!("/desk/components/releases/{id}")),
        ui::Crumb::here("Difference"),
    ]);
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (bar) (tiles) (table) }))
}

/// `GET /desk/components/sboms/{id}/file`: the document as it came.
pub(super) async fn download(Operation(ctx): Operation, Path(id): Path<SbomId>) -> Result<Download, PageError> {
    let mut tx = ctx.read().await?;
    let sbom = store::load_sbom(&mut tx, id).await?;
    place(&mut tx, &ctx, sbom.release, Permission::ReadPlans).await?;
    let info = files::load_info(&mut tx, sbom.file).await?;
    let content = files::load_content(&ctx, &mut tx, &info).await?;
    Ok(Download::new(&info.name, content))
}
