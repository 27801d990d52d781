//! Who may do what: the list of people, one person, inviting.

use axum::response::{IntoResponse, Response};
use db::Tx;
use http::StatusCode;
use kernel::{Error, Grant, Id, Result, Role, Scope, Timestamp, kinds};
use maud::{Markup, html};
use platform::Ctx;
use platform::access::{self, GrantRow, PersonRow, PersonState, SessionRow};
use web::{CsvFile, Fields, Flashed, Operation, PageError, Path, Query, ago, desk_page, redirect_with, ui};

use crate::products;

fn state_badge(state: PersonState) -> Markup {
    match state {
        PersonState::Invited => ui::state(ui::Tone::Warn, "Invited"),
        PersonState::Active => ui::state(ui::Tone::Good, "Active"),
        PersonState::Disabled => ui::state(ui::Tone::Neutral, "Disabled"),
    }
}

/// `GET /desk/people`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let people = access::list_people(&mut tx, query.get("q")).await?;
    let grants = access::list_grants(&mut tx, None).await?;
    let roles = |person: &PersonRow| {
        let mut labels: Vec<&str> =
            grants.get(&person.id).into_iter().flatten().map(|grant| grant.role.label()).collect();
        labels.dedup();
        labels.join(", ")
    };
    let shown: Vec<&PersonRow> = people
        .iter()
        .filter(|person| query.get("state").is_empty() || person.state.as_str() == query.get("state"))
        .collect();
    if query.get("format") == "csv" {
        let mut file = CsvFile::new("people.csv", ["name", "email", "state", "roles"]);
        for person in shown {
            file.row(vec![person.name.clone(), person.email.clone(), person.state.as_str().to_owned(), roles(person)]);
        }
        return Ok(file.into_response());
    }
    let rows = shown.iter().map(|person| {
        ui::Row::new(vec![
            ui::person(&person.name, &person.email),
            html! { (roles(person)) },
            state_badge(person.state),
            person.last_seen_at.map_or_else(|| html! { "never" }, |at| ago(at, ctx.now)),
        ])
        .link(format!("/desk/people/{}", person.id))
    });
    let filter = ui::FilterBar::new("/desk/people")
        .search("q", query.get("q"), "Name or address")
        .select(
            "state",
            "State",
            &ui::Choice::list(
                [("", "All"), ("active", "Active"), ("invited", "Invited"), ("disabled", "Disabled")],
                query.get("state"),
            ),
        )
        .export(query.with("format", "csv"));
    let table = ui::Table::new("People")
        .columns(["Person", "Roles", "State", "Last here"])
        .rows(rows)
        .empty(web::empty(&query, &[], "person", ui::empty_state("Nobody yet", "Invite somebody.")));
    let shell = ui::Shell::new("People")
        .subtitle("Everybody who may sign in, and what they may do.")
        .actions(ui::button_link(ui::Weight::Primary, "Invite somebody", "/desk/people/invite"));
    Ok(desk_page(&ctx, "people", flashed, shell, html! { (filter) (table) }).into_response())
}

/// `GET /desk/people/invite`
pub(super) async fn invite_form(Operation(ctx): Operation) -> Markup {
    invite_page(&ctx, &Fields::default())
}

fn invite_page(ctx: &Ctx, fields: &Fields) -> Markup {
    let form = ui::Form::new("/desk/people/invite", "Make the invitation")
        .errors(&fields.errors())
        .field(ui::Field::text("name", "Name").value(fields.get("name")).error(fields.error("name")).required())
        .field(
            ui::Field::email("email", "Mail address")
                .value(fields.get("email"))
                .error(fields.error("email"))
                .required(),
        )
        .field(
            ui::Field::select("role", "First role, everywhere", role_choices(fields.get("role"), true))
                .hint("More roles, or roles for one family or product, can be granted afterwards."),
        );
    let shell = ui::Shell::new("Invite somebody")
        .crumbs(vec![ui::Crumb::link("People", "/desk/people"), ui::Crumb::here("Invite")]);
    desk_page(ctx, "people", Flashed::default(), shell, ui::panel("", html! { (form) }))
}

