//! Verbs for whoever runs the installation.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use kernel::{Grant, RecordRef, Role, Scope};
use platform::access;
use platform::audit::{self, Entry, Verdict};
use platform::vault::{self, MasterKey};

use crate::log::say;
use crate::{ConfigArgs, start};

/// `portcullis config …`
#[derive(clap::Subcommand)]
pub(crate) enum ConfigVerb {
    /// Read the settings and say what is wrong with them.
    Check(ConfigArgs),
}

/// `portcullis user …`
#[derive(clap::Subcommand)]
pub(crate) enum UserVerb {
    /// Add a person and print the link by which they set a password.
    Add(AddArgs),
}

/// Arguments of `portcullis user add`.
#[derive(clap::Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Mail address.
    email: String,
    /// Name.
    name: String,
    /// Role everywhere, such as lead or administrator; may be given more than once.
    #[arg(long)]
    role: Vec<String>,
}

/// `portcullis key …`
#[derive(clap::Subcommand)]
pub(crate) enum KeyVerb {
    /// Wrap all data keys under a new master key.
    Rotate(RotateArgs),
}

/// Arguments of `portcullis key rotate`.
#[derive(clap::Args)]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// File of the new master key; made when it is not there.
    new_key_file: PathBuf,
}

/// `portcullis audit …`
#[derive(clap::Subcommand)]
pub(crate) enum AuditVerb {
    /// Check that the audit log is unbroken.
    Verify(AuditArgs),
}

/// Arguments of `portcullis audit verify`.
#[derive(clap::Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// `portcullis migrate`
pub(crate) fn migrate(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let settings = start::settings(args.config.as_deref())?;
    start::block_on(async {
        let db = db::Db::open(&db::Location::parse(settings.database.expose()))
            .await
            .context("the database cannot be opened")?;
        let report = db::migrate(&db, kernel::clock::now()).await.map_err(start::words)?;
        match report.applied.as_slice() {
            [] => say("The database is up to date."),
            applied => applied.iter().for_each(|change| say(&format!("applied {change}"))),
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `portcullis config check`
pub(crate) fn config(verb: &ConfigVerb) -> anyhow::Result<ExitCode> {
    let ConfigVerb::Check(args) = verb;
    let settings = start::settings(args.config.as_deref())?;
    for (name, value) in settings.lines() {
        say(&format!("{name} = {value}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// `portcullis user add`
pub(crate) fn user(verb: &UserVerb) -> anyhow::Result<ExitCode> {
    let UserVerb::Add(args) = verb;
    let roles = args
        .role
        .iter()
        .map(|text| {
            let all = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
            Role::parse(text).ok_or_else(|| anyhow!("{text} is not a role; use one of: {}", all()))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    start::block_on(async {
        let platform = start::open(args.config.config.as_deref()).await?;
        let ctx = platform.program("command line");
        let (id, link) = access::invite(&ctx, &args.email, &args.name).await.map_err(start::words)?;
        for role in roles {
            access::grant(&ctx, id, Grant { role, scope: Scope::All }).await.map_err(start::words)?;
        }
        say(&format!("{}/desk/welcome/{}", platform.settings.base_url, link.token));
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `portcullis key rotate`
pub(crate) fn key(verb: &KeyVerb) -> anyhow::Result<ExitCode> {
    let KeyVerb::Rotate(args) = verb;
    start::block_on(async {
        let platform = start::open(args.config.config.as_deref()).await?;
        let new = MasterKey::load_or_make(&args.new_key_file).map_err(|words| anyhow!(words))?;
        let ctx = platform.program("command line");
        let mut tx = ctx.begin().await.map_err(start::words)?;
        let count = vault::rewrap(&mut tx, &platform.master_key, &new).await.map_err(start::words)?;
        let subject = RecordRef { kind: "installation".to_owned(), id: "master key".to_owned() };
        let entry = Entry::new("key.rotated", subject).with(serde_json::json!({"data_keys": count}));
        audit::record(&mut tx, &ctx, entry).await.map_err(start::words)?;
        tx.commit().await.map_err(start::words)?;
        say(&format!(
            "{count} data keys are wrapped under the new master key. Set master_key_file to {} before the next start, and keep a copy in a safe place.",
            args.new_key_file.display()
        ));
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `portcullis audit verify`
pub(crate) fn audit(verb: &AuditVerb) -> anyhow::Result<ExitCode> {
    let AuditVerb::Verify(args) = verb;
    start::block_on(async {
        let platform = start::open(args.config.config.as_deref()).await?;
        let mut tx = platform.program("command line").read().await.map_err(start::words)?;
        let verdict = audit::verify(&mut tx).await.map_err(start::words)?;
        match (&verdict, args.json) {
            (Verdict::Unbroken { entries, last_hash }, true) => {
                say(&serde_json::json!({"unbroken": true, "entries": entries, "last_hash": last_hash}).to_string());
            }
            (Verdict::Unbroken { entries, last_hash }, false) => {
                say(&format!("The audit log is unbroken: {entries} entries, the last with hash {last_hash}."));
            }
            (Verdict::Broken { seq, words }, true) => {
                say(&serde_json::json!({"unbroken": false, "entry": seq, "problem": words}).to_string());
            }
            (Verdict::Broken { seq, words }, false) => {
                say(&format!("The audit log is BROKEN at entry {seq}: {words}."));
            }
        }
        Ok(if matches!(verdict, Verdict::Unbroken { .. }) { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}

/// Refuses to work on a data folder that is not empty.
pub(crate) fn require_empty(folder: &std::path::Path) -> anyhow::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    if entries.count() > 0 {
        bail!("{} is not empty. Restore into an empty folder, and move the old one away first.", folder.display());
    }
    Ok(())
}
