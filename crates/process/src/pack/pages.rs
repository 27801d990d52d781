//! HTML pages of packs.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Permission, Result, Scope};
use maud::{Markup, html};
use pack::{ChangeKind, Finding, Severity};
use platform::Ctx;
use web::{Fields, Flashed, Folder, Operation, PageError, Path, Query, desk_page, moment, redirect_with, ui};

use super::actions::{self, Loaded};
use super::model::PackRowId;
use super::store;

/// The folder of a pack.
const FOLDER: Folder = Folder { what: "a pack", endings: &[".toml"], most_bytes: 16 << 20, most_entries: 2_000 };

/// `GET /desk/practices/packs`
pub(super) async fn list(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    page(&ctx, flashed, &Fields::default(), &[]).await
}

async fn page(ctx: &Ctx, flashed: Flashed, fields: &Fields, findings: &[Finding]) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let rows = store::list(&mut tx).await?;
    let plans = store::count_plans(&mut tx).await?;
    let may = ctx.actor.may(Permission::RunProgramme, Scope::All);
    let table = ui::Table::new("Process packs")
        .columns(["Pack", "Title", "Builds on", "Loaded", "By"])
        .column(ui::Column::number("Releases"))
        .column(ui::Column::narrow("State"))
        .rows(rows.iter().map(|row| {
            ui::Row::new(vec![
                html! { (row.label()) },
                html! { (row.title) },
                html! { (row.extends) },
                moment(row.loaded_at),
                html! { (row.loaded_by) },
                html! { (plans.get(&row.id).copied().unwrap_or(0)) },
                html! { @if row.active { (ui::state(ui::Tone::Good, "Active")) } @else { (ui::state(ui::Tone::Neutral, "Kept")) } },
            ])
            .link(format!("/desk/practices/packs/{}", row.id))
        }))
        .empty(ui::empty_state("No pack yet", "The program loads its own pack when it starts. Upload yours below."));
    let form = ui::Form::new("/desk/practices/packs", "Check and load")
        .multipart()
        .errors(&fields.errors())
        .field(
            ui::Field::file("files", "Files of the pack")
                .hint("A .zip or .tar.gz of its folder, or pack.toml. It is checked first; when something is wrong, nothing is kept.")
                .error(fields.error("files"))
                .accept(".zip,.tar,.gz,.tgz,.toml"),
        )
        .field(ui::Field::file("more", "More files").hint("A practice file, when the pack comes as single files.").accept(".toml"))
        .field(ui::Field::file("more2", "And one more").accept(".toml"))
        .field(ui::Field::file("more3", "And one more").accept(".toml"));
    let body = html! {
        (table)
        @if !findings.is_empty() { (found(findings)) }
        @if may { (ui::panel("Load a pack", html! { (form) })) }
    };
    let shell = ui::Shell::new("Process packs")
        .subtitle("The catalogue that release plans are made from")
        .crumbs(vec![ui::Crumb::link("Practices", "/desk/practices"), ui::Crumb::here("Packs")]);
    Ok(desk_page(ctx, "practices", flashed, shell, body))
}

/// What the check of a pack says, with file, line and reason.
fn found(findings: &[Finding]) -> Markup {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let title = if errors > 0 { "This pack was not loaded" } else { "Loaded, with some things to look at" };
    let tone = if errors > 0 { ui::Tone::Bad } else { ui::Tone::Warn };
    let table = ui::Table::new("What the check found").columns(["Place", "Severity", "What is wrong", "Rule"]).rows(
        findings.iter().map(|finding| {
            let (tone, word) = match finding.severity {
                Severity::Error => (ui::Tone::Bad, "Error"),
                Severity::Warning => (ui::Tone::Warn, "Warning"),
            };
            ui::Row::new(vec![
                html! { code { (finding.file) ":" (finding.line) } },
                ui::state(tone, word),
                html! { (finding.reason) },
                html! { (finding.rule) },
            ])
        }),
    );
    html! {
        (ui::alert(tone, title, html! { p { (errors) " errors, " (findings.len() - errors) " warnings. Mend the lines below and upload it again." } }))
        (table)
    }
}

