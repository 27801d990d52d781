//! What every request passes: its identifier, the log line, cross-site refusal, security headers, compression.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::Error;
use platform::Platform;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::timeout::TimeoutLayer;

use crate::answer::{Failure, render};
use crate::request::RequestId;
use crate::ui;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the common layers around the routes.
pub(crate) fn dress(router: Router, platform: Arc<Platform>) -> Router {
    let upload = usize::try_from(platform.settings.upload_limit).unwrap_or(usize::MAX);
    let compress = SizeAbove::new(512)
        .and(NotForContentType::const_new("image/"))
        .and(NotForContentType::const_new("application/zip"));
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refuse_cross_site))
        .layer(from_fn(move |request, next| begin(Arc::clone(&platform), request, next)))
        // Multipart bodies carry a little more than the file itself.
        .layer(DefaultBodyLimit::max(upload.saturating_add(1 << 20)))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(120)))
        .layer(CompressionLayer::new().compress_when(compress))
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // The panic hook has logged it; the body says no more than any internal fault.
    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side. Please try again.").into_response()
}

async fn begin(platform: Arc<Platform>, mut request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let id = platform.ids.next::<RequestId>(platform.clock.now()).to_string();
    let method = request.method().clone();
    let path = quiet_path(request.uri().path());
    request.extensions_mut().insert(platform);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", value);
    }
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = id, %method, path, status = response.status().as_u16(), millis, "request");
    response
}

/// The path as the log may have it: secret links lose their secret (P8).
fn quiet_path(path: &str) -> String {
    for secret in ["/report/", "/subscribe/", "/desk/welcome/"] {
        if let Some(rest) = path.strip_prefix(secret) {
            let tail = rest.split_once('/').map_or("", |(_, tail)| tail);
            return format!("{secret}***/{tail}");
        }
    }
    path.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Refuses what another site's page makes a browser send: by `Sec-Fetch-Site`, else by `Origin` against `Host`.
async fn refuse_cross_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_site(&request) {
        return next.run(request).await;
    }
    let error = Error::Refused {
        code: "cross-site",
        words: "This request came from another site's page, so it was refused. Open the page here and try again."
            .to_owned(),
    };
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    match request.extensions().get::<Arc<Platform>>() {
        Some(platform) => {
            let ctx = platform.context(kernel::Actor::Nobody, &id);
            render(&ctx, Failure::new(error, request.uri().path().starts_with("/api/"))).await
        }
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

fn is_same_site(request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    // One-click unsubscribe (RFC 8058) and pipelines come from programs, which send neither header.
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        (Some(_), None) => false,
    }
}

/// Serves the style sheet and the scripts under names with a content hash, for ever.
pub async fn serve_assets(axum::extract::Path(name): axum::extract::Path<String>) -> Response {
    match ui::asset_at(&format!("/assets/{name}")) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::quiet_path;

    #[test]
    fn secrets_stay_out_of_the_log() {
        assert_eq!(quiet_path("/report/AbC123/answer"), "/report/***/answer");
        assert_eq!(quiet_path("/desk/welcome/AbC123"), "/desk/welcome/***/");
        assert_eq!(quiet_path("/advisories/x"), "/advisories/x");
    }
}
