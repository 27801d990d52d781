//! What can be done with question models: bring along the built-in ones, import others.

use db::Tx;
use kernel::{Error, Permission, RecordRef, Result, Scope};
use maturity::{Model, Scale};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::{Folder, Upload};

use super::model::{ModelId, ModelRow, Source};
use super::store;

/// The folder of a model.
const FOLDER: Folder =
    Folder { what: "a model", endings: &[".yml", ".yaml", ".toml"], most_bytes: 32 << 20, most_entries: 20_000 };

/// A model ready to be kept.
pub(crate) struct Prepared {
    row: ModelRow,
    document: String,
    digest: String,
}

/// What an import came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// A new model.
    New(ModelId),
    /// Exactly this model is there already; nothing was written.
    Known(ModelId),
}

/// Loads our own questions in both scorings, where they are not there yet.
///
/// # Errors
/// When the database does not answer.
pub async fn load_built_in(ctx: &Ctx) -> Result<()> {
    for (scale, name) in [(Scale::Fifths, "1.5"), (Scale::Quarters, "2.x")] {
        let mut model = maturity::read_catalogue(content::MATURITY_QUESTIONS, scale).map_err(Error::internal)?;
        let series = format!("{}/{name}", model.id);
        model.title = format!("{} ({name} scoring)", model.title);
        let prepared = prepare(ctx, &model, series, Source::BuiltIn)?;
        let mut look = ctx.read().await?;
        let known = store::find(&mut look, &prepared.digest).await?;
        drop(look);
        if known.is_none() {
            keep(ctx, &prepared).await?;
        }
    }
    Ok(())
}

/// Reads an uploaded model and keeps it.
///
/// # Errors
/// Invalid with file, line and reason; nothing of it is kept then.
pub async fn import(ctx: &Ctx, uploads: Vec<Upload>, scale: Scale) -> Result<Imported> {
    ctx.require(Permission::RunProgramme, Scope::All, "page")?;
    let read = tokio::task::spawn_blocking(move || read(uploads, scale)).await.map_err(Error::internal)?;
    let (model, series, source) = read?;
    let prepared = prepare(ctx, &model, series, source)?;
    let mut look = ctx.read().await?;
    let known = store::find(&mut look, &prepared.digest).await?;
    drop(look);
    if let Some(known) = known {
        return Ok(Imported::Known(known.id));
    }
    keep(ctx, &prepared).await
}

fn read(uploads: Vec<Upload>, scale: Scale) -> Result<(Model, String, Source)> {
    let files = FOLDER.unpack(uploads)?;
    let catalogues: Vec<&(String, Vec<u8>)> =
        files.iter().filter(|(name, _)| name.to_lowercase().ends_with(".toml")).collect();
    let (model, series, source) = if let [(name, bytes)] = catalogues.as_slice() {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::invalid("files", format!("{name} is not UTF-8 text, so it is no catalogue.")))?;
        let model = maturity::read_catalogue(text, scale).map_err(|error| refused(name, &error))?;
        let scoring = if scale == Scale::Fifths { "1.5" } else { "2.x" };
        let series = format!("{}/{scoring}", model.id);
        (model, series, Source::Catalogue)
    } else if catalogues.is_empty() {
        let borrowed: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let model = maturity::read_core_model(&borrowed).map_err(|error| refused("The model", &error))?;
        // Toolbox workbooks of the second generation have the same practices and scoring, so they share the trend.
        (model, "samm-2".to_owned(), Source::ModelFiles)
    } else {
        return Err(Error::invalid("files", "Upload one catalogue at a time, or the .yml files of one model."));
    };
    check(&model)?;
    Ok((model, series, source))
}

fn refused(name: &str, error: &maturity::Error) -> Error {
    let words = match error.line() {
        Some(line) => format!("{name}, line {line}: {error}. Nothing was imported."),
        None => format!("{name}: {error}. Nothing was imported."),
    };
    Error::invalid("files", words)
}

/// What scoring and pages count on beyond what the readers check.
fn check(model: &Model) -> Result<()> {
    let mut practices: Vec<&str> =
        model.functions.iter().flat_map(|function| &function.practices).map(|practice| practice.id.as_str()).collect();
    let count = practices.len();
    practices.sort_unstable();
    practices.dedup();
    if practices.len() != count {
        return Err(Error::invalid("files", "Two practices of the model have the same id. Nothing was imported."));
    }
    if count == 0 {
        return Err(Error::invalid("files", "The model has no practices. Nothing was imported."));
    }
    Ok(())
}

/// Makes a model ready to be kept: its text and digest.
pub(crate) fn prepare(ctx: &Ctx, model: &Model, series: String, source: Source) -> Result<Prepared> {
    let document = serde_json::to_string(model).map_err(Error::internal)?;
    let digest = hex::encode(Sha256::digest(format!("{series}\n{document}").as_bytes()));
    let row = ModelRow {
        id: ctx.id(),
        series,
        title: model.title.clone(),
        source,
        questions: i64::try_from(model.questions().count()).unwrap_or(i64::MAX),
        added_at: ctx.now,
        added_by: ctx.actor.name().to_owned(),
    };
    Ok(Prepared { row, document, digest })
}

/// Keeps a model within somebody else's action, unless it is there.
pub(crate) async fn keep_within(tx: &mut Tx, prepared: &Prepared) -> Result<ModelRow> {
    if let Some(known) = store::find(tx, &prepared.digest).await? {
        return Ok(known);
    }
    store::insert(tx, &prepared.row, &prepared.document, &prepared.digest).await?;
    Ok(prepared.row.clone())
}

async fn keep(ctx: &Ctx, prepared: &Prepared) -> Result<Imported> {
    let mut tx = ctx.begin().await?;
    audit::take_turn(&mut tx).await?;
    // Another instance that started at the same time, or somebody else's import, may have kept it.
    if let Some(known) = store::find(&mut tx, &prepared.digest).await? {
        return Ok(Imported::Known(known.id));
    }
    store::insert(&mut tx, &prepared.row, &prepared.document, &prepared.digest).await?;
    let row = &prepared.row;
    let detail = json!({"series": row.series, "title": row.title, "questions": row.questions, "source": row.source.as_str(), "digest": prepared.digest});
    audit::record(&mut tx, ctx, Entry::new("model.added", RecordRef::new("model", row.id)).with(detail)).await?;
    tx.commit().await?;
    Ok(Imported::New(row.id))
}
