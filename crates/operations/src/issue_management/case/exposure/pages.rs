//! The exposure matrix and the form that assesses one cell, a row, a column or everything.

use axum::extract::Path;
use axum::response::Response;
use kernel::Result;
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Query, redirect_with, ui};

use super::super::model::CaseId;
use super::super::pages::{Frame, address, load_frame, page, read_id, unfinished};
use super::super::store::{self as cases, ExposureRow, ReleaseRow, VulnerabilityRow};
use super::actions::{self, Assessment};
use super::model::{Justification, Status};
use super::store;

struct Matrix {
    frame: Frame,
    flaws: Vec<VulnerabilityRow>,
    releases: Vec<ReleaseRow>,
    exposures: Vec<ExposureRow>,
    writes: i64,
}

async fn load(ctx: &Ctx, id: &str) -> Result<Matrix> {
    let frame = load_frame(ctx, id).await?;
    let case = frame.case.id;
    let mut tx = ctx.read().await?;
    Ok(Matrix {
        flaws: cases::list_vulnerabilities(&mut tx, case).await?,
        releases: cases::list_releases(&mut tx, &frame.case).await?,
        exposures: cases::list_exposures(&mut tx, case).await?,
        writes: store::count_writes(&mut tx, case).await?,
        frame,
    })
}

/// `GET /desk/cases/{id}/exposure`, with `v` and `r` for what is ticked in the form.
pub(in super::super) async fn matrix(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let matrix = load(&ctx, &id).await?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (from, to) in [("v", "vulnerability"), ("r", "release")] {
        pairs.extend(query.all(from).map(|value| (to.to_owned(), value.to_owned())));
    }
    // The status of a single cell is what its form begins with.
    let one = matrix
        .exposures
        .iter()
        .find(|row| row.vulnerability.to_string() == query.get("v") && row.release.id.to_string() == query.get("r"));
    if let Some(row) = one {
        pairs.push(("status".to_owned(), row.status.as_str().to_owned()));
        pairs.push(("statement".to_owned(), row.statement.clone()));
        pairs.push(("justification".to_owned(), row.justification.map_or("", Justification::as_str).to_owned()));
    }
    Ok(show(&ctx, flashed, &matrix, &Fields::from_pairs(pairs), false))
}

fn show(ctx: &Ctx, flashed: Flashed, matrix: &Matrix, fields: &Fields, stale: bool) -> Markup {
    let case = matrix.frame.case.id;
    let body = if matrix.flaws.is_empty() {
        ui::empty_state_with(
            "No vulnerability yet",
            "Releases are assessed against vulnerabilities. Add the first one.",
            ui::button_link(ui::Weight::Primary, "Add a vulnerability", &address(case, "/vulnerabilities/new")),
        )
    } else if matrix.releases.is_empty() {
        ui::empty_state_with(
            "No release to assess",
            "The case names no product, or its product has no releases.",
            ui::button_link(ui::Weight::Primary, "Choose the product", &address(case, "/edit")),
        )
    } else {
        html! {
            @if stale { (ui::alert(ui::Tone::Warn, "Somebody else assessed releases while you were writing", html! {
                p { "The matrix shows what is stored now. What you ticked and typed is still in the form; look, and save again." }
            })) }
            (grid(ctx, matrix))
            (statements(matrix))
            @if matrix.frame.works { (ui::panel("Assess", form(ctx, matrix, fields))) }
        }
    };
    page(ctx, flashed, &matrix.frame, "/exposure", body)
}

const fn shown(status: Option<Status>) -> ui::Exposure {
    match status {
        Some(Status::UnderInvestigation) => ui::Exposure::UnderInvestigation,
        Some(Status::Affected) => ui::Exposure::Affected,
        Some(Status::NotAffected) => ui::Exposure::NotAffected,
        Some(Status::Fixed) => ui::Exposure::Fixed,
        None => ui::Exposure::Unknown,
    }
}

fn support(release: &ReleaseRow, ctx: &Ctx) -> String {
    match release.support_ends_on {
        None => "in support".to_owned(),
        Some(end) if release.is_supported(ctx.now.date()) => format!("in support until {end}"),
        Some(end) => format!("out of support since {end}"),
    }
}

fn grid(ctx: &Ctx, matrix: &Matrix) -> ui::ExposureMatrix {
    let here = address(matrix.frame.case.id, "/exposure");
    let mut grid = ui::ExposureMatrix::new("Exposure of releases to vulnerabilities");
    for flaw in &matrix.flaws {
        let label = flaw.cve.clone().unwrap_or_else(|| flaw.title.clone());
        grid = grid.column(label, Some(format!("{here}?v={}", flaw.id)));
    }
    for release in &matrix.releases {
        let mut row = ui::ExposureRow::new(format!("{} {}", release.product_name, release.version))
            .note(support(release, ctx))
            .link(format!("{here}?r={}", release.id));
        for flaw in &matrix.flaws {
            let status = matrix
                .exposures
                .iter()
                .find(|exposure| exposure.vulnerability == flaw.id && exposure.release.id == release.id)
                .map(|exposure| exposure.status);
            row = row.cell(shown(status), Some(format!("{here}?v={}&r={}", flaw.id, release.id)));
        }
        grid = grid.row(row);
    }
    grid
}

