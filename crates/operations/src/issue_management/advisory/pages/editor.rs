//! Beginning an advisory and writing its text, with everything it takes from the case beside it.

use axum::response::{IntoResponse, Response};
use kernel::{Error, Id, Permission, kinds};
use maud::{Markup, html};
use platform::Ctx;
use web::ui::{self, Choice, Crumb, Field, Form, Shell, Tone, Weight};
use web::{Fields, Flashed, Operation, PageError, Path, Query, desk_page, redirect_with};

use super::super::actions::{self, Loaded};
use super::super::checks::{self, Finding};
use super::super::facts::load_facts;
use super::super::model::{AdvisoryId, CaseFacts, Draft, Kind};
use super::super::rules;

fn new_body(facts: &CaseFacts, is_lead: bool, fields: &Fields) -> Markup {
    let kind = if fields.get("kind").is_empty() { Kind::Advisory.as_str() } else { fields.get("kind") };
    let choices = vec![
        Choice::new(Kind::Advisory.as_str(), "Advisory")
            .hint("Vulnerabilities, releases, scores and remediation of the case. Goes out when users can have a fix or mitigation.")
            .chosen(kind == Kind::Advisory.as_str()),
        Choice::new(Kind::LimitedNotice.as_str(), "Limited notice")
            .hint("Title, affected products and what to do, without technical detail. For leads, with a reason, when users have to know before there is a mitigation.")
            .chosen(kind == Kind::LimitedNotice.as_str()),
    ];
    let due = rules::is_due(facts);
    html! {
        @if !facts.is_confirmed { (ui::alert(Tone::Warn, "The case is not confirmed", html! { p { "An advisory takes its vulnerabilities and scores from a confirmed case. Confirm it first." } })) }
        @else if !due {
            (ui::alert(Tone::Warn, "The policy asks for no advisory here", html! {
                p { "The severity lies below the line of the policy: the case is corrected in a release." }
                p { @if is_lead { "As a lead you can override that; say why." } @else { "A lead can override that." } }
            }))
        }
        (Form::new("/desk/advisories/new", "Begin")
            .errors(&fields.errors())
            .hidden("case", facts.id)
            .field(Field::radios("kind", "What", choices).error(fields.error("kind")))
            .field(Field::textarea("reason", "Reason").lines(3).value(fields.get("reason"))
                .hint("Needed for a limited notice and for an advisory against the policy. It stands in the log.")
                .error(fields.error("reason"))))
    }
}

fn case_of(text: &str) -> Result<Id<kinds::Case>, Error> {
    text.parse().map_err(|_| Error::NotFound { what: "case" })
}

async fn new_page(ctx: &Ctx, flashed: Flashed, case: &str, fields: &Fields) -> Result<Markup, Error> {
    let mut tx = ctx.read().await?;
    let facts = load_facts(&mut tx, ctx, case_of(case)?).await?;
    drop(tx);
    let is_lead = ctx.actor.may(Permission::LeadCases, facts.place);
    let shell =
        Shell::new("Write an advisory").subtitle(format!("About {}: {}", facts.number, facts.title)).crumbs(vec![
            Crumb::link("Cases", "/desk/cases"),
            Crumb::link(&facts.number, format!("/desk/cases/{}", facts.id)),
            Crumb::here("Write an advisory"),
        ]);
    Ok(desk_page(ctx, "advisories", flashed, shell, new_body(&facts, is_lead, fields)))
}

/// `GET /desk/advisories/new?case=…`.
pub(in super::super) async fn new_form(
    Operation(ctx): Operation,
    query: Query,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    Ok(new_page(&ctx, flashed, query.get("case"), &Fields::default()).await?)
}

/// `POST /desk/advisories/new`.
pub(in super::super) async fn new(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let case = case_of(fields.get("case"))?;
    let kind = Kind::parse(fields.get("kind")).unwrap_or(Kind::Advisory);
    match actions::create(&ctx, case, kind, fields.get("reason")).await {
        Ok(id) => Ok(redirect_with(
            &format!("/desk/advisories/{id}/edit"),
            "The advisory is begun. Everything the case knows is in it.",
        )),
        Err(error) => {
            let sent = fields.get("case").to_owned();
            let fields = fields.with_errors(error)?;
            let page = new_page(&ctx, Flashed::default(), &sent, &fields).await?;
            Ok((fields.status(), page).into_response())
        }
    }
}