/// `POST /desk/practices/packs`
pub(super) async fn upload(Operation(ctx): Operation, mut fields: Fields) -> Result<Response, PageError> {
    let uploads = fields.take_uploads();
    let unpacked = tokio::task::spawn_blocking(move || FOLDER.unpack(uploads)).await.map_err(Error::internal)?;
    let loaded = match unpacked {
        Ok(files) => actions::import(&ctx, &files).await,
        Err(error) => Err(error),
    };
    match loaded {
        Ok(Loaded::Kept(row, findings)) if findings.is_empty() => {
            let words = format!("{} is loaded. Look at the difference, then choose it.", row.label());
            Ok(redirect_with(&format!("/desk/practices/packs/{}", row.id), &words))
        }
        Ok(Loaded::Kept(_, findings)) => Ok(page(&ctx, Flashed::default(), &fields, &findings).await?.into_response()),
        Ok(Loaded::Broken(findings)) => {
            let markup = page(&ctx, Flashed::default(), &fields, &findings).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, markup).into_response())
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let markup = page(&ctx, Flashed::default(), &fields, &[]).await?;
            Ok((fields.status(), markup).into_response())
        }
    }
}

/// The difference between two packs as a table.
pub(crate) fn difference(changes: &[pack::Change]) -> Markup {
    let table = ui::Table::new("What is different").columns(["What", "Title", "Change", "Before and after"]).rows(
        changes.iter().map(|change| {
            let (tone, word) = match change.kind {
                ChangeKind::Added => (ui::Tone::Good, "Added"),
                ChangeKind::Removed => (ui::Tone::Bad, "Removed"),
                ChangeKind::Changed(_) => (ui::Tone::Warn, "Changed"),
            };
            let fields = match &change.kind {
                ChangeKind::Changed(fields) => fields.as_slice(),
                ChangeKind::Added | ChangeKind::Removed => &[],
            };
            ui::Row::new(vec![
                html! { (change.what) },
                html! { (change.title) br; code { (change.id) } },
                ui::state(tone, word),
                html! { @for field in fields { p { strong { (field.field) } ": " del { (field.old) } " → " ins { (field.new) } } } },
            ])
        }),
    );
    html! { (table.empty(ui::empty_state("No difference", "Both say the same."))) }
}

/// `GET /desk/practices/packs/{id}`: the version, and how it differs from another (`?from=`, otherwise the active one).
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<PackRowId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let document = store::load_document(&mut tx, id).await?;
    let other = match query.get("from").parse() {
        Ok(from) => store::load_document(&mut tx, from).await?,
        Err(_) => store::load_active(&mut tx).await?,
    };
    let (row, pack) = (&document.row, &document.pack);
    let facts = ui::facts(&[
        ui::Fact::text("Version", &row.version),
        ui::Fact::text("Builds on", if row.extends.is_empty() { "nothing" } else { &row.extends }),
        ui::Fact::text("Practices", &pack.practices.len().to_string()),
        ui::Fact::text("Activities", &pack.activities.len().to_string()),
        ui::Fact::text("Roles", &pack.roles.iter().map(|role| role.title.as_str()).collect::<Vec<_>>().join(", ")),
        ui::Fact::text("SHA-256", &row.digest),
    ]);
    let removed = html! {
        @if !pack.removed.is_empty() {
            (ui::panel("Taken out of the pack below", html! { ul { @for removal in &pack.removed { li { code { (removal.id) } ": " (removal.reason) } } } }))
        }
    };
    let body = html! {
        p { (pack.about) }
        (facts)
        (removed)
        @if other.row.id != row.id {
            (ui::section(&format!("Difference to {}", other.row.label()), difference(&pack::diff(&other.pack, pack))))
        }
    };
    let mut shell = ui::Shell::new(row.title.as_str()).subtitle(row.label()).crumbs(vec![
        ui::Crumb::link("Practices", "/desk/practices"),
        ui::Crumb::link("Packs", "/desk/practices/packs"),
        ui::Crumb::here(row.label()),
    ]);
    if row.active {
        shell = shell.badges(ui::state(ui::Tone::Good, "Active"));
    } else if ctx.actor.may(Permission::RunProgramme, Scope::All) {
        let button = ui::ButtonForm::new("Choose this pack", format!("/desk/practices/packs/{id}/choose"))
            .weight(ui::Weight::Primary)
            .confirm(
                "New plans are made from this pack. Releases that are planned keep theirs until somebody moves them.",
            );
        shell = shell.actions(html! { (button) });
    }
    Ok(desk_page(&ctx, "practices", flashed, shell, body))
}

/// `POST /desk/practices/packs/{id}/choose`
pub(super) async fn choose(Operation(ctx): Operation, Path(id): Path<PackRowId>) -> Result<Response, PageError> {
    let row = actions::choose(&ctx, id).await?;
    let words = format!("New plans are made from {}.", row.label());
    Ok(redirect_with(&format!("/desk/practices/packs/{id}"), &words))
}
