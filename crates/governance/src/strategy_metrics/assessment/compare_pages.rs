//! HTML pages: two assessments beside each other.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::Permission;
use maturity::{Model, Practice, Question, Ratio, Scores};
use maud::{Markup, html};
use web::{CsvFile, Flashed, Operation, PageError, Path, Query, desk_page, ui};

use super::actions;
use super::model::{Answers, AssessmentId, given, practices};
use super::pages::{crumbs, own_tabs, shown};
use super::practice_pages::words;
use super::result_pages::most;
use super::store::{self, Wanted};
use crate::strategy_metrics::ACTIVE;

fn by_practice(scores: &Scores) -> BTreeMap<&str, Option<Ratio>> {
    scores
        .functions
        .iter()
        .flat_map(|function| &function.practices)
        .map(|practice| (practice.id.as_str(), practice.score))
        .collect()
}

/// One of the two assessments.
struct Side<'a> {
    name: &'a str,
    model: &'a Model,
    answers: &'a Answers,
}

/// A practice with its score here and there.
struct Line<'a> {
    practice: &'a Practice,
    now: Option<Ratio>,
    then: Option<Ratio>,
}

impl Line<'_> {
    fn difference(&self) -> Option<Ratio> {
        let (top, bottom) = self.then?.parts();
        self.now?.plus(Ratio::new(top.checked_neg()?, bottom)?)
    }
}

fn lines<'a>(now: &Side<'a>, then: &Side<'_>) -> Vec<Line<'a>> {
    let scores = |side: &Side<'_>| maturity::score(side.model, &given(side.answers));
    let (new, old) = (scores(now), scores(then));
    let (new, old) = (by_practice(&new), by_practice(&old));
    let of = |scores: &BTreeMap<&str, Option<Ratio>>, id: &str| scores.get(id).copied().flatten();
    practices(now.model)
        .map(|practice| Line { practice, now: of(&new, &practice.id), then: of(&old, &practice.id) })
        .collect()
}

fn csv(lines: &[Line<'_>]) -> CsvFile {
    let mut file = CsvFile::new("compare.csv", ["practice", "score", "other", "difference"]);
    let text = |score: Option<Ratio>| score.map_or_else(String::new, |score| score.rounded(4));
    for line in lines {
        file.row(vec![line.practice.title.clone(), text(line.now), text(line.then), text(line.difference())]);
    }
    file
}

fn chart(lines: &[Line<'_>], now: &Side<'_>, then: &Side<'_>) -> Markup {
    let axes: Vec<String> = lines.iter().map(|line| line.practice.title.clone()).collect();
    let number = |score: Option<Ratio>| score.map_or(0.0, Ratio::value);
    let series = [
        ui::Series::new(now.name, ui::Paint::One, lines.iter().map(|line| number(line.now)).collect()),
        ui::Series::new(then.name, ui::Paint::Two, lines.iter().map(|line| number(line.then)).collect()),
    ];
    ui::radar("Both", &axes, most(now.model), &series)
}

fn scores(lines: &[Line<'_>], now: &Side<'_>, then: &Side<'_>) -> ui::Table {
    ui::Table::new("Scores")
        .column(ui::Column::new("Practice"))
        .column(ui::Column::number(now.name))
        .column(ui::Column::number(then.name))
        .column(ui::Column::number("Difference"))
        .rows(lines.iter().map(|line| {
            ui::Row::new(vec![
                html! { (line.practice.title) },
                html! { (shown(line.now)) },
                html! { (shown(line.then)) },
                html! {
                    @match line.difference() {
                        Some(change) if change > Ratio::ZERO => (ui::state(ui::Tone::Good, &format!("+{}", change.rounded(2)))),
                        Some(change) if change < Ratio::ZERO => (ui::state(ui::Tone::Bad, &change.rounded(2))),
                        Some(_) => "0.00",
                        None => "–",
                    }
                },
            ])
        }))
}

fn answers(now: &Side<'_>, then: &Side<'_>) -> ui::Table {
    let said = |side: &Side<'_>, question: &Question| {
        words(side.model, question, side.answers.get(&question.id).and_then(|answer| answer.content.given))
    };
    let changed = now.model.questions().filter_map(|(_, practice, level, question)| {
        let (new, old) = (said(now, question), said(then, question));
        (new != old).then(|| {
            ui::Row::new(vec![
                html! { (practice.title) " " (level.number) },
                html! { (question.text) },
                html! { (new) },
                html! { (old) },
            ])
        })
    });
    ui::Table::new("Answers that differ")
        .columns(["Practice", "Question"])
        .column(ui::Column::new(now.name))
        .column(ui::Column::new(then.name))
        .rows(changed)
        .empty(ui::empty_state("All answers are the same", "The two assessments say the same."))
}

/// `GET /desk/assessments/{id}/compare`, with the other one as `?with=`.
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<AssessmentId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let (assessment, document) = actions::open(&ctx, &mut tx, id, Permission::ReadProgramme).await?;
    let wanted = Wanted { series: assessment.series.clone(), limit: 200, ..Wanted::default() };
    let others: Vec<_> = store::list(&mut tx, &ctx.actor, &wanted)
        .await?
        .into_iter()
        .map(|one| one.assessment)
        .filter(|one| one.id != id)
        .collect();
    let default = assessment.based_on.or_else(|| {
        let same = others.iter().find(|one| one.scope == assessment.scope && one.assessed_on <= assessment.assessed_on);
        same.map(|one| one.id)
    });
    let with: Option<AssessmentId> = query.get("with").parse().ok().or(default);
    let choices: Vec<ui::Choice> = others
        .iter()
        .map(|one| {
            let chosen = Some(one.id) == with;
            ui::Choice::new(one.id.to_string(), format!("{} ({})", one.name, one.assessed_on)).chosen(chosen)
        })
        .collect();
    let shell =
        ui::Shell::new(assessment.name.as_str()).crumbs(crumbs(&assessment, "Compare")).tabs(own_tabs(id, "Compare"));
    let Some(with) = with else {
        let body =
            ui::empty_state("Nothing to compare with", "There is no other assessment with the same questions yet.");
        return Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response());
    };
    let (other, other_document) = actions::open(&ctx, &mut tx, with, Permission::ReadProgramme).await?;
    let now_answers = store::load_answers(&mut tx, id, ctx.now).await?;
    let then_answers = store::load_answers(&mut tx, with, ctx.now).await?;
    drop(tx);
    let now = Side { name: &assessment.name, model: &document.model, answers: &now_answers };
    let then = Side { name: &other.name, model: &other_document.model, answers: &then_answers };
    let lines = lines(&now, &then);
    if query.get("format") == "csv" {
        return Ok(csv(&lines).into_response());
    }
    let bar = ui::FilterBar::new(format!("/desk/assessments/{id}/compare"))
        .select("with", "With", &choices)
        .export(query.with("format", "csv"));
    let body = html! {
        (bar)
        (ui::columns(ui::panel("Practices", chart(&lines, &now, &then)), scores(&lines, &now, &then).markup()))
        (ui::section("Answers that differ", answers(&now, &then).markup()))
    };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}
