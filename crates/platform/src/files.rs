//! Files: addressed by SHA-256, encrypted at rest under the key of their scope, written before the row that names them.

use std::path::PathBuf;

use db::{Row, Tx};
use kernel::{Error, Id, Result, Timestamp, kinds};
use sha2::{Digest, Sha256};

use crate::{Ctx, vault};

/// The folder that holds the sealed files.
#[derive(Clone, Debug)]
pub struct FileStore {
    folder: PathBuf,
}

/// What is known of a file.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// The file.
    pub id: Id<kinds::File>,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// Length of the content in bytes.
    pub size: i64,
    /// The name it was given, without folders.
    pub name: String,
    /// The media type it was said to have; never trusted for display.
    pub media_type: String,
    /// Whose key it is sealed under.
    pub scope: String,
    /// When it came.
    pub created_at: Timestamp,
}

impl FileStore {
    /// A store in this folder, which is made when it is first written to.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, scope: &str, sha256: &str) -> PathBuf {
        // Two scopes have two keys, so the same content is stored once for each of them.
        let name = hex::encode(Sha256::digest(format!("{scope}\n{sha256}").as_bytes()));
        let (folder, _) = name.split_at(2);
        self.folder.join(folder).join(&name)
    }
}

/// The last part of a name, without control characters and path separators, at most 200 characters.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && *c != '"').take(200).collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    if kept.is_empty() { "unnamed".to_owned() } else { kept }
}

/// Stores a file under the key of `scope`. The content is on disk before this returns; the row becomes visible with
/// the caller's transaction, which also records the action.
///
/// # Errors
/// Unavailable when the disk is full or cannot be written.
pub async fn store(
    ctx: &Ctx,
    tx: &mut Tx,
    scope: &str,
    name: &str,
    media_type: &str,
    content: &[u8],
) -> Result<Id<kinds::File>> {
    let id = ctx.id();
    let sha256 = hex::encode(Sha256::digest(content));
    let key = vault::key(tx, &ctx.platform.master_key, scope, ctx.now).await?;
    let sealed = key.seal(content)?;
    let path = ctx.platform.files.path(scope, &sha256);
    let part = path.with_extension(format!("{id}.part"));
    tokio::task::spawn_blocking(move || write_whole(&path, &part, &sealed))
        .await
        .map_err(Error::internal)?
        .map_err(unavailable)?;
    tx.execute(
        "insert into file (id, sha256, size, name, media_type, scope, created_at, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            sha256.into(),
            content.len().into(),
            safe_name(name).into(),
            media_type.into(),
            scope.into(),
            ctx.now.into(),
            ctx.actor.id_text().into(),
        ],
    )
    .await?;
    Ok(id)
}

fn write_whole(path: &std::path::Path, part: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::File::create(part)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(part, path));
    if written.is_err() {
        let _left_behind = std::fs::remove_file(part);
    }
    written
}

fn unavailable(error: std::io::Error) -> Error {
    Error::Unavailable {
        words: "The file could not be stored. Nothing was changed; please try again in a moment.".to_owned(),
        source: Some(Box::new(error)),
    }
}

/// What is known of a file. The caller decides whether the actor may know it.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_info(tx: &mut Tx, id: Id<kinds::File>) -> Result<FileInfo> {
    let row = tx.fetch_optional("select * from file where id = $1", &[id.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "file" })?)
}

fn read(row: &Row) -> Result<FileInfo> {
    Ok(FileInfo {
        id: row.get("id")?,
        sha256: row.get("sha256")?,
        size: row.get("size")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        scope: row.get("scope")?,
        created_at: row.get("created_at")?,
    })
}

/// The content of a file, opened and checked against its SHA-256.
///
/// # Errors
/// Unavailable when the disk does not give it; internal when it was changed.
pub async fn load_content(ctx: &Ctx, tx: &mut Tx, info: &FileInfo) -> Result<Vec<u8>> {
    let key = vault::existing_key(tx, &ctx.platform.master_key, &info.scope)
        .await?
        .ok_or_else(|| Error::internal("the key of a file is missing"))?;
    let path = ctx.platform.files.path(&info.scope, &info.sha256);
    let sealed =
        tokio::task::spawn_blocking(move || read_whole(&path)).await.map_err(Error::internal)?.map_err(|error| {
            Error::Unavailable {
                words: "The file cannot be read from the store right now.".to_owned(),
                source: Some(Box::new(error)),
            }
        })?;
    let content = key.open(&sealed)?;
    if hex::encode(Sha256::digest(&content)) != info.sha256 {
        return Err(Error::internal(format!("the file {} does not have its checksum", info.id)));
    }
    Ok(content)
}

fn read_whole(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}
