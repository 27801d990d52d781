//! The release quality standard: what each practice asks for, and by which class each product is judged.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Permission, Result, Scope};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, desk_page, redirect_with, ui};

use super::super::model::{Class, Practice, SEVERITIES, Standard, severity_label};
use super::super::standing::{self, Standards};
use super::ACTIVE;

const AT: &str = "/desk/findings/thresholds";

/// `GET /desk/findings/thresholds`
pub(in super::super) async fn show(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    page(&ctx, flashed, &Fields::default()).await
}

async fn page(ctx: &Ctx, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let standards = Standards::load(&mut tx).await?;
    let products = register::products::list_products(&mut tx).await?;
    drop(tx);
    let may_run = ctx.actor.may(Permission::RunProgramme, Scope::All);
    let body = html! {
        (ui::error_summary(&fields.errors()))
        p { "How many days a finding may be open in a release that is to pass its gate, by severity and by the risk class of the product. 0 lets none be open; empty sets no limit." }
        @for practice in Practice::ALL {
            (ui::panel(practice.label(), html! {
                (overview(*practice, &standards))
                @if may_run { @for class in Class::ALL { (change_form(*practice, *class, &standards)) } }
            }))
        }
        (ui::panel("Products", html! {
            p class="muted" { "The class comes from the product's profile; without one it is moderate." }
            ul class="plain-list" {
                @for product in products.iter().filter(|product| ctx.actor.may(Permission::ReadPlans, product.scope())) {
                    @let class = standards.class(product.id);
                    li {
                        strong { (product.name) } " " span class="muted" { (class.label()) } " "
                        a href={"/desk/products/" (product.id) "/profile"} { "Profile" }
                    }
                }
            }
            @if products.is_empty() { p class="muted" { "No product yet." } }
        }))
    };
    let shell = ui::Shell::new("Release quality standard")
        .crumbs(vec![ui::Crumb::link("Findings", "/desk/findings"), ui::Crumb::here("Release quality standard")]);
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body))
}

fn days_words(days: Option<i64>) -> String {
    match days {
        None => "no limit".to_owned(),
        Some(0) => "none may be open".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(more) => format!("{more} days"),
    }
}

fn overview(practice: Practice, standards: &Standards) -> Markup {
    let rows = Class::ALL.iter().map(|class| {
        let standard = standards.of(practice, *class);
        let mut cells = vec![html! { strong { (class.label()) } @if standard.revision == 0 { " " span class="small muted" { "default" } } }];
        cells.extend(standard.days.iter().map(|days| html! { (days_words(*days)) }));
        cells.push(html! { @match standard.fresh { Some(days) => { "of the last " (days) " days" }, None => { "not asked for" } } });
        ui::Row::new(cells)
    });
    let mut table = ui::Table::new(format!("Standard of {}", practice.label())).column(ui::Column::new("Class"));
    for severity in SEVERITIES.iter().take(4) {
        table = table.column(ui::Column::new(severity_label(*severity)));
    }
    table.column(ui::Column::new("Last report")).rows(rows).markup()
}

fn change_form(practice: Practice, class: Class, standards: &Standards) -> Markup {
    let standard = standards.of(practice, class);
    let value = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
    let fields = html! {
        @for (severity, days) in SEVERITIES.iter().zip(standard.days) {
            (ui::Field::number(severity.name(), format!("{}, days", severity_label(*severity))).value(value(days)).between(0, 3650))
        }
        (ui::Field::number("fresh", "Last report at most, days").value(value(standard.fresh)).between(0, 3650))
    };
    ui::ButtonForm::new(format!("Change for {}", class.label().to_lowercase()), AT)
        .with("practice", practice.as_str())
        .with("class", class.as_str())
        .with("revision", standard.revision)
        .fields(fields)
        .markup()
}

fn days(fields: &Fields, name: &str) -> Result<Option<i64>> {
    if fields.get(name).trim().is_empty() {
        return Ok(None);
    }
    fields.parse(name, "Days are whole numbers from 0 to 3650; empty is without limit.").map(Some)
}

async fn again(ctx: &Ctx, fields: Fields, error: Error) -> Result<Response, PageError> {
    let fields = fields.with_errors(error)?;
    Ok((fields.status(), page(ctx, Flashed::default(), &fields).await?).into_response())
}

/// `POST /desk/findings/thresholds`
pub(in super::super) async fn change(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match change_one(&ctx, &fields).await {
        Ok(()) => Ok(redirect_with(AT, "The standard is changed, and all releases are judged by it.")),
        Err(error) => again(&ctx, fields, error).await,
    }
}

async fn change_one(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let incomplete = || Error::invalid("practice", "The form is incomplete. Reload the page and try again.");
    let practice = Practice::parse(fields.get("practice")).ok_or_else(incomplete)?;
    let class = Class::parse(fields.get("class")).ok_or_else(incomplete)?;
    let standard = Standard {
        days: [days(fields, "critical")?, days(fields, "high")?, days(fields, "medium")?, days(fields, "low")?],
        fresh: days(fields, "fresh")?,
        revision: fields.revision()?,
    };
    standing::change_standard(ctx, practice, class, &standard).await
}
