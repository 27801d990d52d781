//! The audit log, and whether it is unbroken.

use axum::response::{IntoResponse, Response};
use kernel::{Date, RecordRef, Timestamp};
use maud::html;
use platform::audit::{self, Entry, Filter, Recorded, Verdict};
use serde_json::Value;
use web::{CsvFile, Flashed, Operation, PageError, Query, desk_page, moment, redirect_with, ui};

const ROWS: u32 = 100;

fn filter(query: &Query) -> Filter {
    let day = |name: &str| query.get(name).parse::<Date>().ok();
    Filter {
        action: query.get("action").to_owned(),
        actor: query.get("actor").to_owned(),
        from: day("from").map(Date::start),
        until: day("until").map(|date| date.plus_days(1).start()),
    }
}

/// `GET /desk/audit`
pub(super) async fn list(Operation(ctx): Operation, query: Query, flashed: Flashed) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let csv = query.get("format") == "csv";
    let before = query.get("before").parse().ok();
    let most = if csv { 100_000 } else { ROWS + 1 };
    let mut entries = audit::list(&mut tx, &filter(&query), before, most).await?;
    if csv {
        return Ok(export(&entries).into_response());
    }
    let more = entries.len() > ROWS as usize;
    entries.truncate(ROWS as usize);
    let references: Vec<RecordRef> = entries.iter().map(|entry| entry.root.clone()).collect();
    let cards = ctx.platform.cards.load(&mut tx, &ctx.actor, &references).await?;
    let rows = entries.iter().map(|entry| {
        let root = cards.get(&entry.root);
        ui::Row::new(vec![
            html! { (entry.seq) },
            moment(entry.at),
            html! { (entry.actor_name) },
            html! { code { (entry.action) } },
            html! {
                @match root {
                    Some(card) => a href=(card.link) { (card.title) },
                    None => span class="muted" { (entry.root.kind) },
                }
            },
            html! { span class="small" { (details(&entry.detail)) } },
        ])
    });
    let bar = ui::FilterBar::new("/desk/audit")
        .search("action", query.get("action"), "Action, such as case.")
        .search("actor", query.get("actor"), "Who")
        .date("from", "From", query.get("from"))
        .date("until", "Until", query.get("until"))
        .export(query.with("format", "csv"));
    let table = ui::Table::new("Audit log")
        .column(ui::Column::number("No."))
        .columns(["When", "Who", "Action", "Record", "Detail"])
        .rows(rows)
        .wide()
        .empty(web::empty(
            &query,
            &[],
            "entry",
            ui::empty_state("No entry yet", "Every change is written here, from the first one on."),
        ));
    let last = entries.last().map(|entry: &Recorded| entry.seq.to_string());
    let pager = ui::Pager::new(format!("{} entries", entries.len()))
        .newer((!query.get("before").is_empty()).then(|| query.with("before", "")))
        .older(last.filter(|_| more).map(|seq| query.with("before", &seq)));
    let shell = ui::Shell::new("Audit log")
        .subtitle("Every change, by whom and when. Each entry carries the hash of the one before it.")
        .actions(html! { (ui::ButtonForm::new("Check that it is unbroken", "/desk/audit/verify")) });
    Ok(desk_page(&ctx, "audit", flashed, shell, html! { (bar) (table) (pager) }).into_response())
}

/// The details of an entry as words: names and values, without the empty ones.
fn details(detail: &Value) -> String {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other @ (Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    let Some(fields) = detail.as_object() else { return plain(detail) };
    fields
        .iter()
        .map(|(name, value)| (name.replace('_', " "), plain(value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {value}"))
        .collect::<Vec<_>>()
        .join(" · ")
}

fn export(entries: &[Recorded]) -> CsvFile {
    let mut file = CsvFile::new(
        "audit.csv",
        [
            "seq",
            "at",
            "actor_kind",
            "actor",
            "action",
            "subject_kind",
            "subject",
            "root_kind",
            "root",
            "detail",
            "request",
            "hash",
        ],
    );
    let wire = Timestamp::rfc3339;
    for entry in entries {
        file.row(vec![
            entry.seq.to_string(),
            wire(entry.at),
            entry.actor_kind.clone(),
            entry.actor_name.clone(),
            entry.action.clone(),
            entry.subject.kind.clone(),
            entry.subject.id.clone(),
            entry.root.kind.clone(),
            entry.root.id.clone(),
            entry.detail.to_string(),
            entry.request_id.clone(),
            entry.hash.clone(),
        ]);
    }
    file
}

/// `POST /desk/audit/verify`: reads the whole log; that it was checked is an entry of its own.
pub(super) async fn verify(Operation(ctx): Operation) -> Result<Response, PageError> {
    let mut tx = ctx.read().await?;
    let verdict = audit::verify(&mut tx).await?;
    drop(tx);
    let (words, detail) = match &verdict {
        Verdict::Unbroken { entries, last_hash } => (
            format!("The log is unbroken: {entries} entries, the last with hash {last_hash}."),
            serde_json::json!({"entries": entries}),
        ),
        Verdict::Broken { seq, words } => (
            format!("The log is BROKEN at entry {seq}: {words}. Tell whoever answers for this installation."),
            serde_json::json!({"broken_at": seq}),
        ),
    };
    let mut tx = ctx.begin().await?;
    let subject = RecordRef { kind: "installation".to_owned(), id: "audit".to_owned() };
    audit::record(&mut tx, &ctx, Entry::new("audit.verified", subject).with(detail)).await?;
    tx.commit().await?;
    Ok(redirect_with("/desk/audit", &words))
}
