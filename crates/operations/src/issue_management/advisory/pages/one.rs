//! One advisory: where it stands, what can be done with it, what stops it, what is public of it.

use axum::response::Response;
use kernel::{Error, Permission, RecordRef, Result};
use maud::{Markup, html};
use platform::{Ctx, audit};
use web::ui::{self, ButtonForm, Crumb, Event, Fact, Field, Icon, Shell, Step, Tone, Weight};
use web::{Fields, Flashed, Operation, PageError, Path, desk_page, moment, redirect_with};

use super::super::actions::{self, Loaded};
use super::super::model::{Advisory, AdvisoryId, Kind, State};
use super::super::publishing;
use super::super::rules;
use super::super::store::{self, Version};
use super::editor::findings_panel;
use super::state_badge;

fn steps(advisory: &Advisory) -> Markup {
    let current = match advisory.state {
        State::Draft => 0,
        State::InReview => 1,
        State::Approved | State::Scheduled => 2,
        State::Published | State::Withdrawn => 3,
    };
    ui::stepper("Way of the advisory", &Step::list(["Draft", "In review", "Approved", "Published"], current))
}

fn button(id: AdvisoryId, advisory: &Advisory, label: &str, verb: &str) -> ButtonForm {
    ButtonForm::new(label, format!("/desk/advisories/{id}/{verb}")).with("revision", advisory.revision)
}

fn buttons(ctx: &Ctx, loaded: &Loaded) -> Markup {
    let advisory = &loaded.advisory;
    let id = advisory.id;
    let may = |permission| ctx.actor.may(permission, loaded.facts.place);
    let (write, publish) = (may(Permission::WriteAdvisories), may(Permission::PublishAdvisories));
    let button = |label: &str, verb: &str| button(id, advisory, label, verb);
    let disclosable = rules::may_disclose(advisory, &loaded.facts).is_ok();
    html! {
        @if rules::may_edit(advisory).is_ok() {
            (ui::button_link(Weight::Secondary, "Preview", &format!("/desk/advisories/{id}/preview")))
        } @else {
            (ui::button_link(Weight::Secondary, "Public page", &format!("/advisories/{}", advisory.number)))
        }
        (ui::button_link(Weight::Secondary, "Saved texts", &format!("/desk/advisories/{id}/history")))
        @if write && rules::may_edit(advisory).is_ok() { (ui::button_link(Weight::Secondary, "Edit", &format!("/desk/advisories/{id}/edit"))) }
        @if write && advisory.state == State::Draft { (button("Submit for review", "submit").weight(Weight::Primary)) }
        @if publish && advisory.state == State::InReview && rules::may_approve(advisory, ctx.actor.person()).is_ok() {
            (button("Approve", "approve").weight(Weight::Primary).confirm("You agree to exactly what the preview shows. Any later change takes the approval back."))
        }
        @if publish && matches!(advisory.state, State::Approved | State::Scheduled) && disclosable {
            (button("Publish now", "publish").weight(Weight::Primary).confirm("Page, CSAF, feeds and mails go out now. This cannot be undone, only withdrawn."))
            (button("Publish at a time", "schedule").fields(html! {
                (Field::datetime("at", "Date and time").value(advisory.publish_at.map(|at| at.local(&advisory.publish_zone)).unwrap_or_default()).required())
                (Field::text("zone", "Time zone").value(&advisory.publish_zone).hint("Such as Europe/Berlin").required())
            }))
        }
        @if publish && advisory.state == State::Scheduled { (button("Take the time back", "unschedule")) }
        @if write && rules::may_return(advisory).is_ok() {
            (button("Give back", "back").fields(html! { (Field::textarea("words", "What should change").lines(3).required()) }))
        }
        @if write && rules::may_revise(advisory).is_ok() { (button("Revise", "revise").weight(Weight::Primary)) }
        @if publish && advisory.version > 0 && advisory.state != State::Withdrawn {
            (button("Withdraw", "withdraw").weight(Weight::Danger).confirm("The page stays with a notice, and everybody who was told is told.").fields(html! {
                (Field::textarea("reason", "Why").lines(3).hint("Readers see this.").required())
            }))
        }
    }
}

