//! How errors become answers: one exhaustive conversion into pages and JSON problems.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Error;
use maud::html;
use platform::Ctx;

use crate::{desk, ui};

/// An error of a page handler; the guard turns it into an error page.
pub struct PageError(pub Error);

/// An error of an API handler; the guard turns it into a JSON problem.
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// An error on its way to the guard, which knows who asked.
#[derive(Clone)]
pub(crate) struct Failure {
    error: std::sync::Arc<Error>,
    api: bool,
}

impl Failure {
    pub(crate) fn new(error: Error, api: bool) -> Self {
        Self { error: std::sync::Arc::new(error), api }
    }

    pub(crate) fn for_api(mut self, api: bool) -> Self {
        self.api = self.api || api;
        self
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        carry(self.0, false)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        carry(self.0, true)
    }
}

fn carry(error: Error, api: bool) -> Response {
    let mut response = status(&error).into_response();
    response.extensions_mut().insert(Failure::new(error, api));
    response
}

/// The one conversion of errors into HTTP.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Refused { code, .. } => match *code {
            "too-many-tries" => StatusCode::TOO_MANY_REQUESTS,
            "token-missing" | "token-refused" => StatusCode::UNAUTHORIZED,
            "cross-site" => StatusCode::FORBIDDEN,
            "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        },
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Stale { .. } => StatusCode::CONFLICT,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(error: &Error) -> &'static str {
    match error {
        Error::NotFound { .. } => "Not found",
        Error::Refused { .. } => "This is not possible",
        Error::Invalid(_) => "Please mend this",
        Error::Stale { .. } => "Changed in the meantime",
        Error::Unavailable { .. } => "Not available right now",
        Error::Internal(_) => "Something went wrong",
    }
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::NotFound { .. } => "not-found",
        Error::Refused { code, .. } => code,
        Error::Invalid(_) => "invalid",
        Error::Stale { .. } => "stale",
        Error::Unavailable { .. } => "unavailable",
        Error::Internal(_) => "internal",
    }
}

/// Internal faults are logged once, here, with the identifier that the person sees.
fn log(ctx: &Ctx, error: &Error) {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error {
        Error::Internal(_) => tracing::error!(request = ctx.request_id, error = source, "internal fault"),
        Error::Unavailable { words, .. } => {
            tracing::warn!(request = ctx.request_id, words, error = source, "unavailable");
        }
        Error::NotFound { .. } | Error::Refused { .. } | Error::Invalid(_) | Error::Stale { .. } => {}
    }
}

pub(crate) async fn render(ctx: &Ctx, failure: Failure) -> Response {
    let error = failure.error.as_ref();
    log(ctx, error);
    let status = status(error);
    let mut response = if failure.api { problem(ctx, error, status) } else { page(ctx, error, status).await };
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn problem(ctx: &Ctx, error: &Error, status: StatusCode) -> Response {
    let fields: Vec<_> = match error {
        Error::Invalid(fields) => {
            fields.iter().map(|field| serde_json::json!({"field": field.field, "message": field.words})).collect()
        }
        Error::NotFound { .. }
        | Error::Refused { .. }
        | Error::Stale { .. }
        | Error::Unavailable { .. }
        | Error::Internal(_) => Vec::new(),
    };
    let body = serde_json::json!({"error": {
        "code": code(error), "message": error.to_string(), "fields": fields, "request_id": ctx.request_id,
    }});
    (status, Json(body)).into_response()
}

async fn page(ctx: &Ctx, error: &Error, status: StatusCode) -> Response {
    let home =
        if ctx.actor.person().is_some() { ("/desk", "Go to the overview") } else { ("/", "Go to the start page") };
    let request = if status.is_server_error() { ctx.request_id.as_str() } else { "" };
    let words = match error {
        Error::NotFound { .. } => "There is nothing at this address, or it is not for you to see. Check the address for typing mistakes.".to_owned(),
        Error::Internal(_) => {
            "Something went wrong on our side. Nothing was changed. Please try again; if it happens once more, tell your administrator the number below."
                .to_owned()
        }
        Error::Refused { .. } | Error::Invalid(_) | Error::Stale { .. } | Error::Unavailable { .. } => error.to_string(),
    };
    let actions = html! { (ui::button_link(ui::Weight::Primary, home.1, home.0)) };
    // The frame has the heading already.
    let body = ui::problem("", &words, request, actions);
    let markup = desk::error_page(ctx, title(error), body).await;
    (status, markup).into_response()
}
