//! Findings that people enter: of a penetration test or a review, and their retest.

use kernel::{Error, FieldError, Permission, RecordRef, Result, clean_line, clean_text};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::{Product, Release};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::actions::history_row;
use super::bodies::{Bodies, Body};
use super::compare::Standing;
use super::model::{Counts, FindingId, Import, Kind, Progress, Severity, State, rank};
use super::report::Incoming;
use super::rules::{self, Move};
use super::store::Moved;
use super::{standing, store};

/// The tool of findings that people enter.
pub(super) const TOOL: &str = "manual";

/// What a person found.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// In which product.
    pub product: Product,
    /// The release; `None` for a branch.
    pub release: Option<Release>,
    /// The branch, when it is none of a release.
    pub branch: String,
    /// Manual review or penetration test.
    pub kind: Kind,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// Weaknesses, such as `79 20`.
    pub cwe: String,
    /// Where.
    pub place: String,
    /// What it is, and how to reproduce it.
    pub description: String,
    /// What was seen.
    pub evidence: String,
    /// What to do about it.
    pub remediation: String,
}

struct Checked {
    title: String,
    place: String,
    cwe: Vec<u32>,
    description: String,
    evidence: String,
    remediation: String,
}

fn checked(draft: &Draft) -> Result<Checked> {
    let mut problems: Vec<FieldError> = Vec::new();
    let mut keep = |result: std::result::Result<String, FieldError>| {
        result.unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        })
    };
    let optional = |field: &str, text: &str| {
        if text.trim().is_empty() { Ok(String::new()) } else { clean_text(field, text, 20_000) }
    };
    let title = keep(clean_line("title", &draft.title, 300));
    let place =
        keep(if draft.place.trim().is_empty() { Ok(String::new()) } else { clean_line("place", &draft.place, 500) });
    let description = keep(clean_text("description", &draft.description, 20_000));
    let evidence = keep(optional("evidence", &draft.evidence));
    let remediation = keep(optional("remediation", &draft.remediation));
    let words: Vec<&str> = draft.cwe.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    let numbers: Vec<u32> =
        words.iter().filter_map(|word| word.to_ascii_uppercase().trim_start_matches("CWE-").parse().ok()).collect();
    if numbers.len() != words.len() {
        problems.push(FieldError {
            field: "cwe".to_owned(),
            words: "Weaknesses are numbers such as CWE-79, parted by blanks.".to_owned(),
        });
    }
    if !draft.kind.is_manual() {
        problems.push(FieldError { field: "kind".to_owned(), words: "Choose review or penetration test.".to_owned() });
    }
    if problems.is_empty() {
        Ok(Checked { title, place, cwe: numbers, description, evidence, remediation })
    } else {
        Err(Error::Invalid(problems))
    }
}

