//! HTML pages of roadmaps.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use kernel::{Date, Error, FieldError, Id, Permission, Result, kinds};
use maturity::{Model, Ratio};
use maud::{Markup, html};
use platform::{Ctx, access};
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with, ui};

use super::actions::{self, PhaseDraft};
use super::model::{Phase, PhaseId, PhaseState};
use super::store;
use crate::strategy_metrics::assessment::{self, ask, given, picker, practices};
use crate::strategy_metrics::catalogue::Document;
use crate::strategy_metrics::target::{Wanted, gap, gap_badge, hundredths, shown};
use crate::strategy_metrics::{ACTIVE, catalogue, place, tabs};

const AT: &str = "/desk/assessments/roadmap";

fn state_badge(state: PhaseState, overdue: bool) -> Markup {
    let tone = match state {
        _ if overdue => ui::Tone::Bad,
        PhaseState::Planned | PhaseState::Dropped => ui::Tone::Neutral,
        PhaseState::Running => ui::Tone::Info,
        PhaseState::Done => ui::Tone::Good,
    };
    let label = if overdue { format!("{}, overdue", state.label()) } else { state.label().to_owned() };
    ui::state(tone, &label)
}

/// The phases with how far each practice is; `edit` makes their names links.
pub(crate) fn phases_part(
    phases: &[Phase],
    model: &Model,
    scores: &[(String, Option<Ratio>)],
    day: Date,
    edit: Option<&str>,
) -> Markup {
    let score = |practice: &str| scores.iter().find(|(id, _)| id == practice).and_then(|(_, score)| *score);
    let rows = phases.iter().map(|phase| {
        let overdue = !phase.state.is_over() && phase.due_on < day;
        let wanted = practices(model).filter_map(|practice| {
            let hundredths = *phase.wanted.get(&practice.id)?;
            let wanted = Wanted { hundredths, due_on: Some(phase.due_on) };
            Some((practice.title.as_str(), hundredths, gap(score(&practice.id), Some(wanted), day)))
        });
        let row = ui::Row::new(vec![
            html! { strong { (phase.name) } @if !phase.note.is_empty() { br; span class="muted" { (phase.note) } } },
            html! { (phase.due_on) },
            state_badge(phase.state, overdue),
            html! { (phase.owner_name) },
            html! { ul class="plain-list" { @for (title, hundredths, gap) in wanted { li { (title) " " (shown(hundredths)) " " (gap_badge(gap)) } } } },
            html! { ul class="plain-list" { @for line in phase.activities.lines() { li { (line) } } } },
        ]);
        match edit {
            Some(at) => row.link(format!("{at}/{}", phase.id)),
            None => row,
        }
    });
    ui::Table::new("Phases")
        .columns(["Phase", "By", "State", "Owner", "Scores to be reached", "To be done"])
        .rows(rows)
        .empty(ui::empty_state(
            "No phase yet",
            "A roadmap says in phases how the target is to be reached, by when and by whom.",
        ))
        .markup()
}

/// `GET /desk/assessments/roadmap`
pub(super) async fn show(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(&ctx, &mut tx, &query).await?;
    let series = asked.document.row.series.clone();
    let phases = store::list(&mut tx, asked.scope, &series).await?;
    if query.get("format") == "csv" {
        let mut file = CsvFile::new("roadmap.csv", ["phase", "by", "state", "owner", "scores", "activities", "note"]);
        for phase in phases {
            let wanted: Vec<String> = phase
                .wanted
                .iter()
                .map(|(practice, hundredths)| format!("{practice} {}", shown(*hundredths)))
                .collect();
            file.row(vec![
                phase.name,
                phase.due_on.to_string(),
                phase.state.as_str().to_owned(),
                phase.owner_name,
                wanted.join("; "),
                phase.activities.replace('\n', "; "),
                phase.note,
            ]);
        }
        return Ok(file.into_response());
    }
    let mut scores = Vec::new();
    if let Some(latest) = assessment::load_latest(&mut tx, asked.scope, &series, asked.moment.day).await? {
        let document = catalogue::load(&mut tx, latest.model).await?;
        let answers = assessment::load_answers(&mut tx, latest.id, ctx.now).await?;
        let scored = maturity::score(&document.model, &given(&answers));
        let all = scored.functions.into_iter().flat_map(|function| function.practices);
        scores = all.map(|practice| (practice.id, practice.score)).collect();
    }
    let may = ctx.actor.may(Permission::RunProgramme, asked.scope);
    let bar = picker(&ctx, AT, &asked, false).export(query.with("format", "csv"));
    let mut shell = ui::Shell::new("Roadmap").subtitle(asked.places.name(asked.scope)).tabs(tabs(AT));
    if may {
        shell = shell.actions(ui::button_link(
            ui::Weight::Primary,
            "Add a phase",
            &asked.at("/desk/assessments/roadmap/new"),
        ));
    }
    let part = phases_part(&phases, &asked.document.model, &scores, asked.moment.day, may.then_some(AT));
    Ok(desk_page(&ctx, ACTIVE, flashed, shell, html! { (bar) (part) }).into_response())
}

