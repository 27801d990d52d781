//! HTML pages of targets.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Error, FieldError, Permission, Result};
use maturity::Ratio;
use maud::{Markup, html};
use platform::Ctx;
use web::{CsvFile, Fields, Flashed, Operation, PageError, Query, ago, desk_page, redirect_with, ui};

use super::actions::{self, TargetDraft};
use super::model::{Gap, Target, Wanted, gap, hundredths, shown};
use super::store;
use crate::strategy_metrics::assessment::{self, Asked, ask, given, picker, practices};
use crate::strategy_metrics::{ACTIVE, catalogue, place, tabs};

const AT: &str = "/desk/assessments/targets";

/// A gap as a sign.
pub(crate) fn gap_badge(gap: Gap) -> Markup {
    match gap {
        Gap::None => html! {},
        Gap::Reached => ui::state(ui::Tone::Good, "reached"),
        Gap::Open(lacks) => ui::state(ui::Tone::Warn, &format!("{} lacking", shown(lacks))),
        Gap::Overdue(lacks) => ui::state(ui::Tone::Bad, &format!("{} lacking, overdue", shown(lacks))),
    }
}

/// `GET /desk/assessments/targets`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    page(&ctx, &query, flashed, None).await
}

async fn page(ctx: &Ctx, query: &Query, flashed: Flashed, typed: Option<&Fields>) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(ctx, &mut tx, query).await?;
    let series = asked.document.row.series.clone();
    let target = store::load_effective(&mut tx, asked.scope, &series, asked.moment.at).await?;
    let history = store::list(&mut tx, asked.scope, &series).await?;
    let mut scores: BTreeMap<String, Option<Ratio>> = BTreeMap::new();
    if let Some(latest) = assessment::load_latest(&mut tx, asked.scope, &series, asked.moment.day).await? {
        let document = catalogue::load(&mut tx, latest.model).await?;
        let answers = assessment::load_answers(&mut tx, latest.id, ctx.now).await?;
        let scored = maturity::score(&document.model, &given(&answers));
        let all = scored.functions.into_iter().flat_map(|function| function.practices);
        scores = all.map(|practice| (practice.id, practice.score)).collect();
    }
    let own = target.as_ref().filter(|target| target.scope == asked.scope);
    let lines: Vec<_> = practices(&asked.document.model)
        .map(|practice| {
            let wanted = target.as_ref().and_then(|target| target.wanted.get(&practice.id)).copied();
            let score = scores.get(&practice.id).copied().flatten();
            (practice, score, wanted, gap(score, wanted, asked.moment.day))
        })
        .collect();
    if query.get("format") == "csv" {
        let mut file = CsvFile::new("targets.csv", ["practice", "score", "target", "by", "reached"]);
        for (practice, score, wanted, gap) in &lines {
            file.row(vec![
                practice.title.clone(),
                score.map_or_else(String::new, |score| score.rounded(4)),
                wanted.map_or_else(String::new, |wanted| shown(wanted.hundredths)),
                wanted.and_then(|wanted| wanted.due_on).map_or_else(String::new, |due| due.to_string()),
                if *gap == Gap::Reached { "yes" } else { "no" }.to_owned(),
            ]);
        }
        return Ok(file.into_response());
    }
    let table = ui::Table::new("Targets")
        .column(ui::Column::new("Practice"))
        .column(ui::Column::number("Score"))
        .column(ui::Column::number("Target"))
        .columns(["By", "Gap"])
        .rows(lines.iter().map(|(practice, score, wanted, gap)| {
            ui::Row::new(vec![
                html! { (practice.title) },
                html! { (score.map_or_else(|| "–".to_owned(), |score| score.rounded(2))) },
                html! { (wanted.map_or_else(|| "–".to_owned(), |wanted| shown(wanted.hundredths))) },
                html! { @if let Some(due) = wanted.and_then(|wanted| wanted.due_on) { (due) } },
                gap_badge(*gap),
            ])
        }));
    let may = ctx.actor.may(Permission::RunProgramme, asked.scope) && !asked.moment.past;
    let bar = picker(ctx, AT, &asked, true).export(query.with("format", "csv"));
    let body = html! {
        (bar)
        @match &target {
            None => (ui::alert(ui::Tone::Info, "No target yet", html! { p { "Say which score is wanted in which practice, and by when. The gap then stands beside every result." } })),
            Some(target) => {
                p class="muted" {
                    "Set " (ago(target.made_at, ctx.now)) " by " (target.made_by)
                    @if target.scope != asked.scope { " for: " (asked.places.name(target.scope)) ". This place has none of its own." }
                }
                @if !target.note.is_empty() { (web::paragraphs(&target.note)) }
            },
        }
        (table)
        @if may { (ui::panel("Set the target", form(&asked, own, history.first(), typed))) }
        (past(&history))
    };
    let shell = ui::Shell::new("Targets").subtitle(asked.places.name(asked.scope)).tabs(tabs(AT));
    Ok(desk_page(ctx, ACTIVE, flashed, shell, body).into_response())
}

