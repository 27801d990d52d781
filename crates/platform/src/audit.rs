//! The audit log: one entry for each action, chained by hash so that a change or a gap shows.

use db::{Row, Tx, Value};
use kernel::{RecordRef, Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::Ctx;

/// What is recorded of an action.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Noun and past verb: `case.confirmed`.
    pub action: &'a str,
    /// What it was done to.
    pub subject: RecordRef,
    /// The record in whose timeline it shows, such as the case of an exposure; often the subject itself.
    pub root: RecordRef,
    /// What changed, as JSON; no secrets, no message texts.
    pub detail: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// An entry about a record in its own timeline.
    #[must_use]
    pub fn new(action: &'a str, subject: RecordRef) -> Self {
        Self { action, root: subject.clone(), subject, detail: serde_json::Value::Null }
    }

    /// Shows the entry in the timeline of another record.
    #[must_use]
    pub fn under(mut self, root: RecordRef) -> Self {
        self.root = root;
        self
    }

    /// Adds what changed.
    #[must_use]
    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// An entry as it stands in the log.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Position in the log, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: kind, identifier, name.
    pub actor_kind: String,
    /// The actor's identifier; empty for the program and for visitors.
    pub actor_id: String,
    /// The name as it was then.
    pub actor_name: String,
    /// Noun and past verb.
    pub action: String,
    /// What it was done to.
    pub subject: RecordRef,
    /// In whose timeline it shows.
    pub root: RecordRef,
    /// What changed.
    pub detail: serde_json::Value,
    /// The operation.
    pub request_id: String,
    /// Hash of this entry.
    pub hash: String,
    previous_hash: String,
    id: String,
    detail_text: String,
}

/// Waits for its turn in the log and keeps it until the transaction ends: what others recorded before is visible from here
/// on. For actions that first look whether they are still needed, where another instance may do the same.
///
/// # Errors
/// When the database does not answer.
pub async fn take_turn(tx: &mut Tx) -> Result<()> {
    tx.fetch_all(tx.dialect().lock_audit(), &[]).await?;
    Ok(())
}

/// Records an action. Each transaction that writes records exactly one.
///
/// # Errors
/// When the database does not answer.
pub async fn record(tx: &mut Tx, ctx: &Ctx, entry: Entry<'_>) -> Result<()> {
    take_turn(tx).await?;
    let last = tx.fetch_optional("select seq, hash from audit_entry order by seq desc limit 1", &[]).await?;
    let (seq, previous_hash) = match last {
        Some(row) => (row.get::<i64>("seq")? + 1, row.get::<String>("hash")?),
        None => (1, String::new()),
    };
    let detail_text = if entry.detail.is_null() { String::new() } else { entry.detail.to_string() };
    let mut recorded = Recorded {
        seq,
        at: ctx.now,
        actor_kind: ctx.actor.kind().to_owned(),
        actor_id: ctx.actor.id_text(),
        actor_name: ctx.actor.name().to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject,
        root: entry.root,
        detail: serde_json::Value::Null,
        request_id: ctx.request_id.clone(),
        hash: String::new(),
        previous_hash,
        id: ctx.id::<Recorded>().to_string(),
        detail_text,
    };
    recorded.hash = recorded.computed_hash();
    tx.execute(
        "insert into audit_entry (seq, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,
           root_kind, root_id, detail, request_id, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            recorded.seq.into(),
            recorded.id.into(),
            recorded.at.into(),
            recorded.actor_kind.into(),
            recorded.actor_id.into(),
            recorded.actor_name.into(),
            recorded.action.into(),
            recorded.subject.kind.into(),
            recorded.subject.id.into(),
            recorded.root.kind.into(),
            recorded.root.id.into(),
            recorded.detail_text.into(),
            recorded.request_id.into(),
            recorded.previous_hash.into(),
            recorded.hash.into(),
        ],
    )
    .await?;
    tx.is_recorded();
    Ok(())
}

impl Recorded {
    fn computed_hash(&self) -> String {
        let mut hash = Sha256::new();
        for part in [
            self.previous_hash.as_str(),
            &self.seq.to_string(),
            &self.id,
            &self.at.micros().to_string(),
            &self.actor_kind,
            &self.actor_id,
            &self.actor_name,
            &self.action,
            &self.subject.kind,
            &self.subject.id,
            &self.root.kind,
            &self.root.id,
            &self.detail_text,
            &self.request_id,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }

    fn read(row: &Row) -> Result<Self> {
        let detail_text: String = row.get("detail")?;
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor_kind: row.get("actor_kind")?,
            actor_id: row.get("actor_id")?,
            actor_name: row.get("actor_name")?,
            action: row.get("action")?,
            subject: RecordRef { kind: row.get("subject_kind")?, id: row.get("subject_id")? },
            root: RecordRef { kind: row.get("root_kind")?, id: row.get("root_id")? },
            detail: serde_json::from_str(&detail_text).unwrap_or(serde_json::Value::Null),
            request_id: row.get("request_id")?,
            hash: row.get("hash")?,
            previous_hash: row.get("previous_hash")?,
            id: row.get("id")?,
            detail_text,
        })
    }
}

