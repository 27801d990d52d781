//! Advisories and publications in the database.

mod drafts;

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Actor, Error, Id, Result, Timestamp, kinds};
use platform::Ctx;
use platform::cards::Card;

pub(super) use drafts::{insert_draft, list_drafts, load_draft};

use crate::issue_management::case::visible_condition;

use super::model::{Advisory, AdvisoryId, Draft, Kind, State};
use super::snapshot::{Revision, Snapshot};

const ADVISORY: &str = "select a.*, w.name as author_name, coalesce(s.name, '') as approver_name
   from issue_advisory a join issue_case c on c.id = a.case_id
   join person w on w.id = a.author_id left join person s on s.id = a.approved_by";

fn read(row: &Row) -> Result<Advisory> {
    Ok(Advisory {
        id: row.get("id")?,
        number: row.get("number")?,
        case: row.get("case_id")?,
        kind: row.read("kind", Kind::parse)?,
        state: row.read("state", State::parse)?,
        draft: Draft {
            title: row.get("title")?,
            summary: row.get("summary")?,
            details: row.get("details")?,
            acknowledgements: row.get("acknowledgements")?,
            links: row.get("reference_links")?,
            change_note: row.get("change_note")?,
        },
        exception_reason: row.get("exception_reason")?,
        author: row.get("author_id")?,
        author_name: row.get("author_name")?,
        approved_by: row.get("approved_by")?,
        approver_name: row.get("approver_name")?,
        approved_at: row.get("approved_at")?,
        approved_digest: row.get("approved_digest")?,
        publish_at: row.get("publish_at")?,
        publish_zone: row.get("publish_zone")?,
        first_published_at: row.get("first_published_at")?,
        last_published_at: row.get("last_published_at")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        revision: row.get("revision")?,
    })
}

/// An advisory whose case the actor may see.
pub(super) async fn load(tx: &mut Tx, ctx: &Ctx, id: AdvisoryId) -> Result<Advisory> {
    let mut parameters = Vec::new();
    let visible = visible_condition(&ctx.actor, "c", &mut parameters);
    parameters.push(id.into());
    let sql = format!("{ADVISORY} where a.id = ${} and {visible}", parameters.len());
    read(&tx.fetch_optional(sql, &parameters).await?.ok_or(Error::NotFound { what: "advisory" })?)
}

/// The advisories of a case, the newest first. The caller asked who may see the case.
pub(super) async fn list_of_case(tx: &mut Tx, case: Id<kinds::Case>) -> Result<Vec<Advisory>> {
    tx.fetch_all(format!("{ADVISORY} where a.case_id = $1 order by a.created_at desc, a.id"), &[case.into()])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// What a list of advisories is narrowed by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Words in number, title or CVE.
    pub(crate) words: String,
    /// The state.
    pub(crate) state: String,
    /// The kind.
    pub(crate) kind: String,
    /// The severity of the case.
    pub(crate) severity: String,
    /// The product of the case.
    pub(crate) product: String,
    /// The column it is sorted by.
    pub(crate) sort: String,
    /// Largest first.
    pub(crate) descending: bool,
}

/// An advisory in a list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// Which one.
    pub(crate) id: AdvisoryId,
    /// Its number.
    pub(crate) number: String,
    /// Its title.
    pub(crate) title: String,
    /// The whole, or a limited notice.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) state: State,
    /// Its newest public version.
    pub(crate) version: i64,
    /// The case's number.
    pub(crate) case_number: String,
    /// The case.
    pub(crate) case: Id<kinds::Case>,
    /// The case's severity; may be empty.
    pub(crate) severity: String,
    /// The case's score in tenths.
    pub(crate) score: Option<i64>,
    /// The product's name; may be empty.
    pub(crate) product: String,
    /// Who wrote it.
    pub(crate) author: String,
    /// When it goes out.
    pub(crate) publish_at: Option<Timestamp>,
    /// When its newest version went out.
    pub(crate) last_published_at: Option<Timestamp>,
}

fn conditions(actor: &Actor, filter: &Filter) -> (String, Vec<Value>) {
    let mut parameters = Vec::new();
    let mut parts = vec![visible_condition(actor, "c", &mut parameters)];
    for word in filter.words.split_whitespace().take(8) {
        parameters.push(format!("%{}%", word.to_lowercase().replace(['%', '_'], "")).into());
        let place = parameters.len();
        parts.push(format!(
            "(lower(a.number) like ${place} or lower(a.title) like ${place} or exists (select 1 from issue_vulnerability v
               where v.case_id = a.case_id and lower(v.cve) like ${place}))"
        ));
    }
    let equal = [
        ("a.state", &filter.state),
        ("a.kind", &filter.kind),
        ("c.severity", &filter.severity),
        ("c.product_id", &filter.product),
    ];
    for (column, value) in equal {
        if !value.is_empty() {
            parameters.push(value.into());
            parts.push(format!("{column} = ${}", parameters.len()));
        }
    }
    (parts.join(" and "), parameters)
}