fn role_choices(chosen: &str, none: bool) -> Vec<ui::Choice> {
    let first = none.then(|| ui::Choice::new("", "None yet"));
    first
        .into_iter()
        .chain(
            Role::ALL.iter().map(|role| ui::Choice::new(role.as_str(), role.label()).chosen(role.as_str() == chosen)),
        )
        .collect()
}

/// `POST /desk/people/invite`
pub(super) async fn invite(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match access::invite(&ctx, fields.get("email"), fields.get("name")).await {
        Ok((id, link)) => {
            if let Some(role) = Role::parse(fields.get("role")) {
                access::grant(&ctx, id, Grant { role, scope: Scope::All }).await?;
            }
            Ok(link_page(&ctx, id, fields.get("name"), &link).into_response())
        }
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), invite_page(&ctx, &fields)).into_response())
        }
    }
}

/// The link is shown once: it is not stored, and mail would put it where others may read it.
fn link_page(ctx: &Ctx, id: Id<kinds::Person>, name: &str, link: &access::OneTimeLink) -> Markup {
    let address = ctx.url(&format!("/desk/welcome/{}", link.token));
    let body = html! {
        (ui::alert(ui::Tone::Warn, "Copy this link now", html! {
            p { "It is shown only this once. Give it to " (name) " by a way you trust. It works once, until " (link.expires_at.for_people()) "." }
        }))
        (ui::code_block("Link", &address))
        p { (ui::button_link(ui::Weight::Secondary, "Go to the person", &format!("/desk/people/{id}"))) }
    };
    let shell = ui::Shell::new("A link for signing in")
        .crumbs(vec![ui::Crumb::link("People", "/desk/people"), ui::Crumb::here(name)]);
    desk_page(ctx, "people", Flashed::default(), shell, body)
}

pub(super) async fn grants_list(tx: &mut Tx, grants: &[GrantRow]) -> Result<Markup> {
    let names = products::scope_names(tx).await?;
    Ok(html! {
        @if grants.is_empty() { (ui::empty_state("No role yet", "Without a role there is nothing to see. An administrator grants roles.")) }
        ul class="plain-list" {
            @for grant in grants { li { strong { (grant.role.label()) } " " span class="muted" { (names.of(grant.scope)) } } }
        }
    })
}

pub(super) fn sessions_table(sessions: &[SessionRow], end: &str, now: Timestamp) -> Markup {
    let rows = sessions.iter().map(|session| {
        ui::Row::new(vec![
            html! { (session.address) br; span class="muted small" { (session.agent) } },
            ago(session.last_seen_at, now),
            html! { (ui::ButtonForm::new("End", end).with("session", &session.id)) },
        ])
    });
    html! {
        (ui::Table::new("Sessions").columns(["From", "Last used", ""]).rows(rows).empty(ui::empty_state("No session", "Nobody is signed in here.")))
    }
}

/// `GET /desk/people/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    flashed: Flashed,
) -> Result<Markup, PageError> {
    page(&ctx, id, flashed, &Fields::default()).await
}