/// What was said about releases that are not affected, or in words at all.
fn statements(matrix: &Matrix) -> Markup {
    let said: Vec<&ExposureRow> =
        matrix.exposures.iter().filter(|row| row.justification.is_some() || !row.statement.is_empty()).collect();
    let name = |row: &ExposureRow| {
        matrix
            .flaws
            .iter()
            .find(|flaw| flaw.id == row.vulnerability)
            .map_or_else(String::new, |flaw| flaw.cve.clone().unwrap_or_else(|| flaw.title.clone()))
    };
    html! {
        @if !said.is_empty() {
            (ui::Table::new("Statements").show_caption().columns(["Release", "Vulnerability", "Status", "Why"])
                .rows(said.into_iter().map(|row| ui::Row::new(vec![
                    html! { (row.release.product_name) " " (row.release.version) },
                    html! { (name(row)) },
                    ui::exposure(shown(Some(row.status))),
                    html! {
                        @if let Some(justification) = row.justification { strong { (justification.label()) } " " }
                        (row.statement)
                    },
                ]))))
        }
    }
}

fn form(ctx: &Ctx, matrix: &Matrix, fields: &Fields) -> Markup {
    let ticked = |name: &'static str, id: &str| fields.all(name).any(|value| value == id);
    let one = matrix.flaws.len() == 1;
    let flaws = matrix
        .flaws
        .iter()
        .map(|flaw| {
            let id = flaw.id.to_string();
            let chosen = one || ticked("vulnerability", &id);
            let choice = ui::Choice::new(id, &flaw.title).chosen(chosen);
            match &flaw.cve {
                Some(cve) => choice.hint(cve),
                None => choice,
            }
        })
        .collect();
    let releases = matrix
        .releases
        .iter()
        .map(|release| {
            let id = release.id.to_string();
            let chosen = ticked("release", &id);
            ui::Choice::new(id, format!("{} {}", release.product_name, release.version))
                .hint(support(release, ctx))
                .chosen(chosen)
        })
        .collect();
    let statuses = Status::ALL.iter().map(|status| (status.as_str(), status.label()));
    let justifications =
        std::iter::once(("", "None")).chain(Justification::ALL.iter().map(|known| (known.as_str(), known.label())));
    ui::Form::new(address(matrix.frame.case.id, "/exposure"), "Assess the ticked ones")
        .errors(&fields.errors())
        .hidden("writes", matrix.writes)
        .part(html! { p { "Choose a cell, a column or a row of the matrix to tick it here, or tick several." } })
        .field(ui::Field::boxes("vulnerability", "Vulnerabilities", flaws).error(fields.error("vulnerability")))
        .field(ui::Field::boxes("release", "Releases", releases).error(fields.error("release")))
        .field(
            ui::Field::radios("status", "Status", ui::Choice::list(statuses, fields.get("status")))
                .required()
                .error(fields.error("status")),
        )
        .field(
            ui::Field::select(
                "justification",
                "Justification",
                ui::Choice::list(justifications, fields.get("justification")),
            )
            .hint("Only for “not affected”: it needs a justification or a statement.")
            .error(fields.error("justification")),
        )
        .field(
            ui::Field::textarea("statement", "Statement")
                .lines(3)
                .value(fields.get("statement"))
                .error(fields.error("statement"))
                .hint("Published with the advisory: why not affected, or what to do."),
        )
        .markup()
}

/// `POST /desk/cases/{id}/exposure`.
pub(in super::super) async fn assess(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let said = Assessment {
        vulnerabilities: fields.all("vulnerability").filter_map(|id| id.parse().ok()).collect(),
        releases: fields.all("release").filter_map(|id| id.parse().ok()).collect(),
        status: Status::parse(fields.get("status")),
        justification: Justification::parse(fields.get("justification")),
        statement: fields.get("statement").to_owned(),
    };
    let done = match fields.parse("writes", "The form is incomplete. Reload the page and try again.") {
        Ok(writes) => actions::assess(&ctx, case, writes, &said).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(count) => Ok(redirect_with(&address(case, "/exposure"), &format!("Assessed: {count}."))),
        Err(error) => {
            let stale = matches!(error, kernel::Error::Stale { .. });
            let fields = fields.with_errors(error)?;
            let matrix = load(&ctx, &id).await?;
            Ok(unfinished(show(&ctx, Flashed::default(), &matrix, &fields, stale)))
        }
    }
}
