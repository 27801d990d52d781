//! What was just done, said once on the next page; kept in a short-lived cookie without secrets.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};

use crate::guard::cookie;
use crate::ui;

const NAME: &str = "portcullis-said";

/// The messages that the last action left.
#[derive(Clone, Debug, Default)]
pub struct Flashed(Option<String>);

impl Flashed {
    /// The messages as the page shell takes them.
    #[must_use]
    pub fn messages(self) -> Vec<ui::Flash> {
        self.0.into_iter().map(ui::Flash::good).collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Flashed {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let text = cookie(&parts.headers, NAME).and_then(|value| {
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
            Some(decoded.chars().filter(|c| !c.is_control()).take(300).collect::<String>())
        });
        Ok(Self(text.filter(|text| !text.is_empty())))
    }
}

/// Goes to another page after an action.
#[must_use]
pub fn redirect(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// Goes to another page, which says `message` once.
#[must_use]
pub fn redirect_with(to: &str, message: &str) -> Response {
    let encoded = percent_encoding::utf8_percent_encode(message, percent_encoding::NON_ALPHANUMERIC);
    let mut response = redirect(to);
    // Five seconds are enough for the redirect; the next page but one must not say it again.
    if let Ok(value) = HeaderValue::from_str(&format!("{NAME}={encoded}; Path=/; Max-Age=5; HttpOnly; SameSite=Lax")) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
