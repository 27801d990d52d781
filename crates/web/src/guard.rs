//! Before each handler: who calls, whether they may, and the operation context.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode, header};
use kernel::{Actor, Error};
use platform::{Ctx, Platform, access};

use crate::answer::{Failure, render};
use crate::request::{RequestId, SessionToken, Visitor};
use crate::route::Who;

/// The cookie's name: with the browser's own protection where we are reached over TLS.
pub(crate) fn cookie_name(platform: &Platform) -> &'static str {
    if platform.settings.base_url.starts_with("https://") { "__Host-portcullis" } else { "portcullis" }
}

/// The cookie that carries a session's token.
///
/// # Errors
/// Internal; a token always fits into a header.
pub fn session_cookie(ctx: &Ctx, token: &str) -> Result<http::HeaderValue, Error> {
    set_cookie(ctx, token, access::SESSION_LENGTH.as_secs())
}

/// The cookie that makes the browser forget the session.
///
/// # Errors
/// Internal.
pub fn ended_cookie(ctx: &Ctx) -> Result<http::HeaderValue, Error> {
    set_cookie(ctx, "", 0)
}

fn set_cookie(ctx: &Ctx, value: &str, seconds: u64) -> Result<http::HeaderValue, Error> {
    let name = cookie_name(&ctx.platform);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    http::HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"))
        .map_err(Error::internal)
}

pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

fn visitor(request: &Request, platform: &Platform) -> Visitor {
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .map(|address| address.trim().to_owned())
        .filter(|_| platform.settings.behind_proxy);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Visitor { address: forwarded.or(peer).unwrap_or_else(|| "unknown".to_owned()), agent: agent.to_owned() }
}

async fn actor(base: &Ctx, headers: &HeaderMap, who: Who) -> Result<(Actor, Option<SessionToken>), Error> {
    if let Who::Machine(_) = who {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(text) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            return Ok((access::authenticate_machine(base, text.trim()).await?, None));
        }
    }
    let Some(token) = cookie(headers, cookie_name(&base.platform)) else { return Ok((Actor::Nobody, None)) };
    let token = token.to_owned();
    Ok(match access::authenticate(base, &token).await? {
        Some(actor) => (actor, Some(SessionToken(token))),
        None => (Actor::Nobody, None),
    })
}

/// Lets a request through to its handler, or answers for it.
///
/// What somebody may not see answers like what does not exist; nobody at all is asked to sign in, which tells nothing,
/// since every desk address asks the same.
pub(crate) async fn check(who: Who, mut request: Request, next: Next) -> Response {
    let Some(platform) = request.extensions().get::<Arc<Platform>>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let request_id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let base = platform.context(Actor::Nobody, &request_id);
    let asked = Asked::of(&request);
    let headers = request.headers().clone();
    let (path, api) = (asked.path.as_str(), asked.api);
    let (actor, session) = match actor(&base, &headers, who).await {
        Ok(found) => found,
        Err(error) => return render(&base, Failure::new(error, api)).await,
    };
    let ctx = base.acting_as(actor);
    let allowed = match who {
        Who::Anyone => true,
        Who::SignedIn => ctx.actor.person().is_some(),
        Who::May(permission) | Who::Machine(permission) => ctx.actor.may_somewhere(permission),
    };
    if !allowed {
        return refuse(&ctx, &asked).await;
    }
    let visitor = visitor(&request, &platform);
    request.extensions_mut().insert(ctx.clone());
    request.extensions_mut().insert(visitor);
    if let Some(session) = session {
        request.extensions_mut().insert(session);
    }
    let mut response = next.run(request).await;
    if path.starts_with("/desk") || api {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(http::HeaderValue::from_static("no-store"));
    }
    match response.extensions_mut().remove::<Failure>() {
        Some(failure) => render(&ctx, failure.for_api(api)).await,
        None => response,
    }
}

/// What is asked for, apart from the body, which cannot be shared between threads.
struct Asked {
    method: http::Method,
    path: String,
    query: Option<String>,
    api: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let path = request.uri().path().to_owned();
        Self {
            method: request.method().clone(),
            api: path.starts_with("/api/"),
            query: request.uri().query().map(str::to_owned),
            path,
        }
    }
}

async fn refuse(ctx: &Ctx, asked: &Asked) -> Response {
    let api = asked.api;
    if ctx.actor == Actor::Nobody && api {
        let error = Error::Refused {
            code: "token-missing",
            words: "Send an access token of the product: Authorization: Bearer pcl_…".to_owned(),
        };
        return render(ctx, Failure::new(error, true)).await;
    }
    if ctx.actor == Actor::Nobody {
        let target = if asked.method == http::Method::GET {
            let query = asked.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
            let next = format!("{}{query}", asked.path);
            let encoded = percent_encoding::utf8_percent_encode(&next, percent_encoding::NON_ALPHANUMERIC);
            format!("/desk/sign-in?next={encoded}")
        } else {
            "/desk/sign-in".to_owned()
        };
        return Redirect::to(&target).into_response();
    }
    render(ctx, Failure::new(Error::NotFound { what: "page" }, api)).await
}

/// The answer for addresses that no route has: under the desk, nobody is asked to sign in first, as everywhere there.
pub(crate) async fn not_found(request: Request) -> Response {
    let Some(platform) = request.extensions().get::<Arc<Platform>>().cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let request_id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let base = platform.context(Actor::Nobody, &request_id);
    let asked = Asked::of(&request);
    let headers = request.headers().clone();
    drop(request);
    let actor = actor(&base, &headers, Who::SignedIn).await.map_or(Actor::Nobody, |(actor, _)| actor);
    let ctx = base.acting_as(actor);
    if ctx.actor == Actor::Nobody && asked.path.starts_with("/desk") {
        return refuse(&ctx, &asked).await;
    }
    render(&ctx, Failure::new(Error::NotFound { what: "page" }, asked.api)).await
}
