//! One's own account: name, time zone, password, roles, sessions.

use axum::response::{IntoResponse, Response};
use kernel::Error;
use maud::{Markup, html};
use platform::{Ctx, access};
use web::{Fields, Flashed, Operation, PageError, SessionToken, desk_page, redirect_with, ui};

/// `GET /desk/account`
pub(super) async fn show(Operation(ctx): Operation, flashed: Flashed) -> Result<Markup, PageError> {
    page(&ctx, flashed, None, None).await
}

async fn page(
    ctx: &Ctx,
    flashed: Flashed,
    profile: Option<Fields>,
    password: Option<Fields>,
) -> Result<Markup, PageError> {
    let id = ctx.actor.person().ok_or(Error::NotFound { what: "page" })?;
    let mut tx = ctx.read().await?;
    let person = access::load_person(&mut tx, id).await?;
    let sessions = access::list_sessions(&mut tx, id, ctx.now).await?;
    let grants = access::list_grants(&mut tx, Some(id)).await?.remove(&id).unwrap_or_default();
    let profile =
        profile.unwrap_or_else(|| Fields::of([("name", person.name.clone()), ("time_zone", person.time_zone.clone())]));
    let password = password.unwrap_or_default();
    let about = ui::Form::new("/desk/account", "Save")
        .errors(&profile.errors())
        .field(ui::Field::text("name", "Name").value(profile.get("name")).error(profile.error("name")).required())
        .field(
            ui::Field::text("time_zone", "Time zone")
                .hint("For dates you type, such as when to publish. A name such as Europe/Berlin.")
                .value(profile.get("time_zone"))
                .error(profile.error("time_zone"))
                .required(),
        );
    let change = ui::Form::new("/desk/account/password", "Change password")
        .errors(&password.errors())
        .field(
            ui::Field::password("old_password", "Present password")
                .error(password.error("old_password"))
                .autocomplete("current-password")
                .required(),
        )
        .field(
            ui::Field::password("password", "New password")
                .hint(format!("At least {} characters. Your other sessions end.", access::MINIMUM_PASSWORD))
                .error(password.error("password"))
                .autocomplete("new-password")
                .required(),
        );
    let body = html! {
        (ui::columns(
            html! { (ui::panel("About you", html! { (about) })) (ui::panel("Password", html! { (change) })) },
            html! {
                (ui::panel("Roles", super::pages::grants_list(&mut tx, &grants).await?))
                (ui::panel("Sessions", html! {
                    p class="muted" { "Where you are signed in. End what you do not know, and change your password then." }
                    (super::pages::sessions_table(&sessions, "/desk/account/sessions/end", ctx.now))
                }))
            },
        ))
    };
    let shell = ui::Shell::new("Your account").subtitle(person.email);
    Ok(desk_page(ctx, "", flashed, shell, body))
}

/// `POST /desk/account`
pub(super) async fn change(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    match access::set_name(&ctx, fields.get("name"), fields.get("time_zone").trim()).await {
        Ok(()) => Ok(redirect_with("/desk/account", "Saved.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let status = fields.status();
            let markup = page(&ctx, Flashed::default(), Some(fields), None).await?;
            Ok((status, markup).into_response())
        }
    }
}

/// `POST /desk/account/password`
pub(super) async fn change_password(
    Operation(ctx): Operation,
    session: Option<SessionToken>,
    fields: Fields,
) -> Result<Response, PageError> {
    let SessionToken(token) = session.ok_or(Error::NotFound { what: "page" })?;
    match access::change_password(&ctx, &token, fields.get("old_password"), fields.get("password")).await {
        Ok(()) => Ok(redirect_with("/desk/account", "The password is changed; your other sessions have ended.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            let status = fields.status();
            let markup = page(&ctx, Flashed::default(), None, Some(fields)).await?;
            Ok((status, markup).into_response())
        }
    }
}

/// `POST /desk/account/sessions/end`
pub(super) async fn end_session(Operation(ctx): Operation, fields: Fields) -> Result<Response, PageError> {
    let id = ctx.actor.person().ok_or(Error::NotFound { what: "page" })?;
    access::end_session(&ctx, id, fields.get("session")).await?;
    Ok(redirect_with("/desk/account", "The session has ended."))
}
