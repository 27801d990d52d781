//! Making, changing and moving plans.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result};
use maud::{Markup, html};
use pack::{Model, Pack, ProductChange};
use platform::Ctx;
use register::products::ReleaseId;
use web::{Fields, Flashed, Operation, PageError, Path, Query, desk_page, moment, redirect_with, ui};

use super::actions::{self, PlanDraft};
use super::model::Plan;
use super::pages::{crumbs, tabs};
use super::store;
use crate::pack::{self as packs, PackRowId};
use crate::{place, profile};

fn stored(plan: &Plan) -> Fields {
    let mut pairs = vec![
        ("seen".to_owned(), plan.number.to_string()),
        ("starts_on".to_owned(), plan.schedule.starts_on.to_string()),
        ("target_on".to_owned(), plan.schedule.target_on.to_string()),
        ("sprint_days".to_owned(), plan.schedule.sprint_days.to_string()),
        ("up_to_level".to_owned(), plan.up_to_level.map(|level| level.to_string()).unwrap_or_default()),
    ];
    pairs.extend(plan.models.iter().map(|model| ("models".to_owned(), model.id().to_owned())));
    pairs.extend(plan.changes.iter().map(|change| ("changes".to_owned(), change.id().to_owned())));
    pairs.extend(plan.schedule.phase_ends.iter().map(|(phase, day)| (format!("phase-{phase}"), day.to_string())));
    Fields::from_pairs(pairs)
}

/// `GET /desk/releases/{id}/plan`
pub(super) async fn form(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let place = place::release(&ctx, &mut tx, id, Permission::WorkPlans).await?;
    let fields = match store::load_plan(&mut tx, id).await? {
        Some(plan) => stored(&plan),
        None => {
            let profile = profile::load_profile(&mut tx, place.product.id, ctx.now).await?;
            let today = ctx.now.date();
            let mut pairs = vec![
                ("seen".to_owned(), "0".to_owned()),
                ("starts_on".to_owned(), today.to_string()),
                ("target_on".to_owned(), today.plus_days(90).to_string()),
                ("sprint_days".to_owned(), "14".to_owned()),
            ];
            let models = profile.map(|profile| profile.models).unwrap_or_default();
            pairs.extend(models.iter().map(|model| ("models".to_owned(), model.id().to_owned())));
            Fields::from_pairs(pairs)
        }
    };
    drop(tx);
    Ok(page(&ctx, id, flashed, &fields).await?)
}

async fn page(ctx: &Ctx, id: ReleaseId, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let place = place::release(ctx, &mut tx, id, Permission::WorkPlans).await?;
    let versions = store::list_versions(&mut tx, id).await?;
    let profile = profile::load_profile(&mut tx, place.product.id, ctx.now).await?;
    let document = match versions.first() {
        Some(plan) => packs::load_document(&mut tx, plan.pack_row).await?,
        None => packs::load_active(&mut tx).await?,
    };
    let active = packs::load_active(&mut tx).await?;
    drop(tx);
    let form = plan_form(id, fields, &document.pack, versions.is_empty());
    let class = html! {
        @match &profile {
            Some(profile) => { p { (profile::class_badge(profile.class)) " from the product profile of " (moment(profile.made_at)) "." } },
            None => (ui::alert(ui::Tone::Bad, "The product has no profile", html! {
                p { "Its risk class decides what the release owes. " a href={"/desk/products/" (place.product.id) "/profile/answer"} { "Answer the questions first." } }
            })),
        }
        p { "Made from " strong { (document.row.label()) } "." }
        @if active.row.id != document.row.id && !versions.is_empty() {
            (ui::button_link(ui::Weight::Secondary, "Move to another pack", &format!("/desk/releases/{id}/move")))
        }
    };
    let history = ui::Table::new("Versions of the plan")
        .columns(["Version", "Made", "By", "Class", "Ways of working", "Target"])
        .rows(versions.iter().map(|plan| {
            ui::Row::new(vec![
                html! { (plan.number) },
                moment(plan.made_at),
                html! { (plan.made_by) },
                profile::class_badge(plan.class),
                html! { (plan.models.iter().map(|model| model.title()).collect::<Vec<_>>().join(", ")) },
                html! { (plan.schedule.target_on) },
            ])
        }));
    let body = html! {
        (ui::split(
            ui::panel(if versions.is_empty() { "Make the plan" } else { "Change the plan" }, html! { (form) }),
            ui::panel("Made for", class),
        ))
        @if !versions.is_empty() { (ui::section("History", html! { (history) })) }
    };
    let shell =
        ui::Shell::new(place.title()).subtitle("Plan").crumbs(crumbs(&place, Some("Plan"))).tabs(tabs(id, "Plan"));
    Ok(desk_page(ctx, "releases", flashed, shell, body))
}

