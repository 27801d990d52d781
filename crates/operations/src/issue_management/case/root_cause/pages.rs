//! The root cause of a case: what is known, the form, and the panel on the overview.

use axum::extract::Path;
use axum::response::Response;
use kernel::Result;
use maud::{Markup, html};
use pack::Pack;
use platform::Ctx;
use web::{Fields, Flashed, Operation, PageError, redirect_with, ui};

use super::super::model::CaseId;
use super::super::pages::{Frame, address, conflict, load_frame, page, read_id, unfinished};
use super::super::rules::{By, Given, Move, Need, may_move, next_moves};
use super::super::store as cases;
use super::super::store::{ReleaseRow, VulnerabilityRow};
use super::actions::{self, Closing};
use super::model::{Catch, Cause, Detected, Introduced, Kept};
use super::rules::{self, Said};
use super::store;

const LABELS: [(&str, &str); 6] = [
    ("cause", "What kind of mistake"),
    ("explanation", "How it came to be"),
    ("introduced", "Since which release"),
    ("caught", "What should have caught it"),
    ("suggestion", "What the process should do"),
    ("detected", "What found it"),
];

struct Shown {
    frame: Frame,
    kept: Option<Kept>,
    releases: Vec<ReleaseRow>,
    flaws: Vec<VulnerabilityRow>,
    pack: Option<std::sync::Arc<Pack>>,
}

async fn load(ctx: &Ctx, id: &str) -> Result<Shown> {
    let frame = load_frame(ctx, id).await?;
    let mut tx = ctx.read().await?;
    let kept = store::load_current(&mut tx, frame.case.id).await?;
    let releases = cases::list_releases(&mut tx, &frame.case).await?;
    let flaws = cases::list_vulnerabilities(&mut tx, frame.case.id).await?;
    let pack = actions::load_pack(&mut tx).await?;
    Ok(Shown { frame, kept, releases, flaws, pack })
}

fn filled(kept: Option<&Kept>) -> Fields {
    let Some(kept) = kept else { return Fields::default() };
    let said = &kept.root_cause;
    let (caught, suggestion) = match &said.catch {
        Catch::Activity { id, .. } => (id.clone(), String::new()),
        Catch::Gap { suggestion } => ("gap".to_owned(), suggestion.clone()),
        Catch::Unknown => (String::new(), String::new()),
    };
    let introduced = match said.introduced {
        Introduced::Release(id) => id.to_string(),
        word @ (Introduced::BeforeRecords | Introduced::Unknown) => word.as_str().to_owned(),
    };
    Fields::of([
        ("cause", said.cause.as_str().to_owned()),
        ("explanation", said.explanation.clone()),
        ("introduced", introduced),
        ("caught", caught),
        ("suggestion", suggestion),
        ("detected", said.detected.as_str().to_owned()),
    ])
}

/// `GET /desk/cases/{id}/root-cause`
pub(in super::super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let shown = load(&ctx, &id).await?;
    let fields = filled(shown.kept.as_ref());
    Ok(whole(&ctx, &shown, flashed, &fields, html! {}))
}

