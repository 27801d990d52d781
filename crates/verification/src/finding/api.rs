//! What pipelines post and get: scan reports of releases and branches, and the findings as SARIF.

use axum::Json;
use axum::extract::FromRequest;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use kernel::{Error, Permission, Result};
use platform::Ctx;
use register::products::{Product, Release};
use serde_json::{Value, json};
use web::{ApiError, Download, Fields, Operation, Path, Query};

use super::import::{self, Sent, Taken};
use super::model::{Import, ImportId, Practice};
use super::{sarif, store};

/// The product of this short name, where the actor has the permission.
async fn load_product(ctx: &Ctx, slug: &str, permission: Permission) -> Result<Product> {
    let mut tx = ctx.read().await?;
    let products = register::products::list_products(&mut tx).await?;
    let product =
        products.into_iter().find(|product| product.slug == slug).ok_or(Error::NotFound { what: "product" })?;
    ctx.require(permission, product.scope(), "product")?;
    Ok(product)
}

async fn load_release(ctx: &Ctx, product: &Product, version: &str) -> Result<Release> {
    let mut tx = ctx.read().await?;
    let releases = register::products::list_releases(&mut tx, product.id).await?;
    releases.into_iter().find(|release| release.version == version).ok_or(Error::NotFound { what: "release" })
}

/// What comes with a report: its bytes, and what the sender says of it.
struct Posted {
    name: String,
    content: Vec<u8>,
    said: Vec<(String, String)>,
}