fn notes(ctx: &Ctx, loaded: &Loaded) -> Markup {
    let advisory = &loaded.advisory;
    let lapsed = matches!(advisory.state, State::Approved | State::Scheduled)
        && advisory.approved_digest != loaded.snapshot.digest();
    html! {
        @if lapsed {
            (ui::alert(Tone::Bad, "The case changed after approval", html! { p { "What would be published is not what was approved. Give it back and let it be approved again." } }))
        }
        @if advisory.state == State::InReview && ctx.actor.person() == Some(advisory.author) {
            (ui::alert(Tone::Info, "Waits for a second person", html! { p { "You wrote this text, so somebody else has to approve it." } }))
        }
        @if advisory.state == State::Scheduled {
            @if let Some(at) = advisory.publish_at {
                (ui::alert(Tone::Info, "Goes out by itself", html! { p { "At " (at.local(&advisory.publish_zone).replace('T', " ")) " in " (advisory.publish_zone) ", which is " (moment(at)) "." } }))
            }
        }
        @if advisory.version > 0 && !matches!(advisory.state, State::Published | State::Withdrawn) {
            (ui::alert(Tone::Info, "A next version is being written", html! { p { "Version " (advisory.version) " stays public until then. " a href={"/desk/advisories/" (advisory.id) "/compare"} { "See what changes" } "." } }))
        }
        @if advisory.kind == Kind::LimitedNotice {
            (ui::alert(Tone::Warn, "Limited notice", html! { p { "It goes out without technical detail, before there is a mitigation. Reason: " (advisory.exception_reason) } }))
        } @else if !advisory.exception_reason.is_empty() {
            (ui::alert(Tone::Warn, "Against the policy's line", html! { p { "Reason: " (advisory.exception_reason) } }))
        }
    }
}

fn versions(advisory: &Advisory, list: &[Version]) -> Markup {
    let rows = list.iter().map(|one| {
        let compare = format!("/desk/advisories/{}/compare?from={}&to={}", advisory.id, one.version - 1, one.version);
        ui::Row::new(vec![
            html! { (one.version) @if one.withdrawn { " " (ui::badge(Tone::Bad, "Withdrawn")) } },
            moment(one.published_at),
            html! { (one.change_note) },
            html! {
                a href={"/advisories/" (advisory.number) "/versions/" (one.version)} { "Page" }
                @if one.version > 1 { " · " a href=(compare) { "Compare" } }
            },
        ])
    });
    let table = ui::Table::new("Published versions")
        .columns(["Version", "Published", "What changed", "See"])
        .rows(rows)
        .empty(ui::empty_state("Nothing is public", "Versions stand here as they go out."));
    ui::panel("Published versions", table.markup())
}

/// An entry of the log in words.
fn happened(entry: &audit::Recorded) -> String {
    let number = |key: &str| entry.detail.get(key).and_then(serde_json::Value::as_i64).map(|number| number.to_string());
    let version = number("version").map_or_else(String::new, |version| format!(" version {version}"));
    match entry.action.as_str() {
        "advisory.begun" => "Begun".to_owned(),
        "advisory.edited" => "Text saved".to_owned(),
        "advisory.restored" => format!("Text {} brought back", number("text").unwrap_or_default()),
        "advisory.submitted" => "Submitted for review".to_owned(),
        "advisory.returned" => "Given back to its authors".to_owned(),
        "advisory.approved" => format!("Approved{version}"),
        "advisory.scheduled" => "Set to go out at a time".to_owned(),
        "advisory.unscheduled" => "Time taken back".to_owned(),
        "advisory.revision-begun" => format!("Began{version}"),
        "advisory.published" => format!("Published{version}"),
        "advisory.not-published" => "Did not go out at its time".to_owned(),
        "advisory.withdrawn" => "Withdrawn".to_owned(),
        other => other.replace(['-', '.'], " "),
    }
}

fn timeline(entries: &[audit::Recorded]) -> Markup {
    let events: Vec<Event> = entries
        .iter()
        .map(|entry| {
            let what = happened(entry);
            let words = ["words", "reason"].iter().find_map(|key| entry.detail.get(*key)?.as_str());
            let event = Event::new(Icon::Advisory, html! { (what) }, entry.at.rfc3339(), entry.at.for_people())
                .by(&entry.actor_name);
            match words.filter(|words| !words.is_empty()) {
                Some(words) => event.body(html! { p { (words) } }),
                None => event,
            }
        })
        .collect();
    ui::panel("What happened", ui::timeline(&events))
}

