//! The page of a release: how far it is, what is due next, what lacks for the gate, and its tasks.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Date, Error, Permission, Result};
use maud::{Markup, html};
use pack::ProductChange;
use platform::{Ctx, access};
use register::products::{ReleaseId, ReleaseState};
use web::{
    AsOf, CsvFile, Fields, Flashed, Operation, Page, PageError, Path, Query, desk_page, moment, redirect_with, ui,
};

use super::describe::{due, gate_badge, state_badge};
use super::model::{Line, Sheet, TaskId, TaskState};
use super::summary::{self, Counts};
use super::{actions, sheet, store};
use crate::gate::{self, Decision};
use crate::place::{self, Place};
use crate::profile::{self, class_badge};
use crate::waiver;

const ROWS: u64 = 50;

/// The pages of a release, also those of other practices.
#[must_use]
pub fn tabs(id: ReleaseId, here: &str) -> Vec<ui::Tab> {
    [
        ("Tasks", format!("/desk/releases/{id}")),
        ("Gate", format!("/desk/releases/{id}/gate")),
        ("Reviews", format!("/desk/releases/{id}/reviews")),
        ("Plan", format!("/desk/releases/{id}/plan")),
        ("Findings", format!("/desk/findings/summary?release={id}")),
        ("Components", format!("/desk/components/releases/{id}")),
    ]
    .into_iter()
    .map(|(label, href)| ui::Tab::new(label, href).here(label == here))
    .collect()
}

pub(crate) fn crumbs(place: &Place, here: Option<&str>) -> Vec<ui::Crumb> {
    let mut crumbs = vec![ui::Crumb::link("Releases", "/desk/releases")];
    match here {
        None => crumbs.push(ui::Crumb::here(place.title())),
        Some(here) => {
            crumbs.push(ui::Crumb::link(place.title(), format!("/desk/releases/{}", place.release.id)));
            crumbs.push(ui::Crumb::here(here));
        }
    }
    crumbs
}

/// `GET /desk/releases/{id}`, also as of another day (`?asof=`).
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    query: Query,
    flashed: Flashed,
) -> Result<Response, PageError> {
    page(&ctx, id, &query, flashed, &Fields::default()).await
}

async fn page(
    ctx: &Ctx,
    id: ReleaseId,
    query: &Query,
    flashed: Flashed,
    fields: &Fields,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let place = place::release(ctx, &mut tx, id, Permission::ReadPlans).await?;
    let may_work = ctx.actor.may(Permission::WorkPlans, place.product.scope());
    let at = AsOf::read(query, ctx.now)?.at;
    if store::load_plan(&mut tx, id).await?.is_none() {
        return Ok(without_plan(ctx, &place, flashed, may_work).into_response());
    }
    let people = access::list_people(&mut tx, "").await?;
    let profile = profile::load_profile(&mut tx, place.product.id, ctx.now).await?;
    let active = crate::pack::load_active(&mut tx).await?;
    let sheet = sheet::load_sheet(&mut tx, place, at).await?;
    let decisions = gate::list_decisions(&mut tx, id, at).await?;
    drop(tx);
    let today = at.date();
    let mut shown: Vec<&Line> = sheet.lines.iter().filter(|line| fits(line, &sheet, query, today)).collect();
    // What is still to be done stands first, by its day; the rest in the order of the plan.
    shown.sort_by_key(|line| {
        let settled = line.status.state.is_settled();
        (settled, (!settled).then_some(line.task.due_on), line.task.position)
    });
    if query.get("format") == "csv" {
        return Ok(csv(&sheet, &shown, today).into_response());
    }
    let mut total = Counts::default();
    sheet.lines.iter().for_each(|line| total.add(line, today));
    let past = at != ctx.now;
    let body = html! {
        (alerts(&sheet, past, profile.as_ref().map(|profile| profile.class), active.row.id != sheet.plan.pack_row, &active.row.label(), may_work))
        @if !fields.errors().is_empty() { (ui::error_summary(&fields.errors())) }
        @if sheet.place.release.state == ReleaseState::Released { (came_out(&sheet, &decisions)) }
        (figures(&sheet, &total, query))
        (ui::split(
            html! { (progress(&sheet, query, today)) (about(&sheet)) },
            html! { (next(&sheet, today)) (lapsing(&sheet)) },
        ))
        (filters(&sheet, query, &people))
        (tasks(&sheet, &shown, query, today, may_work && !past, &people))
    };
    let mut shell = ui::Shell::new(sheet.place.title())
        .subtitle(format!("Target {}, pack {}", sheet.plan.schedule.target_on, sheet.pack_row.label()))
        .badges(html! { (class_badge(sheet.plan.class)) " " (gate_badge(&total)) })
        .crumbs(crumbs(&sheet.place, None))
        .tabs(tabs(id, "Tasks"));
    if past {
        shell = shell.banner(
            ui::Tone::Info,
            format!("This is how the release stood at the end of {today}. Nothing can be changed here."),
        );
    }
    shell = shell.actions(html! {
        (ui::button_link(ui::Weight::Primary, "Go to the gate", &format!("/desk/releases/{id}/gate")))
    });
    let status = if fields.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, desk_page(ctx, "releases", flashed, shell, body)).into_response())
}

