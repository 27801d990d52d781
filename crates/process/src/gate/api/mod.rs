//! The API of gates.

pub(super) mod openapi;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header;
use kernel::{Error, Permission, Result};
use web::{ApiError, AsOf, Operation, Path, Query};

use super::sign::Subject;
use super::{actions, output};
use crate::place;

/// The tasks of `?assume=a,b&assume=c`.
pub(super) fn assumed(query: &Query) -> Vec<&str> {
    query.all("assume").flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty()).collect()
}

fn artefact(query: &Query) -> Result<Option<Subject>> {
    let sha256 = query.get("sha256").to_lowercase();
    if sha256.is_empty() {
        return Ok(None);
    }
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::invalid("sha256", "A SHA-256 has 64 hexadecimal digits."));
    }
    let name = if query.get("name").is_empty() { "artefact" } else { query.get("name") };
    Ok(Some(Subject { name: name.to_owned(), sha256 }))
}

/// `GET /api/v1/products/{slug}/releases/{version}/gate?format=json|junit|sarif|dsse&gate=&assume=&asof=`
pub(super) async fn gate(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
    query: Query,
) -> Result<Response, ApiError> {
    let mut tx = ctx.read().await?;
    let place = place::named(&ctx, &mut tx, &slug, &version, Permission::ReadPlans).await?;
    let at = AsOf::read(&query, ctx.now)?.at;
    let answer = actions::ask(&mut tx, place, query.get("gate"), &assumed(&query), at).await?;
    match query.get("format") {
        "" | "json" => Ok(Json(serde_json::json!({"data": answer.json(&ctx)})).into_response()),
        "junit" => {
            let body = output::junit(&answer.sheet, &answer.verdict);
            Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], body).into_response())
        }
        "sarif" => {
            let body = output::sarif(&answer.sheet, &answer.verdict, &|path| ctx.url(path)).to_string();
            Ok(([(header::CONTENT_TYPE, "application/sarif+json")], body).into_response())
        }
        "dsse" => {
            let body = actions::signed(&ctx, &mut tx, &answer, artefact(&query)?).await?.to_string();
            Ok(([(header::CONTENT_TYPE, "application/vnd.dsse.envelope+json")], body).into_response())
        }
        other => Err(ApiError(Error::Refused {
            code: "unknown-format",
            words: format!("There is no format {other}. Ask for json, junit, sarif or dsse."),
        })),
    }
}

/// `GET /api/v1/gate-key.pem`
pub(super) async fn key(Operation(ctx): Operation) -> Result<Response, ApiError> {
    let pem = actions::public_key(&ctx).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
