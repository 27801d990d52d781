//! One finding: what the tool saw, where it stands, what was decided and why, where else it is.

use kernel::{Permission, Result};
use maud::{Markup, html};
use platform::Ctx;
use serde_json::Value;
use web::{Fields, Flashed, Operation, PageError, Path, ago, desk_page, moment, paragraphs, ui};

use super::super::model::{Event, Finding, FindingId, Request, SEVERITIES, State, severity_label};
use super::super::rules::{self, Move};
use super::super::store;
use super::{ACTIVE, severity_badge, state_sign};

/// `GET /desk/findings/{id}`
pub(in super::super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<FindingId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default()).await
}

/// The page; `fields` is what was typed when something has to be mended.
pub(super) async fn page(ctx: &Ctx, id: FindingId, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let finding = store::load_finding(&mut tx, id).await?;
    let product = register::products::load_product(&mut tx, finding.product).await?;
    ctx.require(Permission::ReadPlans, product.scope(), "finding")?;
    let document = store::load_document(&mut tx, id).await?;
    let history = store::list_history(&mut tx, id).await?;
    let same = store::list_same(&mut tx, &finding).await?;
    let request = store::list_requests(&mut tx, &[id]).await?.remove(&id);
    drop(tx);
    let may_work = ctx.actor.may(Permission::WorkPlans, product.scope());
    let may_approve = ctx.actor.may(Permission::ApprovePlans, product.scope());
    let main = html! {
        (ui::error_summary(&fields.errors()))
        @if let Some(request) = &request { (request_box(ctx, &finding, request, may_approve)) }
        (what(&finding, &document))
        (places(&document)) (flow(&document))
        (ui::panel("History", history_of(&finding, &history)))
    };
    let aside = html! {
        (ui::panel("About", facts(ctx, &finding)))
        @if may_work { (judging(&finding, fields)) }
        @if !same.is_empty() { (ui::panel("In other releases and branches", others(&same))) }
    };
    let shell = ui::Shell::new(finding.title.as_str())
        .crumbs(vec![
            ui::Crumb::link("Findings", "/desk/findings"),
            ui::Crumb::link(
                format!("{} {}", finding.product_name, finding.target_name),
                format!("/desk/findings?target={}", finding.target),
            ),
            ui::Crumb::here(shortened(&finding.title)),
        ])
        .badges(html! { (severity_badge(finding.severity)) " " (state_sign(&finding)) });
    Ok(desk_page(ctx, ACTIVE, flashed, shell, ui::split(main, aside)))
}

fn text<'d>(document: &'d Value, pointer: &str) -> &'d str {
    document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().trim()
}

fn list<'d>(document: &'d Value, name: &str) -> &'d [Value] {
    document.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn what(finding: &Finding, document: &Value) -> Markup {
    let description = text(document, "/description");
    let evidence = text(document, "/evidence");
    let remediation = text(document, "/remediation");
    let references = list(document, "references");
    html! {
        @if !finding.place.is_empty() { (ui::code_block("Where", &finding.place)) }
        @if !description.is_empty() { (ui::panel("What it is", ui::prose(paragraphs(description)))) }
        @if !evidence.is_empty() { (ui::code_block("What was seen", evidence)) }
        @if !remediation.is_empty() { (ui::panel("What to do", ui::prose(paragraphs(remediation)))) }
        @if !references.is_empty() {
            (ui::panel("To read further", html! {
                ul class="plain-list" {
                    @for reference in references.iter().filter_map(Value::as_str).take(50) {
                        li {
                            @if reference.starts_with("https://") || reference.starts_with("http://") {
                                a href=(reference) rel="noreferrer noopener" { (reference) }
                            } @else { (reference) }
                        }
                    }
                }
            }))
        }
    }
}

fn places(document: &Value) -> Markup {
    let others = list(document, "others");
    html! {
        @if !others.is_empty() {
            (ui::panel("Further places", html! {
                ul class="plain-list" {
                    @for place in others.iter().take(200) { li { code { (text(place, "/display")) } } }
                }
                @if others.len() > 200 { p class="muted" { "And " (others.len() - 200) " more." } }
            }))
        }
    }
}

