//! The page of a gate.

use axum::response::{IntoResponse, Response};
use kernel::{Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use register::products::ReleaseId;
use web::{AsOf, Fields, Flashed, Operation, PageError, Path, Query, desk_page, moment, redirect_with, ui};

use super::actions::{self, Answer};
use super::model::{Choice, Item, Outcome, Verdict};
use super::rules;
use crate::{place, plan};

/// `GET /desk/releases/{id}/gate`, also as of another day (`?asof=`) and as if some tasks were done (`?assume=`).
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(page(&ctx, id, &query, flashed, &Fields::default()).await?)
}

async fn page(ctx: &Ctx, id: ReleaseId, query: &Query, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let mut tx = ctx.read().await?;
    let place = place::release(ctx, &mut tx, id, Permission::ReadPlans).await?;
    let at = AsOf::read(query, ctx.now)?.at;
    let assume = super::api::assumed(query);
    let answer = actions::ask(&mut tx, place, query.get("gate"), &assume, at).await?;
    drop(tx);
    let verdict = &answer.verdict;
    let now = at == ctx.now && !verdict.is_what_if();
    let may_decide = now && ctx.actor.may(Permission::ApprovePlans, answer.sheet.place.product.scope());
    let body = html! {
        (gates(&answer, query))
        (said(verdict, query))
        (lacking(&answer, query, &assume))
        (exceptions(&answer))
        (ui::columns(
            html! {
                @if may_decide { (ui::panel("Decide", form(id, verdict, fields))) }
                (ui::panel("Decisions", decisions(&answer)))
            },
            ui::panel("For machines", machines(&answer, ctx)),
        ))
    };
    let mut shell = ui::Shell::new(answer.sheet.place.title())
        .subtitle(format!("Gate: {}", verdict.title))
        .badges(badge(verdict.outcome))
        .crumbs(plan::crumbs(&answer.sheet.place, Some("Gate")))
        .tabs(plan::tabs(id, "Gate"));
    if at != ctx.now {
        shell =
            shell.banner(ui::Tone::Info, format!("This is what the gate would have said at the end of {}.", at.date()));
    } else if verdict.is_what_if() {
        shell = shell.banner(
            ui::Tone::Info,
            "What if: some tasks are only assumed to be done. Nothing can be decided on that.".to_owned(),
        );
    }
    Ok(desk_page(ctx, "releases", flashed, shell, body))
}

fn badge(outcome: Outcome) -> Markup {
    match outcome {
        Outcome::Passed | Outcome::PassedWithExceptions => ui::badge(ui::Tone::Good, outcome.label()),
        Outcome::Lacking => ui::badge(ui::Tone::Bad, outcome.label()),
    }
}

fn gates(answer: &Answer, query: &Query) -> Markup {
    let known = rules::gates(&answer.sheet.pack, &answer.sheet.plan.models);
    let tabs: Vec<ui::Tab> = known
        .iter()
        .map(|gate| {
            ui::Tab::new(gate.title.as_str(), query.with("gate", &gate.id)).here(gate.id == answer.verdict.gate)
        })
        .collect();
    let about = known.iter().find(|gate| gate.id == answer.verdict.gate).map_or("", |gate| gate.about.as_str());
    html! {
        @if tabs.len() > 1 { (ui::tabs("Gates", &tabs)) }
        p class="muted" { (about) }
    }
}

fn said(verdict: &Verdict, query: &Query) -> Markup {
    let (lacking, total) = (verdict.lacking().count(), verdict.items.len());
    let until = html! { @if let Some(until) = verdict.until { p { "The first thing that lapses does so on " (until.date()) "." } } };
    match verdict.outcome {
        Outcome::Passed => ui::alert(
            ui::Tone::Good,
            "The gate lets this release pass",
            html! { p { "All " (total) " tasks are settled." } (until) },
        ),
        Outcome::PassedWithExceptions => ui::alert(
            ui::Tone::Good,
            "The gate lets this release pass, with exceptions",
            html! { p { "All " (total) " tasks are settled; the exceptions stand below." } (until) },
        ),
        Outcome::Lacking => ui::alert(
            ui::Tone::Bad,
            &format!("{lacking} of {total} tasks hold the gate"),
            html! {
                p { "Each is listed with what to do." @if verdict.is_what_if() { " " a href=(query.with("assume", "")) { "Assume nothing" } } }
            },
        ),
    }
}

