//! Families, products and releases from a CSV file, all or nothing.

use std::collections::HashMap;

use kernel::{Date, Error, FieldError, Permission, RecordRef, Result, Scope};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::model::{FamilyDraft, ProductDraft, ProductId, ProductState, ReleaseDraft, ReleaseState};
use super::{rules, store};

const MOST_ROWS: usize = 20_000;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Families that were new.
    pub families: usize,
    /// Products that were new.
    pub products: usize,
    /// Releases that were new.
    pub releases: usize,
    /// Releases that changed.
    pub changed: usize,
    /// Rows that said what was known.
    pub unchanged: usize,
}

struct Line {
    number: u64,
    family: String,
    product: String,
    draft: Option<ReleaseDraft>,
}

/// Imports rows `family,product,version,released_on,support_ends_on`; existing ones are found by name and version.
///
/// # Errors
/// Invalid with one entry for each row that has to be mended, by its line; nothing is imported then.
pub async fn import(ctx: &Ctx, content: &[u8]) -> Result<ImportReport> {
    ctx.require(Permission::EditProducts, Scope::All, "page")?;
    let lines = read(content).map_err(Error::Invalid)?;
    let mut report = ImportReport::default();
    let mut tx = ctx.begin().await?;
    let mut families: HashMap<String, _> = store::list_families(&mut tx)
        .await?
        .into_iter()
        .map(|family| (family.name.to_lowercase(), family.id))
        .collect();
    let mut products: HashMap<(String, String), ProductId> = store::list_products(&mut tx)
        .await?
        .into_iter()
        .map(|product| ((product.family_name.to_lowercase(), product.name.to_lowercase()), product.id))
        .collect();
    let mut releases: HashMap<(ProductId, String), _> = store::list_releases_of(&mut tx, None)
        .await?
        .into_iter()
        .map(|release| ((release.product, release.version.clone()), release))
        .collect();
    for line in lines {
        let family_key = line.family.to_lowercase();
        let family = match families.get(&family_key) {
            Some(id) => *id,
            None => {
                let id = ctx.id();
                let draft = FamilyDraft { name: line.family.clone(), ..FamilyDraft::default() };
                store::insert_family(&mut tx, id, &draft, ctx.now).await?;
                families.insert(family_key.clone(), id);
                report.families += 1;
                id
            }
        };
        let product_key = (family_key, line.product.to_lowercase());
        let product = match products.get(&product_key) {
            Some(id) => *id,
            None => {
                let id = ctx.id();
                let draft = ProductDraft {
                    family,
                    name: line.product.clone(),
                    description: String::new(),
                    state: ProductState::Active,
                    cpe: String::new(),
                    purl: String::new(),
                };
                store::insert_product(&mut tx, id, &draft, ctx.now).await?;
                products.insert(product_key, id);
                report.products += 1;
                id
            }
        };
        let Some(draft) = line.draft else { continue };
        match releases.get(&(product, draft.version.clone())) {
            Some(known) if known.released_on == draft.released_on && known.support_ends_on == draft.support_ends_on => {
                report.unchanged += 1;
            }
            Some(known) => {
                let draft = ReleaseDraft { state: known.state, support_note: known.support_note.clone(), ..draft };
                store::set_release(&mut tx, known.id, known.revision, &draft).await?;
                report.changed += 1;
            }
            None => {
                let id = ctx.id();
                store::insert_release(&mut tx, id, product, &draft, ctx.now).await?;
                let key = (product, draft.version.clone());
                releases.insert(key, store::load_release(&mut tx, id).await?);
                report.releases += 1;
            }
        }
    }
    let detail = json!({
        "families": report.families, "products": report.products, "releases": report.releases, "changed": report.changed,
    });
    let subject = RecordRef { kind: "register".to_owned(), id: "products".to_owned() };
    audit::record(&mut tx, ctx, Entry::new("products.imported", subject).with(detail)).await?;
    tx.commit().await?;
    Ok(report)
}

fn read(content: &[u8]) -> Result<Vec<Line>, Vec<FieldError>> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(content);
    let problem = |number: u64, words: String| FieldError { field: format!("line {number}"), words };
    let titles: Vec<String> = match reader.headers() {
        Ok(titles) => titles.iter().map(str::to_lowercase).collect(),
        Err(error) => return Err(vec![problem(1, format!("The file is not CSV: {error}."))]),
    };
    let column = |name: &str| titles.iter().position(|title| title == name);
    let (Some(family), Some(product)) = (column("family"), column("product")) else {
        return Err(vec![problem(
            1,
            "The first line must name the columns family and product; version, released_on and support_ends_on may follow.".to_owned(),
        )]);
    };
    let (version, released, ends) = (column("version"), column("released_on"), column("support_ends_on"));
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(problem(
                    error.position().map_or(0, csv::Position::line),
                    format!("This line is not CSV: {error}."),
                ));
                continue;
            }
        };
        let number = record.position().map_or(0, csv::Position::line);
        let cell = |column: Option<usize>| column.and_then(|index| record.get(index)).unwrap_or_default().to_owned();
        if lines.len() >= MOST_ROWS {
            problems.push(problem(number, format!("A file has at most {MOST_ROWS} rows. Split it.")));
            break;
        }
        let line = Line { number, family: cell(Some(family)), product: cell(Some(product)), draft: None };
        if line.family.is_empty() || line.product.is_empty() {
            problems.push(problem(number, "Family and product must be filled in.".to_owned()));
            continue;
        }
        let day = |name: &str, text: String| -> Result<Option<Date>, FieldError> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse()
                .map(Some)
                .map_err(|_| problem(number, format!("{name} {text:?} is not a date such as 2026-11-30.")))
        };
        match (day("released_on", cell(released)), day("support_ends_on", cell(ends))) {
            (Ok(released_on), Ok(support_ends_on)) => {
                let state = if released_on.is_some() { ReleaseState::Released } else { ReleaseState::Planned };
                let draft = ReleaseDraft {
                    version: cell(version),
                    state,
                    released_on,
                    support_ends_on,
                    support_note: String::new(),
                };
                if draft.version.is_empty() {
                    lines.push(line);
                } else {
                    match rules::checked_release(&draft) {
                        Ok(draft) => lines.push(Line { draft: Some(draft), ..line }),
                        Err(found) => problems.extend(found.into_iter().map(|found| problem(line.number, found.words))),
                    }
                }
            }
            (released, ends) => problems.extend([released.err(), ends.err()].into_iter().flatten()),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}
