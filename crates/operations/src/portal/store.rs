//! Publications in the database: the only thing the portal reads of the response team's work.

use db::{Row, Tx, Value};
use kernel::{Error, Result, Timestamp};

use crate::issue_management::advisory::Snapshot;

/// What the list of advisories is narrowed by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// Words that all have to occur.
    pub(super) words: String,
    /// `none` to `critical`.
    pub(super) severity: String,
    /// A product's name in addresses.
    pub(super) product: String,
    /// The year of the first version.
    pub(super) year: Option<i16>,
    /// `number`, `title`, `severity`, `published` or `updated`.
    pub(super) sort: String,
    /// Smallest first.
    pub(super) ascending: bool,
}

/// An advisory in the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// Its number.
    pub(super) number: String,
    /// Its title.
    pub(super) title: String,
    /// `none` to `critical`, or empty.
    pub(super) severity: String,
    /// The score in tenths.
    pub(super) score: Option<i64>,
    /// When the first version went out.
    pub(super) first_published_at: Timestamp,
    /// When the newest did.
    pub(super) published_at: Timestamp,
    /// Whether it was taken back.
    pub(super) withdrawn: bool,
    /// Names of its products.
    pub(super) products: String,
}

const FIRST: &str = "(select min(o.published_at) from issue_publication o where o.advisory_id = p.advisory_id)";

fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut parameters: Vec<Value> = Vec::new();
    let mut parts = vec!["p.current = true".to_owned()];
    for word in filter.words.split_whitespace().take(8) {
        parameters.push(format!("%{}%", word.to_lowercase().replace(['%', '_'], "")).into());
        parts.push(format!("p.search_text like ${}", parameters.len()));
    }
    if !filter.severity.is_empty() {
        parameters.push(filter.severity.as_str().into());
        parts.push(format!("p.severity = ${}", parameters.len()));
    }
    if !filter.product.is_empty() {
        parameters.push(filter.product.as_str().into());
        parts.push(format!(
            "exists (select 1 from issue_publication_product x join register_product r on r.id = x.product_id
               where x.advisory_id = p.advisory_id and x.version = p.version and r.slug = ${})",
            parameters.len()
        ));
    }
    if let Some(year) = filter.year {
        for (sign, year) in [(">=", year), ("<", year.saturating_add(1))] {
            let start = format!("{year:04}-01-01T00:00:00Z").parse::<Timestamp>().map_or(0, Timestamp::micros);
            parameters.push(start.into());
            parts.push(format!("{FIRST} {sign} ${}", parameters.len()));
        }
    }
    (parts.join(" and "), parameters)
}

/// Public advisories, so many after so many, with the names of their products, in two statements.
pub(super) async fn list(tx: &mut Tx, filter: &Filter, offset: u64, most: u64) -> Result<Vec<Listed>> {
    let (condition, mut parameters) = conditions(filter);
    let direction = if filter.ascending { "asc" } else { "desc" };
    let column = match filter.sort.as_str() {
        "number" => "p.number",
        "title" => "lower(p.title)",
        "severity" => "coalesce(p.score, -1)",
        "published" => "first_published_at",
        _ => "p.published_at",
    };
    parameters.push(most.into());
    parameters.push(offset.into());
    let sql = format!(
        "select p.advisory_id, p.number, p.title, p.severity, p.score, p.published_at, p.withdrawn,
                {FIRST} as first_published_at
           from issue_publication p where {condition}
          order by {column} {direction}, p.sequence {direction} limit ${} offset ${}",
        parameters.len() - 1,
        parameters.len()
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    let ids = rows.iter().map(|row| row.get::<String>("advisory_id")).collect::<Result<Vec<_>, _>>()?;
    let names = list_product_names(tx, &ids).await?;
    rows.iter()
        .zip(&ids)
        .map(|(row, id)| {
            let products: Vec<&str> =
                names.iter().filter(|(advisory, _)| advisory == id).map(|(_, name)| name.as_str()).collect();
            read(row, products.join(", "))
        })
        .collect()
}

fn read(row: &Row, products: String) -> Result<Listed> {
    Ok(Listed {
        number: row.get("number")?,
        title: row.get("title")?,
        severity: row.get("severity")?,
        score: row.get("score")?,
        first_published_at: row.get("first_published_at")?,
        published_at: row.get("published_at")?,
        withdrawn: row.get("withdrawn")?,
        products,
    })
}

async fn list_product_names(tx: &mut Tx, advisories: &[String]) -> Result<Vec<(String, String)>> {
    if advisories.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=advisories.len()).map(|index| format!("${index}")).collect();
    let parameters: Vec<Value> = advisories.iter().map(Value::from).collect();
    let sql = format!(
        "select x.advisory_id, r.name from issue_publication p
           join issue_publication_product x on x.advisory_id = p.advisory_id and x.version = p.version
           join register_product r on r.id = x.product_id
          where p.current = true and p.advisory_id in ({}) order by lower(r.name)",
        places.join(", ")
    );
    tx.fetch_all(sql, &parameters).await?.iter().map(|row| Ok((row.get("advisory_id")?, row.get("name")?))).collect()
}