/// `POST /desk/cases/{id}/root-cause`
pub(in super::super) async fn save(
    Operation(ctx): Operation,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case: CaseId = read_id(&id, "case")?;
    let said = Said {
        cause: fields.get("cause"),
        explanation: fields.get("explanation"),
        introduced: fields.get("introduced"),
        caught: fields.get("caught"),
        suggestion: fields.get("suggestion"),
        detected: fields.get("detected"),
    };
    let then = fields.get("then");
    let done = match (fields.parse::<i64>("writes", "The form is incomplete. Reload the page."), fields.revision()) {
        (Ok(writes), Ok(revision)) => {
            let closing = (!then.is_empty()).then_some(Closing { name: then, revision });
            actions::record(&ctx, case, writes, said, closing).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match done {
        Ok(()) if then.is_empty() => Ok(redirect_with(&address(case, ""), "The root cause is recorded.")),
        Ok(()) => Ok(redirect_with(&address(case, ""), "The root cause is recorded and the case is closed.")),
        Err(error) => {
            let stale = matches!(error, kernel::Error::Stale { .. });
            let fields = fields.with_errors(error)?;
            let shown = load(&ctx, &id).await?;
            let difference = if stale {
                conflict(&fields, &filled(shown.kept.as_ref()), &LABELS)
            } else {
                html! {}
            };
            Ok(unfinished(whole(&ctx, &shown, Flashed::default(), &fields, difference)))
        }
    }
}

fn whole(ctx: &Ctx, shown: &Shown, flashed: Flashed, fields: &Fields, difference: Markup) -> Markup {
    let frame = &shown.frame;
    let vulnerabilities = frame.standing.vulnerabilities;
    let main = match rules::may_record(&frame.case, vulnerabilities) {
        Err(refused) => ui::alert(ui::Tone::Info, "No root cause is asked for", html! { p { (refused) } }),
        Ok(()) if frame.works => ui::panel("Root cause", form(shown, fields, difference)),
        Ok(()) => ui::panel("Root cause", summary(shown.kept.as_ref())),
    };
    let aside = html! {
        (ui::panel("Weaknesses", weaknesses(shown)))
        (ui::panel("What it is for", html! {
            p class="small" { "Every vulnerability found in the field asks which practice should have caught it. The answers are counted on the improvement board of the programme, without the title of the case." }
            p class="small" { "A confirmed case with a vulnerability needs it before it closes; it can be recorded earlier and changed later. Every change stands in the timeline." }
        }))
    };
    page(ctx, flashed, frame, "/root-cause", ui::split(main, aside))
}

fn weaknesses(shown: &Shown) -> Markup {
    html! {
        @if shown.flaws.is_empty() { p class="muted" { "No vulnerability is recorded yet." } }
        @else {
            ul {
                @for flaw in &shown.flaws {
                    li {
                        (flaw.title) ": "
                        @if flaw.cwe.is_empty() { span class="muted" { "no CWE yet" } } @else { (flaw.cwe) }
                    }
                }
            }
        }
    }
}

fn form(shown: &Shown, fields: &Fields, difference: Markup) -> Markup {
    let case = &shown.frame.case;
    let causes: Vec<(&str, &str)> = Cause::ALL
        .iter()
        .filter(|cause| shown.frame.leads || **cause != Cause::Unknown || fields.get("cause") == "unknown")
        .map(|cause| (cause.as_str(), cause.label()))
        .collect();
    let detected = Detected::ALL.iter().map(|one| (one.as_str(), one.label()));
    let choose = std::iter::once(("", "Choose"));
    let unknown_hint = if shown.frame.leads {
        "A lead may leave it unknown, with the reason below; it is counted as such."
    } else {
        "When nobody can tell, a lead can leave it unknown."
    };
    let mut form = ui::Form::new(address(case.id, "/root-cause"), "Save")
        .errors(&fields.errors())
        .part(difference)
        .hidden("revision", case.revision)
        .hidden("writes", shown.kept.as_ref().map_or(0, |kept| kept.revision))
        .field(
            ui::Field::select("cause", "What kind of mistake was it?", ui::Choice::list(choose.clone().chain(causes), fields.get("cause")))
                .required()
                .error(fields.error("cause"))
                .hint(unknown_hint),
        )
        .field(
            ui::Field::textarea("explanation", "How it came to be")
                .required()
                .lines(5)
                .longest(4_000)
                .value(fields.get("explanation"))
                .error(fields.error("explanation"))
                .hint("Only those who see the case read this."),
        )
        .field(
            ui::Field::select("introduced", "Which release brought it in?", release_choices(shown, fields.get("introduced")))
                .error(fields.error("introduced")),
        )
        .field(
            ui::Field::select("caught", "Which activity should have caught it?", activity_choices(shown, fields.get("caught")))
                .error(fields.error("caught")),
        )
        .field(
            ui::Field::textarea("suggestion", "If none: what should the process do?")
                .lines(3)
                .longest(4_000)
                .value(fields.get("suggestion"))
                .error(fields.error("suggestion"))
                .hint("Without details of the flaw: whoever runs the programme reads it once the case is public or closed."),
        )
        .field(
            ui::Field::select("detected", "What found it?", ui::Choice::list(choose.chain(detected), fields.get("detected")))
                .error(fields.error("detected")),
        );
    for known in closing_moves(&shown.frame) {
        form = form.beside(ui::submit_named(
            ui::Weight::Secondary,
            &format!("Save, and: {}", known.verb.to_lowercase()),
            "then",
            known.name,
        ));
    }
    form.beside(ui::button_link(ui::Weight::Plain, "Back to the case", &address(case.id, ""))).markup()
}

/// The moves that only wait for a root cause.
fn closing_moves(frame: &Frame) -> impl Iterator<Item = &'static Move> {
    let mut standing = frame.standing;
    standing.root_cause = true;
    let case = &frame.case;
    next_moves(case).filter(move |known| {
        known.needs.contains(&Need::RootCause)
            && may_move(case, standing, known, By::Button, Given { reason: "", other: false }).is_ok()
    })
}

fn release_choices(shown: &Shown, chosen: &str) -> Vec<ui::Choice> {
    let mut choices = vec![ui::Choice::new("", "Choose").chosen(chosen.is_empty())];
    choices.extend(shown.releases.iter().map(|release| {
        let id = release.id.to_string();
        let here = id == chosen;
        ui::Choice::new(id, format!("{} {}", release.product_name, release.version)).chosen(here)
    }));
    choices.push(ui::Choice::new("before_records", "One before our records").chosen(chosen == "before_records"));
    choices.push(ui::Choice::new("unknown", "Not known").chosen(chosen == "unknown"));
    choices
}

fn activity_choices(shown: &Shown, chosen: &str) -> Vec<ui::Choice> {
    let mut choices = vec![
        ui::Choice::new("", "Choose").chosen(chosen.is_empty()),
        ui::Choice::new("gap", "None: a gap in the process").chosen(chosen == "gap"),
    ];
    let mut known = chosen.is_empty() || chosen == "gap";
    if let Some(pack) = &shown.pack {
        for practice in &pack.practices {
            for activity in pack.activities_of(&practice.id) {
                known |= activity.id == chosen;
                choices.push(
                    ui::Choice::new(&activity.id, &activity.title).group(&practice.title).chosen(activity.id == chosen),
                );
            }
        }
    }
    if let Some(Kept { root_cause, .. }) = shown.kept.as_ref().filter(|_| !known)
        && let Catch::Activity { id, title, .. } = &root_cause.catch
    {
        choices.push(ui::Choice::new(id, title).group("No longer in the process pack").chosen(id == chosen));
    }
    choices
}

/// What is known, for those who only read, and for the overview.
fn summary(kept: Option<&Kept>) -> Markup {
    let Some(kept) = kept else {
        return html! { p class="muted" { "Not recorded yet." } };
    };
    let said = &kept.root_cause;
    let introduced = match said.introduced {
        Introduced::Release(_) => kept.introduced_version.clone(),
        Introduced::BeforeRecords => "before our records".to_owned(),
        Introduced::Unknown => "not known".to_owned(),
    };
    let caught = match &said.catch {
        Catch::Activity { title, .. } => title.clone(),
        Catch::Gap { suggestion } => format!("None: a gap in the process. {suggestion}"),
        Catch::Unknown => "not determined".to_owned(),
    };
    html! {
        (ui::facts(&[
            ui::Fact::text("Cause", said.cause.label()),
            ui::Fact::text("Brought in with", &introduced),
            ui::Fact::text("Should have been caught by", &caught),
            ui::Fact::text("Found by", said.detected.label()),
            ui::Fact::new("Recorded", html! { (web::moment(kept.made_at)) " by " (kept.made_by) }),
        ]))
        (ui::prose(web::paragraphs(&said.explanation)))
    }
}

/// The panel on the overview; nothing where no root cause is asked for.
pub(in super::super) fn panel(frame: &Frame, kept: Option<&Kept>) -> Markup {
    if kept.is_none() && rules::may_record(&frame.case, frame.standing.vulnerabilities).is_err() {
        return html! {};
    }
    let words = if kept.is_some() { "Change" } else { "Record" };
    let link = html! { @if frame.works { a href=(address(frame.case.id, "/root-cause")) { (words) } } };
    ui::panel_with("Root cause", link, summary(kept))
}
