//! Evidence on the page of a task: what is there, the form for more, reviews.

use std::collections::BTreeMap;

use axum::response::Response;
use kernel::{Error, Result};
use maud::{Markup, html};
use pack::{Activity, EvidenceKind};
use platform::Ctx;
use register::products::ReleaseId;
use web::{Download, Fields, Operation, PageError, Path, moment, redirect_with, ui};

use super::model::{Draft, Evidence, EvidenceId, Source};
use super::{actions, rules};
use crate::plan::{self, Line, Sheet, TaskId, Typed};

/// The evidence that bears on a task, and what can be done with it.
pub(crate) fn task_parts(
    sheet: &Sheet,
    line: &Line,
    activity: &Activity,
    ctx: &Ctx,
    may_work: bool,
    may_approve: bool,
    typed: &Fields,
) -> Markup {
    let posts: Vec<&str> = activity
        .evidence
        .iter()
        .filter_map(|one| one.post.as_deref())
        .chain(activity.due.devops.iter().filter_map(|due| due.post.as_deref()))
        .collect();
    let used: Vec<EvidenceId> = line.status.pieces.iter().filter_map(|piece| piece.by).collect();
    let bears = |one: &&Evidence| {
        one.task == Some(line.task.id)
            || used.contains(&one.id)
            || (one.task.is_none()
                && (one.post.as_deref().is_some_and(|post| posts.contains(&post))
                    || ((one.post.is_none() || one.source == Source::Record)
                        && activity.evidence.iter().any(|wanted| wanted.kind == one.kind && wanted.post.is_none()))))
    };
    let mut list: Vec<&Evidence> = sheet.evidence.iter().filter(bears).filter(|one| one.made_at <= sheet.at).collect();
    list.sort_by_key(|one| std::cmp::Reverse((one.ended_at.is_none(), one.made_at, one.id)));
    list.dedup_by_key(|one| one.id);
    let rows = list.iter().map(|one| row(one, sheet, ctx, may_work, may_approve, used.contains(&one.id)));
    let table = ui::Table::new("Evidence")
        .columns(["What", "Kind", "From", "State", ""])
        .rows(rows)
        .empty(ui::empty_state("Nothing is there yet", "Add a file or a link below, or let a pipeline post it."));
    let can_add = activity.evidence.iter().any(rules::takes_paper);
    html! {
        (ui::panel("Evidence", html! { (table) }))
        @if may_work && can_add { (ui::panel("Add evidence", add_form(sheet, line, activity, typed))) }
    }
}

/// The kind in words. What shows something that no room observes is a document to whoever brings it.
const fn kind_title(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Fact => EvidenceKind::Document.title(),
        EvidenceKind::Document
        | EvidenceKind::Link
        | EvidenceKind::File
        | EvidenceKind::PipelinePost
        | EvidenceKind::ScanReport
        | EvidenceKind::Sbom
        | EvidenceKind::ThreatModel
        | EvidenceKind::Review
        | EvidenceKind::TrainingCoverage
        | EvidenceKind::TestReport => kind.title(),
    }
}

