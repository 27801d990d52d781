//! SBOMs, components and rules in the database. The only file of this practice that contains SQL.

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Actor, Error, Id, Permission, Result, Scope, Timestamp, kinds};
use platform::cards::Card;
use platform::finders::{Found, MOST, pattern};
use register::products::{ProductId, ReleaseId};

use super::model::{Component, Count, Rule, RuleId, Sbom, SbomId, Use, Verdict};

fn sbom(row: &Row) -> Result<Sbom> {
    Ok(Sbom {
        id: row.get("id")?,
        release: row.get("release_id")?,
        file: row.get("file_id")?,
        file_name: row.get("file_name")?,
        sha256: row.get("sha256")?,
        format: row.get("format")?,
        spec_version: row.get("spec_version")?,
        components: row.get("components")?,
        without_version: row.get("without_version")?,
        warnings: row.get("warnings")?,
        added_at: row.get("added_at")?,
        added_by: row.get("added_by")?,
        replaced_at: row.get("replaced_at")?,
    })
}

fn component(row: &Row) -> Result<Component> {
    Ok(Component {
        name: row.get("name")?,
        version: row.get("version")?,
        purl: row.get("purl")?,
        package: row.get("package")?,
        cpe: row.get("cpe")?,
        licences: row.get("licences")?,
        supplier: row.get("supplier")?,
        kind: row.get("kind")?,
    })
}

/// The release that a product's slug and a version name.
pub(super) async fn load_release_named(tx: &mut Tx, slug: &str, version: &str) -> Result<ReleaseId> {
    let row = tx
        .fetch_optional(
            "select r.id from register_release r join register_product p on p.id = r.product_id
              where p.slug = $1 and r.version = $2",
            &[slug.into(), version.into()],
        )
        .await?;
    Ok(row.ok_or(Error::NotFound { what: "release" })?.get("id")?)
}

/// The SBOM that counts for a release.
pub(super) async fn load_present(tx: &mut Tx, release: ReleaseId) -> Result<Option<Sbom>> {
    tx.fetch_optional(
        "select * from architecture_sbom where release_id = $1 and replaced_at is null",
        &[release.into()],
    )
    .await?
    .map(|row| sbom(&row))
    .transpose()
}

/// One SBOM.
pub(super) async fn load_sbom(tx: &mut Tx, id: SbomId) -> Result<Sbom> {
    let row = tx.fetch_optional("select * from architecture_sbom where id = $1", &[id.into()]).await?;
    sbom(&row.ok_or(Error::NotFound { what: "SBOM" })?)
}

/// All SBOMs of a release, newest first.
pub(super) async fn list_sboms(tx: &mut Tx, release: ReleaseId) -> Result<Vec<Sbom>> {
    tx.fetch_all(
        "select * from architecture_sbom where release_id = $1 order by added_at desc, id desc",
        &[release.into()],
    )
    .await?
    .iter()
    .map(sbom)
    .collect()
}

/// The present SBOM of every release that has one.
pub(super) async fn list_present(tx: &mut Tx) -> Result<HashMap<ReleaseId, (Sbom, Count)>> {
    let rows = tx
        .fetch_all(
            "select s.*, j.approved, j.limited, j.banned, j.unjudged
               from architecture_sbom s join architecture_judgement j on j.release_id = s.release_id
              where s.replaced_at is null",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let count = Count {
                approved: row.get("approved")?,
                limited: row.get("limited")?,
                banned: row.get("banned")?,
                unjudged: row.get("unjudged")?,
            };
            let sbom = sbom(row)?;
            Ok((sbom.release, (sbom, count)))
        })
        .collect()
}

/// All components of an SBOM, in the order of the document.
pub(super) async fn list_components(tx: &mut Tx, id: SbomId) -> Result<Vec<Component>> {
    tx.fetch_all("select * from architecture_component where sbom_id = $1 order by position", &[id.into()])
        .await?
        .iter()
        .map(component)
        .collect()
}

