//! Backup and restore of an installation on the embedded database: one tar archive with the database and all files.
//!
//! The master key is left out on purpose: an archive without it is unreadable where it matters.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use db::{Db, Location};

use crate::administration::require_empty;
use crate::log::say;
use crate::{ConfigArgs, start};

const DATABASE: &str = "portcullis.db";
const FILES: &str = "files";

/// Arguments of `portcullis backup`.
#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The archive to write.
    file: PathBuf,
}

/// Arguments of `portcullis restore`.
#[derive(clap::Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The archive to read.
    file: PathBuf,
}

/// `portcullis backup FILE`
pub(crate) fn backup(args: &BackupArgs) -> anyhow::Result<ExitCode> {
    let settings = start::settings(args.config.config.as_deref())?;
    if args.file.exists() {
        bail!("{} is there already; name a new file", args.file.display());
    }
    if matches!(Location::parse(settings.database.expose()), Location::Postgres(_)) {
        bail!(
            "a PostgreSQL database is backed up with pg_dump; copy the folder {} with it",
            settings.data_dir.join(FILES).display()
        );
    }
    start::block_on(async {
        let db =
            Db::open(&Location::parse(settings.database.expose())).await.context("the database cannot be opened")?;
        let scratch = tempfile::tempdir()?;
        let copy = scratch.path().join(DATABASE);
        // The database first: files are written before the rows that name them, so every row finds its file.
        db.backup(copy.clone()).await.context("the database cannot be copied")?;
        let part = args.file.with_extension("part");
        let mut archive = tar::Builder::new(File::create(&part).with_context(|| part.display().to_string())?);
        archive.append_path_with_name(&copy, DATABASE)?;
        let files = settings.data_dir.join(FILES);
        if files.is_dir() {
            archive.append_dir_all(FILES, &files)?;
        }
        archive.into_inner()?.sync_all()?;
        std::fs::rename(&part, &args.file)?;
        say(&format!(
            "{} holds the database and all files. The master key is not in it: keep {} in another safe place.",
            args.file.display(),
            settings.master_key_file.display()
        ));
        Ok(ExitCode::SUCCESS)
    })
}

/// `portcullis restore FILE`
pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let settings = start::settings(args.config.config.as_deref())?;
    let Location::Sqlite(database) = Location::parse(settings.database.expose()) else {
        bail!("a PostgreSQL database is restored with pg_restore");
    };
    if database.exists() {
        bail!(
            "{} is there already. Restore into an empty folder, and move the old one away first.",
            database.display()
        );
    }
    require_empty(&settings.data_dir.join(FILES))?;
    let mut archive = tar::Archive::new(File::open(&args.file).with_context(|| args.file.display().to_string())?);
    let mut found = false;
    for entry in archive.entries().context("this is not an archive of this program")? {
        let mut entry = entry.context("the archive is cut off or damaged; nothing that was restored so far is used")?;
        let path = entry.path()?.into_owned();
        let Some(target) = target(&path, &database, &settings.data_dir) else { continue };
        found = found || target == database;
        if entry.header().entry_type().is_dir() {
            std::fs::create_dir_all(&target)?;
            continue;
        }
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&target).with_context(|| target.display().to_string())?;
        std::io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
    }
    if !found {
        bail!("{} holds no database; is it an archive that portcullis backup wrote?", args.file.display());
    }
    say("Restored. Put the master key where the settings say, then start the server.");
    Ok(ExitCode::SUCCESS)
}

/// Where a path of the archive goes; `None` for what does not belong to us or would leave the folder.
fn target(path: &Path, database: &Path, data_dir: &Path) -> Option<PathBuf> {
    let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !plain {
        return None;
    }
    if path == Path::new(DATABASE) {
        return Some(database.to_owned());
    }
    path.starts_with(FILES).then(|| data_dir.join(path))
}