fn flow(document: &Value) -> Markup {
    let steps = list(document, "steps");
    html! {
        @if !steps.is_empty() {
            (ui::panel("How it gets there", html! {
                ol {
                    @for step in steps.iter().take(200) {
                        li {
                            code { (text(step, "/location/display")) }
                            @if !text(step, "/message").is_empty() { " " (text(step, "/message")) }
                        }
                    }
                }
            }))
        }
    }
}

fn facts(ctx: &Ctx, finding: &Finding) -> Markup {
    let optional = |name: &str, value: &str| (!value.is_empty()).then(|| ui::Fact::text(name, value));
    let mut list = vec![
        ui::Fact::new("State", state_sign(finding)),
        ui::Fact::new(
            "Severity",
            html! {
                (severity_badge(finding.severity))
                @if finding.rated { " " span class="small muted" { "rated here; the tool says " (severity_label(finding.tool_severity).to_lowercase()) } }
            },
        ),
        ui::Fact::text("Product", &format!("{} {}", finding.product_name, finding.target_name)),
        ui::Fact::text("Practice", finding.practice.label()),
        ui::Fact::text("Kind", finding.kind.label()),
        ui::Fact::text("Tool", &finding.tool),
    ];
    list.extend(optional("Part scanned", &finding.scope));
    list.extend(optional("Rule", &finding.rule));
    list.extend(optional("Weaknesses", &finding.cwe));
    list.extend(optional("CVE", &finding.cve));
    list.extend(optional("Component", format!("{} {}", finding.component, finding.component_version).trim()));
    list.extend(optional("Fixed in", &finding.fixed_in));
    list.push(ui::Fact::new("First seen", moment(finding.created_at)));
    if finding.state.is_live() {
        list.push(ui::Fact::new("Open since", ago(finding.opened_at, ctx.now)));
    }
    if let Some(closed) = finding.closed_at {
        list.push(ui::Fact::new("Closed", moment(closed)));
    }
    if let Some(original) = finding.duplicate_of {
        list.push(ui::Fact::new("Repeats", html! { a href={"/desk/findings/" (original)} { "the original finding" } }));
    }
    if !finding.present && finding.tool != super::super::manual::TOOL {
        list.push(ui::Fact::text("Last report", "does not have it any more"));
    }
    ui::facts(&list)
}

fn request_box(ctx: &Ctx, finding: &Finding, request: &Request, may_approve: bool) -> Markup {
    let own = rules::may_decide(&request.requested_by, &ctx.actor.id_text()).is_err();
    let at = format!("/desk/findings/{}/acceptance/decide", finding.id);
    ui::alert(
        ui::Tone::Info,
        &format!("{} asks that this is accepted until {}", request.requested_name, request.until),
        html! {
            (paragraphs(&request.reason))
            p class="small muted" { "Asked " (ago(request.requested_at, ctx.now)) }
            @if may_approve && !own {
                (ui::ButtonForm::new("Approve", at.as_str()).with("do", "approve").weight(ui::Weight::Primary)
                    .confirm("The decision carries over to later releases and other branches until it ends or its ground changes."))
                (ui::ButtonForm::new("Decline", at.as_str()).with("do", "decline")
                    .fields(ui::Field::textarea("reason", "Why").lines(3).required().markup()))
            } @else if own {
                p { "Somebody else with the permission to approve decides." }
            }
        },
    )
}