/// A release that is out keeps the decision that let it out.
fn came_out(sheet: &Sheet, decisions: &[Decision]) -> Markup {
    let last = sheet.pack.gates.iter().find(|gate| gate.phase.is_none()).map_or("", |gate| gate.id.as_str());
    let decision = decisions.iter().find(|decision| decision.gate == last);
    ui::alert(
        ui::Tone::Info,
        "This release is out",
        html! {
            p {
                @if let Some(day) = sheet.place.release.released_on { "It came out on " (day) ". " }
                @match decision {
                    Some(decision) => { "The gate's decision was " strong { (decision.choice.label().to_lowercase()) } ", by " (decision.decided_name) " on " (decision.made_at.date()) ". " },
                    None => "No decision at its gate is recorded. ",
                }
                "What has lapsed since shows below and does not change that."
            }
        },
    )
}

fn without_plan(ctx: &Ctx, place: &Place, flashed: Flashed, may_work: bool) -> Markup {
    let at = format!("/desk/releases/{}/plan", place.release.id);
    let body = ui::empty_state_with(
        "No plan yet",
        "The plan says what this release owes: activities of the process pack for the product's risk class and its ways of working.",
        html! { @if may_work { (ui::button_link(ui::Weight::Primary, "Make the plan", &at)) } },
    );
    let shell = ui::Shell::new(place.title()).crumbs(crumbs(place, None));
    desk_page(ctx, "releases", flashed, shell, body)
}

fn fits(line: &Line, sheet: &Sheet, query: &Query, today: Date) -> bool {
    let state = line.status.state;
    let wanted = match query.get("state") {
        "" => true,
        "lacking" => !state.is_settled(),
        "settled" => state.is_settled(),
        "excepted" => matches!(state, TaskState::Waived | TaskState::NotApplicable),
        word => state.as_str() == word,
    };
    let due = match query.get("due") {
        "overdue" => line.is_overdue(today),
        "soon" => !state.is_settled() && line.task.due_on.days_since(today) <= 14,
        _ => true,
    };
    let owner = match query.get("owner") {
        "" => true,
        "none" => line.task.owner.is_none(),
        id => line.task.owner.is_some_and(|owner| owner.to_string() == id),
    };
    let text = query.get("q").to_lowercase();
    wanted
        && due
        && owner
        && (query.get("practice").is_empty() || query.get("practice") == line.task.practice)
        && (text.is_empty()
            || sheet.title(&line.task).to_lowercase().contains(&text)
            || line.task.activity.contains(&text))
}

fn alerts(
    sheet: &Sheet,
    past: bool,
    class: Option<pack::RiskClass>,
    other_pack: bool,
    active: &str,
    may_work: bool,
) -> Markup {
    let at = format!("/desk/releases/{}", sheet.place.release.id);
    html! {
        @if !past && let Some(class) = class && class != sheet.plan.class {
            (ui::alert(ui::Tone::Warn, "The risk class has changed", html! {
                p { "The plan was made for " (sheet.plan.class.title()) " risk; the product's profile now says " (class.title()) ". "
                    @if may_work { a href={(at) "/plan"} { "Plan again" } } }
            }))
        }
        @if !past && other_pack {
            (ui::alert(ui::Tone::Info, "Another process pack is active", html! {
                p { "This release keeps " (sheet.pack_row.label()) "; new plans are made from " (active) ". "
                    @if may_work { a href={(at) "/move"} { "See the difference and move" } } }
            }))
        }
    }
}

