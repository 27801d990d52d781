//! Forms sent to the program from inside, as people would send them from a browser.

use std::sync::Arc;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, header};
use platform::Platform;
use tower::ServiceExt;

use crate::slices;

/// The program's routes, to be called in the process.
#[derive(Clone)]
pub(super) struct Site(Router);

/// Where an action led, and what the page said.
pub(super) struct Answer {
    /// The address of the redirect.
    pub(super) location: String,
}

impl Answer {
    /// The last part of the address without query: usually an identifier.
    pub(super) fn id(&self) -> String {
        let path = self.location.split('?').next().unwrap_or_default();
        path.trim_end_matches("/edit").rsplit('/').next().unwrap_or_default().to_owned()
    }
}

impl Site {
    /// The routes on this platform.
    pub(super) fn new(platform: &Arc<Platform>) -> Self {
        Self(slices::routes().into_router(Arc::clone(platform)))
    }

    /// Sends a form as whoever the cookie belongs to; fails unless the program takes it.
    pub(super) async fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mut request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.0.clone().oneshot(request.body(Body::from(body.join("&")))?).await?;
        let (parts, body) = response.into_parts();
        if !parts.status.is_redirection() {
            let page = to_bytes(body, 1 << 20).await.unwrap_or_default();
            let said = String::from_utf8_lossy(&page);
            let words = said.split("role=\"alert\"").nth(1).unwrap_or(&said);
            bail!("{path} answered {}: {}", parts.status, plain(words).chars().take(600).collect::<String>());
        }
        let location =
            parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).context("no address")?;
        Ok(Answer { location: location.to_owned() })
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The words of a page without its tags, for the message when something is refused.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
