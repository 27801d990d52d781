//! The overview of a case: where it stands, what can be done now, its facts and clocks.

use axum::extract::Path;
use axum::response::Response;
use kernel::{Error, Result, Timestamp};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, redirect_with, ui};

use super::super::model::{CaseId, Route, State};
use super::super::rules::{self, By, Given, Need};
use super::super::store::{self, PersonChoice};
use super::super::{actions, model, root_cause};
use super::{Frame, address, clock_blocks, load_frame, page, read_id, unfinished};
use crate::issue_management::policy::{self, Policy};

/// `GET /desk/cases/{id}`.
pub(in super::super) async fn overview(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(show(&ctx, &id, flashed, &Fields::default()).await?)
}

async fn show(ctx: &Ctx, id: &str, flashed: Flashed, fields: &Fields) -> Result<Markup> {
    let frame = load_frame(ctx, id).await?;
    let mut tx = ctx.read().await?;
    let policy = policy::load_for(&mut tx, frame.case.family).await?;
    let people =
        if frame.works { store::list_candidates(&mut tx, kernel::Permission::WorkCases).await? } else { Vec::new() };
    let root_cause = root_cause::load_current(&mut tx, frame.case.id).await?;
    drop(tx);
    let body = ui::split(
        html! {
            (ui::error_summary(&fields.errors()))
            (warnings(&frame, &policy))
            (ui::panel("Where it stands", ui::stack(html! { (stepper(&frame)) (next(ctx, &frame, fields)) })))
            (route(&frame, &policy, fields))
            (facts(&frame))
            (root_cause::pages::panel(&frame, root_cause.as_ref()))
        },
        html! {
            (ui::panel("Response targets", targets(ctx, &frame)))
            @if frame.works {
                (hand_over(&frame, &people))
                (exploitation(ctx, &frame, fields))
                (merging(&frame, fields))
            }
        },
    );
    Ok(page(ctx, flashed, &frame, "", body))
}

/// Shows the overview again with what has to be mended, or passes the error on.
async fn again(ctx: &Ctx, id: &str, fields: Fields, error: Error) -> Result<Response, PageError> {
    let fields = fields.with_errors(error)?;
    Ok(unfinished(show(ctx, id, Flashed::default(), &fields).await?))
}

fn stepper(frame: &Frame) -> Markup {
    let case = &frame.case;
    let times = [Some(case.received_at), case.confirmed_at, None, None, case.disclosed_at, case.closed_at];
    let current = State::ALL.iter().position(|state| *state == case.state).unwrap_or(0);
    let steps: Vec<ui::Step> = State::ALL
        .iter()
        .zip(times)
        .enumerate()
        .map(|(place, (state, at))| {
            let skipped = (*state == State::Published && case.route == Route::Release)
                || (case.is_closed() && case.confirmed_at.is_none() && place > 0 && place < current);
            let stands = match place.cmp(&current) {
                _ if skipped && place != current => ui::StepState::Skipped,
                std::cmp::Ordering::Less => ui::StepState::Done,
                std::cmp::Ordering::Equal => ui::StepState::Current,
                std::cmp::Ordering::Greater => ui::StepState::Ahead,
            };
            let step = ui::Step::new(state.label(), stands);
            match at {
                Some(at) if place <= current => step.note(at.date().to_string()),
                Some(_) | None => step,
            }
        })
        .collect();
    ui::stepper("State of the case", &steps)
}

fn warnings(frame: &Frame, policy: &Policy) -> Markup {
    let (case, standing) = (&frame.case, frame.standing);
    html! {
        @if let Some(other) = case.merged_into {
            (ui::alert(ui::Tone::Info, "Work goes on elsewhere", html! {
                p { "This case went into " a href=(address(other, "")) { (frame.names.merged_into) } "." }
            }))
        }
        @if case.exploited {
            (ui::alert(ui::Tone::Bad, "This flaw is exploited", html! {
                p { "Cyber Resilience Act, Article 14: an early warning within 24 hours of becoming aware, a notification within 72 hours, and a final report within 14 days of a fix or mitigation being available. The moment of awareness is in the "
                    a href=(address(case.id, "/timeline")) { "timeline" } "." }
            }))
        }
        @if standing.is_out_of_support() && !case.is_closed() {
            (ui::alert(ui::Tone::Warn, "Every affected release is out of support", html! {
                @if case.exploited { p { "It is exploited, so it is raised and not dropped (P4)." } }
                @else if case.support_override.is_empty() { p { "Dismiss it as unsupported, or edit the case and say why it is handled anyway (P4)." } }
                @else { p { "It is handled anyway: " (case.support_override) } }
            }))
        }
        @if case.route == Route::Release && !policy.low_entries {
            (ui::alert(ui::Tone::Info, "Low risk and the law", html! {
                p { "The policy sends this risk to the standard release cycle without an advisory (P1). From December 2027 the Cyber Resilience Act, Annex I, Part II (4), asks for public information about every fixed vulnerability. The policy can publish a short machine-readable entry for such fixes." }
            }))
        }
        @if case.is_confirmed() && !standing.mitigated && !case.is_closed() && case.route == Route::Advisory {
            (ui::alert(ui::Tone::Info, "No public details yet", html! {
                p { "No mitigation or fix is available, so an advisory cannot go out (P6). Record one with a vulnerability as soon as it exists." }
            }))
        }
    }
}