fn fields_of(draft: &Draft, revision: i64) -> Fields {
    Fields::of([
        ("title", draft.title.clone()),
        ("summary", draft.summary.clone()),
        ("details", draft.details.clone()),
        ("acknowledgements", draft.acknowledgements.clone()),
        ("links", draft.links.clone()),
        ("change_note", draft.change_note.clone()),
        ("revision", revision.to_string()),
    ])
}

const fn tone(weight: checks::Weight) -> Tone {
    match weight {
        checks::Weight::Stops => Tone::Bad,
        checks::Weight::Warns => Tone::Warn,
        checks::Weight::Hints => Tone::Info,
    }
}

const fn sign(weight: checks::Weight) -> &'static str {
    match weight {
        checks::Weight::Stops => "Stops",
        checks::Weight::Warns => "Mend",
        checks::Weight::Hints => "Hint",
    }
}

/// What authors should know, the gravest first. In the editor each leads to its field, and all is kept up to date
/// while they write.
pub(super) fn findings_panel(findings: &[Finding], in_editor: bool) -> Markup {
    let stops = findings.iter().filter(|finding| finding.weight == checks::Weight::Stops).count();
    let title = match stops {
        0 => "Checks: nothing stops it".to_owned(),
        1 => "Checks: one thing stops it".to_owned(),
        many => format!("Checks: {many} things stop it"),
    };
    let body = html! {
        @if findings.is_empty() {
            (ui::empty_state("Nothing to mend", "The text is complete and the document passes every test of the standard."))
        } @else {
            ul class="checks" {
                @for finding in findings {
                    li {
                        (ui::badge(tone(finding.weight), sign(finding.weight)))
                        div {
                            p class="muted small" {
                                @match finding.field.filter(|_| in_editor) {
                                    Some(field) => a href={"#field-" (field)} { (finding.place) },
                                    None => (finding.place),
                                }
                            }
                            p { (finding.words) }
                        }
                    }
                }
            }
        }
    };
    html! { div id="checks" data-live-part { (ui::panel(&title, body)) } }
}

/// What is found about one field, for the place below it.
fn findings_of(findings: &[Finding], field: &str) -> Vec<(Tone, String)> {
    let own = findings.iter().filter(|finding| finding.field == Some(field));
    own.map(|finding| (tone(finding.weight), finding.words.clone())).collect()
}

