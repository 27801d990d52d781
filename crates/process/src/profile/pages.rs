//! HTML pages of product profiles.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result, Timestamp};
use maud::{Markup, html};
use pack::{Model, RiskClass};
use platform::Ctx;
use register::products::{Product, ProductId, tabs};
use web::{AsOf, Fields, Flashed, Operation, PageError, Path, Query, desk_page, moment, redirect_with, ui};

use super::actions::{self, Answers};
use super::model::Profile;
use super::store;
use crate::{pack as packs, place};

/// A class as a badge.
pub(crate) fn class_badge(class: RiskClass) -> Markup {
    let tone = match class {
        RiskClass::Low => ui::Tone::Good,
        RiskClass::Moderate => ui::Tone::Info,
        RiskClass::High => ui::Tone::Warn,
        RiskClass::Critical => ui::Tone::Bad,
    };
    ui::badge(tone, &format!("{} risk", class.title()))
}

pub(crate) fn crumbs(product: &Product, here: &str) -> Vec<ui::Crumb> {
    vec![
        ui::Crumb::link("Products", "/desk/products"),
        ui::Crumb::link(product.name.as_str(), format!("/desk/products/{}", product.id)),
        ui::Crumb::here(here),
    ]
}

/// `GET /desk/products/{id}/profile`, also as of an earlier day (`?asof=`).
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(&ctx, &mut tx, id, Permission::ReadPlans).await?;
    let at = AsOf::read(&query, ctx.now)?.at;
    let history = store::list_profiles(&mut tx, id).await?;
    let profile = history.iter().find(|profile| is_at(profile, at));
    let may = ctx.actor.may(Permission::WorkPlans, product.scope());
    let form_at = format!("/desk/products/{id}/profile/answer");
    let body = match profile {
        None => ui::empty_state_with(
            "No profile yet",
            "The questions about exposure, data and customers decide the product's risk class, and with it what its releases owe.",
            html! { @if may { (ui::button_link(ui::Weight::Primary, "Answer the questions", &form_at)) } },
        ),
        Some(profile) => {
            let document = packs::load_document(&mut tx, profile.pack_row).await?;
            html! { (shown(profile, &document.pack, &ctx)) (past(&history)) }
        }
    };
    let mut shell = ui::Shell::new(product.name.as_str())
        .subtitle("Product profile")
        .crumbs(crumbs(&product, "Profile"))
        .tabs(tabs(&ctx, &product, "Profile"));
    if let Some(profile) = profile {
        shell = shell.badges(class_badge(profile.class));
        if may {
            shell = shell.actions(ui::button_link(ui::Weight::Primary, "Review the answers", &form_at));
        }
    }
    Ok(desk_page(&ctx, "products", flashed, shell, body))
}

fn is_at(profile: &Profile, at: Timestamp) -> bool {
    profile.made_at <= at && profile.ended_at.is_none_or(|ended| ended > at)
}

fn shown(profile: &Profile, pack: &pack::Pack, ctx: &Ctx) -> Markup {
    let due = profile.review_on.days_since(ctx.now.date());
    let review = match due {
        ..0 => html! { (ui::state(ui::Tone::Bad, "overdue")) " since " (profile.review_on) },
        0..=30 => html! { (ui::state(ui::Tone::Warn, "due soon")) " on " (profile.review_on) },
        _ => html! { (profile.review_on) },
    };
    let answers =
        ui::Table::new("Answers")
            .columns(["Question", "Answer", "Reason given"])
            .rows(pack.risk.questions.iter().map(|question| {
            let given = profile.answers.get(&question.id).map_or(&[][..], Vec::as_slice);
            let titles: Vec<&str> = question
                .answers
                .iter()
                .filter(|answer| given.contains(&answer.id))
                .map(|answer| answer.title.as_str())
                .collect();
            ui::Row::new(vec![
                html! { (question.title) },
                html! { @if titles.is_empty() { (ui::state(ui::Tone::Warn, "open")) } @else { (titles.join("; ")) } },
                html! { (profile.reasons.get(&question.id).map_or("", String::as_str)) },
            ])
        }));
    let why = ui::prose(html! { ul { @for line in profile.why.lines() { li { (line) } } } });
    let facts = ui::facts(&[
        ui::Fact::new("Class", class_badge(profile.class)),
        ui::Fact::text("Delivers", &profile.models.iter().map(|model| model.title()).collect::<Vec<_>>().join(", ")),
        ui::Fact::new("Next review", review),
        ui::Fact::new("Answered", html! { (moment(profile.made_at)) " by " (profile.made_by) }),
    ]);
    ui::split(answers.markup(), html! { (ui::panel("Class", html! { (facts) })) (ui::panel("Why this class", why)) })
}

