//! Whether the program lives, is ready, and how much work waits. None of it names a case.

use std::fmt::Write;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use kernel::Error;
use subtle::ConstantTimeEq;
use web::{Operation, PageError, Visitor};

/// `GET /health/live`: the program answers.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// `GET /health/ready`: the database answers too.
pub(crate) async fn ready(Operation(ctx): Operation) -> Response {
    let answered = async {
        let mut tx = ctx.read().await?;
        tx.fetch_one("select count(*) as count from schema_change", &[]).await
    };
    match answered.await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// `GET /metrics`: figures for Prometheus, for whoever has the token; without a token only for this machine.
pub(crate) async fn metrics(
    Operation(ctx): Operation,
    visitor: Visitor,
    request: Request,
) -> Result<Response, PageError> {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let allowed = match &ctx.platform.settings.metrics_token {
        Some(token) => bool::from(given.as_bytes().ct_eq(format!("Bearer {}", token.expose()).as_bytes())),
        None => visitor.address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
    };
    if !allowed {
        return Err(Error::NotFound { what: "page" }.into());
    }
    let mut tx = ctx.read().await?;
    let jobs = tx.fetch_all("select state, count(*) as count from job group by state order by state", &[]).await?;
    let mail = tx.fetch_all("select state, count(*) as count from mail_out group by state order by state", &[]).await?;
    let mut text = String::new();
    for (name, help, rows) in
        [("portcullis_jobs", "Jobs by state.", jobs), ("portcullis_mail", "Outgoing mail by state.", mail)]
    {
        let _infallible = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for row in rows {
            let (state, count): (String, i64) = (row.get("state")?, row.get("count")?);
            let _infallible = writeln!(text, "{name}{{state=\"{state}\"}} {count}");
        }
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
