//! Question models in the database.

use std::sync::Arc;

use db::{Row, Tx};
use kernel::{Error, Result};

use super::model::{Document, ModelId, ModelRow, Series, Source};

const ROW: &str = "select m.id, m.series, m.title, m.source, m.questions, m.added_at, m.added_by from strategy_model m";

fn read(row: &Row) -> Result<ModelRow> {
    Ok(ModelRow {
        id: row.get("id")?,
        series: row.get("series")?,
        title: row.get("title")?,
        source: row.read("source", Source::parse)?,
        questions: row.get("questions")?,
        added_at: row.get("added_at")?,
        added_by: row.get("added_by")?,
    })
}

fn document(row: &Row) -> Result<Document> {
    let text: String = row.get("document")?;
    let model = serde_json::from_str(&text).map_err(Error::internal)?;
    Ok(Document { row: read(row)?, model: Arc::new(model) })
}

/// All models, newest first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<ModelRow>> {
    tx.fetch_all(format!("{ROW} order by m.added_at desc, m.id desc limit 500"), &[]).await?.iter().map(read).collect()
}

/// Every series once, with the title of its newest model.
pub(crate) async fn list_series(tx: &mut Tx) -> Result<Vec<Series>> {
    let mut series: Vec<Series> = Vec::new();
    for row in list(tx).await? {
        if !series.iter().any(|known| known.key == row.series) {
            series.push(Series { key: row.series, title: row.title });
        }
    }
    series.sort_by(|a, b| (a.title.as_str(), a.key.as_str()).cmp(&(b.title.as_str(), b.key.as_str())));
    Ok(series)
}

/// One model with its content.
pub(crate) async fn load(tx: &mut Tx, id: ModelId) -> Result<Document> {
    let row = tx.fetch_optional("select * from strategy_model where id = $1", &[id.into()]).await?;
    document(&row.ok_or(Error::NotFound { what: "question model" })?)
}

/// The newest model of a series.
pub(crate) async fn load_newest(tx: &mut Tx, series: &str) -> Result<Document> {
    let row = tx
        .fetch_optional(
            "select * from strategy_model where series = $1 order by added_at desc, id desc limit 1",
            &[series.into()],
        )
        .await?;
    document(&row.ok_or(Error::NotFound { what: "question model" })?)
}

/// The model with exactly this content.
pub(crate) async fn find(tx: &mut Tx, digest: &str) -> Result<Option<ModelRow>> {
    let row = tx.fetch_optional(format!("{ROW} where m.digest = $1"), &[digest.into()]).await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn insert(tx: &mut Tx, row: &ModelRow, document: &str, digest: &str) -> Result<()> {
    tx.execute(
        "insert into strategy_model (id, series, title, source, document, digest, questions, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            row.id.into(),
            row.series.as_str().into(),
            row.title.as_str().into(),
            row.source.as_str().into(),
            document.into(),
            digest.into(),
            row.questions.into(),
            row.added_at.into(),
            row.added_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}