/// `POST /desk/advisories/{id}/check`: the findings about a text that is being written, as the parts of the editor's
/// page that change by it. Nothing is stored.
pub(in super::super) async fn check(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Markup, PageError> {
    let (draft, errors) = actions::read_fields(&fields);
    let mut tx = ctx.read().await?;
    let loaded = actions::load_with(&mut tx, &ctx, id, draft).await?;
    drop(tx);
    let findings = actions::judge_typed(&loaded, errors, fields.revision()?);
    Ok(html! {
        (findings_panel(&findings, true))
        @for (name, _) in checks::FIELDS { (ui::field_checks(name, &findings_of(&findings, name))) }
    })
}

fn form(loaded: &Loaded, fields: &Fields, findings: &[Finding]) -> Markup {
    let id = loaded.advisory.id;
    let limited = loaded.advisory.kind == Kind::LimitedNotice;
    // What is said as an error of the field is not said again below it.
    let checked = |name: &str| if fields.error(name).is_some() { Vec::new() } else { findings_of(findings, name) };
    let area = |name: &'static str, label: &'static str, lines: u32| {
        Field::textarea(name, label)
            .lines(lines)
            .value(fields.get(name))
            .error(fields.error(name))
            .checked(checked(name))
    };
    let details = if limited {
        area("details", "What to do", 6)
            .hint("What users can do now. No technical detail: this goes out before there is a fix.")
    } else {
        area("details", "Details", 10)
            .hint("How an attack works, how to notice one. Paragraphs are parted by an empty line.")
    };
    let title = Field::text("title", "Title").value(fields.get("title")).error(fields.error("title"));
    let mut form = Form::new(format!("/desk/advisories/{id}/edit"), "Save")
        .live(format!("/desk/advisories/{id}/check"))
        .errors(&fields.errors())
        .hidden("revision", fields.get("revision"))
        .field(title.checked(checked("title")).required().longest(200))
        .field(area("summary", "Summary", 5).hint("What can happen, to whom, and what to do; a paragraph.").required())
        .field(details)
        .field(
            area("acknowledgements", "Thanks", 3)
                .hint("One a line: name, and after | what for. Reporters who want to be named are filled in."),
        )
        .field(area("links", "Links", 3).hint("One a line: words, then the address."));
    if loaded.advisory.version > 0 {
        form = form.field(area("change_note", "What changed", 2).hint("For the revision history.").required());
    }
    form.beside(ui::submit_named(Weight::Secondary, "Check without saving", "do", "check")).markup()
}

fn from_case(facts: &CaseFacts) -> Markup {
    html! {
        (ui::panel("Taken from the case", html! {
            p class="muted small" { "Change these on the " a href={"/desk/cases/" (facts.id)} { "case" } "; they follow by themselves." }
            ul {
                @for one in &facts.vulnerabilities {
                    li { strong { (one.title) } @if let Some(cve) = &one.cve { " " (cve) } " " (one.cwe) @if let Some(vector) = &one.cvss31 { br; code class="vector" { (vector) } } }
                }
            }
            p { (facts.exposures.len()) " assessments of " (facts.releases.len()) " releases, " (facts.remediations.len()) " remedies." }
        }))
        (ui::panel("Gate", html! {
            @if facts.is_mitigated() { (ui::state(Tone::Good, "Fix or mitigation available")) }
            @else { (ui::state(Tone::Bad, "No fix or mitigation yet")) }
        }))
    }
}

fn edit_page(ctx: &Ctx, flashed: Flashed, loaded: &Loaded, fields: &Fields, findings: &[Finding]) -> Markup {
    let advisory = &loaded.advisory;
    let body = ui::split(
        ui::panel("Text", form(loaded, fields, findings)),
        html! { (findings_panel(findings, true)) (from_case(&loaded.facts)) },
    );
    let show = format!("/desk/advisories/{}", advisory.id);
    let shell = Shell::new(format!("Edit {}", advisory.number))
        .crumbs(vec![
            Crumb::link("Advisories", "/desk/advisories"),
            Crumb::link(&advisory.number, &show),
            Crumb::here("Edit"),
        ])
        .actions(html! {
            (ui::button_link(Weight::Secondary, "Saved texts", &format!("{show}/history")))
            (ui::button_link(Weight::Secondary, "Preview", &format!("{show}/preview")))
        })
        .banner(Tone::Warn, "Nobody outside may know of this before it is published.");
    desk_page(ctx, "advisories", flashed, shell, body)
}

/// `GET /desk/advisories/{id}/edit`.
pub(in super::super) async fn edit_form(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let loaded = actions::load(&mut tx, &ctx, id).await?;
    drop(tx);
    rules::may_edit(&loaded.advisory)?;
    let fields = fields_of(&loaded.advisory.draft, loaded.advisory.revision);
    Ok(edit_page(&ctx, flashed, &loaded, &fields, &loaded.findings()))
}

/// The editor with what was typed and what there is to say about it.
async fn typed_page(ctx: &Ctx, id: AdvisoryId, fields: &Fields) -> Result<Markup, Error> {
    let (draft, errors) = actions::read_fields(fields);
    let mut tx = ctx.read().await?;
    let loaded = actions::load_with(&mut tx, ctx, id, draft).await?;
    drop(tx);
    let findings = actions::judge_typed(&loaded, errors, fields.revision()?);
    Ok(edit_page(ctx, Flashed::default(), &loaded, fields, &findings))
}

/// `POST /desk/advisories/{id}/edit`: saves, or only checks.
pub(in super::super) async fn edit(
    Operation(ctx): Operation,
    Path(id): Path<AdvisoryId>,
    fields: Fields,
) -> Result<Response, PageError> {
    let draft = actions::read_draft(&fields);
    if draft.is_ok() && fields.get("do") == "check" {
        return Ok(typed_page(&ctx, id, &fields).await?.into_response());
    }
    let revision = fields.revision()?;
    let done = match draft {
        Ok(draft) => actions::edit(&ctx, id, draft, revision).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(redirect_with(&format!("/desk/advisories/{id}"), "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), typed_page(&ctx, id, &fields).await?).into_response())
        }
    }
}