async fn form_page(
    ctx: &Ctx,
    document: &Document,
    fields: &Fields,
    title: &str,
    action: &str,
    back: &str,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let people = access::list_people(&mut tx, "").await?;
    let mut owners = vec![ui::Choice::new("", "Nobody yet")];
    owners.extend(people.iter().filter(|person| person.state == access::PersonState::Active).map(|person| {
        let id = person.id.to_string();
        let chosen = fields.get("owner") == id;
        ui::Choice::new(id, person.name.as_str()).chosen(chosen)
    }));
    let states = PhaseState::ALL.iter().map(|state| (state.as_str(), state.label()));
    let mut form = ui::Form::new(action, "Save")
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(ui::Field::text("name", "Phase").value(fields.get("name")).error(fields.error("name")).required())
        .field(ui::Field::date("due_on", "By").value(fields.get("due_on")).error(fields.error("due_on")).required())
        .field(ui::Field::select("state", "State", ui::Choice::list(states, fields.get("state"))))
        .field(ui::Field::select("owner", "Owner", owners))
        .field(
            ui::Field::textarea("activities", "To be done")
                .hint("One activity a line.")
                .lines(4)
                .value(fields.get("activities"))
                .error(fields.error("activities")),
        );
    for (place, practice) in practices(&document.model).enumerate() {
        let name = format!("w-{place}");
        form = form.field(
            ui::Field::text(name.as_str(), format!("{}, score to be reached", practice.title))
                .value(fields.get(&name))
                .error(fields.error(&name)),
        );
    }
    let form =
        form.field(ui::Field::textarea("note", "Note").lines(3).value(fields.get("note")).error(fields.error("note")));
    let shell = ui::Shell::new(title).crumbs(vec![ui::Crumb::link("Roadmap", back), ui::Crumb::here(title)]);
    Ok(desk_page(ctx, ACTIVE, Flashed::default(), shell, ui::panel("", html! { (form) })))
}

fn draft(document: &Document, fields: &Fields) -> Result<PhaseDraft> {
    let mut problems = Vec::new();
    let mut wanted = BTreeMap::new();
    for (place, practice) in practices(&document.model).enumerate() {
        let name = format!("w-{place}");
        let text = fields.get(&name).trim();
        match hundredths(text) {
            _ if text.is_empty() => {}
            Some(hundredths) => {
                wanted.insert(practice.id.clone(), hundredths);
            }
            None => {
                let words = "Write the score as a number with up to two decimals, such as 1.5.".to_owned();
                problems.push(FieldError { field: name, words });
            }
        }
    }
    let owner = match fields.get("owner") {
        "" => None,
        text => Some(
            text.parse::<Id<kinds::Person>>().map_err(|_| Error::invalid("owner", "Choose somebody in the list."))?,
        ),
    };
    let state = PhaseState::parse(fields.get("state")).unwrap_or(PhaseState::Planned);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(PhaseDraft {
        name: fields.get("name").to_owned(),
        due_on: fields.get("due_on").trim().parse().ok(),
        state,
        owner,
        activities: fields.get("activities").to_owned(),
        note: fields.get("note").to_owned(),
        wanted,
    })
}

/// `GET /desk/assessments/roadmap/new`
pub(super) async fn new_form(Operation(ctx): Operation, query: Query) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(&ctx, &mut tx, &query).await?;
    drop(tx);
    ctx.require(Permission::RunProgramme, asked.scope, "place")?;
    let fields = Fields::default();
    form_page(&ctx, &asked.document, &fields, "Add a phase", &asked.at("/desk/assessments/roadmap/new"), &asked.at(AT))
        .await
}

/// `POST /desk/assessments/roadmap/new`
pub(super) async fn new(Operation(ctx): Operation, query: Query, fields: Fields) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let asked = ask(&ctx, &mut tx, &query).await?;
    drop(tx);
    let done = match draft(&asked.document, &fields) {
        Ok(draft) => actions::add(&ctx, &asked.document, asked.scope, draft).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect_with(&asked.at(AT), "The phase was added.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let (here, back) = (asked.at("/desk/assessments/roadmap/new"), asked.at(AT));
            let page = form_page(&ctx, &asked.document, &fields, "Add a phase", &here, &back).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

async fn open(ctx: &Ctx, id: PhaseId) -> Result<(Phase, Document)> {
    let mut tx = ctx.read().await?;
    let phase = store::load(&mut tx, id).await?;
    ctx.require(Permission::RunProgramme, phase.scope, "phase")?;
    let document = catalogue::load_newest(&mut tx, &phase.series).await?;
    Ok((phase, document))
}

fn back(phase: &Phase) -> String {
    Query::of(AT, "").with_all(&[("place", &place::text(phase.scope)), ("model", &phase.series)])
}

/// `GET /desk/assessments/roadmap/{id}`
pub(super) async fn edit_form(Operation(ctx): Operation, Path(id): Path<PhaseId>) -> Result<Markup, PageError> {
    let (phase, document) = open(&ctx, id).await?;
    let mut pairs = vec![
        ("name".to_owned(), phase.name.clone()),
        ("due_on".to_owned(), phase.due_on.to_string()),
        ("state".to_owned(), phase.state.as_str().to_owned()),
        ("owner".to_owned(), phase.owner.map_or_else(String::new, |owner| owner.to_string())),
        ("activities".to_owned(), phase.activities.clone()),
        ("note".to_owned(), phase.note.clone()),
        ("revision".to_owned(), phase.revision.to_string()),
    ];
    for (place, practice) in practices(&document.model).enumerate() {
        if let Some(hundredths) = phase.wanted.get(&practice.id) {
            pairs.push((format!("w-{place}"), shown(*hundredths)));
        }
    }
    let fields = Fields::from_pairs(pairs);
    form_page(&ctx, &document, &fields, &phase.name, &format!("{AT}/{id}"), &back(&phase)).await
}

/// `POST /desk/assessments/roadmap/{id}`
pub(super) async fn edit(
    Operation(ctx): Operation,
    Path(id): Path<PhaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (phase, document) = open(&ctx, id).await?;
    let done = match draft(&document, &fields) {
        Ok(draft) => actions::change(&ctx, &document, id, draft, fields.revision()?).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect_with(&back(&phase), "The phase was changed.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let page = form_page(&ctx, &document, &fields, &phase.name, &format!("{AT}/{id}"), &back(&phase)).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}
