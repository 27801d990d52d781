//! The API by which pipelines post evidence.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use http::StatusCode;
use kernel::{Error, Permission, Result, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use web::{ApiError, Operation, Path};

use super::actions;
use super::model::{Evidence, PostDraft};
use super::store;
use crate::place;
use crate::plan::Which;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    kind: String,
    producer: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    produced_at: Option<String>,
    sent_at: Option<String>,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    measures: BTreeMap<String, u32>,
    file: Option<BodyFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFile {
    name: String,
    content_base64: String,
}

fn moment(field: &str, text: Option<&String>) -> Result<Option<Timestamp>> {
    let words = "This is no time with a zone, such as 2026-11-30T14:05:00Z.";
    text.map(|text| text.parse().map_err(|_| Error::invalid(field, words))).transpose()
}

fn draft(bytes: &[u8]) -> Result<PostDraft> {
    let body: Body = serde_json::from_slice(bytes).map_err(|error| Error::Refused {
        code: "bad-json",
        words: format!("The body cannot be read: {error}. /api/v1/openapi.json says what it holds."),
    })?;
    let is_hash = body.sha256.len() == 64 && body.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !body.sha256.is_empty() && !is_hash {
        return Err(Error::invalid("sha256", "A SHA-256 has 64 hexadecimal digits."));
    }
    let file = match body.file {
        Some(file) => {
            let content = base64::engine::general_purpose::STANDARD
                .decode(file.content_base64.as_bytes())
                .map_err(|error| Error::invalid("file.content_base64", format!("This is not base64: {error}.")))?;
            Some((file.name, content))
        }
        None => None,
    };
    Ok(PostDraft {
        produced_at: moment("produced_at", body.produced_at.as_ref())?,
        sent_at: moment("sent_at", body.sent_at.as_ref())?,
        kind: body.kind,
        title: body.title,
        producer: body.producer,
        url: body.url,
        sha256: body.sha256.to_lowercase(),
        measures: body.measures,
        file,
        digest: hex::encode(Sha256::digest(bytes)),
    })
}

/// `POST /api/v1/products/{slug}/releases/{version}/evidence`
pub(super) async fn post(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let mut tx = ctx.read().await?;
    let place = place::named(&ctx, &mut tx, &slug, &version, Permission::WorkPlans).await?;
    drop(tx);
    let mut draft = draft(&bytes)?;
    if draft.produced_at.is_none() && draft.sent_at.is_none() {
        // A run that says nothing of its time may say the same every night; the same words of another day are a new run.
        draft.digest = hex::encode(Sha256::digest(format!("{} {}", ctx.now.date(), draft.digest)));
    }
    let (id, new) = actions::post(&ctx, &place, draft).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let body = serde_json::json!({"data": {"id": id.to_string(), "new": new, "gate": ctx.url(&format!("/api/v1/products/{slug}/releases/{version}/gate"))}});
    Ok((status, Json(body)).into_response())
}

#[derive(Serialize)]
struct Item {
    id: String,
    kind: &'static str,
    post: Option<String>,
    title: String,
    producer: String,
    produced_at: String,
    sha256: String,
    url: String,
    measures: BTreeMap<String, u32>,
    ended_at: Option<String>,
}

impl From<&Evidence> for Item {
    fn from(one: &Evidence) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind.id(),
            post: one.post.clone(),
            title: one.title.clone(),
            producer: one.producer.clone(),
            produced_at: one.produced_at.rfc3339(),
            sha256: one.sha256.clone(),
            url: one.url.clone(),
            measures: one.measures.clone(),
            ended_at: one.ended_at.map(|ended| ended.rfc3339()),
        }
    }
}

/// `GET /api/v1/products/{slug}/releases/{version}/evidence`: what is on file for the release, the newest first.
pub(super) async fn list(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let mut tx = ctx.read().await?;
    let place = place::named(&ctx, &mut tx, &slug, &version, Permission::ReadPlans).await?;
    let evidence = store::list_of(&mut tx, Which::Release(place.release.id), ctx.now).await?;
    let items: Vec<Item> =
        evidence.iter().rev().filter(|one| one.release == place.release.id).take(500).map(Item::from).collect();
    Ok(Json(serde_json::json!({"data": items})).into_response())
}
