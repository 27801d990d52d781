//! Entering what people found, and retests.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Result};
use maud::Markup;
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::super::manual::{self, Draft};
use super::super::model::{FindingId, Kind, SEVERITIES, severity_label, severity_named};
use super::import::Choices;
use super::{ACTIVE, show};

/// `GET /desk/findings/new`
pub(in super::super) async fn form(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let release = query.get("release");
    let target = if release.is_empty() { String::new() } else { format!("release {release}") };
    let fields = Fields::of([("target", target), ("kind", Kind::PenetrationTest.as_str().to_owned())]);
    show_form(&ctx, flashed, &fields).await
}

async fn show_form(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let choices = Choices::load(ctx).await?;
    let shell = ui::Shell::new("Enter a finding")
        .subtitle("What a penetration test or a review found.")
        .crumbs(vec![ui::Crumb::link("Findings", "/desk/findings"), ui::Crumb::here("Enter a finding")]);
    if choices.is_empty() {
        let empty = ui::empty_state(
            "No product yet",
            "Add the product and its release first; a finding belongs to one of them.",
        );
        return Ok(desk_page(ctx, ACTIVE, flashed, shell, empty));
    }
    let kinds: Vec<_> =
        Kind::ALL.iter().filter(|kind| kind.is_manual()).map(|kind| (kind.as_str(), kind.label())).collect();
    let severities = SEVERITIES.map(|severity| (severity.name(), severity_label(severity)));
    let text = |name: &'static str, label: &str| {
        ui::Field::text(name, label).value(fields.get(name)).error(fields.error(name))
    };
    let area = |name: &'static str, label: &str| {
        ui::Field::textarea(name, label).value(fields.get(name)).error(fields.error(name))
    };
    let form = ui::Form::new("/desk/findings/new", "Enter")
        .errors(&fields.errors())
        .field(
            ui::Field::select("target", "Release or branch", choices.choices(fields.get("target")))
                .error(fields.error("target"))
                .required(),
        )
        .field(text("branch", "Branch").hint("Only when it is of a branch, such as main."))
        .field(
            ui::Field::select("kind", "Found by", ui::Choice::list(kinds, fields.get("kind")))
                .error(fields.error("kind")),
        )
        .field(
            ui::Field::select("severity", "Severity", ui::Choice::list(severities, fields.get("severity")))
                .error(fields.error("severity")),
        )
        .field(text("title", "Title").required())
        .field(text("place", "Where").placeholder("https://gate.halden.example/login or src/login.rs:40"))
        .field(text("cwe", "Weaknesses").placeholder("CWE-79"))
        .field(area("description", "What it is, and how to see it").required())
        .field(area("evidence", "What was seen").lines(4))
        .field(area("remediation", "What to do about it").lines(4));
    Ok(desk_page(ctx, ACTIVE, flashed, shell, form.markup()))
}

/// `POST /desk/findings/new`
pub(in super::super) async fn add(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match add_one(&ctx, &fields).await {
        Ok(id) => Ok(redirect_with(&format!("/desk/findings/{id}"), "The finding is entered.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = show_form(&ctx, Flashed::default(), &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

async fn add_one(ctx: &Ctx, fields: &Fields) -> Result<FindingId> {
    let choices = Choices::load(ctx).await?;
    let (product, release) = choices.parse(fields.get("target"))?;
    let draft = Draft {
        product,
        release,
        branch: fields.get("branch").to_owned(),
        kind: Kind::parse(fields.get("kind")).ok_or_else(|| Error::invalid("kind", "Choose how it was found."))?,
        severity: severity_named(fields.get("severity"))
            .ok_or_else(|| Error::invalid("severity", "Choose a severity."))?,
        title: fields.get("title").to_owned(),
        cwe: fields.get("cwe").to_owned(),
        place: fields.get("place").to_owned(),
        description: fields.get("description").to_owned(),
        evidence: fields.get("evidence").to_owned(),
        remediation: fields.get("remediation").to_owned(),
    };
    manual::add(ctx, &draft).await
}

/// `POST /desk/findings/{id}/retest`
pub(in super::super) async fn retest(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let outcome = match fields.get("outcome") {
        "gone" => Ok(true),
        "there" => Ok(false),
        _ => Err(Error::invalid("outcome", "Say whether it is gone.")),
    };
    let result = match outcome {
        Ok(gone) => manual::retest(&ctx, id, gone, fields.get("note")).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(redirect_with(&format!("/desk/findings/{id}"), "The retest is recorded.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = show::page(&ctx, id, Flashed::default(), &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}
