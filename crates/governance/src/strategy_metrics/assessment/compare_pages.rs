//! HTML pages: two assessments beside each other.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::Permission;
use maturity::{Ratio, Scores};
use maud::html;
use web::{CsvFile, Flashed, Operation, PageError, Path, Query, desk_page, ui};

use super::actions;
use super::model::{AssessmentId, given, practices};
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

fn difference(now: Option<Ratio>, then: Option<Ratio>) -> Option<Ratio> {
    let (top, bottom) = then?.parts();
    now?.plus(Ratio::new(top.checked_neg()?, bottom)?)
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
    let (now_answers, then_answers) =
        (store::load_answers(&mut tx, id, ctx.now).await?, store::load_answers(&mut tx, with, ctx.now).await?);
    let now = maturity::score(&document.model, &given(&now_answers));
    let then = maturity::score(&other_document.model, &given(&then_answers));
    let (now_by, then_by) = (by_practice(&now), by_practice(&then));
    let lines: Vec<_> = practices(&document.model)
        .map(|practice| {
            let (new, old) = (
                now_by.get(practice.id.as_str()).copied().flatten(),
                then_by.get(practice.id.as_str()).copied().flatten(),
            );
            (practice, new, old, difference(new, old))
        })
        .collect();
    if query.get("format") == "csv" {
        let mut file = CsvFile::new("compare.csv", ["practice", "score", "other", "difference"]);
        let text = |score: Option<Ratio>| score.map_or_else(String::new, |score| score.rounded(4));
        for (practice, new, old, change) in &lines {
            file.row(vec![practice.title.clone(), text(*new), text(*old), text(*change)]);
        }
        return Ok(file.into_response());
    }
    let axes: Vec<String> = lines.iter().map(|(practice, ..)| practice.title.clone()).collect();
    let number = |score: Option<Ratio>| score.map_or(0.0, Ratio::value);
    let new_values = lines.iter().map(|(_, new, _, _)| number(*new)).collect();
    let old_values = lines.iter().map(|(_, _, old, _)| number(*old)).collect();
    let series = [
        ui::Series::new(assessment.name.as_str(), ui::Paint::One, new_values),
        ui::Series::new(other.name.as_str(), ui::Paint::Two, old_values),
    ];
    let scores = ui::Table::new("Scores")
        .column(ui::Column::new("Practice"))
        .column(ui::Column::number(assessment.name.as_str()))
        .column(ui::Column::number(other.name.as_str()))
        .column(ui::Column::number("Difference"))
        .rows(lines.iter().map(|(practice, new, old, change)| {
            ui::Row::new(vec![
                html! { (practice.title) },
                html! { (shown(*new)) },
                html! { (shown(*old)) },
                html! {
                    @match change {
                        Some(change) if *change > Ratio::ZERO => (ui::state(ui::Tone::Good, &format!("+{}", change.rounded(2)))),
                        Some(change) if *change < Ratio::ZERO => (ui::state(ui::Tone::Bad, &change.rounded(2))),
                        Some(_) => "0.00",
                        None => "–",
                    }
                },
            ])
        }));
    let changed = document.model.questions().filter_map(|(_, practice, level, question)| {
        let (new, old) = (
            now_answers.get(&question.id).and_then(|answer| answer.content.given),
            then_answers.get(&question.id).and_then(|answer| answer.content.given),
        );
        let (new, old) = (words(&document.model, question, new), words(&other_document.model, question, old));
        (new != old).then(|| {
            ui::Row::new(vec![
                html! { (practice.title) " " (level.number) },
                html! { (question.text) },
                html! { (new) },
                html! { (old) },
            ])
        })
    });
    let answers = ui::Table::new("Answers that differ")
        .columns(["Practice", "Question"])
        .column(ui::Column::new(assessment.name.as_str()))
        .column(ui::Column::new(other.name.as_str()))
        .rows(changed)
        .empty(ui::empty_state("All answers are the same", "The two assessments say the same."));
    let bar = ui::FilterBar::new(format!("/desk/assessments/{id}/compare"))
        .select("with", "With", &choices)
        .export(query.with("format", "csv"));
    let body = html! {
        (bar)
        (ui::columns(ui::panel("Practices", ui::radar("Both", &axes, most(&document.model), &series)), scores.markup()))
        (ui::section("Answers that differ", answers.markup()))
    };
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, body).into_response())
}
