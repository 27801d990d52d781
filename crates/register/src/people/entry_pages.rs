//! Pages before one is signed in.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Error;
use maud::{Markup, html};
use platform::access::{self, LinkPurpose};
use platform::rate::Class;
use web::{Fields, Flashed, Operation, PageError, Path, Query, SessionToken, Visitor, redirect, session_cookie, ui};

/// `GET /desk/sign-in`
pub(super) async fn sign_in_form(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Response {
    if ctx.actor.person().is_some() {
        return redirect(&safe_next(query.get("next")));
    }
    entry_form(&Fields::of([("next", query.get("next").to_owned())]), flashed).into_response()
}

fn entry_form(fields: &Fields, flashed: Flashed) -> Markup {
    let form = ui::Form::new("/desk/sign-in", "Sign in")
        .errors(&fields.errors())
        .hidden("next", fields.get("next"))
        .field(ui::Field::email("email", "Mail address").value(fields.get("email")).autocomplete("username").required())
        .field(ui::Field::password("password", "Password").autocomplete("current-password").required());
    let body = html! {
        @for message in flashed.messages() { (ui::alert(ui::Tone::Good, "", html! { (message.text) })) }
        (form)
        p class="muted small" { "No account, or the password is lost? An administrator can send you a link." }
    };
    ui::sign_in("Sign in", "For the vendor's own people.", body)
}

/// Only an address on our own desk, so that a link cannot send people elsewhere after they signed in.
fn safe_next(next: &str) -> String {
    let plain =
        next.starts_with("/desk") && !next.starts_with("//") && !next.contains('\\') && !next.contains("/sign-in");
    if plain { next.to_owned() } else { "/desk".to_owned() }
}

/// `POST /desk/sign-in`
pub(super) async fn sign_in(
    Operation(ctx): Operation,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, PageError> {
    let entered =
        access::sign_in(&ctx, fields.get("email"), fields.get("password"), &visitor.address, &visitor.agent).await;
    match entered {
        Ok(token) => {
            let mut response = redirect(&safe_next(fields.get("next")));
            response.headers_mut().append(header::SET_COOKIE, session_cookie(&ctx, &token)?);
            Ok(response)
        }
        Err(error) => {
            let too_often = matches!(&error, Error::Refused { code: "too-many-tries", .. });
            let status = if too_often { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
            let fields = fields.with_errors(error)?;
            Ok((status, entry_form(&fields, Flashed::default())).into_response())
        }
    }
}

/// `POST /desk/sign-out`
pub(super) async fn sign_out(Operation(ctx): Operation, session: Option<SessionToken>) -> Result<Response, PageError> {
    if let Some(SessionToken(token)) = session {
        access::sign_out(&ctx, &token).await?;
    }
    let mut response = redirect("/desk/sign-in");
    response.headers_mut().append(header::SET_COOKIE, web::ended_cookie(&ctx)?);
    // The browser forgets what the desk showed.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// `GET /desk/welcome/{token}`: first set-up, an invitation, or a new password.
pub(super) async fn welcome_form(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let mut tx = ctx.read().await?;
    match access::load_link(&mut tx, &ctx, &token).await {
        Ok((purpose, _)) => Ok(welcome_page(purpose, &token, &Fields::default())),
        Err(Error::NotFound { .. }) => Ok(expired_page()),
        Err(error) => Err(error.into()),
    }
}

fn expired_page() -> Markup {
    let body = html! {
        p { "It was used already, is older than its time, or was not copied whole." }
        p { "Ask an administrator for a new one. For first set-up, start the program again: it prints a new link." }
        p { (ui::button_link(ui::Weight::Secondary, "Sign in", "/desk/sign-in")) }
    };
    ui::sign_in("This link does not work any more", "", body)
}

fn welcome_page(purpose: LinkPurpose, token: &str, fields: &Fields) -> Markup {
    let setup = purpose == LinkPurpose::Setup;
    let mut form = ui::Form::new(format!("/desk/welcome/{token}"), if setup { "Set up" } else { "Set password" })
        .errors(&fields.errors());
    if setup {
        form = form
            .field(
                ui::Field::text("name", "Your name")
                    .value(fields.get("name"))
                    .error(fields.error("name"))
                    .autocomplete("name")
                    .required(),
            )
            .field(
                ui::Field::email("email", "Mail address")
                    .value(fields.get("email"))
                    .error(fields.error("email"))
                    .autocomplete("username")
                    .required(),
            );
    }
    let form = form.field(
        ui::Field::password("password", "New password")
            .hint(format!("At least {} characters. A few words in a row do well.", access::MINIMUM_PASSWORD))
            .error(fields.error("password"))
            .autocomplete("new-password")
            .required(),
    );
    let (title, intro) = match purpose {
        LinkPurpose::Setup => (
            "Set up Portcullis",
            "You become the first administrator. You invite the others and give them their roles.",
        ),
        LinkPurpose::Invite => ("Welcome", "Choose a password; then you can sign in."),
        LinkPurpose::Reset => ("New password", "Choose a new password. All your sessions end."),
    };
    ui::sign_in(title, intro, html! { (form) })
}

/// `POST /desk/welcome/{token}`
pub(super) async fn welcome(
    Operation(ctx): Operation,
    visitor: Visitor,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    ctx.platform.rates.take(Class::SecretLink, &visitor.address, ctx.now)?;
    let mut tx = ctx.read().await?;
    let purpose = match access::load_link(&mut tx, &ctx, &token).await {
        Ok((purpose, _)) => purpose,
        Err(Error::NotFound { .. }) => return Ok((StatusCode::NOT_FOUND, expired_page()).into_response()),
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let done = if purpose == LinkPurpose::Setup {
        access::first_setup(&ctx, &token, fields.get("email"), fields.get("name"), fields.get("password")).await
    } else {
        access::accept_invitation(&ctx, &token, fields.get("password")).await
    };
    match done {
        Ok(_) => Ok(web::redirect_with("/desk/sign-in", "Your password is set. You can sign in now.")),
        Err(error) => {
            let fields = fields.with_errors(error)?;
            Ok((fields.status(), welcome_page(purpose, &token, &fields)).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn after_signing_in_one_stays_here() {
        assert_eq!(safe_next("/desk/cases?state=triage"), "/desk/cases?state=triage");
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "/report", "/desk/sign-in"] {
            assert_eq!(safe_next(elsewhere), "/desk", "{elsewhere}");
        }
    }
}