async fn page(ctx: &Ctx, id: Id<kinds::Person>, flashed: Flashed, fields: &Fields) -> Result<Markup, PageError> {
    let mut tx = ctx.read().await?;
    let person = access::load_person(&mut tx, id).await?;
    let grants = access::list_grants(&mut tx, Some(id)).await?.remove(&id).unwrap_or_default();
    let sessions = access::list_sessions(&mut tx, id, ctx.now).await?;
    let names = products::scope_names(&mut tx).await?;
    let at = format!("/desk/people/{id}");
    let rows = grants.iter().map(|grant| {
        ui::Row::new(vec![
            html! { (grant.role.label()) },
            html! { (names.of(grant.scope)) },
            html! { (ui::ButtonForm::new("Take back", format!("{at}/revoke")).with("grant", &grant.id).confirm(format!("{} loses the role {}.", person.name, grant.role.label()))) },
        ])
    });
    let form = ui::Form::new(format!("{at}/grant"), "Grant")
        .errors(&fields.errors())
        .field(ui::Field::select("role", "Role", role_choices(fields.get("role"), false)))
        .field(ui::Field::select("scope", "Where", names.choices()).hint("Everything, one family, or one product."));
    let access_buttons = html! {
        (ui::ButtonForm::new("New link", format!("{at}/link")).confirm("The person sets a new password by this link. Links made before stop working."))
        @if person.state == PersonState::Disabled {
            (ui::ButtonForm::new("Let in again", format!("{at}/enable")).with("revision", person.revision))
        } @else {
            (ui::ButtonForm::new("Disable", format!("{at}/disable")).with("revision", person.revision).weight(ui::Weight::Danger)
                .confirm(format!("{} is signed out everywhere and cannot sign in any more. What they did stays in the log.", person.name)))
        }
    };
    let body = ui::columns(
        html! {
            (ui::panel("Roles", html! { (ui::Table::new("Roles").columns(["Role", "Where", ""]).rows(rows).empty(ui::empty_state("No role yet", "Grant the first one below."))) }))
            (ui::panel("Grant a role", html! { (form) }))
        },
        ui::panel("Sessions", sessions_table(&sessions, &format!("{at}/end-session"), ctx.now)),
    );
    let shell = ui::Shell::new(person.name.as_str())
        .subtitle(person.email.as_str())
        .badges(state_badge(person.state))
        .actions(access_buttons)
        .crumbs(vec![ui::Crumb::link("People", "/desk/people"), ui::Crumb::here(person.name.as_str())]);
    Ok(desk_page(ctx, "people", flashed, shell, body))
}

/// `POST /desk/people/{id}/grant`
pub(super) async fn grant(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let scope = products::scope_names(&mut tx).await?.parse(fields.get("scope"));
    drop(tx);
    let (Some(role), Some(scope)) = (Role::parse(fields.get("role")), scope) else {
        let fields = fields.with_errors(Error::invalid("role", "Choose a role and where it counts."))?;
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, page(&ctx, id, Flashed::default(), &fields).await?).into_response()
        );
    };
    access::grant(&ctx, id, Grant { role, scope }).await?;
    Ok(redirect_with(&format!("/desk/people/{id}"), &format!("{} is granted.", role.label())))
}

/// `POST /desk/people/{id}/revoke`
pub(super) async fn revoke(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    fields: Fields,
) -> Result<Response, PageError> {
    access::revoke(&ctx, id, fields.get("grant")).await?;
    Ok(redirect_with(&format!("/desk/people/{id}"), "The role is taken back."))
}

/// `POST /desk/people/{id}/disable`
pub(super) async fn disable(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    fields: Fields,
) -> Result<Response, PageError> {
    access::disable(&ctx, id, fields.revision()?).await?;
    Ok(redirect_with(&format!("/desk/people/{id}"), "Disabled; all sessions have ended."))
}

/// `POST /desk/people/{id}/enable`
pub(super) async fn enable(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    fields: Fields,
) -> Result<Response, PageError> {
    access::enable(&ctx, id, fields.revision()?).await?;
    Ok(redirect_with(&format!("/desk/people/{id}"), "May sign in again."))
}

/// `POST /desk/people/{id}/link`
pub(super) async fn link(Operation(ctx): Operation, Path(id): Path<Id<kinds::Person>>) -> Result<Markup, PageError> {
    let link = access::resend_link(&ctx, id).await?;
    let mut tx = ctx.read().await?;
    let person = access::load_person(&mut tx, id).await?;
    Ok(link_page(&ctx, id, &person.name, &link))
}

/// `POST /desk/people/{id}/end-session`
pub(super) async fn end_session(
    Operation(ctx): Operation,
    Path(id): Path<Id<kinds::Person>>,
    fields: Fields,
) -> Result<Response, PageError> {
    access::end_session(&ctx, id, fields.get("session")).await?;
    Ok(redirect_with(&format!("/desk/people/{id}"), "The session has ended."))
}