fn figures(sheet: &Sheet, total: &Counts, query: &Query) -> Markup {
    let count = |state: TaskState| sheet.lines.iter().filter(|line| line.status.state == state).count();
    let tile = |label: &str, number: i64, tone: ui::Tone, filter: (&str, &str)| {
        let tone = if number == 0 { ui::Tone::Neutral } else { tone };
        ui::Tile::new(label, number).tone(tone).link(query.with_all(&[("state", ""), ("due", ""), filter]))
    };
    let number = |state: TaskState| i64::try_from(count(state)).unwrap_or(0);
    ui::tiles(&[
        tile("Lacking for the gate", total.lacking(), ui::Tone::Bad, ("state", "lacking")),
        tile("Overdue", total.overdue, ui::Tone::Bad, ("due", "overdue")),
        ui::Tile::new("Waiting for review", total.waiting)
            .tone(if total.waiting == 0 { ui::Tone::Neutral } else { ui::Tone::Warn })
            .link(format!("/desk/releases/{}/reviews", sheet.place.release.id)),
        tile("Lapsed", total.lapsed, ui::Tone::Bad, ("state", "lapsed")),
        tile("Done", total.done, ui::Tone::Good, ("state", "done")),
        tile("Waived", number(TaskState::Waived), ui::Tone::Warn, ("state", "waived")),
        tile("Not applicable", total.not_applicable, ui::Tone::Neutral, ("state", "not_applicable")),
    ])
}

fn progress(sheet: &Sheet, query: &Query, today: Date) -> Markup {
    let counts = summary::by_practice(&sheet.lines, today);
    let figure = |number: i64| u64::try_from(number).unwrap_or(0);
    let rows = sheet.pack.practices.iter().filter_map(|practice| {
        let one = counts.get(&practice.id)?;
        Some(
            ui::Row::new(vec![
                html! { (practice.title) },
                ui::progress(&practice.title, figure(one.settled()), figure(one.total())),
                html! { (one.overdue) },
            ])
            .link(query.with("practice", &practice.id)),
        )
    });
    let table = ui::Table::new("Progress by practice")
        .column(ui::Column::new("Practice"))
        .column(ui::Column::new("Settled"))
        .column(ui::Column::number("Overdue"))
        .rows(rows);
    ui::panel("Progress by practice", html! { (table) })
}

fn next(sheet: &Sheet, today: Date) -> Markup {
    let mut open: Vec<&Line> = sheet.lines.iter().filter(|line| !line.status.state.is_settled()).collect();
    open.sort_by_key(|line| (line.task.due_on, line.task.position));
    let at = format!("/desk/releases/{}/tasks", sheet.place.release.id);
    let list = html! {
        ul class="plain-list" {
            @for line in open.iter().take(8) {
                li {
                    a href={(at) "/" (line.task.id)} { (sheet.title(&line.task)) }
                    br;
                    (due(line.task.due_on, today, false))
                    @if !line.task.owner_name.is_empty() { " · " (line.task.owner_name) }
                }
            }
        }
        @if open.is_empty() { p class="muted" { "Nothing is open. The gate can decide." } }
    };
    ui::panel("Due next", list)
}

/// What is settled now and will not be in two weeks.
fn lapsing(sheet: &Sheet) -> Markup {
    let soon = sheet.at + std::time::Duration::from_secs(14 * 86_400);
    let mut list: Vec<(kernel::Timestamp, &Line)> = sheet
        .lines
        .iter()
        .filter(|line| line.status.state.is_settled())
        .filter_map(|line| Some((line.status.until.filter(|until| *until < soon)?, line)))
        .collect();
    list.sort_by_key(|(until, line)| (*until, line.task.position));
    if list.is_empty() {
        return html! {};
    }
    let at = format!("/desk/releases/{}/tasks", sheet.place.release.id);
    let items = html! {
        ul class="plain-list" {
            @for (_, line) in list.iter().take(8) {
                li {
                    a href={(at) "/" (line.task.id)} { (sheet.title(&line.task)) }
                    br;
                    (held(line))
                }
            }
            @if list.len() > 8 { li class="muted" { "and " (list.len() - 8) " more" } }
        }
    };
    ui::panel("Lapses within two weeks", items)
}