/// Advisories whose case the actor may see, so many after so many.
pub(crate) async fn list(tx: &mut Tx, actor: &Actor, filter: &Filter, offset: u64, most: u64) -> Result<Vec<Listed>> {
    let (condition, mut parameters) = conditions(actor, filter);
    let column = match filter.sort.as_str() {
        "number" => "a.number",
        "title" => "lower(a.title)",
        "state" => "a.state",
        "severity" => "coalesce(c.score, -1)",
        "published" => "coalesce(a.last_published_at, 0)",
        _ => "a.created_at",
    };
    let direction = if filter.descending { "desc" } else { "asc" };
    parameters.push(most.into());
    parameters.push(offset.into());
    let sql = format!(
        "select a.id, a.number, a.title, a.kind, a.state, a.version, a.case_id, a.publish_at, a.last_published_at,
                c.number as case_number, coalesce(c.severity, '') as severity, c.score,
                coalesce(p.name, '') as product, w.name as author
           from issue_advisory a join issue_case c on c.id = a.case_id join person w on w.id = a.author_id
           left join register_product p on p.id = c.product_id
          where {condition} order by {column} {direction}, a.id {direction} limit ${} offset ${}",
        parameters.len() - 1,
        parameters.len()
    );
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            Ok(Listed {
                id: row.get("id")?,
                number: row.get("number")?,
                title: row.get("title")?,
                kind: row.read("kind", Kind::parse)?,
                state: row.read("state", State::parse)?,
                version: row.get("version")?,
                case_number: row.get("case_number")?,
                case: row.get("case_id")?,
                severity: row.get("severity")?,
                score: row.get("score")?,
                product: row.get("product")?,
                author: row.get("author")?,
                publish_at: row.get("publish_at")?,
                last_published_at: row.get("last_published_at")?,
            })
        })
        .collect()
}

/// How many advisories the filter lets through.
pub(crate) async fn count(tx: &mut Tx, actor: &Actor, filter: &Filter) -> Result<u64> {
    let (condition, parameters) = conditions(actor, filter);
    let sql = format!(
        "select count(*) as count from issue_advisory a join issue_case c on c.id = a.case_id where {condition}"
    );
    Ok(u64::try_from(tx.fetch_one(sql, &parameters).await?.get::<i64>("count")?).unwrap_or(0))
}

/// A new advisory.
pub(super) async fn insert(tx: &mut Tx, advisory: &Advisory) -> Result<()> {
    let draft = &advisory.draft;
    tx.execute(
        "insert into issue_advisory (id, number, case_id, kind, state, title, summary, details, acknowledgements,
           reference_links, change_note, exception_reason, author_id, publish_zone, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            advisory.id.into(),
            advisory.number.as_str().into(),
            advisory.case.into(),
            advisory.kind.as_str().into(),
            advisory.state.as_str().into(),
            draft.title.as_str().into(),
            draft.summary.as_str().into(),
            draft.details.as_str().into(),
            draft.acknowledgements.as_str().into(),
            draft.links.as_str().into(),
            draft.change_note.as_str().into(),
            advisory.exception_reason.as_str().into(),
            advisory.author.into(),
            advisory.publish_zone.as_str().into(),
            advisory.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes an advisory, unless somebody wrote it since `revision` was read.
pub(super) async fn set(tx: &mut Tx, advisory: &Advisory, revision: i64) -> Result<()> {
    let draft = &advisory.draft;
    let changed = tx
        .execute(
            "update issue_advisory set state = $1, title = $2, summary = $3, details = $4, acknowledgements = $5,
               reference_links = $6, change_note = $7, author_id = $8, approved_by = $9, approved_at = $10,
               approved_digest = $11, publish_at = $12, publish_zone = $13, first_published_at = $14,
               last_published_at = $15, version = $16, revision = revision + 1
             where id = $17 and revision = $18",
            &[
                advisory.state.as_str().into(),
                draft.title.as_str().into(),
                draft.summary.as_str().into(),
                draft.details.as_str().into(),
                draft.acknowledgements.as_str().into(),
                draft.links.as_str().into(),
                draft.change_note.as_str().into(),
                advisory.author.into(),
                advisory.approved_by.into(),
                advisory.approved_at.into(),
                advisory.approved_digest.as_str().into(),
                advisory.publish_at.into(),
                advisory.publish_zone.as_str().into(),
                advisory.first_published_at.into(),
                advisory.last_published_at.into(),
                advisory.version.into(),
                advisory.id.into(),
                revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "advisory" }) } else { Ok(()) }
}

/// A published version.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// From 1.
    pub(super) version: i64,
    /// When it went out.
    pub(super) published_at: Timestamp,
    /// What changed.
    pub(super) change_note: String,
    /// Whether it takes the advisory back.
    pub(super) withdrawn: bool,
}