/// How many advisories the filter lets through.
pub(super) async fn count(tx: &mut Tx, filter: &Filter) -> Result<u64> {
    let (condition, parameters) = conditions(filter);
    let sql = format!("select count(*) as count from issue_publication p where {condition}");
    Ok(u64::try_from(tx.fetch_one(sql, &parameters).await?.get::<i64>("count")?).unwrap_or(0))
}

/// Products that something was published about: address name and name.
pub(super) async fn list_products(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    let rows = tx
        .fetch_all(
            "select r.slug, r.name from register_product r where exists (select 1 from issue_publication p
               join issue_publication_product x on x.advisory_id = p.advisory_id and x.version = p.version
              where p.current = true and x.product_id = r.id) order by lower(r.name), r.slug",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("slug")?, row.get("name")?))).collect()
}

/// When the first and the last advisory first went out.
pub(super) async fn load_span(tx: &mut Tx) -> Result<Option<(Timestamp, Timestamp)>> {
    let row = tx
        .fetch_one(
            "select min(published_at) as first_at, max(published_at) as last_at from issue_publication where version = 1",
            &[],
        )
        .await?;
    Ok(row.get::<Option<Timestamp>>("first_at")?.zip(row.get::<Option<Timestamp>>("last_at")?))
}

/// The current version of an advisory, with the base name of its files.
pub(super) async fn load_current(tx: &mut Tx, number: &str) -> Result<Snapshot> {
    let row = tx
        .fetch_optional("select document from issue_publication where number = $1 and current = true", &[number.into()])
        .await?
        .ok_or(Error::NotFound { what: "advisory" })?;
    Snapshot::from_json(&row.get::<String>("document")?)
}

/// One version of an advisory.
pub(super) async fn load_version(tx: &mut Tx, number: &str, version: i64) -> Result<Snapshot> {
    let row = tx
        .fetch_optional(
            "select document from issue_publication where number = $1 and version = $2",
            &[number.into(), version.into()],
        )
        .await?
        .ok_or(Error::NotFound { what: "advisory" })?;
    Snapshot::from_json(&row.get::<String>("document")?)
}

/// All current publications as snapshots, newest first; for the static tree.
pub(super) async fn list_snapshots(tx: &mut Tx) -> Result<Vec<Snapshot>> {
    let rows = tx
        .fetch_all(
            "select document from issue_publication where current = true order by published_at desc, sequence desc",
            &[],
        )
        .await?;
    rows.iter().map(|row| Snapshot::from_json(&row.get::<String>("document")?)).collect()
}

/// What the files are made of: a number that changes with every publication, and those of profile and keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The newest publication.
    pub(super) sequence: i64,
    /// The vendor's profile.
    pub(super) profile: i64,
    /// Keys that sign or signed.
    pub(super) keys: i64,
}

