//! HTML pages of what one release is made of: its inventory, its SBOMs, and the difference to another release.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission};
use maud::{Markup, html};
use platform::{Ctx, files};
use register::products::{self, Product, Release, ReleaseId};
use web::{
    CsvFile, Download, Fields, Flashed, Operation, Page, PageError, Path, Query, ago, desk_page, redirect_with, ui,
};

use super::actions::{self, Added, place};
use super::model::{Change, Component, Rule, Sbom, SbomId};
use super::pages::{ACTIVE, name_of, verdict};
use super::{rules, store};

/// Rows on a page.
const ROWS: u64 = 100;

/// A component with the rule that judges it.
type Judged<'a> = (&'a Component, Option<&'a Rule>);

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
    drop(tx);
    let today = ctx.now.date();
    let shown: Vec<Judged<'_>> = components
        .iter()
        .map(|component| (component, rules::judge(component, &in_force, product.family, today)))
        .filter(|judged| fits(*judged, query))
        .collect();
    if query.get("format") == "csv" {
        return Ok(csv(&shown).into_response());
    }
    let page = Page::of(query, ROWS);
    let may_work = ctx.actor.may(Permission::WorkPlans, product.scope());
    let aside = html! {
        @if let Some(sbom) = present { (ui::panel("Present SBOM", about(sbom, ctx))) }
        @if may_work { (ui::panel("Add an SBOM", upload_form(id, fields).markup())) }
        (ui::panel("All SBOMs of this release", all_of(&sboms, ctx)))
    };
    let main = html! {
        @if present.is_some() { (bar(id, query)) }
        (table(&shown, &page, present.is_some(), query))
        (page.links(query, shown.len() as u64))
    };
    let shell = shell(&product, &release, present.is_some());
    let status = if fields.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, desk_page(ctx, ACTIVE, flashed, shell, ui::split(main, aside))).into_response())
}

fn fits((component, rule): Judged<'_>, query: &Query) -> bool {
    let text = query.get("q").to_lowercase();
    let wanted = query.get("rule");
    (component.name.to_lowercase().contains(&text) || component.package.contains(&text))
        && (wanted.is_empty() || rule.map_or("none", |rule| rule.verdict.as_str()) == wanted)
}

fn bar(id: ReleaseId, query: &Query) -> ui::FilterBar {
    let rules =
        [("", "All"), ("banned", "Banned"), ("limited", "Limited"), ("approved", "Approved"), ("none", "No rule")];
    ui::FilterBar::new(format!("/desk/components/releases/{id}"))
        .search("q", query.get("q"), "Name or package URL")
        .select("rule", "Rule", &ui::Choice::list(rules, query.get("rule")))
        .export(query.with("format", "csv"))
}

fn table(shown: &[Judged<'_>], page: &Page, has_sbom: bool, query: &Query) -> ui::Table {
    let first = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = shown.iter().skip(first).take(usize::try_from(ROWS).unwrap_or(usize::MAX)).map(|(component, rule)| {
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
    ui::Table::new("Inventory")
        .columns(["Component", "Version", "Licences", "Supplier", "Rule", "Reason"])
        .rows(rows)
        .empty(if has_sbom {
            let none = ui::empty_state("No components", "The present SBOM names no component. Add one that does.");
            web::empty(query, &[], "component", none)
        } else {
            ui::empty_state("No SBOM yet", "Add the SBOM of this release: CycloneDX 1.2 to 1.7 or SPDX 2.2 to 3.0.")
        })
}

fn csv(shown: &[Judged<'_>]) -> CsvFile {
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
    file
}

fn about(sbom: &Sbom, ctx: &Ctx) -> Markup {
    html! {
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
    }
}

fn upload_form(id: ReleaseId, fields: &Fields) -> ui::Form {
    ui::Form::new(format!("/desk/components/releases/{id}/upload"), "Add").multipart().errors(&fields.errors()).field(
        ui::Field::file("file", "SBOM")
            .hint("JSON, XML, tag-value. It replaces the present one, which stays for comparison.")
            .required(),
    )
}

fn all_of(sboms: &[Sbom], ctx: &Ctx) -> Markup {
    html! {
        ul class="plain-list" {
            @for sbom in sboms {
                li {
                    a href={"/desk/components/sboms/" (sbom.id) "/file"} { (sbom.file_name) }
                    " " span class="muted" { (sbom.components) " components, " (ago(sbom.added_at, ctx.now)) @if sbom.replaced_at.is_some() { ", replaced" } }
                }
            }
            @if sboms.is_empty() { li class="muted" { "None." } }
        }
    }
}

fn shell(product: &Product, release: &Release, has_sbom: bool) -> ui::Shell {
    let title = format!("{} {}", product.name, release.version);
    let shell = ui::Shell::new(title.as_str())
        .subtitle("What this release is made of")
        .crumbs(vec![ui::Crumb::link("SBOMs by release", "/desk/components/releases"), ui::Crumb::here(title.as_str())])
        .tabs(process::plan::tabs(release.id, "Components"));
    if !has_sbom {
        return shell;
    }
    let at = format!("/desk/components/releases/{}/difference", release.id);
    shell.actions(ui::button_link(ui::Weight::Secondary, "Difference to the release before", &at))
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
    let rows = changes.iter().map(changed_row);
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

fn changed_row(change: &Change) -> ui::Row {
    let (sign, component, before, now) = match change {
        Change::Added(new) => (ui::state(ui::Tone::Info, "New"), new, "", new.version.as_str()),
        Change::Removed(old) => (ui::state(ui::Tone::Neutral, "Gone"), old, old.version.as_str(), ""),
        Change::Moved(old, new) => {
            (ui::state(ui::Tone::Warn, "Other version"), new, old.version.as_str(), new.version.as_str())
        }
    };
    ui::Row::new(vec![sign, name_of(component), html! { (before) }, html! { (now) }])
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