fn plan_form(id: ReleaseId, fields: &Fields, pack: &Pack, first: bool) -> ui::Form {
    let chosen: Vec<&str> = fields.all("models").collect();
    let models =
        pack.models.iter().map(|model| ui::Choice::new(model.id(), model.title()).chosen(chosen.contains(&model.id())));
    let ticked: Vec<&str> = fields.all("changes").collect();
    let changes = ProductChange::ALL
        .iter()
        .map(|change| ui::Choice::new(change.id(), change.title()).chosen(ticked.contains(&change.id())));
    let levels: Vec<String> = (1..=pack.levels).map(|level| level.to_string()).collect();
    let level_words: Vec<String> = levels.iter().map(|level| format!("Up to level {level}")).collect();
    let level_choices = std::iter::once(("", "All levels"))
        .chain(levels.iter().map(String::as_str).zip(level_words.iter().map(String::as_str)));
    let label = if first { "Make the plan" } else { "Change the plan" };
    let mut form = ui::Form::new(format!("/desk/releases/{id}/plan"), label)
        .errors(&fields.errors())
        .hidden("seen", fields.get("seen"))
        .field(ui::Field::boxes("models", "Ways of working", models.collect()).error(fields.error("models")))
        .field(
            ui::Field::date("starts_on", "Work begins").value(fields.get("starts_on")).error(fields.error("starts_on")),
        )
        .field(
            ui::Field::date("target_on", "Comes out").value(fields.get("target_on")).error(fields.error("target_on")),
        )
        .field(
            ui::Field::number("sprint_days", "Days in a sprint")
                .value(fields.get("sprint_days"))
                .between(1, 90)
                .error(fields.error("sprint_days")),
        )
        .field(ui::Field::select("up_to_level", "Maturity", ui::Choice::list(level_choices, fields.get("up_to_level"))))
        .field(ui::Field::boxes("changes", "What changed since the release before?", changes.collect()).hint(
            "What depends on a change is open again; everything else that still holds is carried over and says so.",
        ));
    for (index, phase) in pack.phases.iter().enumerate() {
        let name = format!("phase-{}", phase.id);
        let field = ui::Field::date(name.as_str(), format!("{} ends", phase.title))
            .value(fields.get(&name))
            .error(fields.error(&name));
        let hint = "The last day of the phase, for work by phases. Empty: the time is divided evenly.";
        form = form.field(if index == 0 { field.hint(hint) } else { field });
    }
    form
}

/// `POST /desk/releases/{id}/plan`
pub(super) async fn make(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let phase_ends: BTreeMap<String, String> = fields
        .pairs()
        .filter_map(|(name, value)| name.strip_prefix("phase-").map(|phase| (phase.to_owned(), value.to_owned())))
        .collect();
    let draft = PlanDraft {
        models: fields.all("models").filter_map(Model::parse).collect(),
        up_to_level: fields.get("up_to_level").parse().ok(),
        starts_on: fields.get("starts_on").to_owned(),
        target_on: fields.get("target_on").to_owned(),
        sprint_days: fields.get("sprint_days").to_owned(),
        phase_ends,
        changes: fields.all("changes").filter_map(ProductChange::parse).collect(),
        seen: fields.get("seen").parse().unwrap_or(0),
    };
    match actions::make(&ctx, id, &draft).await {
        Ok(()) => Ok(redirect_with(
            &format!("/desk/releases/{id}"),
            "The plan is made. What is due first stands at the right.",
        )),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, id, Flashed::default(), &fields).await?).into_response())
        }
    }
}

/// `GET /desk/releases/{id}/move`: the difference between the release's pack and another (`?to=`, otherwise the active one).
pub(super) async fn move_form(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let place = place::release(&ctx, &mut tx, id, Permission::WorkPlans).await?;
    let plan = store::load_plan(&mut tx, id).await?.ok_or_else(store::no_plan)?;
    let present = packs::load_document(&mut tx, plan.pack_row).await?;
    let target = match query.get("to").parse() {
        Ok(to) => packs::load_document(&mut tx, to).await?,
        Err(_) => packs::load_active(&mut tx).await?,
    };
    let changes = pack::diff(&present.pack, &target.pack);
    let body = html! {
        @if present.row.id == target.row.id {
            (ui::empty_state("Nothing to move to", "The release is planned with the active pack."))
        } @else {
            p { "From " strong { (present.row.label()) } " to " strong { (target.row.label()) } ": " (changes.len()) " differences. Tasks of activities that are gone leave the plan; evidence of the others stays." }
            (packs::difference(&changes))
            (ui::Form::new(format!("/desk/releases/{id}/move"), "Move the release").hidden("to", target.row.id).hidden("seen", plan.number))
        }
    };
    let shell = ui::Shell::new("Move to another pack").subtitle(place.title()).crumbs(crumbs(&place, Some("Move")));
    Ok(desk_page(&ctx, "releases", Flashed::default(), shell, body))
}

/// `POST /desk/releases/{id}/move`
pub(super) async fn move_pack(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let to: PackRowId = fields.parse("to", "Choose the pack to move to.")?;
    actions::move_pack(&ctx, id, to, fields.get("seen").parse().unwrap_or(0)).await?;
    Ok(redirect_with(&format!("/desk/releases/{id}"), "The release is moved to the other pack."))
}