pub(super) async fn insert_sbom(tx: &mut Tx, new: &Sbom, components: &[Component]) -> Result<()> {
    tx.execute(
        "update architecture_sbom set replaced_at = $1 where release_id = $2 and replaced_at is null",
        &[new.added_at.into(), new.release.into()],
    )
    .await?;
    tx.execute(
        "insert into architecture_sbom (id, release_id, file_id, file_name, sha256, format, spec_version, components,
           without_version, warnings, producer, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            new.id.into(),
            new.release.into(),
            new.file.into(),
            new.file_name.as_str().into(),
            new.sha256.as_str().into(),
            new.format.as_str().into(),
            new.spec_version.as_str().into(),
            new.components.into(),
            new.without_version.into(),
            new.warnings.as_str().into(),
            new.added_by.as_str().into(),
            new.added_at.into(),
            new.added_by.as_str().into(),
        ],
    )
    .await?;
    let rows = components
        .iter()
        .enumerate()
        .map(|(position, component)| {
            vec![
                new.id.into(),
                Value::from(position),
                component.name.as_str().into(),
                component.version.as_str().into(),
                component.purl.as_str().into(),
                component.package.as_str().into(),
                component.cpe.as_str().into(),
                component.licences.as_str().into(),
                component.supplier.as_str().into(),
                component.kind.as_str().into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into architecture_component (sbom_id, position, name, version, purl, package, cpe, licences, supplier, kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        rows,
    )
    .await?;
    Ok(())
}

/// Stores what the rules say of a release's SBOM.
pub(super) async fn set_judgement(
    tx: &mut Tx,
    release: ReleaseId,
    sbom: SbomId,
    count: Count,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "insert into architecture_judgement (release_id, sbom_id, approved, limited, banned, unjudged, judged_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (release_id) do update set sbom_id = excluded.sbom_id, approved = excluded.approved,
           limited = excluded.limited, banned = excluded.banned, unjudged = excluded.unjudged, judged_at = excluded.judged_at",
        &[
            release.into(),
            sbom.into(),
            count.approved.into(),
            count.limited.into(),
            count.banned.into(),
            count.unjudged.into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Present SBOMs with the family they belong to, for judging all of them anew.
pub(super) async fn list_to_judge(tx: &mut Tx) -> Result<Vec<(Sbom, Id<kinds::Family>)>> {
    tx.fetch_all(
        "select s.*, p.family_id from architecture_sbom s
           join register_release r on r.id = s.release_id join register_product p on p.id = r.product_id
          where s.replaced_at is null order by s.id",
        &[],
    )
    .await?
    .iter()
    .map(|row| Ok((sbom(row)?, row.get("family_id")?)))
    .collect()
}

fn rule(row: &Row) -> Result<Rule> {
    Ok(Rule {
        id: row.get("id")?,
        verdict: row.read("verdict", Verdict::parse)?,
        package: row.get("package")?,
        versions: row.get("versions")?,
        licence: row.get("licence")?,
        reason: row.get("reason")?,
        family: row.get("family_id")?,
        expires_on: row.get("expires_on")?,
        added_at: row.get("added_at")?,
        added_by: row.get("added_by")?,
    })
}

/// The rules that were not ended, gravest first.
pub(super) async fn list_rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    tx.fetch_all(
        "select * from architecture_rule where ended_at is null
          order by case verdict when 'banned' then 0 when 'limited' then 1 else 2 end, package, licence, id",
        &[],
    )
    .await?
    .iter()
    .map(rule)
    .collect()
}

pub(super) async fn insert_rule(tx: &mut Tx, rule: &Rule) -> Result<()> {
    tx.execute(
        "insert into architecture_rule (id, verdict, package, versions, licence, reason, family_id, expires_on, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            rule.id.into(),
            rule.verdict.as_str().into(),
            rule.package.as_str().into(),
            rule.versions.as_str().into(),
            rule.licence.as_str().into(),
            rule.reason.as_str().into(),
            rule.family.into(),
            rule.expires_on.into(),
            rule.added_at.into(),
            rule.added_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_rule_ended(tx: &mut Tx, id: RuleId, by: &str, now: Timestamp) -> Result<()> {
    let changed = tx
        .execute(
            "update architecture_rule set ended_at = $1, ended_by = $2 where id = $3 and ended_at is null",
            &[now.into(), by.into(), id.into()],
        )
        .await?;
    if changed == 0 { Err(Error::NotFound { what: "rule" }) } else { Ok(()) }
}

/// The condition that keeps a list to the products where the actor may see plans, and its parameters from `$first`.
fn visible(actor: &Actor, first: usize) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut parameters: Vec<Value> = Vec::new();
    for scope in actor.places(Permission::ReadPlans) {
        let place = first + parameters.len();
        match scope {
            Scope::All => return ("1 = 1".to_owned(), Vec::new()),
            Scope::Family(family) => {
                conditions.push(format!("p.family_id = ${place}"));
                parameters.push(family.into());
            }
            Scope::Product { product, .. } => {
                conditions.push(format!("p.id = ${place}"));
                parameters.push(product.into());
            }
        }
    }
    if conditions.is_empty() {
        ("1 = 0".to_owned(), Vec::new())
    } else {
        (format!("({})", conditions.join(" or ")), parameters)
    }
}

/// What the list of components is asked for.
pub(super) struct Wanted<'a> {
    pub(super) text: &'a str,
    pub(super) product: &'a str,
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// Components of present SBOMs, one row for each package and version, by name.
pub(super) async fn list_uses(tx: &mut Tx, actor: &Actor, wanted: &Wanted<'_>) -> Result<Vec<Use>> {
    let (visible, more) = visible(actor, 5);
    let sql = format!(
        "select c.name, c.version, c.package, min(c.purl) as purl, min(c.cpe) as cpe, min(c.licences) as licences,
                min(c.supplier) as supplier, min(c.kind) as kind,
                count(distinct s.release_id) as releases, count(distinct p.id) as products
           from architecture_component c join architecture_sbom s on s.id = c.sbom_id and s.replaced_at is null
           join register_release r on r.id = s.release_id join register_product p on p.id = r.product_id
          where (lower(c.name) like $1 or lower(c.package) like $1) and (p.id = $2 or $2 = '') and {visible}
          group by c.name, c.version, c.package order by c.name, c.version, c.package limit $3 offset $4"
    );
    let mut parameters: Vec<Value> = vec![
        format!("%{}%", wanted.text.to_lowercase()).into(),
        wanted.product.into(),
        wanted.limit.into(),
        wanted.offset.into(),
    ];
    parameters.extend(more);
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            Ok(Use { component: component(row)?, releases: row.get("releases")?, products: row.get("products")? })
        })
        .collect()
}

/// How many rows [`list_uses`] has in all.
pub(super) async fn count_uses(tx: &mut Tx, actor: &Actor, wanted: &Wanted<'_>) -> Result<u64> {
    let (visible, more) = visible(actor, 3);
    let sql = format!(
        "select count(*) as count from (
           select 1 as one from architecture_component c join architecture_sbom s on s.id = c.sbom_id and s.replaced_at is null
             join register_release r on r.id = s.release_id join register_product p on p.id = r.product_id
            where (lower(c.name) like $1 or lower(c.package) like $1) and (p.id = $2 or $2 = '') and {visible}
            group by c.name, c.version, c.package) as found"
    );
    let mut parameters: Vec<Value> = vec![format!("%{}%", wanted.text.to_lowercase()).into(), wanted.product.into()];
    parameters.extend(more);
    let count: i64 = tx.fetch_one(sql, &parameters).await?.get("count")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The release before this one of the same product that has an SBOM.
pub(super) async fn load_earlier_release(tx: &mut Tx, product: ProductId, position: i64) -> Result<Option<ReleaseId>> {
    let row = tx
        .fetch_optional(
            "select r.id from register_release r join architecture_sbom s on s.release_id = r.id and s.replaced_at is null
              where r.product_id = $1 and r.position < $2 order by r.position desc limit 1",
            &[product.into(), position.into()],
        )
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

pub(super) async fn load_cards(tx: &mut Tx, _: &Actor, ids: &[String]) -> Result<HashMap<String, Card>> {
    let places: Vec<String> = (1..=ids.len()).map(|index| format!("${index}")).collect();
    let parameters: Vec<Value> = ids.iter().map(Value::from).collect();
    let sql = format!("select id, file_name, release_id from architecture_sbom where id in ({})", places.join(", "));
    let mut cards = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let link = format!("/desk/components/releases/{}", row.get::<String>("release_id")?);
        cards.insert(row.get("id")?, Card { title: format!("SBOM {}", row.get::<String>("file_name")?), link });
    }
    Ok(cards)
}

/// Components of present SBOMs by name, for the search over everything: each name once, with its number of releases.
pub(super) async fn find(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadPlans) {
        return Ok(Vec::new());
    }
    let (visible, more) = visible(actor, 2);
    let sql = format!(
        "select c.name, c.package, count(distinct s.release_id) as releases, count(distinct c.version) as versions
           from architecture_component c join architecture_sbom s on s.id = c.sbom_id and s.replaced_at is null
           join register_release r on r.id = s.release_id join register_product p on p.id = r.product_id
          where (lower(c.name) like $1 or lower(c.package) like $1) and {visible}
          group by c.name, c.package order by c.name, c.package limit {MOST}"
    );
    let parameters: Vec<Value> = std::iter::once(pattern(words).into()).chain(more).collect();
    let found = |row: &Row| {
        let (name, package): (String, String) = (row.get("name")?, row.get("package")?);
        let (releases, versions): (i64, i64) = (row.get("releases")?, row.get("versions")?);
        let sought = if package.is_empty() { &name } else { &package };
        let plural = |count: i64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        Ok(Found {
            link: web::Query::of("/desk/components", "").with("q", sought),
            number: format!("{} in {}", plural(versions, "version"), plural(releases, "release")),
            title: name,
        })
    };
    tx.fetch_all(sql, &parameters).await?.iter().map(found).collect()
}