/// `GET /desk/advisories/{id}`.
pub(in super::super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let loaded = actions::load(&mut tx, &ctx, id).await?;
    let list = store::list_versions(&mut tx, id).await?;
    let root = RecordRef::new("case", loaded.advisory.case);
    let mut entries = audit::load_timeline(&mut tx, &root, None, 200).await?;
    drop(tx);
    let own = RecordRef::new("advisory", id);
    entries.retain(|entry| entry.subject == own);
    let advisory = &loaded.advisory;
    let mut facts = vec![
        Fact::new("State", state_badge(advisory.state)),
        Fact::text("Kind", advisory.kind.label()),
        Fact::new(
            "Case",
            html! { a href={"/desk/cases/" (advisory.case)} { (loaded.facts.number) " " (loaded.facts.title) } },
        ),
        Fact::text("Written by", &advisory.author_name),
        Fact::text("Approved by", &advisory.approver_name),
        Fact::new("Begun", moment(advisory.created_at)),
    ];
    if let Some(at) = advisory.last_published_at {
        facts.push(Fact::new(
            "Public",
            html! { a href={"/advisories/" (advisory.number)} { "Version " (advisory.version) } ", " (moment(at)) },
        ));
    }
    let shows_checks = rules::may_edit(advisory).is_ok();
    let body = html! {
        (steps(advisory))
        (notes(&ctx, &loaded))
        (ui::split(
            html! {
                @if shows_checks { (findings_panel(&loaded.findings(), false)) }
                (ui::panel("Summary", web::paragraphs(&advisory.draft.summary)))
                (versions(advisory, &list))
            },
            html! { (ui::panel("At a glance", ui::facts(&facts))) (timeline(&entries)) },
        ))
    };
    let shell = Shell::new(&advisory.draft.title)
        .subtitle(&advisory.number)
        .crumbs(vec![Crumb::link("Advisories", "/desk/advisories"), Crumb::here(&advisory.number)])
        .badges(state_badge(advisory.state))
        .actions(buttons(&ctx, &loaded));
    Ok(desk_page(&ctx, "advisories", flashed, shell, body))
}

fn done(id: AdvisoryId, said: &str) -> Response {
    redirect_with(&format!("/desk/advisories/{id}"), said)
}

/// `POST …/submit`.
pub(in super::super) async fn submit(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::submit(&ctx, id, fields.revision()?).await?;
    Ok(done(id, "Submitted. A second person has to approve it."))
}

/// `POST …/back`.
pub(in super::super) async fn back(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::back(&ctx, id, fields.revision()?, fields.get("words")).await?;
    Ok(done(id, "Given back to its authors."))
}

/// `POST …/approve`.
pub(in super::super) async fn approve(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::approve(&ctx, id, fields.revision()?).await?;
    Ok(done(id, "Approved. Publish it now or set a time."))
}

/// `POST …/publish`.
pub(in super::super) async fn publish(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    publishing::publish(&ctx, id, fields.revision()?).await?;
    Ok(done(id, "Published. Page, CSAF and feeds show it; the mails are on their way."))
}

/// `POST …/schedule`.
pub(in super::super) async fn schedule(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let at = actions::schedule(&ctx, id, fields.revision()?, fields.get("at"), fields.get("zone")).await?;
    Ok(done(id, &format!("It goes out at {}.", at.for_people())))
}

/// `POST …/unschedule`.
pub(in super::super) async fn unschedule(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::unschedule(&ctx, id, fields.revision()?).await?;
    Ok(done(id, "The time is taken back. It stays approved."))
}

/// `POST …/revise`.
pub(in super::super) async fn revise(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    actions::revise(&ctx, id, fields.revision()?).await?;
    Ok(redirect_with(
        &format!("/desk/advisories/{id}/edit"),
        "Write the next version. The public one stays until then.",
    ))
}

/// `POST …/withdraw`.
pub(in super::super) async fn withdraw(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    if fields.get("reason").trim().is_empty() {
        return Err(Error::invalid("reason", "Say why; readers see this.").into());
    }
    publishing::withdraw(&ctx, id, fields.revision()?, fields.get("reason")).await?;
    Ok(done(id, "Withdrawn. The page stays, with the notice."))
}