/// The published versions, the newest first.
pub(super) async fn list_versions(tx: &mut Tx, id: AdvisoryId) -> Result<Vec<Version>> {
    tx.fetch_all(
        "select version, published_at, change_note, withdrawn from issue_publication where advisory_id = $1
          order by version desc",
        &[id.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Version {
            version: row.get("version")?,
            published_at: row.get("published_at")?,
            change_note: row.get("change_note")?,
            withdrawn: row.get("withdrawn")?,
        })
    })
    .collect()
}

/// The snapshot of a published version; `None` when there is no such version.
pub(super) async fn load_snapshot(tx: &mut Tx, id: AdvisoryId, version: i64) -> Result<Option<Snapshot>> {
    let row = tx
        .fetch_optional(
            "select document from issue_publication where advisory_id = $1 and version = $2",
            &[id.into(), version.into()],
        )
        .await?;
    row.map(|row| Snapshot::from_json(&row.get::<String>("document")?)).transpose()
}

/// The revision history of the newest public version; empty before the first.
pub(super) async fn load_history(tx: &mut Tx, advisory: &Advisory) -> Result<Vec<Revision>> {
    Ok(load_snapshot(tx, advisory.id, advisory.version).await?.map(|snapshot| snapshot.history).unwrap_or_default())
}

/// The files of a publication.
pub(super) struct Files {
    /// The name of the CSAF document.
    pub(super) name: String,
    /// The document.
    pub(super) csaf: Vec<u8>,
    /// Its SHA-256.
    pub(super) sha256: String,
    /// Its SHA-512.
    pub(super) sha512: String,
    /// Its detached signature, armoured; empty while there is no key.
    pub(super) signature: String,
}

/// A new current version: one row, from which everything public is made.
pub(super) async fn insert_publication(
    tx: &mut Tx,
    id: AdvisoryId,
    snapshot: &Snapshot,
    files: Files,
    now: Timestamp,
) -> Result<()> {
    // Two publications at once must not get the same place in the sequence; the audit log's lock orders them.
    tx.fetch_all(tx.dialect().lock_audit(), &[]).await?;
    let row = tx.fetch_one("select coalesce(max(sequence), 0) + 1 as next from issue_publication", &[]).await?;
    let sequence: i64 = row.get("next")?;
    tx.execute("update issue_publication set current = false where advisory_id = $1", &[id.into()]).await?;
    tx.execute(
        "insert into issue_publication (advisory_id, version, sequence, current, withdrawn, number, title, severity, score,
           published_at, change_note, document, csaf_name, csaf, csaf_sha256, csaf_sha512, csaf_signature, search_text)
         values ($1, $2, $3, true, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &[
            id.into(),
            snapshot.version.into(),
            sequence.into(),
            snapshot.withdrawn.is_some().into(),
            snapshot.number.as_str().into(),
            snapshot.title.as_str().into(),
            snapshot.severity.as_str().into(),
            snapshot.score.into(),
            now.into(),
            snapshot.history.last().map(|last| last.summary.clone()).unwrap_or_default().into(),
            snapshot.to_json().into(),
            files.name.into(),
            files.csaf.into(),
            files.sha256.into(),
            files.sha512.into(),
            files.signature.into(),
            snapshot.search_text().into(),
        ],
    )
    .await?;
    let products = snapshot
        .products
        .iter()
        .map(|product| vec![id.into(), snapshot.version.into(), product.id.as_str().into()])
        .collect();
    tx.execute_many(
        "insert into issue_publication_product (advisory_id, version, product_id) values ($1, $2, $3)",
        products,
    )
    .await?;
    Ok(())
}

pub(super) async fn load_cards(tx: &mut Tx, actor: &Actor, ids: &[String]) -> Result<HashMap<String, Card>> {
    let mut parameters = Vec::new();
    let visible = visible_condition(actor, "c", &mut parameters);
    let places: Vec<String> = ids
        .iter()
        .map(|id| {
            parameters.push(id.into());
            format!("${}", parameters.len())
        })
        .collect();
    let sql = format!(
        "select a.id, a.number, a.title from issue_advisory a join issue_case c on c.id = a.case_id
          where a.id in ({}) and {visible}",
        places.join(", ")
    );
    let mut cards = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let id: String = row.get("id")?;
        let (number, title): (String, String) = (row.get("number")?, row.get("title")?);
        cards.insert(id.clone(), Card { title: format!("{number} {title}"), link: format!("/desk/advisories/{id}") });
    }
    Ok(cards)
}
