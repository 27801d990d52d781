//! Jobs and outgoing mail.

use axum::response::{IntoResponse, Response};
use kernel::{Id, RecordRef, kinds};
use maud::{Markup, html};
use platform::audit::{self, Entry};
use platform::{jobs, outbox};
use web::{CsvFile, Flashed, Operation, PageError, Path, Query, ago, desk_page, redirect_with, ui};

const ROWS: u32 = 50;
/// At most so many rows in an export.
const MOST: u32 = 100_000;

fn state(word: &str) -> Markup {
    match word {
        "done" | "sent" => ui::state(ui::Tone::Good, word),
        "failed" => ui::state(ui::Tone::Bad, word),
        "running" => ui::state(ui::Tone::Info, word),
        _ => ui::state(ui::Tone::Warn, word),
    }
}

/// The list that the address asks for, whole.
async fn export(tx: &mut db::Tx, query: &Query, mail: bool) -> kernel::Result<CsvFile> {
    let told = |at: Option<kernel::Timestamp>| at.map(kernel::Timestamp::rfc3339).unwrap_or_default();
    if mail {
        let mut file = CsvFile::new("mail.csv", ["to", "subject", "state", "tries", "queued", "sent", "last_problem"]);
        for row in outbox::list(tx, query.get("state"), None, MOST).await? {
            file.row(vec![
                row.recipient,
                row.subject,
                row.state,
                row.attempts.to_string(),
                row.created_at.rfc3339(),
                told(row.sent_at),
                row.last_error.unwrap_or_default(),
            ]);
        }
        return Ok(file);
    }
    let mut file = CsvFile::new("jobs.csv", ["kind", "state", "tries", "runs", "last_problem"]);
    for row in jobs::list(tx, query.get("state"), None, MOST).await? {
        file.row(vec![
            row.kind,
            row.state,
            row.attempts.to_string(),
            row.run_at.rfc3339(),
            row.last_error.unwrap_or_default(),
        ]);
    }
    Ok(file)
}

/// `GET /desk/jobs`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let mail = query.get("show") == "mail";
    if query.get("format") == "csv" {
        return Ok(export(&mut tx, &query, mail).await?.into_response());
    }
    let tabs = vec![
        ui::Tab::new("Jobs", "/desk/jobs").here(!mail),
        ui::Tab::new("Outgoing mail", "/desk/jobs?show=mail").here(mail),
    ];
    let table = if mail {
        let rows = outbox::list(&mut tx, query.get("state"), query.get("before").parse().ok(), ROWS + 1).await?;
        let next =
            (rows.len() > ROWS as usize).then(|| rows.get(ROWS as usize - 1).map(|row| row.id.to_string())).flatten();
        let shown = rows.iter().take(ROWS as usize).map(|row| {
            ui::Row::new(vec![
                html! { (row.recipient) },
                html! { (row.subject) },
                state(&row.state),
                html! { (row.attempts) },
                ago(row.sent_at.unwrap_or(row.created_at), ctx.now),
                html! { (row.last_error.as_deref().unwrap_or_default()) },
            ])
        });
        html! {
            (ui::Table::new("Outgoing mail").columns(["To", "Subject", "State"]).column(ui::Column::number("Tries")).columns(["When", "Last problem"]).rows(shown)
                .empty(web::empty(&query, &["show"], "mail", ui::empty_state("No mail yet", "Mail to reporters and subscribers is listed here while it waits and after it was sent."))))
            (pager(&query, next))
        }
    } else {
        let rows = jobs::list(&mut tx, query.get("state"), query.get("before").parse().ok(), ROWS + 1).await?;
        let next =
            (rows.len() > ROWS as usize).then(|| rows.get(ROWS as usize - 1).map(|row| row.id.to_string())).flatten();
        let shown = rows.iter().take(ROWS as usize).map(|row| {
            ui::Row::new(vec![
                html! { code { (row.kind) } },
                state(&row.state),
                html! { (row.attempts) },
                ago(row.run_at, ctx.now),
                html! { (row.last_error.as_deref().unwrap_or_default()) },
                html! { @if row.state == "failed" || (row.state == "waiting" && row.attempts > 0) { (ui::ButtonForm::new("Try now", format!("/desk/jobs/{}/retry", row.id))) } },
            ])
        });
        html! {
            (ui::Table::new("Jobs").columns(["Kind", "State"]).column(ui::Column::number("Tries")).columns(["Runs", "Last problem", ""]).rows(shown)
                .empty(web::empty(&query, &["show"], "job", ui::empty_state("No jobs", "Work in the background is listed here."))))
            (pager(&query, next))
        }
    };
    let bar = ui::FilterBar::new("/desk/jobs").keep("show", query.get("show")).select(
        "state",
        "State",
        &ui::Choice::list(
            [
                ("", "All"),
                ("waiting", "Waiting"),
                ("running", "Running"),
                ("done", "Done"),
                ("sent", "Sent"),
                ("failed", "Failed"),
            ],
            query.get("state"),
        ),
    );
    let bar = bar.export(query.with_all(&[("before", ""), ("format", "csv")]));
    let shell = ui::Shell::new("Jobs")
        .subtitle("Work in the background and outgoing mail. What fails is tried again, with growing pauses.")
        .tabs(tabs);
    Ok(desk_page(&ctx, "jobs", flashed, shell, html! { (bar) (table) }).into_response())
}

fn pager(query: &Query, next: Option<String>) -> Markup {
    html! {
        (ui::Pager::new("")
            .newer((!query.get("before").is_empty()).then(|| query.with("before", "")))
            .older(next.map(|id| query.with("before", &id))))
    }
}

/// `POST /desk/jobs/{id}/retry`
pub(super) async fn retry(Operation(ctx): Operation, Path(id): Path<Id<kinds::Job>>) -> Result<Response, PageError> {
    let mut tx = ctx.begin().await?;
    jobs::set_due(&mut tx, id, ctx.now).await?;
    audit::record(&mut tx, &ctx, Entry::new("job.retried", RecordRef::new("job", id))).await?;
    tx.commit().await?;
    Ok(redirect_with("/desk/jobs", "The job runs again within seconds."))
}