/// The state of everything public, in one small statement.
pub(super) async fn load_stamp(tx: &mut Tx) -> Result<Stamp> {
    let row = tx
        .fetch_one(
            "select (select coalesce(max(sequence), 0) from issue_publication) as sequence,
                    (select coalesce(max(revision), 0) from setting where name like 'vendor.%') as profile,
                    (select count(*) from issue_key) as keys",
            &[],
        )
        .await?;
    Ok(Stamp { sequence: row.get("sequence")?, profile: row.get("profile")?, keys: row.get("keys")? })
}

/// A current publication as the files list it.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// The identifier, for the content.
    pub(super) advisory: String,
    /// The version.
    pub(super) version: i64,
    /// Its number.
    pub(super) number: String,
    /// Its title.
    pub(super) title: String,
    /// `none` to `critical`, or empty.
    pub(super) severity: String,
    /// When the first version went out.
    pub(super) first_published_at: Timestamp,
    /// When this one did.
    pub(super) published_at: Timestamp,
    /// The name of the document.
    pub(super) csaf_name: String,
    /// Its SHA-256.
    pub(super) sha256: String,
    /// Its SHA-512.
    pub(super) sha512: String,
    /// Its signature; empty when it was published without a key.
    pub(super) signature: String,
    /// The address names of its products, each between spaces.
    pub(super) products: String,
    /// The summary.
    pub(super) summary: String,
}

/// All current publications, newest first, without their documents.
pub(super) async fn list_published(tx: &mut Tx) -> Result<Vec<Published>> {
    let rows = tx
        .fetch_all(
            format!(
                "select p.advisory_id, p.version, p.number, p.title, p.severity, p.published_at, p.csaf_name,
                        p.csaf_sha256, p.csaf_sha512, p.csaf_signature, p.document, {FIRST} as first_published_at
                   from issue_publication p where p.current = true order by p.published_at desc, p.sequence desc"
            ),
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let snapshot = Snapshot::from_json(&row.get::<String>("document")?)?;
            let slugs: String = snapshot.products.iter().map(|product| format!(" {} ", product.slug)).collect();
            Ok(Published {
                advisory: row.get("advisory_id")?,
                version: row.get("version")?,
                number: row.get("number")?,
                title: row.get("title")?,
                severity: row.get("severity")?,
                first_published_at: row.get("first_published_at")?,
                published_at: row.get("published_at")?,
                csaf_name: row.get("csaf_name")?,
                sha256: row.get("csaf_sha256")?,
                sha512: row.get("csaf_sha512")?,
                signature: row.get("csaf_signature")?,
                products: slugs,
                summary: snapshot.summary,
            })
        })
        .collect()
}

/// The bytes of a document.
pub(super) async fn load_csaf(tx: &mut Tx, advisory: &str, version: i64) -> Result<Vec<u8>> {
    let row = tx
        .fetch_optional(
            "select csaf from issue_publication where advisory_id = $1 and version = $2",
            &[advisory.into(), version.into()],
        )
        .await?
        .ok_or(Error::NotFound { what: "document" })?;
    Ok(row.get("csaf")?)
}

/// A public key that signs or signed.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Its fingerprint in upper-case hexadecimal digits.
    pub(super) fingerprint: String,
    /// The key, armoured.
    pub(super) armored: String,
    /// When it was made.
    pub(super) created_at: Timestamp,
}

/// All keys, the active ones first: retired ones still verify what they signed.
pub(super) async fn list_keys(tx: &mut Tx) -> Result<Vec<Key>> {
    let rows = tx
        .fetch_all("select fingerprint, public_key, created_at from issue_key order by state, created_at desc", &[])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Key {
                fingerprint: row.get("fingerprint")?,
                armored: row.get("public_key")?,
                created_at: row.get("created_at")?,
            })
        })
        .collect()
}