fn past(history: &[Profile]) -> Markup {
    let table = ui::Table::new("Earlier profiles").columns(["Answered", "By", "Class", "Sum", "Until"]).rows(
        history.iter().map(|profile| {
            ui::Row::new(vec![
                moment(profile.made_at),
                html! { (profile.made_by) },
                class_badge(profile.class),
                html! { (profile.sum) },
                html! { @match profile.ended_at { Some(at) => (moment(at)), None => "now" } },
            ])
        }),
    );
    ui::section("History", table.markup())
}

/// `GET /desk/products/{id}/profile/answer`
pub(super) async fn form(Operation(ctx): Operation, Path(id): Path<ProductId>) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let profile = store::load_profile(&mut tx, id, ctx.now).await?;
    drop(tx);
    let mut pairs =
        vec![("seen".to_owned(), profile.as_ref().map_or_else(String::new, |profile| profile.id.to_string()))];
    if let Some(profile) = &profile {
        for (question, given) in &profile.answers {
            pairs.extend(given.iter().map(|answer| (format!("q-{question}"), answer.clone())));
        }
        pairs.extend(profile.reasons.iter().map(|(question, reason)| (format!("r-{question}"), reason.clone())));
        pairs.extend(profile.models.iter().map(|model| ("models".to_owned(), model.id().to_owned())));
    }
    form_page(&ctx, id, &Fields::from_pairs(pairs)).await
}

async fn form_page(ctx: &Ctx, id: ProductId, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let product = place::product(ctx, &mut tx, id, Permission::WorkPlans).await?;
    let active = packs::load_active(&mut tx).await?;
    let mut form = ui::Form::new(format!("/desk/products/{id}/profile/answer"), "Save and compute the class")
        .errors(&fields.errors())
        .hidden("seen", fields.get("seen"));
    for question in &active.pack.risk.questions {
        let name = format!("q-{}", question.id);
        let given: Vec<&str> = fields.all(&name).collect();
        let choices = question.answers.iter().map(|answer| {
            ui::Choice::new(answer.id.as_str(), answer.title.as_str())
                .hint(answer.reason.as_str())
                .chosen(given.contains(&answer.id.as_str()))
        });
        let field = if question.several {
            ui::Field::boxes(name.as_str(), question.title.as_str(), choices.collect())
        } else {
            ui::Field::radios(name.as_str(), question.title.as_str(), choices.collect())
        };
        let reason = format!("r-{}", question.id);
        form = form.field(field.hint(question.about.as_str()).error(fields.error(&question.id))).field(
            ui::Field::text(reason.as_str(), "Reason")
                .value(fields.get(&reason))
                .error(fields.error(&reason))
                .longest(1_000),
        );
    }
    let chosen: Vec<&str> = fields.all("models").collect();
    let models = active
        .pack
        .models
        .iter()
        .map(|model| ui::Choice::new(model.id(), model.title()).chosen(chosen.contains(&model.id())));
    let form = form.field(
        ui::Field::boxes("models", "How does the team deliver?", models.collect())
            .hint("Several, when it mixes: the plan then says for each when an activity is due.")
            .error(fields.error("models")),
    );
    let shell = ui::Shell::new("Product profile").subtitle(product.name.as_str()).crumbs(crumbs(&product, "Profile"));
    Ok(desk_page(ctx, "products", Flashed::default(), shell, ui::panel("", html! { (form) })))
}

/// `POST /desk/products/{id}/profile/answer`
pub(super) async fn answer(
    Operation(ctx): Operation,
    Path(id): Path<ProductId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut draft = Answers { seen: fields.get("seen").to_owned(), ..Answers::default() };
    let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in fields.pairs() {
        if let Some(question) = name.strip_prefix("q-") {
            answers.entry(question.to_owned()).or_default().push(value.to_owned());
        } else if let Some(question) = name.strip_prefix("r-") {
            draft.reasons.insert(question.to_owned(), value.to_owned());
        } else if name == "models" {
            draft.models.extend(Model::parse(value));
        }
    }
    draft.answers = answers;
    match actions::answer(&ctx, id, draft).await {
        Ok(profile) => {
            let words = format!("Saved: {} risk. Look at it again by {}.", profile.class.title(), profile.review_on);
            Ok(redirect_with(&format!("/desk/products/{id}/profile"), &words))
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), form_page(&ctx, id, &fields).await?).into_response())
        }
    }
}