/// The moves that the table allows now: as a button, or as what is missing for it.
fn next(ctx: &Ctx, frame: &Frame, fields: &Fields) -> Markup {
    let case = &frame.case;
    if !frame.works {
        return html! { p class="muted" { "You read this case. Moves are made by those who work on cases." } };
    }
    let full = Given { reason: "given", other: true };
    let moves: Vec<_> = rules::next_moves(case)
        .filter(|known| {
            ctx.actor.may(known.who, case.place()) || frame.works && known.who == kernel::Permission::WorkCases
        })
        .collect();
    let (possible, missing): (Vec<_>, Vec<_>) =
        moves.into_iter().partition(|known| rules::may_move(case, frame.standing, known, By::Button, full).is_ok());
    let (backward, forward): (Vec<_>, Vec<_>) =
        possible.into_iter().partition(|known: &&rules::Move| known.name == "withdraw");
    html! {
        h3 { "What to do next" }
        div class="actions" {
            @for (place, known) in forward.iter().enumerate() { (move_button(frame, known, place == 0, fields)) }
            @if case.route == Route::Advisory && matches!(case.state, State::Ready | State::Fixing | State::Confirmed) {
                (ui::button_link(ui::Weight::Secondary, "Go to the advisories", &address(case.id, "/advisories")))
            }
            @for known in &backward { (move_button(frame, known, false, fields)) }
        }
        @if !missing.is_empty() {
            ul class="small" {
                @for known in &missing {
                    @if let Err(refused) = rules::may_move(case, frame.standing, known, By::Button, full) {
                        li {
                            strong { (known.verb) } ": " span class="muted" { (refused) }
                            @if refused == rules::MoveRefused::NoRootCause {
                                " " a href=(address(case.id, "/root-cause")) { "Record it and close" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn move_button(frame: &Frame, known: &rules::Move, first: bool, fields: &Fields) -> Markup {
    let case = &frame.case;
    let name = format!("reason_{}", known.name.replace('-', "_"));
    let needs_reason = known.needs.contains(&Need::Reason);
    let weight = match known.to {
        State::Closed if case.state == State::Triage || known.name == "withdraw" => ui::Weight::Danger,
        _ if first => ui::Weight::Primary,
        State::Triage | State::Confirmed | State::Fixing | State::Ready | State::Published | State::Closed => {
            ui::Weight::Secondary
        }
    };
    let mut reason = ui::Field::textarea(&name, "Why").lines(3).value(fields.get(&name)).longest(2_000);
    if needs_reason {
        reason = reason.required();
    }
    let (path, more) = if known.needs.contains(&Need::OtherCase) {
        let other = ui::Field::text("other", "Number of the other case")
            .placeholder("PSIRT-2026-0042")
            .required()
            .value(fields.get("other"))
            .error(fields.error("other"));
        ("/duplicate", html! { (other) (reason) })
    } else {
        ("/move", html! { (reason) })
    };
    let question = match known.outcome {
        Some(outcome) => format!("The case closes as “{}”.", outcome.label()),
        None => format!("The case goes from “{}” to “{}”.", case.state.label(), known.to.label()),
    };
    ui::ButtonForm::new(known.verb, address(case.id, path))
        .weight(weight)
        .with("move", known.name)
        .with("revision", case.revision)
        .confirm(question)
        .fields(more)
        .markup()
}

fn route(frame: &Frame, policy: &Policy, fields: &Fields) -> Markup {
    let case = &frame.case;
    if !case.is_confirmed() || case.is_closed() {
        return html! {};
    }
    let by_risk = rules::route_by_risk(case.severity, case.exploited, policy.advisory_threshold);
    let other = if case.route == Route::Advisory { Route::Release } else { Route::Advisory };
    let exception = other != by_risk;
    let may = frame.works && case.state != State::Published && (!exception || frame.leads);
    ui::panel(
        "Route by risk",
        ui::stack(html! {
            p {
                @match case.route {
                    Route::Advisory => { "To an advisory: the policy asks for one from " (policy.advisory_threshold.label().to_lowercase()) " on." },
                    Route::Release => { "To a release and an answer to the reporter: below " (policy.advisory_threshold.label().to_lowercase()) " there is no advisory." },
                    Route::Undecided => { "Not decided: score the vulnerabilities first." },
                }
                @if case.route_exception { " This is an exception by a lead: " (case.route_reason) }
            }
            @if may {
                (ui::ButtonForm::new(format!("Send to: {}", other.label().to_lowercase()), address(case.id, "/route"))
                    .with("route", other.as_str())
                    .with("revision", case.revision)
                    .confirm(if exception { "This is an exception from the policy. It stands in the log with your name and reason." } else { "This follows the policy again." })
                    .fields(ui::Field::textarea("route_reason", "Why").lines(3).value(fields.get("route_reason")).error(fields.error("route_reason")).markup()))
            } @else if frame.works && case.state != State::Published {
                p class="muted small" { "Only a lead can send it the other way, with a reason." }
            }
        }),
    )
}

fn facts(frame: &Frame) -> Markup {
    let (case, names) = (&frame.case, &frame.names);
    let day = |at: Option<Timestamp>| html! { @match at { Some(at) => (web::moment(at)), None => span class="muted" { "not yet" } } };
    let score = case.score.map_or_else(String::new, |tenths| format!(" {}", model::figure(tenths)));
    let list = [
        ui::Fact::text("Product", &names.product),
        ui::Fact::text("Family", &names.family),
        ui::Fact::new(
            "Severity (CVSS v3.1)",
            html! { (ui::severity(super::severity(case.severity))) (score) @if !case.is_confirmed() { " " span class="muted small" { "provisional until confirmed" } } },
        ),
        ui::Fact::text("Target release", &names.target_release),
        ui::Fact::text("Agreed disclosure", &case.agreed_disclosure.map_or_else(String::new, |date| date.to_string())),
        ui::Fact::new(
            "Mail",
            html! { @if case.encrypted_only { "Encrypted only" } @else { "Encrypted where a key is known" } },
        ),
        ui::Fact::new("Received", day(Some(case.received_at))),
        ui::Fact::new("Acknowledged", day(case.acknowledged_at)),
        ui::Fact::new("Confirmed", day(case.confirmed_at)),
        ui::Fact::new("Mitigation available", day(case.mitigated_at)),
        ui::Fact::new("Fix available", day(case.fixed_at)),
        ui::Fact::new("Disclosed", day(case.disclosed_at)),
    ];
    let edit = html! {
        @if frame.works && case.merged_into.is_none() {
            (ui::button_link(ui::Weight::Secondary, "Edit", &address(case.id, "/edit")))
            (ui::button_link(ui::Weight::Plain, "Split", &address(case.id, "/split")))
        }
    };
    html! {
        (ui::panel_with("Facts", edit, html! {
            (ui::facts(&list))
            @if !case.outcome_reason.is_empty() {
                h3 { "How it ended" }
                (ui::prose(web::paragraphs(&case.outcome_reason)))
            }
        }))
    }
}

fn targets(ctx: &Ctx, frame: &Frame) -> Markup {
    html! {
        @if frame.clocks.is_empty() { p class="muted" { "No clock runs." } }
        @else { (clock_blocks(&frame.clocks, ctx.now)) }
        @if !frame.case.is_confirmed() && !frame.case.is_closed() {
            p class="muted small" {
                "Provisional: "
                @if frame.case.severity.is_none() { "without a score the targets for high hold. " }
                "Targets start anew from the confirmed score (P2)."
            }
        }
    }
}

fn hand_over(frame: &Frame, people: &[PersonChoice]) -> Markup {
    let case = &frame.case;
    let chosen = case.assignee.map_or_else(String::new, |person| person.to_string());
    let ids: Vec<(String, &str)> = people.iter().map(|choice| (choice.id.to_string(), choice.name.as_str())).collect();
    let pairs = std::iter::once(("", "Nobody")).chain(ids.iter().map(|(id, name)| (id.as_str(), *name)));
    ui::panel(
        "Hand over",
        ui::Form::new(address(case.id, "/assign"), "Hand over")
            .hidden("revision", case.revision)
            .field(
                ui::Field::select("assignee", "Who leads the work", ui::Choice::list(pairs, &chosen))
                    .hint("Whoever gets the case becomes a member."),
            )
            .markup(),
    )
}

fn exploitation(ctx: &Ctx, frame: &Frame, fields: &Fields) -> Markup {
    let case = &frame.case;
    let button = if case.exploited {
        ui::ButtonForm::new("Not exploited after all", address(case.id, "/exploited"))
            .with("exploited", "")
            .confirm("The mark goes away; that it was there stays in the log.")
            .fields(
                ui::Field::textarea("not_exploited_reason", "Why")
                    .lines(3)
                    .required()
                    .value(fields.get("not_exploited_reason"))
                    .error(fields.error("reason"))
                    .markup(),
            )
    } else {
        let value =
            if fields.get("aware_at").is_empty() { ctx.now.local("UTC") } else { fields.get("aware_at").to_owned() };
        ui::ButtonForm::new("Mark as exploited", address(case.id, "/exploited"))
            .with("exploited", "on")
            .weight(ui::Weight::Danger)
            .confirm("From the moment somebody here knows, the Cyber Resilience Act gives 24 hours for the early warning (Article 14). The moment goes into the log.")
            .fields(
                ui::Field::datetime("aware_at", "Known here since (UTC)").required().value(value).error(fields.error("aware_at")).markup(),
            )
    };
    ui::panel(
        "Exploitation",
        html! {
            p class="small" { @if case.exploited { "Known to be exploited." } @else { "Not known to be exploited." } }
            (button.with("revision", case.revision))
        },
    )
}

fn merging(frame: &Frame, fields: &Fields) -> Markup {
    let case = &frame.case;
    if matches!(case.state, State::Published | State::Closed) {
        return html! {};
    }
    ui::panel(
        "Merge",
        html! {
            p class="small" { "When two cases are about the same: reports, files, vulnerabilities and open tasks move, this case closes." }
            (ui::ButtonForm::new("Merge into another case", address(case.id, "/merge"))
                .with("revision", case.revision)
                .confirm("This case closes as merged. It is not taken apart again by a button.")
                .fields(ui::Field::text("into", "Number of the other case").placeholder("PSIRT-2026-0042").required()
                    .value(fields.get("into")).error(fields.error("other")).markup()))
        },
    )
}

/// `POST /desk/cases/{id}/move`.
pub(in super::super) async fn make_move(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let name = fields.get("move").to_owned();
    let reason = fields.get(&format!("reason_{}", name.replace('-', "_"))).to_owned();
    let done = match fields.revision() {
        Ok(revision) => actions::make_move(&ctx, case, revision, &name, &reason).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(redirect_with(&address(case, ""), "Done. The case moved on.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/duplicate`.
pub(in super::super) async fn mark_duplicate(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let reason = fields.get("reason_duplicate").to_owned();
    match actions::mark_duplicate(&ctx, case, fields.revision()?, fields.get("other"), &reason).await {
        Ok(other) => {
            Ok(redirect_with(&address(other, ""), "Closed as a duplicate. Its reports and members are here now."))
        }
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/merge`.
pub(in super::super) async fn merge(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    match actions::merge(&ctx, case, fields.revision()?, fields.get("into")).await {
        Ok(other) => Ok(redirect_with(&address(other, ""), "Merged. Everything is here now.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/route`.
pub(in super::super) async fn set_route(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let route = Route::parse(fields.get("route")).unwrap_or(Route::Undecided);
    match actions::set_route(&ctx, case, fields.revision()?, route, fields.get("route_reason")).await {
        Ok(()) => Ok(redirect_with(&address(case, ""), "The route was set.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}

/// `POST /desk/cases/{id}/exploited`.
pub(in super::super) async fn set_exploited(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let exploited = fields.ticked("exploited");
    let aware_at = Timestamp::from_local(fields.get("aware_at"), "UTC");
    let reason = fields.get("not_exploited_reason");
    match actions::set_exploited(&ctx, case, fields.revision()?, exploited, aware_at, reason).await {
        Ok(()) if exploited => Ok(redirect_with(
            &address(case, ""),
            "Marked as exploited. Think of the early warning: 24 hours from awareness (CRA Article 14).",
        )),
        Ok(()) => Ok(redirect_with(&address(case, ""), "The mark was taken away.")),
        Err(error) => again(&ctx, &id, fields, error).await,
    }
}
