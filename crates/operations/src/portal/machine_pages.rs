//! Serving files to machines: entity tags, conditional requests, every origin may read them.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kernel::Error;
use web::{Operation, PageError, Path, Query};

use super::feed;
use super::state::{self, File};

/// Whether the client has this version of the file already (RFC 9110 section 13.1.2 and 13.1.3).
fn is_known(file: &File, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = text(header::IF_NONE_MATCH) {
        return tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == file.tag);
    }
    text(header::IF_MODIFIED_SINCE).is_some_and(|since| since == http_date(file))
}

fn http_date(file: &File) -> String {
    file.changed.rfc2822().replace("+0000", "GMT")
}

/// The file, or the word that it did not change.
pub(super) fn serve(file: &File, headers: &HeaderMap) -> Response {
    let known = is_known(file, headers);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, file.media_type)], file.bytes.as_ref().clone()).into_response()
    };
    let fixed = [
        (header::ETAG, file.tag.clone()),
        (header::LAST_MODIFIED, http_date(file)),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// `GET /feeds/advisories.atom`.
pub(super) async fn atom(Operation(ctx): Operation, query: Query, headers: HeaderMap) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let state = state::load(&mut tx, &ctx).await?;
    let base = ctx.url("").trim_end_matches('/').to_owned();
    // Only letters that a product's name in addresses can have reach the feed.
    let product: String = query.get("product").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Ok(serve(&feed::atom(&state, &base, &product, ctx.now), &headers))
}

/// `GET /.well-known/csaf/`.
pub(super) async fn csaf_root(Operation(ctx): Operation, headers: HeaderMap) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let state = state::load(&mut tx, &ctx).await?;
    let file = state.files.get("").ok_or(Error::NotFound { what: "file" })?;
    Ok(serve(file, &headers))
}

/// `GET /.well-known/csaf/…`.
pub(super) async fn csaf(
    Operation(ctx): Operation,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let state = state::load(&mut tx, &ctx).await?;
    if let Some(file) = state.files.get(&path).or_else(|| state.files.get(&format!("{path}/"))) {
        return Ok(serve(file, &headers));
    }
    let place = state.documents.get(&path).ok_or(Error::NotFound { what: "file" })?;
    Ok(serve(&state.document(&mut tx, *place).await?, &headers))
}