/// Until when a settled task stays so.
fn held(line: &Line) -> Markup {
    let excepted = matches!(line.status.state, TaskState::Waived | TaskState::NotApplicable);
    html! {
        @match line.status.until {
            // An exception ends with its last day.
            Some(until) if excepted => { "excepted until " (until.date().plus_days(-1)) },
            Some(until) => { "holds until " (until.date()) },
            None => "",
        }
    }
}

fn about(sheet: &Sheet) -> Markup {
    let plan = &sheet.plan;
    let models: Vec<&str> = plan.models.iter().map(|model| model.title()).collect();
    let changes: Vec<&str> = plan.changes.iter().map(|change: &ProductChange| change.title()).collect();
    let facts = ui::facts(&[
        ui::Fact::text("Ways of working", &models.join(", ")),
        ui::Fact::new("Begins, comes out", html! { (plan.schedule.starts_on) " – " (plan.schedule.target_on) }),
        ui::Fact::text(
            "Changed since the last release",
            &if changes.is_empty() { "nothing that was named".to_owned() } else { changes.join(", ") },
        ),
        ui::Fact::new("Planned", html! { (moment(plan.made_at)) " by " (plan.made_by) }),
    ]);
    ui::panel("Plan", html! { (facts) })
}

fn filters(sheet: &Sheet, query: &Query, people: &[access::PersonRow]) -> Markup {
    let states = [
        ("", "Any"),
        ("lacking", "Lacking for the gate"),
        ("settled", "Settled"),
        ("excepted", "Waived or not applicable"),
    ]
    .into_iter()
    .chain(TaskState::ALL.iter().map(|state| (state.as_str(), state.label())));
    let practices = std::iter::once(("", "All"))
        .chain(sheet.pack.practices.iter().map(|practice| (practice.id.as_str(), practice.title.as_str())));
    let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
    let owners = [("", "Anybody"), ("none", "Nobody")]
        .into_iter()
        .chain(ids.iter().map(String::as_str).zip(people.iter().map(|person| person.name.as_str())));
    let dues = [("", "Any time"), ("overdue", "Overdue"), ("soon", "Within two weeks")];
    let bar = ui::FilterBar::new(query.path())
        .search("q", query.get("q"), "Activity")
        .select("practice", "Practice", &ui::Choice::list(practices, query.get("practice")))
        .select("state", "State", &ui::Choice::list(states, query.get("state")))
        .select("owner", "Owner", &ui::Choice::list(owners, query.get("owner")))
        .select("due", "Due", &ui::Choice::list(dues, query.get("due")))
        .date("asof", "As of", query.get("asof"))
        .clear(query.path())
        .export(query.with("format", "csv"));
    html! { (bar) }
}

fn tasks(
    sheet: &Sheet,
    shown: &[&Line],
    query: &Query,
    today: Date,
    may_work: bool,
    people: &[access::PersonRow],
) -> Markup {
    let id = sheet.place.release.id;
    let page = Page::of(query, ROWS);
    let from = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = shown.iter().skip(from).take(50).map(|line| {
        let state = line.status.state;
        let title = sheet.title(&line.task);
        let lacks = line.status.lacks.first().map_or("", String::as_str);
        let practice = sheet.pack.practice(&line.task.practice).map_or("", |practice| practice.title.as_str());
        let row = ui::Row::new(vec![
            html! { (title) },
            html! { (practice) },
            state_badge(state),
            due(line.task.due_on, today, state.is_settled()),
            html! { @if line.task.owner_name.is_empty() { span class="muted" { "nobody" } } @else { (line.task.owner_name) } },
            html! { @if state.is_settled() { (held(line)) } @else { (lacks) @if line.status.lacks.len() > 1 { " " span class="muted small" { "and " (line.status.lacks.len() - 1) " more" } } } },
        ])
        .link(query_link(query, &format!("/desk/releases/{id}/tasks/{}", line.task.id)))
        .select(line.task.id.to_string(), title);
        if state.is_settled() { row.quiet() } else { row }
    });
    let mut table = ui::Table::new("Tasks")
        .columns(["Activity", "Practice", "State"])
        .column(ui::Column::narrow("Due"))
        .columns(["Owner", "What lacks"])
        .rows(rows)
        .empty(web::empty(
            query,
            &["asof"],
            "task",
            ui::empty_state("No task", "The plan has no task. Add ways of working or levels under Change the plan."),
        ))
        .foot(page.links(query, shown.len() as u64));
    if may_work {
        table = table.bulk("task", format!("/desk/releases/{id}/tasks"), bulk_controls(people));
    }
    html! { (table) }
}

