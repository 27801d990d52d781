//! HTML pages of component rules.

use axum::response::{IntoResponse, Response};
use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products;
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, redirect_with, ui};

use super::actions::{self, RuleDraft};
use super::model::{Rule, RuleId, Verdict};
use super::{pages, store};

const ACTIVE: &str = "components";

fn about(rule: &Rule) -> Markup {
    html! {
        @if rule.licence.is_empty() {
            code { (rule.package) }
            @if !rule.versions.is_empty() { " " span class="muted" { "versions " (rule.versions) } }
        } @else {
            "licence " code { (rule.licence) }
        }
    }
}

/// `GET /desk/components/rules`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let families = products::list_families(&mut tx).await?;
    let rules: Vec<Rule> = store::list_rules(&mut tx)
        .await?
        .into_iter()
        .filter(|rule| query.get("verdict").is_empty() || rule.verdict.as_str() == query.get("verdict"))
        .collect();
    let family = |rule: &Rule| {
        rule.family
            .and_then(|id| families.iter().find(|family| family.id == id))
            .map_or("everywhere", |family| family.name.as_str())
            .to_owned()
    };
    if query.get("format") == "csv" {
        let mut file = CsvFile::new(
            "component-rules.csv",
            ["verdict", "package", "versions", "licence", "family", "expires_on", "reason"],
        );
        for rule in &rules {
            file.row(vec![
                rule.verdict.as_str().to_owned(),
                rule.package.clone(),
                rule.versions.clone(),
                rule.licence.clone(),
                family(rule),
                rule.expires_on.map(|day| day.to_string()).unwrap_or_default(),
                rule.reason.clone(),
            ]);
        }
        return Ok(file.into_response());
    }
    let may_run = ctx.actor.may_somewhere(Permission::RunProgramme);
    let today = ctx.now.date();
    let rows = rules.iter().map(|rule| {
        let mut cells = vec![
            pages::verdict(Some(rule.verdict)),
            about(rule),
            html! { (family(rule)) },
            html! { @if let Some(day) = rule.expires_on { @if day < today { (ui::state(ui::Tone::Neutral, "lapsed")) " " } (day) } @else { "no end" } },
            html! { (rule.reason) br; span class="muted small" { (rule.added_by) ", " (ago(rule.added_at, ctx.now)) } },
        ];
        if may_run {
            cells.push(html! { (ui::ButtonForm::new("End", format!("/desk/components/rules/{}/end", rule.id)).confirm("All releases are judged anew without this rule.")) });
        }
        ui::Row::new(cells)
    });
    let mut table = ui::Table::new("Rules").columns(["Verdict", "About", "Where", "Until", "Reason"]);
    if may_run {
        table = table.column(ui::Column::narrow(""));
    }
    let none = ui::empty_state(
        "No rule yet",
        "Rules say which components are approved, limited or banned. A banned component in a release's SBOM keeps its gate shut.",
    );
    let empty = web::empty(&query, &[], "rule", none);
    let bar = ui::FilterBar::new("/desk/components/rules")
        .select(
            "verdict",
            "Verdict",
            &ui::Choice::list(
                [("", "All"), ("banned", "Banned"), ("limited", "Limited"), ("approved", "Approved")],
                query.get("verdict"),
            ),
        )
        .export(query.with("format", "csv"));
    let mut shell = ui::Shell::new("Component rules").tabs(pages::tabs("/desk/components/rules"));
    if may_run {
        shell = shell.actions(ui::button_link(ui::Weight::Primary, "Add a rule", "/desk/components/rules/new"));
    }
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (bar) (table.rows(rows).empty(empty)) }).into_response())
}

/// `GET /desk/components/rules/new`
pub(super) async fn new_form(Operation(ctx): Operation, query: Query) -> Result<Markup, PageError> {
    let fields = Fields::of([("verdict", "banned".to_owned()), ("package", query.get("package").to_owned())]);
    form_page(&ctx, &fields).await
}

async fn form_page(ctx: &Ctx, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let families = products::list_families(&mut tx).await?;
    let ids: Vec<String> = families.iter().map(|family| family.id.to_string()).collect();
    let choices = std::iter::once(("", "Everywhere"))
        .chain(ids.iter().map(String::as_str).zip(families.iter().map(|family| family.name.as_str())));
    let form = ui::Form::new("/desk/components/rules/new", "Add the rule")
        .errors(&fields.errors())
        .field(ui::Field::select(
            "verdict",
            "Verdict",
            ui::Choice::list(
                Verdict::ALL.iter().map(|verdict| (verdict.as_str(), verdict.label())),
                fields.get("verdict"),
            ),
        ))
        .field(
            ui::Field::text("package", "Package URL")
                .hint("Without version: pkg:npm/name, pkg:maven/group/artifact.")
                .value(fields.get("package"))
                .error(fields.error("package")),
        )
        .field(
            ui::Field::text("versions", "Versions")
                .hint("A range as the ecosystem writes it, such as <2.17.1, or vers:maven/<2.17.1. Empty for all.")
                .value(fields.get("versions"))
                .error(fields.error("versions")),
        )
        .field(
            ui::Field::text("licence", "Or a licence")
                .hint("An SPDX identifier such as AGPL-3.0-only.")
                .value(fields.get("licence"))
                .error(fields.error("licence")),
        )
        .field(
            ui::Field::textarea("reason", "Reason")
                .value(fields.get("reason"))
                .error(fields.error("reason"))
                .required(),
        )
        .field(ui::Field::select("family", "Where", ui::Choice::list(choices, fields.get("family"))))
        .field(
            ui::Field::date("expires_on", "Last day")
                .hint("Empty for no end.")
                .value(fields.get("expires_on"))
                .error(fields.error("expires_on")),
        );
    let shell = ui::Shell::new("Add a rule")
        .crumbs(vec![ui::Crumb::link("Component rules", "/desk/components/rules"), ui::Crumb::here("Add")]);
    Ok(desk_page(ctx, ACTIVE, Flashed::default(), shell, ui::panel("", html! { (form) })))
}

/// `POST /desk/components/rules/new`
pub(super) async fn new(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match add(&ctx, &fields).await {
        Ok(()) => Ok(redirect_with("/desk/components/rules", "The rule holds; all releases were judged anew.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), form_page(&ctx, &fields).await?).into_response())
        }
    }
}

async fn add(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let expires_on = match fields.get("expires_on").trim() {
        "" => None,
        _ => Some(fields.parse::<Date>("expires_on", "This is not a date such as 2026-11-30.")?),
    };
    let family = match fields.get("family") {
        "" => None,
        _ => Some(fields.parse("family", "Choose where the rule holds.")?),
    };
    let draft = RuleDraft {
        verdict: Verdict::parse(fields.get("verdict"))
            .ok_or_else(|| Error::invalid("verdict", "Choose what the rule says."))?,
        package: fields.get("package"),
        versions: fields.get("versions"),
        licence: fields.get("licence"),
        reason: fields.get("reason"),
        family,
        expires_on,
    };
    actions::add_rule(ctx, draft).await
}

/// `POST /desk/components/rules/{id}/end`
pub(super) async fn end(Operation(ctx): Operation, Path(id): Path<RuleId>) -> Result<Response, PageError> {
    actions::end_rule(&ctx, id).await?;
    Ok(redirect_with("/desk/components/rules", "The rule has ended; all releases were judged anew."))
}
