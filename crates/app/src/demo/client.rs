//! Forms sent to the program from inside, as people would send them from a browser.

use std::fmt::Write;
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
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
        let (status, location, page) = self.send(path, request.body(Body::from(body.join("&")))?).await?;
        if !status.is_redirection() {
            bail!("{path} answered {status}: {}", alert(&page));
        }
        Ok(Answer { location })
    }
}

/// A file that goes along with a form.
pub(super) struct Attached<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a str,
}

impl Site {
    /// Sends a form with a file; fails unless the program takes it.
    pub(super) async fn upload(
        &self,
        cookie: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: &Attached<'_>,
    ) -> anyhow::Result<Answer> {
        let edge = "portcullis-demo-edge";
        let mut body = String::new();
        for (name, value) in fields {
            let _infallible =
                write!(body, "--{edge}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        let _infallible = write!(
            body,
            "--{edge}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             content-type: application/octet-stream\r\n\r\n{}\r\n--{edge}--\r\n",
            file.name, file.content
        );
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        let (status, location, page) = self.send(path, request.body(Body::from(body))?).await?;
        if !status.is_redirection() {
            bail!("{path} answered {status}: {}", alert(&page));
        }
        Ok(Answer { location })
    }

    /// Sends a form whose answer is a page, and gives the page back.
    pub(super) async fn page(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        let (status, _, page) = self.send(path, request.body(Body::from(body.join("&")))?).await?;
        if !status.is_success() {
            bail!("{path} answered {status}: {}", alert(&page));
        }
        Ok(page)
    }

    /// Posts as a pipeline does, with its token.
    pub(super) async fn api(&self, token: &str, path: &str, body: String) -> anyhow::Result<()> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let (status, _, said) = self.send(path, request.body(Body::from(body))?).await?;
        if !status.is_success() {
            bail!("{path} answered {status}: {}", said.chars().take(600).collect::<String>());
        }
        Ok(())
    }

    async fn send(&self, path: &str, request: Request<Body>) -> anyhow::Result<(StatusCode, String, String)> {
        let response = self.0.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let page = to_bytes(body, 1 << 20).await.with_context(|| path.to_owned())?;
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok((parts.status, location.to_owned(), String::from_utf8_lossy(&page).into_owned()))
    }
}

/// What a page complains about.
fn alert(page: &str) -> String {
    let words = page.split("role=\"alert\"").nth(1).unwrap_or(page);
    plain(words).chars().take(600).collect()
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