impl Posted {
    fn get(&self, name: &str) -> &str {
        self.said.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// A report as the body itself, or as a part of a form; options in the query or in the form.
async fn posted(query: &Query, headers: &HeaderMap, request: axum::extract::Request) -> Result<Posted, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut said: Vec<(String, String)> = ["tool", "scope", "practice", "confirm", "name"]
        .into_iter()
        .map(|name| (name.to_owned(), query.get(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if kind.starts_with("multipart/form-data") {
        let unreadable = || Error::Refused {
            code: "form-unreadable",
            words: "The form could not be read. Send the report as the part named file.".to_owned(),
        };
        let mut fields = Fields::from_request(request, &()).await.map_err(|_| unreadable())?;
        let upload = fields.take_uploads().into_iter().next();
        let upload = upload.ok_or_else(|| Error::invalid("file", "Send the report as the part named file."))?;
        said.extend(fields.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())));
        return Ok(Posted { name: upload.name, content: upload.content, said });
    }
    let content = axum::body::Bytes::from_request(request, &()).await.map_err(|rejection| Error::Refused {
        code: if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { "too-large" } else { "body-unreadable" },
        words: "The report could not be taken in: it is larger than this server accepts, or broke off. Send it again, \
                smaller or compressed as ZIP."
            .to_owned(),
    })?;
    let name = query.get("name");
    let name = if name.is_empty() { "report".to_owned() } else { name.to_owned() };
    Ok(Posted { name, content: content.into(), said })
}

async fn take(
    ctx: &Ctx,
    product: Product,
    release: Option<Release>,
    branch: String,
    posted: Posted,
) -> Result<Response, ApiError> {
    let practice = match posted.get("practice") {
        "" => None,
        name => Some(Practice::parse(name).ok_or_else(|| {
            Error::invalid(
                "practice",
                "The practice is implementation_review or security_testing; leave it out to have it found by the tool.",
            )
        })?),
    };
    let sent = Sent {
        tool: posted.get("tool").to_owned(),
        scope: posted.get("scope").to_owned(),
        confirmed: matches!(posted.get("confirm"), "true" | "1" | "yes" | "on"),
        product,
        release,
        branch,
        name: posted.name,
        content: posted.content,
        practice,
    };
    let slug = sent.product.slug.clone();
    let taken = import::take(ctx, sent).await?;
    let status = match &taken {
        Taken::Same(_) => StatusCode::OK,
        Taken::Done(_) => StatusCode::CREATED,
        Taken::Queued(_) => StatusCode::ACCEPTED,
    };
    let location = format!("/api/v1/products/{slug}/scans/{}", taken.import().id);
    let body = json!({"scan": wire(ctx, taken.import()), "unchanged": matches!(taken, Taken::Same(_))});
    Ok((status, [(header::LOCATION, location)], Json(body)).into_response())
}

fn wire(ctx: &Ctx, import: &Import) -> Value {
    let counts = import.counts;
    json!({
        "id": import.id.to_string(),
        "state": import.state.as_str(),
        "practice": import.practice.map(Practice::as_str),
        "kind": import.kind.map(super::model::Kind::as_str),
        "tool": import.tool,
        "scanners": import.scanners,
        "scope": import.scope,
        "file": import.file_name,
        "sha256": import.sha256,
        "problem": import.problem,
        "warnings": import.warnings.lines().collect::<Vec<_>>(),
        "findings": counts.total,
        "new": counts.added,
        "kept": counts.kept,
        "changed": counts.changed,
        "closed": counts.closed,
        "reopened": counts.reopened,
        "carried_over": counts.carried,
        "created_at": import.created_at.rfc3339(),
        "finished_at": import.finished_at.map(kernel::Timestamp::rfc3339),
        "page": ctx.url(&format!("/desk/findings/imports/{}", import.id)),
    })
}

/// `POST /api/v1/products/{slug}/releases/{version}/scans`
pub(super) async fn post_release(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
    query: Query,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Response, ApiError> {
    let product = load_product(&ctx, &slug, Permission::WorkPlans).await?;
    let release = load_release(&ctx, &product, &version).await?;
    let posted = posted(&query, &headers, request).await?;
    take(&ctx, product, Some(release), String::new(), posted).await
}

/// `POST /api/v1/products/{slug}/branches/{branch}/scans`
pub(super) async fn post_branch(
    Operation(ctx): Operation,
    Path((slug, branch)): Path<(String, String)>,
    query: Query,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Response, ApiError> {
    let product = load_product(&ctx, &slug, Permission::WorkPlans).await?;
    let posted = posted(&query, &headers, request).await?;
    take(&ctx, product, None, branch, posted).await
}

/// `GET /api/v1/products/{slug}/scans/{id}`
pub(super) async fn show(
    Operation(ctx): Operation,
    Path((slug, id)): Path<(String, ImportId)>,
) -> Result<Response, ApiError> {
    let product = load_product(&ctx, &slug, Permission::ReadPlans).await?;
    let mut tx = ctx.read().await?;
    let import = store::load_import(&mut tx, id).await?;
    if import.product != product.id {
        return Err(Error::NotFound { what: "scan" }.into());
    }
    Ok(Json(json!({"scan": wire(&ctx, &import)})).into_response())
}

/// `GET /api/v1/products/{slug}/releases/{version}/findings.sarif`
pub(super) async fn sarif_release(
    Operation(ctx): Operation,
    Path((slug, version)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let product = load_product(&ctx, &slug, Permission::ReadPlans).await?;
    let release = load_release(&ctx, &product, &version).await?;
    Ok(sarif_of(&ctx, &product, Some(release.id), "", &version).await?)
}

/// `GET /api/v1/products/{slug}/branches/{branch}/findings.sarif`
pub(super) async fn sarif_branch(
    Operation(ctx): Operation,
    Path((slug, branch)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let product = load_product(&ctx, &slug, Permission::ReadPlans).await?;
    Ok(sarif_of(&ctx, &product, None, &branch, &branch).await?)
}

/// The findings of a release or branch as a SARIF file; a log without results when nothing was sent for it.
pub(super) async fn sarif_of(
    ctx: &Ctx,
    product: &Product,
    release: Option<register::products::ReleaseId>,
    branch: &str,
    name: &str,
) -> Result<Response> {
    let mut tx = ctx.read().await?;
    let target = store::load_target_of(&mut tx, product.id, release, branch).await?;
    let findings = match target {
        Some(target) => store::list_export(&mut tx, target.id).await?,
        None => Vec::new(),
    };
    drop(tx);
    let body = tokio::task::spawn_blocking(move || sarif::log(&findings, env!("CARGO_PKG_VERSION")))
        .await
        .map_err(Error::internal)?;
    let file = format!("{}-{}.sarif", product.slug, name.replace('/', "-"));
    Ok(Download::new(&file, body).of_type("application/sarif+json").into_response())
}