fn lacking(answer: &Answer, query: &Query, assume: &[&str]) -> Markup {
    let mut items: Vec<&Item> = answer.verdict.items.iter().filter(|item| !item.is_settled() || item.assumed).collect();
    items.sort_by_key(|item| (item.assumed, item.due_on));
    let id = answer.sheet.place.release.id;
    let rows = items.iter().map(|item| {
        let with: Vec<(&str, &str)> = assume.iter().copied().chain([item.activity.as_str()]).map(|name| ("assume", name)).collect();
        let what_if = html! {
            @if item.assumed { (ui::badge(ui::Tone::Info, "assumed")) } @else { a href=(query.with_all(&with)) { "Assume done" } }
        };
        let practice = answer.sheet.pack.practice(&item.practice).map_or("", |practice| practice.title.as_str());
        let row = ui::Row::new(vec![
            html! { (item.title) },
            html! { (practice) },
            plan::state_badge(item.state),
            html! { ul class="plain-list" { @for words in &item.lacks { li { (words) } } } },
            html! { (item.due_on) @if !item.owner.is_empty() { br; (item.owner) } },
            what_if,
        ])
        .link(format!("/desk/releases/{id}/tasks/{}", item.task));
        if item.assumed { row.quiet() } else { row }
    });
    let table = ui::Table::new("What lacks")
        .columns(["Task", "Practice", "State", "What to do"])
        .column(ui::Column::narrow("Due, owner"))
        .column(ui::Column::narrow("What if"))
        .rows(rows)
        .empty(ui::empty_state("Nothing lacks", "Every task that counts here is settled."));
    ui::panel("What lacks", html! { (table) })
}

fn exceptions(answer: &Answer) -> Markup {
    let items: Vec<&Item> = answer.verdict.exceptions().collect();
    let id = answer.sheet.place.release.id;
    let rows = items.iter().map(|item| {
        ui::Row::new(vec![
            html! { (item.title) },
            plan::state_badge(item.state),
            html! { (item.reason) },
            html! { @if let Some(until) = item.until { (until.date().plus_days(-1)) } },
        ])
        .link(format!("/desk/releases/{id}/tasks/{}", item.task))
    });
    let table = ui::Table::new("Exceptions").columns(["Task", "What", "Reason", "Until"]).rows(rows);
    html! { @if !items.is_empty() { (ui::panel("Exceptions", html! { (table) })) } }
}

fn form(id: ReleaseId, verdict: &Verdict, fields: &Fields) -> Markup {
    let fits = match verdict.outcome {
        Outcome::Passed => Choice::Passed,
        Outcome::PassedWithExceptions => Choice::PassedWithExceptions,
        Outcome::Lacking => Choice::Stopped,
    };
    let chosen = Choice::parse(fields.get("outcome")).unwrap_or(fits);
    let choices = Choice::ALL.iter().map(|choice| (choice.as_str(), choice.label()));
    let form = ui::Form::new(format!("/desk/releases/{id}/gate/decide"), "Record the decision")
        .errors(&fields.errors())
        .hidden("gate", &verdict.gate)
        .field(ui::Field::radios("outcome", "Decision", ui::Choice::list(choices, chosen.as_str())))
        .field(
            ui::Field::textarea("reason", "Reason").lines(3).value(fields.get("reason")).error(fields.error("reason")),
        );
    html! { (form) }
}

fn decisions(answer: &Answer) -> Markup {
    let events: Vec<ui::Event> = answer
        .decisions
        .iter()
        .map(|decision| {
            let tone = if decision.choice == Choice::Stopped { ui::Tone::Bad } else { ui::Tone::Good };
            let title = html! { (decision.choice.label()) " at " (decision.gate) };
            ui::Event::new(ui::Icon::Flag, title, decision.made_at.rfc3339(), decision.made_at.for_people())
                .by(decision.decided_name.as_str())
                .tone(tone)
                .body(html! { p { (decision.reason) } code class="small" { "state sha256 " (decision.state_sha256.get(..16).unwrap_or("")) "…" } })
        })
        .collect();
    html! { @if events.is_empty() { p class="muted" { "Nobody has decided yet." } } @else { (ui::timeline(&events)) } }
}

fn machines(answer: &Answer, ctx: &Ctx) -> Markup {
    let place = &answer.sheet.place;
    let at = format!("/api/v1/products/{}/releases/{}/gate", place.product.slug, place.release.version);
    html! {
        ul class="plain-list" {
            @for (format, words) in [("json", "JSON"), ("junit", "JUnit"), ("sarif", "SARIF"), ("dsse", "Signed statement")] {
                li { a href={(at) "?format=" (format)} { (words) } }
            }
            li { a href="/api/v1/gate-key.pem" { "Public key" } }
        }
        (ui::code_block("In a pipeline", &format!("portcullis gate {} {} --server {} --token-env PORTCULLIS_TOKEN", place.product.slug, place.release.version, ctx.url(""))))
        p class="muted small" { "Asked at " (moment(answer.verdict.at)) }
    }
}

/// `POST /desk/releases/{id}/gate/decide`
pub(super) async fn decide(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let choice = Choice::parse(fields.get("outcome"))
        .ok_or_else(|| kernel::Error::invalid("outcome", "Choose what you decide."))?;
    match actions::decide(&ctx, id, fields.get("gate"), choice, fields.get("reason")).await {
        Ok(()) => Ok(redirect_with(
            &format!("/desk/releases/{id}/gate?gate={}", fields.get("gate")),
            "The decision is recorded, with the state it was based on.",
        )),
        Err(error) => {
            let gate = format!("gate={}", fields.get("gate"));
            let fields = fields.with_errors(error)?;
            let query = Query::of(&format!("/desk/releases/{id}/gate"), &gate);
            Ok((fields.status(), page(&ctx, id, &query, Flashed::default(), &fields).await?).into_response())
        }
    }
}
