//! A browserless client: cookies, forms, pages as text.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// What the database did for it, who calls and what the guard asks included; others must not ask at the same time.
    pub work: db::Work,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// Where a redirect leads.
    #[must_use]
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Fails the test unless the status is this one; shows the page when it is not.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Fails the test unless the page says `words`.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.text().contains(words), "the page does not say {words:?}:\n{}", self.text());
        self
    }

    /// Fails the test when the page says `words`.
    #[track_caller]
    pub fn keeps_quiet_about(self, words: &str) -> Self {
        assert!(!self.text().contains(words), "the page says {words:?}:\n{}", self.text());
        self
    }
}

/// A client with its cookies.
#[derive(Clone)]
pub struct Client {
    router: Router,
    db: db::Db,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
}

impl Client {
    pub(crate) fn new(router: Router, db: db::Db) -> Self {
        Self { router, db, cookies: BTreeMap::new(), bearer: None }
    }

    /// The same client with an access token.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// Sends a request as it is.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        let before = self.db.work();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes, work: self.db.work().since(before) }
    }

    /// Gets a document and gives how long it took until its first bytes came; the rest is left.
    pub async fn first_bytes(&mut self, path: &str) -> Option<std::time::Duration> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(path).header(header::COOKIE, cookies.join("; ")).body(Body::empty()).unwrap();
        let start = std::time::Instant::now();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let mut body = response.into_body();
        let frame = body.frame().await?.ok()?;
        frame.data_ref().filter(|bytes| !bytes.is_empty())?;
        Some(start.elapsed())
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Posts a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode =
            |text: &str| {
                text.bytes()
                    .map(|byte| {
                        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                    })
                    .collect::<String>()
            };
        let body = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(request).await
    }

    /// Posts a form with files: (field, file name, content).
    pub async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let boundary = "----testbed-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        for (name, file, content) in files {
            body.extend_from_slice(
                format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                     Content-Type: application/octet-stream\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Posts a body of any kind, as a pipeline does.
    pub async fn post_body(&mut self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        self.post_whole(path, media_type, body.to_vec()).await
    }

    /// The same, giving the body away, so that a big one is in memory once.
    pub async fn post_whole(&mut self, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }
}