fn query_link(query: &Query, path: &str) -> String {
    if query.get("asof").is_empty() { path.to_owned() } else { format!("{path}?asof={}", query.get("asof")) }
}

/// Fields that are needed now and then.
pub(super) fn folded(title: &str, body: Markup) -> Markup {
    html! { details class="numbers" { summary { (title) } (body) } }
}

fn bulk_controls(people: &[access::PersonRow]) -> Markup {
    let people: Vec<_> = people.iter().filter(|person| person.state != access::PersonState::Disabled).collect();
    let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
    let owners = std::iter::once(("", "Nobody"))
        .chain(ids.iter().map(String::as_str).zip(people.iter().map(|person| person.name.as_str())));
    html! {
        (ui::Field::select("owner", "Owner", ui::Choice::list(owners, "")))
        (ui::submit_named(ui::Weight::Secondary, "Assign", "do", "assign"))
        (folded("Ask for an exception", html! {
            (ui::Field::text("reason", "Reason").hint("Why it does not apply, or why it may wait."))
            (ui::Field::date("expires_on", "Until"))
            (ui::submit_named(ui::Weight::Secondary, "Ask: not applicable", "do", "not_applicable"))
            (ui::submit_named(ui::Weight::Secondary, "Ask: waiver", "do", "waiver"))
        }))
    }
}

/// `POST /desk/releases/{id}/tasks`: acts on the ticked tasks.
pub(super) async fn bulk(
    Operation(ctx): Operation,
    Path(id): Path<ReleaseId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let tasks: Vec<TaskId> = fields.all("task").filter_map(|task| task.parse().ok()).collect();
    let asked = |kind| waiver::request(&ctx, id, &tasks, kind, fields.get("reason"), fields.get("expires_on"));
    let (done, words) = match fields.get("do") {
        "not_applicable" => (asked(waiver::Kind::NotApplicable).await, "asked for; somebody else decides"),
        "waiver" => (asked(waiver::Kind::Waiver).await, "asked for; somebody else decides"),
        "assign" => {
            let owner = fields.get("owner").parse().ok();
            (actions::assign(&ctx, id, &tasks, owner).await, "assigned")
        }
        _ => (Err(Error::invalid("task", "Choose what to do with the ticked tasks.")), ""),
    };
    match done {
        Ok(()) => Ok(redirect_with(&format!("/desk/releases/{id}"), &format!("{} tasks: {words}.", tasks.len()))),
        Err(error @ (Error::Invalid(_) | Error::Refused { .. })) => {
            let fields = fields.with_errors(error)?;
            let query = Query::of(&format!("/desk/releases/{id}"), "");
            page(&ctx, id, &query, Flashed::default(), &fields).await
        }
        Err(error) => Err(error.into()),
    }
}

fn csv(sheet: &Sheet, shown: &[&Line], today: Date) -> CsvFile {
    let mut file = CsvFile::new(
        "tasks.csv",
        ["activity", "title", "practice", "state", "due", "overdue", "owner", "holds_until", "lacking", "carried_over"],
    );
    for line in shown {
        file.row(vec![
            line.task.activity.clone(),
            sheet.title(&line.task).to_owned(),
            line.task.practice.clone(),
            line.status.state.as_str().to_owned(),
            line.task.due_on.to_string(),
            line.is_overdue(today).to_string(),
            line.task.owner_name.clone(),
            line.status.until.map(|until| until.rfc3339()).unwrap_or_default(),
            line.status.lacks.join(" "),
            line.task.carried_words.clone(),
        ]);
    }
    file
}