fn form(asked: &Asked, own: Option<&Target>, newest: Option<&Target>, typed: Option<&Fields>) -> Markup {
    let empty = Fields::default();
    let fields = typed.unwrap_or(&empty);
    let value = |name: &str, kept: String| typed.map_or(kept, |fields| fields.get(name).to_owned());
    let mut form = ui::Form::new(asked.at(AT), "Set the target")
        .errors(&fields.errors())
        .hidden("seen", newest.map_or(0, |target| target.number));
    for (place, practice) in practices(&asked.document.model).enumerate() {
        let wanted = own.and_then(|target| target.wanted.get(&practice.id));
        let (score, due) = (format!("w-{place}"), format!("d-{place}"));
        let most = practice.levels.len();
        form = form.part(ui::columns(
            html! {
                (ui::Field::text(score.as_str(), format!("{}, wanted score", practice.title))
                    .value(value(&score, wanted.map_or_else(String::new, |wanted| shown(wanted.hundredths))))
                    .placeholder(format!("0 to {most}")).error(fields.error(&score)))
            },
            html! {
                (ui::Field::date(due.as_str(), "By")
                    .value(value(&due, wanted.and_then(|wanted| wanted.due_on).map_or_else(String::new, |due| due.to_string())))
                    .error(fields.error(&due)))
            },
        ));
    }
    let form = form.field(
        ui::Field::textarea("note", "Why")
            .lines(3)
            .value(value("note", own.map_or_else(String::new, |target| target.note.clone())))
            .error(fields.error("note")),
    );
    html! { p class="muted" { "Practices left empty have no target. Earlier targets stay readable by day." } (form) }
}

fn past(history: &[Target]) -> Markup {
    let rows = history.iter().map(|target| {
        ui::Row::new(vec![
            html! { (target.number) },
            web::moment(target.made_at),
            html! { (target.made_by) },
            html! { @match target.ended_at { Some(at) => (web::moment(at)), None => "now" } },
        ])
    });
    let table = ui::Table::new("Targets so far").columns(["Number", "Set", "By", "Until"]).rows(rows);
    html! { @if !history.is_empty() { (ui::section("History", table.markup())) } }
}

/// `POST /desk/assessments/targets`
pub(super) async fn set(Operation(ctx): Operation, query: Query, fields: Fields) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(&ctx, &mut tx, &query).await?;
    drop(tx);
    let at = Query::of(AT, "").with_all(&[("place", &place::text(asked.scope)), ("model", &asked.document.row.series)]);
    let done = match draft(&asked, &fields) {
        Ok(draft) => actions::set(&ctx, &asked.document, draft).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect_with(&at, "The target is set.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), page(&ctx, &query, Flashed::default(), Some(&fields)).await?).into_response())
        }
    }
}

fn draft(asked: &Asked, fields: &Fields) -> Result<TargetDraft> {
    let mut problems = Vec::new();
    let mut wanted = BTreeMap::new();
    for (place, practice) in practices(&asked.document.model).enumerate() {
        let (score, due) = (format!("w-{place}"), format!("d-{place}"));
        let text = fields.get(&score).trim();
        if text.is_empty() {
            continue;
        }
        let due_on = match fields.get(&due).trim() {
            "" => None,
            text => text.parse().map_or_else(
                |_| {
                    let words = "Write the day as in 2026-11-30.".to_owned();
                    problems.push(FieldError { field: due.clone(), words });
                    None
                },
                Some,
            ),
        };
        match hundredths(text) {
            Some(hundredths) => {
                wanted.insert(practice.id.clone(), Wanted { hundredths, due_on });
            }
            None => {
                let words = "Write the score as a number with up to two decimals, such as 1.5.".to_owned();
                problems.push(FieldError { field: score, words });
            }
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let seen = fields.parse("seen", "The form is incomplete. Reload the page and try again.")?;
    Ok(TargetDraft { scope: asked.scope, wanted, note: fields.get("note").to_owned(), seen })
}