fn incoming(draft: &Draft, checked: &Checked, bodies: &mut Bodies) -> Incoming {
    let mut hash = Sha256::new();
    for part in [draft.kind.as_str(), &checked.title.to_lowercase(), &checked.place.to_lowercase()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let fingerprint = hex::encode(hash.finalize());
    let document = json!({
        "title": checked.title, "description": checked.description, "evidence": checked.evidence,
        "remediation": checked.remediation, "location": {"display": checked.place}, "cwe": checked.cwe,
    });
    let body = bodies.add(&Body {
        document: document.to_string(),
        title: checked.title.clone(),
        cwe: checked.cwe.iter().map(|number| format!("CWE-{number}")).collect::<Vec<_>>().join(" "),
        place: checked.place.clone(),
        ..Body::default()
    });
    Incoming {
        content: fingerprint.chars().take(32).collect(),
        fingerprint,
        context: String::new(),
        severity: rank(draft.severity),
        status: scan::Status::Open,
        body,
    }
}

/// Adds what a person found.
///
/// # Errors
/// Invalid when something has to be mended; refused when it is there already; not found where one may not.
pub(super) async fn add(ctx: &Ctx, draft: &Draft) -> Result<FindingId> {
    ctx.require(Permission::WorkPlans, draft.product.scope(), "product")?;
    let checked = checked(draft)?;
    let branch = draft.branch.trim();
    if draft.release.is_none() && (branch.is_empty() || branch.len() > 200 || branch.chars().any(char::is_control)) {
        return Err(Error::invalid("target", "Choose a release, or name a branch in one line."));
    }
    let mut bodies = Bodies::default();
    let finding = incoming(draft, &checked, &mut bodies);
    let release = draft.release.as_ref().map(|release| release.id);
    let mut tx = ctx.begin().await?;
    let target = store::insert_target(&mut tx, ctx.id(), draft.product.id, release, branch, ctx.now).await?;
    store::set_locked(&mut tx, target.id).await?;
    let known = store::list_known(&mut tx, target.id, TOOL, "").await?;
    if let Some(twin) = known.iter().find(|known| known.fingerprint == finding.fingerprint) {
        return Err(Error::Refused {
            code: "finding-known",
            words: format!(
                "A finding with this title and place is there already: /desk/findings/{}. Change the title, or reopen that one.",
                twin.id
            ),
        });
    }
    let id: FindingId = ctx.id();
    let source = Import {
        id: ctx.id(),
        target: target.id,
        release,
        product: draft.product.id,
        product_name: String::new(),
        target_name: String::new(),
        state: Progress::Done,
        practice: Some(draft.kind.practice()),
        kind: Some(draft.kind),
        tool: TOOL.to_owned(),
        scanners: String::new(),
        scope: String::new(),
        file: None,
        file_name: String::new(),
        sha256: String::new(),
        size: 0,
        asked_tool: String::new(),
        confirmed: false,
        problem: String::new(),
        warnings: String::new(),
        counts: Counts::default(),
        by_name: String::new(),
        created_at: ctx.now,
        finished_at: None,
    };
    let standing = Standing {
        state: State::Open,
        by_tool: false,
        severity: finding.severity,
        rated: false,
        decision: None,
        until: None,
        duplicate_of: None,
        said: Vec::new(),
    };
    store::insert_added(&mut tx, &source, (&[(&finding, standing)], &[id]), &bodies, ctx.now).await?;
    let line = history_row(ctx, id, "entered", ("", "open"), None, "", None);
    store::insert_history(&mut tx, vec![line]).await?;
    standing::refresh(&mut tx, ctx, vec![target.id]).await?;
    let entry = Entry::new("finding.entered", RecordRef::new("finding", id))
        .under(RecordRef::new("product", draft.product.id))
        .with(json!({"kind": draft.kind.as_str(), "severity": draft.severity.name()}));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// Records a retest: the finding is gone, or is still there.
///
/// # Errors
/// Invalid without words on what was done; not found where one may not.
pub(super) async fn retest(ctx: &Ctx, id: FindingId, gone: bool, note: &str) -> Result<()> {
    let note = clean_text("note", note, 4_000).map_err(|problem| Error::Invalid(vec![problem]))?;
    let mut tx = ctx.begin().await?;
    let finding = store::load_finding(&mut tx, id).await?;
    let product = register::products::load_product(&mut tx, finding.product).await?;
    ctx.require(Permission::WorkPlans, product.scope(), "finding")?;
    store::set_locked(&mut tx, finding.target).await?;
    let wanted = match (gone, finding.state) {
        (true, State::Fixed) => None,
        (true, _) => Some(Move::Gone),
        (false, State::Fixed) => Some(Move::Back),
        (false, _) => None,
    };
    let action = if gone { "retested_gone" } else { "retested_there" };
    match wanted {
        Some(wanted) => {
            let to = rules::next(finding.state, wanted)?;
            let moved = Moved {
                id,
                target: finding.target,
                from: finding.state,
                to,
                decision: None,
                until: None,
                duplicate_of: None,
                action,
                reason: note.clone(),
            };
            if store::set_moved(&mut tx, std::slice::from_ref(&moved), ctx.now).await? == 0 {
                return Err(Error::Stale { what: "finding" });
            }
            let line = history_row(ctx, id, action, (finding.state.as_str(), to.as_str()), None, &note, None);
            store::insert_history(&mut tx, vec![line]).await?;
        }
        None => {
            let state = finding.state.as_str();
            store::insert_history(&mut tx, vec![history_row(ctx, id, action, (state, state), None, &note, None)])
                .await?;
        }
    }
    standing::refresh(&mut tx, ctx, vec![finding.target]).await?;
    let entry = Entry::new("finding.retested", RecordRef::new("finding", id))
        .under(RecordRef::new("product", finding.product))
        .with(json!({"gone": gone}));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