fn judging(finding: &Finding, fields: &Fields) -> Markup {
    let at = format!("/desk/findings/{}", finding.id);
    let reason = |label: &str| {
        ui::Field::textarea("reason", label)
            .lines(3)
            .value(fields.get("reason"))
            .error(fields.error("reason"))
            .required()
    };
    let moves = Move::BY_HAND.iter().filter(|wanted| rules::next(finding.state, **wanted).is_ok());
    let severities = SEVERITIES.map(|severity| (severity.name(), severity_label(severity)));
    html! {
        (ui::panel("Judge", html! { div class="actions" {
            @for wanted in moves {
                @let button = ui::ButtonForm::new(wanted.label(), format!("{at}/judge"))
                    .with("move", wanted.as_str()).with("revision", finding.revision);
                @if *wanted == Move::Duplicate {
                    (button.fields(html! {
                        (ui::Field::text("duplicate_of", "Address or identifier of the original").value(fields.get("duplicate_of")).error(fields.error("duplicate_of")).required())
                        (reason("Why"))
                    }))
                } @else if wanted.needs_reason() {
                    (button.fields(reason("Why").markup()))
                } @else { (button) }
            }
            @if finding.state.is_live() && !finding.waiting {
                (ui::ButtonForm::new("Ask for acceptance", format!("{at}/acceptance")).fields(html! {
                    (ui::Field::date("until", "Until").hint("At most a year ahead; then it is open again.").value(fields.get("until")).error(fields.error("until")).required())
                    (reason("Why it can be lived with"))
                }))
            }
            @if finding.state == State::Fixed || finding.state.is_live() { (retest(&at, fields)) }
        } }))
        (ui::panel("Severity", html! {
            (ui::Form::new(format!("{at}/rate"), "Change the severity")
                .hidden("revision", finding.revision)
                .field(ui::Field::select("severity", "Severity", ui::Choice::list(severities, finding.severity.name())))
                .field(reason("Why")))
        }))
    }
}

/// A title that fits above the page.
fn shortened(title: &str) -> String {
    let mut short: String = title.chars().take(60).collect();
    if short.len() < title.len() {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    short
}

fn retest(at: &str, fields: &Fields) -> Markup {
    ui::ButtonForm::new("Retest", format!("{at}/retest"))
        .fields(html! {
            (ui::Field::radios("outcome", "Outcome", vec![
                ui::Choice::new("gone", "It is gone"),
                ui::Choice::new("there", "It is still there"),
            ]).error(fields.error("outcome")).required())
            (ui::Field::textarea("note", "What was done").lines(3).value(fields.get("note")).error(fields.error("note")).required())
        })
        .markup()
}

fn others(same: &[Finding]) -> Markup {
    html! {
        ul class="plain-list" {
            @for other in same {
                li {
                    a href={"/desk/findings/" (other.id)} { (other.target_name) } " " (state_sign(other))
                    " " span class="small muted" { (other.tool) }
                }
            }
        }
    }
}

fn action_words(event: &Event) -> String {
    match event.action.as_str() {
        "judged" => event.states.1.map_or_else(|| "Judged".to_owned(), |state| state.label().to_owned()),
        "carried" => event
            .states
            .1
            .map_or_else(|| "Decision carried over".to_owned(), |state| format!("{}, carried over", state.label())),
        "rated" | "severity" => event.severities.map_or_else(
            || "Severity changed".to_owned(),
            |(from, to)| format!("Severity from {} to {}", from.name(), to.name()),
        ),
        "acceptance_asked" => "Acceptance asked for".to_owned(),
        "acceptance_declined" => "Acceptance declined".to_owned(),
        "reopened" => "Reopened".to_owned(),
        "fixed" => "Fixed".to_owned(),
        "lapsed" => "Acceptance is over".to_owned(),
        "set_aside" => "Set aside by the tool".to_owned(),
        "entered" => "Entered by hand".to_owned(),
        "retested_gone" => "Retested: it is gone".to_owned(),
        "retested_there" => "Retested: it is still there".to_owned(),
        other => other.to_owned(),
    }
}

fn history_of(finding: &Finding, history: &[Event]) -> Markup {
    let mut events: Vec<ui::Event> = history
        .iter()
        .map(|event| {
            let icon = match event.action.as_str() {
                "reopened" | "lapsed" => ui::Icon::Warning,
                "fixed" | "retested_gone" => ui::Icon::Check,
                "rated" | "severity" => ui::Icon::Edit,
                _ => ui::Icon::Flag,
            };
            let title = action_words(event);
            ui::Event::new(icon, html! { (title) }, event.at.rfc3339(), event.at.for_people())
                .by(event.who.as_str())
                .body(paragraphs(&event.reason))
        })
        .collect();
    let first = format!("First seen by {}", finding.tool);
    if finding.tool != super::super::manual::TOOL {
        events.push(ui::Event::new(
            ui::Icon::Finding,
            html! { (first) },
            finding.created_at.rfc3339(),
            finding.created_at.for_people(),
        ));
    }
    ui::timeline(&events)
}