/// The timeline of a record, newest first, at most `most` entries before position `before`.
///
/// # Errors
/// When the database does not answer.
pub async fn load_timeline(tx: &mut Tx, root: &RecordRef, before: Option<i64>, most: u32) -> Result<Vec<Recorded>> {
    let rows = tx
        .fetch_all(
            "select * from audit_entry where root_kind = $1 and root_id = $2 and seq < $3 order by seq desc limit $4",
            &[root.kind.as_str().into(), root.id.as_str().into(), before.unwrap_or(i64::MAX).into(), most.into()],
        )
        .await?;
    rows.iter().map(Recorded::read).collect()
}

/// What was done to a record or under it, without the entries of one action, such as reads, which would drown the rest.
///
/// # Errors
/// When the database does not answer.
pub async fn load_timeline_without(
    tx: &mut Tx,
    root: &RecordRef,
    action: &str,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<Recorded>> {
    let rows = tx
        .fetch_all(
            "select * from audit_entry where ((root_kind = $1 and root_id = $2) or (subject_kind = $1 and subject_id = $2))
                and action <> $3 and seq < $4
              order by seq desc limit $5",
            &[
                root.kind.as_str().into(),
                root.id.as_str().into(),
                action.into(),
                before.unwrap_or(i64::MAX).into(),
                most.into(),
            ],
        )
        .await?;
    rows.iter().map(Recorded::read).collect()
}

/// Whether this actor's action on this record stands in the log since a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn is_recorded_since(
    tx: &mut Tx,
    actor_id: &str,
    action: &str,
    subject: &RecordRef,
    since: Timestamp,
) -> Result<bool> {
    let row = tx
        .fetch_optional(
            "select seq from audit_entry
              where subject_kind = $1 and subject_id = $2 and action = $3 and actor_id = $4 and at > $5
              order by seq desc limit 1",
            &[subject.kind.as_str().into(), subject.id.as_str().into(), action.into(), actor_id.into(), since.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// What the audit page filters by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the action's name.
    pub action: String,
    /// Part of the actor's name.
    pub actor: String,
    /// From this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// The log, newest first, at most `most` entries before position `before`.
///
/// # Errors
/// When the database does not answer.
pub async fn list(tx: &mut Tx, filter: &Filter, before: Option<i64>, most: u32) -> Result<Vec<Recorded>> {
    let like = |text: &str| format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
    let rows = tx
        .fetch_all(
            "select * from audit_entry
              where seq < $1 and lower(action) like $2 and lower(actor_name) like $3 and at >= $4 and at < $5
              order by seq desc limit $6",
            &[
                before.unwrap_or(i64::MAX).into(),
                like(&filter.action).into(),
                like(&filter.actor).into(),
                filter.from.map_or(i64::MIN, Timestamp::micros).into(),
                filter.until.map_or(i64::MAX, Timestamp::micros).into(),
                most.into(),
            ],
        )
        .await?;
    rows.iter().map(Recorded::read).collect()
}

/// Whether the log is unbroken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry follows from the one before; the number of entries and the last hash.
    Unbroken {
        /// How many entries.
        entries: i64,
        /// The hash of the last one; write it down elsewhere to notice a log cut short.
        last_hash: String,
    },
    /// The first entry that does not fit.
    Broken {
        /// Its position.
        seq: i64,
        /// What does not fit.
        words: String,
    },
}

/// Reads the whole log in pages and checks position, chain and hash of every entry.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(tx: &mut Tx) -> Result<Verdict> {
    let mut expected = 1;
    let mut previous = String::new();
    loop {
        let rows = tx
            .fetch_all("select * from audit_entry where seq >= $1 order by seq limit 1000", &[Value::Int(expected)])
            .await?;
        if rows.is_empty() {
            return Ok(Verdict::Unbroken { entries: expected - 1, last_hash: previous });
        }
        for row in &rows {
            let entry = Recorded::read(row)?;
            let broken = |words: &str| Ok(Verdict::Broken { seq: entry.seq, words: words.to_owned() });
            if entry.seq != expected {
                return broken("entries before it are missing");
            }
            if entry.previous_hash != previous {
                return broken("it does not follow from the entry before it");
            }
            if entry.computed_hash() != entry.hash {
                return broken("its content was changed after it was written");
            }
            previous = entry.hash;
            expected += 1;
        }
    }
}
