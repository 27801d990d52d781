//! Where mails lie: one in a file, many in an mbox, one a file in a Maildir.

use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use mail::mbox;
use platform::Ctx;

use super::{Imported, import};

/// Files beyond this are not read at all; a mail over its own limit is still kept and shown.
const LARGEST: u64 = 2 << 30;

/// Imports all mails of a file: one, or an mbox of many.
///
/// # Errors
/// When the database or the disk does not answer. What was imported before stays, and a second try passes over it.
pub(crate) async fn import_all(ctx: &Ctx, bytes: &[u8], source: &str) -> Result<Vec<Imported>> {
    if !mbox::is_mbox(bytes) {
        return Ok(vec![import(ctx, bytes, source).await?]);
    }
    let mut done = Vec::new();
    for mail in mbox::split(bytes) {
        done.push(import(ctx, &mail, source).await?);
    }
    Ok(done)
}

/// Imports a file (one mail or an mbox) or a Maildir folder; what became of each mail, by file.
///
/// # Errors
/// When the path cannot be read, or the database does not answer.
pub async fn import_path(ctx: &Ctx, path: &Path) -> Result<Vec<(PathBuf, Imported)>> {
    let start = path.to_owned();
    let files = tokio::task::spawn_blocking(move || files_of(&start)).await.map_err(Error::internal)?;
    let files = files.map_err(|error| unreadable(path, &error))?;
    let mut done = Vec::new();
    for file in files {
        let at = file.clone();
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(at)).await.map_err(Error::internal)?;
        let bytes = bytes.map_err(|error| unreadable(&file, &error))?;
        for imported in import_all(ctx, &bytes, &file.display().to_string()).await? {
            done.push((file.clone(), imported));
        }
    }
    Ok(done)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Refused {
        code: "mail-unreadable",
        words: format!("{}: {error}. Check the path and that it may be read.", path.display()),
    }
}

/// The file itself, or what lies in `new` and `cur` of a Maildir, or the mails in a plain folder; in order of name.
fn files_of(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let found = std::fs::metadata(path)?;
    if found.is_file() {
        if found.len() > LARGEST {
            return Err(std::io::Error::other("the file is larger than 2 GiB; split it first"));
        }
        return Ok(vec![path.to_owned()]);
    }
    let folders = [path.join("new"), path.join("cur")];
    let maildir = folders.iter().any(|folder| folder.is_dir());
    let mut files = Vec::new();
    for folder in folders.iter().filter(|folder| maildir && folder.is_dir()) {
        list(folder, &mut files)?;
    }
    if !maildir {
        list(path, &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    Ok(())
}
