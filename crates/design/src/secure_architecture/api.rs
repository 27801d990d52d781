//! The API of pipelines: post an SBOM.

use axum::Json;
use axum::body::Bytes;
use kernel::{Error, Permission};
use serde::Serialize;
use web::{ApiError, Operation, Path};

use super::actions::{self, Added};
use super::store;

/// What a pipeline is told.
#[derive(Serialize)]
pub(super) struct Answer {
    state: &'static str,
    components: i64,
    without_version: i64,
    warnings: usize,
}

/// `POST /api/v1/products/{slug}/releases/{version}/sbom`: the body is the document.
pub(super) async fn upload(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Answer>, ApiError> {
    let mut tx = ctx.read().await?;
    let release = store::load_release_named(&mut tx, &slug, &version).await?;
    actions::place(&mut tx, &ctx, release, Permission::WorkPlans).await?;
    drop(tx);
    if body.is_empty() {
        return Err(Error::invalid("body", "Send the SBOM as the body of the request.").into());
    }
    let added = actions::add_sbom(&ctx, release, "posted SBOM", body.to_vec()).await?;
    Ok(Json(match added {
        Added::New { components, without_version, warnings, .. } => {
            Answer { state: "added", components, without_version, warnings }
        }
        Added::Known => Answer { state: "known", components: 0, without_version: 0, warnings: 0 },
    }))
}
