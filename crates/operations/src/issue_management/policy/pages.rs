//! The policy pages under settings.

use axum::response::{IntoResponse, Response};
use kernel::{EmailAddress, Error, FieldError, Result, Weekday, clean_line, clean_text};
use maud::{Markup, html};
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, Query, desk_page, redirect_with, ui};

use super::model::{Policy, RATED, Step, Target, Unit};
use super::{actions, rules, store};
use crate::issue_management::case::Severity;
use crate::issue_management::case::pages::conflict;

/// `GET /desk/settings/policies`.
pub(super) async fn list(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    actions::require(&ctx)?;
    let mut tx = ctx.read().await?;
    let policies = store::list(&mut tx).await?;
    let families = store::list_families(&mut tx).await?;
    let common = policies.iter().find(|policy| policy.family.is_none());
    let mut table = ui::Table::new("Response policies").columns([
        "Holds for",
        "Advisories from",
        "Critical: fix",
        "High: fix",
        "Calendar",
        "Numbers",
    ]);
    let built_in = Policy::built_in();
    table = table.row(row("All families without their own", "", common.unwrap_or(&built_in)));
    for (family, name) in &families {
        if let Some(policy) = policies.iter().find(|policy| policy.family == Some(*family)) {
            table = table.row(row(name, &family.to_string(), policy));
        }
    }
    let free: Vec<_> =
        families.iter().filter(|(family, _)| !policies.iter().any(|policy| policy.family == Some(*family))).collect();
    let body = html! {
        @if common.is_none() {
            (ui::alert(ui::Tone::Info, "The built-in policy holds", html! {
                p { "Nobody wrote a policy yet. Open the first line, adjust it to what you promise, and save it." }
            }))
        }
        (table)
        @if !free.is_empty() {
            (ui::panel("A family with its own process", html! {
                p { "A product family can have its own targets, calendar, numbers and intelligence sources (P18)." }
                ul { @for (family, name) in free {
                    li { a href={"/desk/settings/policies/edit?family=" (family)} { "Write a policy for " (name) } }
                } }
            }))
        }
    };
    let shell = ui::Shell::new("Response policies")
        .subtitle("Targets, calendar, advisory line and numbers, for all families or for one")
        .crumbs(vec![ui::Crumb::link("Settings", "/desk/settings"), ui::Crumb::here("Response policies")]);
    Ok(desk_page(&ctx, "settings", flashed, shell, ui::stack(body)))
}

fn row(name: &str, family: &str, policy: &Policy) -> ui::Row {
    let fix = |severity| {
        policy
            .target(severity, Step::Fix)
            .map_or_else(String::new, |target| format!("{} {}", target.amount, target.unit.label()))
    };
    let days: Vec<&str> = policy.working_days.iter().map(|day| day.as_str()).collect();
    ui::Row::new(vec![
        html! { (name) },
        html! { (policy.advisory_threshold.label()) },
        html! { (fix(Severity::Critical)) },
        html! { (fix(Severity::High)) },
        html! { (policy.time_zone) ", " (days.join(" ")) ", " (policy.holidays.len()) " holidays" },
        html! { (policy.case_prefix) ", " (policy.advisory_prefix) },
    ])
    .link(format!("/desk/settings/policies/edit?family={family}"))
}

/// The policy that is edited: the family's own, or a copy of the one for all to begin with.
async fn current(ctx: &Ctx, family: &str) -> Result<(Policy, String)> {
    actions::require(ctx)?;
    let mut tx = ctx.read().await?;
    let policies = store::list(&mut tx).await?;
    let common = policies.iter().find(|policy| policy.family.is_none()).cloned().unwrap_or_else(Policy::built_in);
    if family.is_empty() {
        return Ok((common, "All families without their own".to_owned()));
    }
    let families = store::list_families(&mut tx).await?;
    let (id, name) =
        families.into_iter().find(|(id, _)| id.to_string() == family).ok_or(Error::NotFound { what: "family" })?;
    let own = policies.into_iter().find(|policy| policy.family == Some(id));
    let policy = own.unwrap_or(Policy { id: None, family: Some(id), revision: 0, ..common });
    Ok((policy, name))
}