fn row(one: &Evidence, sheet: &Sheet, ctx: &Ctx, may_work: bool, may_approve: bool, counts: bool) -> ui::Row {
    let release = sheet.place.release.id;
    let foreign = one.release != release;
    let at = format!("/desk/releases/{}/evidence/{}", one.release, one.id);
    let what = html! {
        @if one.file.is_some() { a href={(at) "/file"} { (one.title) } } @else if !one.url.is_empty() { a href=(one.url) rel="noreferrer" { (one.title) } } @else { (one.title) }
        @if !one.sha256.is_empty() { br; code class="small" { "sha256 " (one.sha256.get(..16).unwrap_or(&one.sha256)) "…" } }
        @if !one.measures.is_empty() { br; span class="small" { (one.measures.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")) } }
        @if let Some(percent) = one.percent { br; span class="small" { (percent) " %" } }
    };
    let review = one.review_at(sheet.at);
    let state = html! {
        @match (one.is_at(sheet.at), one.source.needs_review(), review) {
            (false, ..) => { (ui::state(ui::Tone::Neutral, "Taken away")) " " (one.ended_reason) },
            (true, true, None) => (ui::state(ui::Tone::Warn, "To be reviewed")),
            (true, true, Some(review)) if !review.accepted => { (ui::state(ui::Tone::Bad, "Rejected")) " by " (review.reviewer) ": " (review.note) },
            (true, true, Some(review)) => { (ui::state(ui::Tone::Good, "Accepted")) " by " (review.reviewer) },
            (true, false, _) => (ui::state(ui::Tone::Good, if one.source == Source::Post { "Posted" } else { "Recorded" })),
        }
        @if counts { " " (ui::badge(ui::Tone::Good, "counts")) }
        @if foreign { " " (ui::badge(ui::Tone::Info, "of another release")) }
    };
    let author = ctx.actor.person().is_some_and(|person| one.author_id == person.to_string());
    let active = one.ended_at.is_none() && !foreign;
    let buttons = html! { div class="actions" {
        @if active && may_approve && one.source.needs_review() && review.is_none() {
            @if author { span class="muted small" { "You added it; somebody else reviews it." } }
            @else {
                (ui::ButtonForm::new("Accept", format!("{at}/review")).with("verdict", "accept").weight(ui::Weight::Primary))
                (ui::ButtonForm::new("Reject", format!("{at}/review")).with("verdict", "reject").fields(html! { (ui::Field::text("note", "What is wrong?")) }))
            }
        }
        @if active && may_work {
            (ui::ButtonForm::new("Take away", format!("{at}/end")).fields(html! { (ui::Field::text("reason", "Why?")) }))
        }
    } };
    let from = html! { (one.producer) br; (moment(one.produced_at)) };
    let kind = html! { (kind_title(one.kind)) @if let Some(post) = &one.post { " " code { (post) } } };
    let row = ui::Row::new(vec![what, kind, from, state, buttons]);
    if one.ended_at.is_some() { row.quiet() } else { row }
}

fn add_form(sheet: &Sheet, line: &Line, activity: &Activity, typed: &Fields) -> Markup {
    let slots: Vec<String> = (0..activity.evidence.len()).map(|slot| slot.to_string()).collect();
    let words: Vec<String> =
        activity.evidence.iter().map(|one| format!("{}: {}", kind_title(one.kind), one.what)).collect();
    let choices = slots
        .iter()
        .zip(&words)
        .zip(&activity.evidence)
        .filter(|(_, wanted)| rules::takes_paper(wanted))
        .map(|((slot, words), _)| (slot.as_str(), words.as_str()));
    let mut form =
        ui::Form::new(format!("/desk/releases/{}/tasks/{}/evidence", sheet.place.release.id, line.task.id), "Add")
            .multipart()
            .errors(&typed.errors())
            .field(
                ui::Field::select("slot", "Evidence of", ui::Choice::list(choices, typed.get("slot")))
                    .error(typed.error("slot")),
            )
            .field(
                ui::Field::text("title", "What it is").value(typed.get("title")).error(typed.error("title")).required(),
            )
            .field(ui::Field::file("file", "File"))
            .field(ui::Field::url("url", "or a link").value(typed.get("url")).error(typed.error("url")))
            .field(
                ui::Field::date("produced_on", "Made on")
                    .hint("Empty: today.")
                    .value(typed.get("produced_on"))
                    .error(typed.error("produced_on")),
            )
            .field(
                ui::Field::date("valid_until", "Holds until")
                    .hint("Empty: as long as the pack says.")
                    .value(typed.get("valid_until"))
                    .error(typed.error("valid_until")),
            );
    let mut names: Vec<&String> = activity.evidence.iter().flat_map(|one| one.max.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let field = format!("m-{name}");
        form = form.field(
            ui::Field::number(field.as_str(), format!("How many: {name}"))
                .between(0, 1_000_000)
                .value(typed.get(&field))
                .error(typed.error(&field)),
        );
    }
    if activity.evidence.iter().any(|one| one.min_percent.is_some()) {
        form = form.field(
            ui::Field::number("percent", "Share in percent")
                .between(0, 100)
                .value(typed.get("percent"))
                .error(typed.error("percent")),
        );
    }
    html! { (form) }
}

/// `POST /desk/releases/{id}/tasks/{task}/evidence`
pub(super) async fn add(
    Operation(ctx): Operation,
    Path((id, task)): Path<(ReleaseId, TaskId)>,
    mut fields: Fields,
) -> Result<Response, PageError> {
    let upload = fields.take_uploads().into_iter().next();
    let measures: BTreeMap<String, String> = fields
        .pairs()
        .filter_map(|(name, value)| name.strip_prefix("m-").map(|name| (name.to_owned(), value.to_owned())))
        .collect();
    let draft = Draft {
        slot: fields.get("slot").parse().unwrap_or(usize::MAX),
        title: fields.get("title").to_owned(),
        url: fields.get("url").to_owned(),
        produced_on: fields.get("produced_on").to_owned(),
        valid_until: fields.get("valid_until").to_owned(),
        measures,
        percent: fields.get("percent").to_owned(),
    };
    match actions::add(&ctx, id, task, &draft, upload).await {
        Ok(_) => Ok(redirect_with(
            &format!("/desk/releases/{id}/tasks/{task}"),
            "Added. It counts once somebody other than you has reviewed it.",
        )),
        Err(error) => {
            plan::again(&ctx, id, task, &Typed { evidence: fields.with_errors(error)?, ..Typed::default() }).await
        }
    }
}

fn back(fields: &Fields, release: ReleaseId) -> String {
    let task = fields.get("task");
    if task.parse::<TaskId>().is_ok() {
        format!("/desk/releases/{release}/tasks/{task}")
    } else {
        format!("/desk/releases/{release}")
    }
}

/// `POST /desk/releases/{id}/evidence/{evidence}/review`
pub(super) async fn review(
    Operation(ctx): Operation,
    Path((id, evidence)): Path<(ReleaseId, EvidenceId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let accepted = match fields.get("verdict") {
        "accept" => true,
        "reject" => false,
        _ => return Err(Error::invalid("verdict", "Choose what you decide.").into()),
    };
    let task = actions::review(&ctx, id, evidence, accepted, fields.get("note")).await?;
    let words = if accepted { "Accepted." } else { "Rejected; its author sees why." };
    Ok(redirect_with(
        &task.map_or_else(|| back(&fields, id), |task| format!("/desk/releases/{id}/tasks/{task}")),
        words,
    ))
}

/// `POST /desk/releases/{id}/evidence/{evidence}/end`
pub(super) async fn end(
    Operation(ctx): Operation,
    Path((id, evidence)): Path<(ReleaseId, EvidenceId)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let task = actions::end(&ctx, id, evidence, fields.get("reason")).await?;
    let to = task.map_or_else(|| back(&fields, id), |task| format!("/desk/releases/{id}/tasks/{task}"));
    Ok(redirect_with(&to, "Taken away. It stays in the history."))
}

/// `GET /desk/releases/{id}/evidence/{evidence}/file`: always as a download, whatever it says it is.
pub(super) async fn file(
    Operation(ctx): Operation,
    Path((id, evidence)): Path<(ReleaseId, EvidenceId)>,
) -> Result<Download, PageError> {
    let (info, content) = actions::load_file(&ctx, id, evidence).await?;
    Ok(Download::new(&info.name, content))
}