/// `GET /desk/settings/policies/edit?family=…`.
pub(super) async fn edit(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Markup, PageError> {
    let (policy, name) = current(&ctx, query.get("family")).await?;
    let fields = filled(&policy);
    Ok(form_page(&ctx, flashed, &policy, &name, &fields, html! {}))
}

/// `POST /desk/settings/policies/edit`.
pub(super) async fn save(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let (stored, name) = current(&ctx, fields.get("family")).await?;
    let saved = match read(&fields, &stored) {
        Ok(policy) => actions::save(&ctx, &policy).await,
        Err(error) => Err(error),
    };
    let error = match saved {
        Ok(()) => return Ok(redirect_with("/desk/settings/policies", &format!("The policy was saved: {name}."))),
        Err(error) => error,
    };
    let (stored, _) = current(&ctx, fields.get("family")).await?;
    let difference = match error {
        Error::Stale { .. } => conflict(&fields, &filled(&stored), &labels()),
        Error::Invalid(_)
        | Error::Refused { .. }
        | Error::NotFound { .. }
        | Error::Unavailable { .. }
        | Error::Internal(_) => html! {},
    };
    let fields = fields.with_errors(error)?;
    let page = form_page(&ctx, Flashed::default(), &stored, &name, &fields, difference);
    Ok((fields.status(), page).into_response())
}

/// `POST /desk/settings/policies/remove`.
pub(super) async fn remove(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let (policy, name) = current(&ctx, fields.get("family")).await?;
    let id = policy.id.filter(|_| policy.family.is_some()).ok_or(Error::NotFound { what: "policy" })?;
    actions::remove(&ctx, id, fields.revision()?).await?;
    Ok(redirect_with("/desk/settings/policies", &format!("{name} follows the policy for all families now.")))
}

fn labels() -> Vec<(&'static str, &'static str)> {
    vec![
        ("case_prefix", "Prefix of case numbers"),
        ("advisory_prefix", "Prefix of advisory numbers"),
        ("advisory_threshold", "Advisories from this severity on"),
        ("legal_notice", "Notice on publications"),
        ("intake_address", "Address for reports"),
        ("escalation_address", "Address for escalations"),
        ("time_zone", "Time zone"),
        ("holidays", "Holidays"),
        ("intelligence", "Sources of vulnerability intelligence"),
    ]
}

fn filled(policy: &Policy) -> Fields {
    let mut pairs = vec![
        ("case_prefix".to_owned(), policy.case_prefix.clone()),
        ("advisory_prefix".to_owned(), policy.advisory_prefix.clone()),
        ("advisory_threshold".to_owned(), policy.advisory_threshold.as_str().to_owned()),
        ("low_entries".to_owned(), if policy.low_entries { "on".to_owned() } else { String::new() }),
        ("legal_notice".to_owned(), policy.legal_notice.clone()),
        ("intake_address".to_owned(), policy.intake_address.clone()),
        ("escalation_address".to_owned(), policy.escalation_address.clone()),
        ("time_zone".to_owned(), policy.time_zone.clone()),
        ("holidays".to_owned(), policy.holidays.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        ("intelligence".to_owned(), policy.intelligence.clone()),
    ];
    pairs.extend(policy.working_days.iter().map(|day| ("working_days".to_owned(), day.as_str().to_owned())));
    for target in &policy.targets {
        let name = rules::field_name(target.severity, target.step);
        pairs.push((format!("{name}_unit"), target.unit.as_str().to_owned()));
        pairs.push((name, target.amount.to_string()));
    }
    Fields::from_pairs(pairs)
}

fn read(fields: &Fields, stored: &Policy) -> Result<Policy> {
    let mut problems: Vec<FieldError> = Vec::new();
    let mut keep = |result: Result<String, FieldError>| {
        result.unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        })
    };
    let optional = |name: &str, longest: usize| {
        if fields.get(name).trim().is_empty() { Ok(String::new()) } else { clean_text(name, fields.get(name), longest) }
    };
    let address = |name: &str| {
        if fields.get(name).trim().is_empty() {
            Ok(String::new())
        } else {
            EmailAddress::parse(name, fields.get(name)).map(|address| address.as_str().to_owned())
        }
    };
    let case_prefix = keep(rules::prefix("case_prefix", fields.get("case_prefix")));
    let advisory_prefix = keep(rules::prefix("advisory_prefix", fields.get("advisory_prefix")));
    let legal_notice = keep(optional("legal_notice", 4_000));
    let intelligence = keep(optional("intelligence", 4_000));
    let intake_address = keep(address("intake_address"));
    let escalation_address = keep(address("escalation_address"));
    let time_zone = keep(clean_line("time_zone", fields.get("time_zone"), 60));
    let working_days = rules::weekdays(fields.all("working_days"));
    let holidays = rules::holidays("holidays", fields.get("holidays")).unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    if let Err(error) = kernel::BusinessCalendar::new(&time_zone, working_days.clone(), []) {
        let field = match error {
            kernel::InvalidCalendar::Zone(_) => "time_zone",
            kernel::InvalidCalendar::NoWorkingDay => "working_days",
        };
        problems.push(FieldError { field: field.to_owned(), words: format!("Please mend this: {error}.") });
    }
    if !case_prefix.is_empty() && case_prefix == advisory_prefix {
        problems.push(FieldError {
            field: "advisory_prefix".to_owned(),
            words: "Cases and advisories need different prefixes, so that a number tells which it is.".to_owned(),
        });
    }
    let advisory_threshold = Severity::parse(fields.get("advisory_threshold")).unwrap_or(Severity::Medium);
    let targets = read_targets(fields, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(Policy {
        id: stored.id,
        family: stored.family,
        case_prefix,
        advisory_prefix,
        advisory_threshold,
        low_entries: fields.ticked("low_entries"),
        legal_notice,
        intake_address,
        time_zone,
        working_days,
        holidays,
        escalation_address,
        intelligence,
        targets,
        revision: fields.revision()?,
    })
}

fn read_targets(fields: &Fields, problems: &mut Vec<FieldError>) -> Vec<Target> {
    let mut targets = Vec::new();
    for severity in RATED {
        for step in Step::ALL {
            let field = rules::field_name(severity, step);
            let unit = Unit::parse(fields.get(&format!("{field}_unit"))).unwrap_or(Unit::WorkingDays);
            match fields.get(&field).trim().parse::<u32>() {
                Ok(amount) if (1..=2_000).contains(&amount) => {
                    targets.push(Target { severity, step, amount, unit });
                }
                Ok(_) | Err(_) => problems.push(FieldError {
                    field,
                    words: format!(
                        "{} at {}: write a whole number from 1 to 2000.",
                        step.label(),
                        severity.label().to_lowercase()
                    ),
                }),
            }
        }
    }
    targets
}

fn form_page(ctx: &Ctx, flashed: Flashed, policy: &Policy, name: &str, fields: &Fields, difference: Markup) -> Markup {
    let text = |field: ui::Field, id: &str| field.value(fields.get(id)).error(fields.error(id));
    let family = policy.family.map_or_else(String::new, |family| family.to_string());
    let thresholds: Vec<(&str, &str)> =
        RATED.iter().rev().map(|severity| (severity.as_str(), severity.label())).collect();
    let days = Weekday::ALL
        .into_iter()
        .map(|day| {
            let chosen = fields.all("working_days").any(|chosen| chosen == day.as_str());
            ui::Choice::new(day.as_str(), day_name(day)).chosen(chosen)
        })
        .collect();
    let form = ui::Form::new("/desk/settings/policies/edit", "Save the policy")
        .errors(&fields.errors())
        .part(difference)
        .hidden("family", &family)
        .hidden("revision", policy.revision)
        .part(html! {
            p { "Targets count from the confirmed score for mitigation, fix and disclosure, from the arrival of the report for the first two. Before a score is confirmed they show as provisional (P2, P5)." }
            @for severity in RATED {
                (ui::fieldset(&format!("Response targets: {}", severity.label().to_lowercase()), target_fields(severity, fields)))
            }
        })
        .part(ui::fieldset(
            "Business calendar",
            html! {
                (text(ui::Field::text("time_zone", "Time zone").required().hint("A name such as Europe/Berlin."), "time_zone"))
                (ui::Field::boxes("working_days", "Working days", days).error(fields.error("working_days")))
                (text(ui::Field::textarea("holidays", "Holidays").hint("One date a line, such as 2026-12-25."), "holidays"))
            },
        ))
        .part(ui::fieldset(
            "Publishing",
            html! {
                (ui::Field::select("advisory_threshold", "Advisories from this severity on",
                    ui::Choice::list(thresholds, fields.get("advisory_threshold")))
                    .hint("Below it, a case is corrected in a release and its reporter is answered (P1).")
                    .error(fields.error("advisory_threshold")))
                (ui::Field::checkbox("low_entries", "Publish a short entry for fixed risks below that line", fields.ticked("low_entries"))
                    .hint("From December 2027 the Cyber Resilience Act (Annex I, Part II (4)) asks for public information about every fixed vulnerability."))
                (text(ui::Field::textarea("legal_notice", "Notice on publications").hint("Empty: the vendor's own notice."), "legal_notice"))
            },
        ))
        .part(ui::fieldset(
            "Numbers and addresses",
            html! {
                (text(ui::Field::text("case_prefix", "Prefix of case numbers").required(), "case_prefix"))
                (text(ui::Field::text("advisory_prefix", "Prefix of advisory numbers").required(), "advisory_prefix"))
                (text(ui::Field::email("intake_address", "Address for reports").hint("Empty: the vendor's own address."), "intake_address"))
                (text(ui::Field::email("escalation_address", "Address for escalations").hint("Gets a mail when a target is missed. Empty: the leads get it."), "escalation_address"))
            },
        ))
        .part(ui::fieldset(
            "Vulnerability intelligence",
            text(
                ui::Field::textarea("intelligence", "Sources")
                    .hint("One source a line: feeds, mailing lists, suppliers' advisories that are watched for this family (P18, P21)."),
                "intelligence",
            )
            .markup(),
        ))
        .beside(ui::button_link(ui::Weight::Plain, "Cancel", "/desk/settings/policies"));
    let body = html! {
        (ui::panel("", form.markup()))
        @if policy.family.is_some() && policy.id.is_some() {
            (ui::ButtonForm::new("Remove this policy", "/desk/settings/policies/remove")
                .weight(ui::Weight::Danger)
                .with("family", &family)
                .with("revision", policy.revision)
                .confirm("The family follows the policy for all families then, its cases from their next change on."))
        }
    };
    let shell = ui::Shell::new(format!("Policy: {name}")).crumbs(vec![
        ui::Crumb::link("Settings", "/desk/settings"),
        ui::Crumb::link("Response policies", "/desk/settings/policies"),
        ui::Crumb::here(name),
    ]);
    desk_page(ctx, "settings", flashed, shell, ui::stack(body))
}

fn target_fields(severity: Severity, fields: &Fields) -> Markup {
    let units = [Unit::Hours, Unit::WorkingDays].map(|unit| (unit.as_str(), unit.label()));
    html! {
        @for step in Step::ALL {
            @let name = rules::field_name(severity, step);
            @let unit = format!("{name}_unit");
            (ui::columns(
                ui::Field::number(&name, step.label()).value(fields.get(&name)).between(1, 2_000).required()
                    .error(fields.error(&name)).markup(),
                ui::Field::select(&unit, "counted in", ui::Choice::list(units, fields.get(&unit))).markup(),
            ))
        }
    }
}

const fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
