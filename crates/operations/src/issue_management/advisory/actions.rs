//! What people do with advisories before they are public: one action, one transaction, one audit entry.

use db::Tx;
use kernel::{Error, FieldError, Id, Permission, RecordRef, Result, Timestamp, clean_line, clean_text, kinds};
use platform::audit::{self, Entry};
use platform::{Ctx, jobs, numbers, profile};
use serde_json::json;
use web::Fields;

use super::checks::{self, Finding};
use super::csaf_document::Addresses;
use super::facts::{load_facts, route_by_exception};
use super::model::{Advisory, AdvisoryId, CaseFacts, Draft, Kind, Origin, State};
use super::publishing::PUBLISH;
use super::rules::{self, Refused};
use super::snapshot::Snapshot;
use super::store;

/// An advisory with everything around it.
pub(super) struct Loaded {
    /// The advisory.
    pub(super) advisory: Advisory,
    /// What its case says.
    pub(super) facts: CaseFacts,
    /// What would be published now.
    pub(super) snapshot: Snapshot,
    /// Where the public finds it.
    pub(super) addresses: Addresses,
}

impl Loaded {
    /// What its authors should know.
    pub(super) fn findings(&self) -> Vec<Finding> {
        checks::check(&self.advisory, &self.facts, &self.snapshot, &self.addresses)
    }
}

/// Where the public finds what this installation publishes.
pub(super) fn addresses(ctx: &Ctx) -> Addresses {
    Addresses { base: ctx.url("").trim_end_matches('/').to_owned() }
}

/// Loads an advisory that the actor may see, with its case.
pub(super) async fn load(tx: &mut Tx, ctx: &Ctx, id: AdvisoryId) -> Result<Loaded> {
    let advisory = store::load(tx, ctx, id).await?;
    let facts = load_facts(tx, ctx, advisory.case).await?;
    let vendor = profile::load(tx).await?;
    let history = store::load_history(tx, &advisory).await?;
    let snapshot = Snapshot::build(&advisory, &facts, &vendor, &history, ctx.now);
    Ok(Loaded { advisory, facts, snapshot, addresses: addresses(ctx) })
}

/// The same with another text, not stored: what the author would see after saving it.
pub(super) async fn load_with(tx: &mut Tx, ctx: &Ctx, id: AdvisoryId, draft: Draft) -> Result<Loaded> {
    let mut loaded = load(tx, ctx, id).await?;
    let vendor = profile::load(tx).await?;
    let history = store::load_history(tx, &loaded.advisory).await?;
    loaded.advisory.draft = draft;
    loaded.snapshot = Snapshot::build(&loaded.advisory, &loaded.facts, &vendor, &history, ctx.now);
    Ok(loaded)
}

pub(super) fn entry<'a>(action: &'a str, advisory: &Advisory) -> Entry<'a> {
    Entry::new(action, RecordRef::new("advisory", advisory.id)).under(RecordRef::new("case", advisory.case))
}

fn is_lead(ctx: &Ctx, facts: &CaseFacts) -> bool {
    ctx.actor.may(Permission::LeadCases, facts.place)
}

/// Begins an advisory for a case: number, title, summary and thanks are taken from it.
pub(super) async fn create(ctx: &Ctx, case: Id<kinds::Case>, kind: Kind, reason: &str) -> Result<AdvisoryId> {
    let Some(author) = ctx.actor.person() else { return Err(Error::NotFound { what: "case" }) };
    let mut tx = ctx.begin().await?;
    let facts = load_facts(&mut tx, ctx, case).await?;
    ctx.require(Permission::WriteAdvisories, facts.place, "case")?;
    let exception = rules::may_create(&facts, kind, is_lead(ctx, &facts), reason)?;
    let reason = if exception {
        clean_text("reason", reason, 2_000).map_err(|error| Error::Invalid(vec![error]))?
    } else {
        String::new()
    };
    let advisory = Advisory {
        id: ctx.id(),
        number: numbers::next(&mut tx, &facts.policy.prefix, ctx.now.date().year()).await?,
        case,
        kind,
        state: State::Draft,
        draft: first_draft(&facts, kind),
        exception_reason: reason,
        author,
        author_name: ctx.actor.name().to_owned(),
        approved_by: None,
        approver_name: String::new(),
        approved_at: None,
        approved_digest: String::new(),
        publish_at: None,
        publish_zone: facts.policy.time_zone.clone(),
        first_published_at: None,
        last_published_at: None,
        version: 0,
        created_at: ctx.now,
        revision: 1,
    };
    store::insert(&mut tx, &advisory).await?;
    store::insert_draft(&mut tx, &advisory, Origin::Begun, None, ctx.now).await?;
    if exception && kind == Kind::Advisory {
        route_by_exception(&mut tx, ctx, case, &advisory.exception_reason).await?;
    }
    let detail = json!({"number": advisory.number, "kind": kind.as_str(), "exception": exception, "reason": advisory.exception_reason});
    audit::record(&mut tx, ctx, entry("advisory.begun", &advisory).with(detail)).await?;
    tx.commit().await?;
    Ok(advisory.id)
}

/// The text to begin with. A limited notice begins without the case's words, which tell too much.
fn first_draft(facts: &CaseFacts, kind: Kind) -> Draft {
    let credits = facts.credits.join("\n");
    match kind {
        Kind::Advisory => Draft {
            title: facts.title.clone(),
            summary: facts.vulnerabilities.first().map(|one| one.description.clone()).unwrap_or_default(),
            acknowledgements: credits,
            ..Draft::default()
        },
        Kind::LimitedNotice => {
            let product = facts.product.as_ref().map_or("our products", |product| product.name.as_str());
            Draft { title: format!("Security notice for {product}"), ..Draft::default() }
        }
    }
}

/// Reads the text from a form, with what has to be mended in it; a wrong field is left empty.
pub(super) fn read_fields(fields: &Fields) -> (Draft, Vec<FieldError>) {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut keep = |result: Result<String, FieldError>| {
        result.unwrap_or_else(|error| {
            errors.push(error);
            String::new()
        })
    };
    let optional = |name: &str, longest: usize| {
        if fields.get(name).trim().is_empty() { Ok(String::new()) } else { clean_text(name, fields.get(name), longest) }
    };
    let draft = Draft {
        title: keep(clean_line("title", fields.get("title"), 200)),
        summary: keep(clean_text("summary", fields.get("summary"), 10_000)),
        details: keep(optional("details", 100_000)),
        acknowledgements: keep(optional("acknowledgements", 10_000)),
        links: keep(optional("links", 20_000)),
        change_note: keep(optional("change_note", 1_000)),
    };
    (draft, errors)
}

/// Reads the text from a form, whole and clean.
pub(super) fn read_draft(fields: &Fields) -> Result<Draft> {
    let (draft, errors) = read_fields(fields);
    if errors.is_empty() { Ok(draft) } else { Err(Error::Invalid(errors)) }
}

/// What there is to say about a text that is being written: what is wrong with a field, whether somebody else saved
/// another text since, and all that [`checks::check`] finds. Nothing is stored.
pub(super) fn judge_typed(loaded: &Loaded, errors: Vec<FieldError>, revision: i64) -> Vec<Finding> {
    let said = loaded.findings();
    let rest = said.into_iter().filter(|one| !errors.iter().any(|error| one.field == Some(error.field.as_str())));
    let wrong = errors.iter().map(|error| checks::of_field(checks::Weight::Stops, &error.field, &error.words));
    let mut findings: Vec<Finding> = wrong.chain(rest).collect();
    if revision != loaded.advisory.revision {
        let words =
            "Somebody saved another text since you began. Copy yours, reload this page, and look at the saved texts.";
        findings.insert(0, checks::of_field(checks::Weight::Stops, "Text", words));
    }
    findings
}

async fn load_writable(tx: &mut Tx, ctx: &Ctx, id: AdvisoryId, permission: Permission) -> Result<Loaded> {
    let loaded = load(tx, ctx, id).await?;
    ctx.require(permission, loaded.facts.place, "advisory")?;
    Ok(loaded)
}

/// Takes approval back: what was approved is not what stands there now.
fn unapprove(advisory: &mut Advisory) {
    advisory.approved_by = None;
    advisory.approved_at = None;
    advisory.approved_digest.clear();
    advisory.publish_at = None;
}

/// Stores the text. Whoever changed it is its author from then on, and approval is taken back.
pub(super) async fn edit(ctx: &Ctx, id: AdvisoryId, draft: Draft, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let advisory = load_writable(&mut tx, ctx, id, Permission::WriteAdvisories).await?.advisory;
    rules::may_edit(&advisory)?;
    rewrite(&mut tx, ctx, advisory, draft, revision, None).await?;
    tx.commit().await
}

/// Brings back a text that was saved before, as a new one: nothing after it is lost.
pub(super) async fn restore(ctx: &Ctx, id: AdvisoryId, position: i64, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let advisory = load_writable(&mut tx, ctx, id, Permission::WriteAdvisories).await?.advisory;
    rules::may_edit(&advisory)?;
    let kept = store::load_draft(&mut tx, id, position).await?.ok_or(Error::NotFound { what: "saved text" })?;
    if kept.draft == advisory.draft {
        return Err(Refused::SameText.into());
    }
    rewrite(&mut tx, ctx, advisory, kept.draft, revision, Some(position)).await?;
    tx.commit().await
}

/// Writes another text, keeps it beside those before, and takes approval back.
async fn rewrite(
    tx: &mut Tx,
    ctx: &Ctx,
    mut advisory: Advisory,
    draft: Draft,
    revision: i64,
    restored_from: Option<i64>,
) -> Result<()> {
    let Some(author) = ctx.actor.person() else { return Err(Error::NotFound { what: "advisory" }) };
    let was = advisory.state;
    let changed = advisory.draft.changes(&draft);
    advisory.draft = draft;
    advisory.author = author;
    advisory.state = State::Draft;
    unapprove(&mut advisory);
    store::set(tx, &advisory, revision).await?;
    if !changed.is_empty() {
        let origin = if restored_from.is_some() { Origin::Restored } else { Origin::Saved };
        store::insert_draft(tx, &advisory, origin, restored_from, ctx.now).await?;
    }
    let action = if restored_from.is_some() { "advisory.restored" } else { "advisory.edited" };
    let detail = json!({
        "fields": changed, "text": restored_from,
        "approval_taken_back": matches!(was, State::Approved | State::Scheduled),
    });
    audit::record(tx, ctx, entry(action, &advisory).with(detail)).await
}

/// Asks for a second person's eyes.
pub(super) async fn submit(ctx: &Ctx, id: AdvisoryId, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut advisory = load_writable(&mut tx, ctx, id, Permission::WriteAdvisories).await?.advisory;
    rules::may_submit(&advisory)?;
    advisory.state = State::InReview;
    store::set(&mut tx, &advisory, revision).await?;
    audit::record(&mut tx, ctx, entry("advisory.submitted", &advisory)).await?;
    tx.commit().await
}

/// Gives it back to its authors, with words.
pub(super) async fn back(ctx: &Ctx, id: AdvisoryId, revision: i64, words: &str) -> Result<()> {
    let words = clean_text("words", words, 2_000).map_err(|error| Error::Invalid(vec![error]))?;
    let mut tx = ctx.begin().await?;
    let mut advisory = load_writable(&mut tx, ctx, id, Permission::WriteAdvisories).await?.advisory;
    rules::may_return(&advisory)?;
    advisory.state = State::Draft;
    unapprove(&mut advisory);
    store::set(&mut tx, &advisory, revision).await?;
    audit::record(&mut tx, ctx, entry("advisory.returned", &advisory).with(json!({"words": words}))).await?;
    tx.commit().await
}

/// Agrees to exactly what would be published now.
pub(super) async fn approve(ctx: &Ctx, id: AdvisoryId, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let loaded = load_writable(&mut tx, ctx, id, Permission::PublishAdvisories).await?;
    let mut advisory = loaded.advisory;
    rules::may_approve(&advisory, ctx.actor.person())?;
    if let Some(words) = checks::first_stop(&loaded.snapshot, &loaded.addresses) {
        return Err(Refused::NotValid(words).into());
    }
    advisory.state = State::Approved;
    advisory.approved_by = ctx.actor.person();
    advisory.approved_at = Some(ctx.now);
    advisory.approved_digest = loaded.snapshot.digest();
    store::set(&mut tx, &advisory, revision).await?;
    let detail = json!({"version": advisory.version + 1, "digest": advisory.approved_digest});
    audit::record(&mut tx, ctx, entry("advisory.approved", &advisory).with(detail)).await?;
    tx.commit().await
}

/// Sets when it goes out by itself: a local time in a time zone.
pub(super) async fn schedule(ctx: &Ctx, id: AdvisoryId, revision: i64, local: &str, zone: &str) -> Result<Timestamp> {
    let zone = zone.trim();
    if Timestamp::from_local("2026-01-01T00:00", zone).is_none() {
        return Err(Error::invalid("zone", "This is not a time zone. Write it like Europe/Berlin."));
    }
    let at = Timestamp::from_local(local, zone)
        .ok_or_else(|| Error::invalid("at", "This is not a date with a time. Write it like 2026-11-22T14:00."))?;
    let mut tx = ctx.begin().await?;
    let loaded = load_writable(&mut tx, ctx, id, Permission::PublishAdvisories).await?;
    let mut advisory = loaded.advisory;
    rules::may_schedule(&advisory, at, ctx.now)?;
    rules::may_publish(&advisory, &loaded.facts, &loaded.snapshot.digest())?;
    advisory.state = State::Scheduled;
    advisory.publish_at = Some(at);
    advisory.publish_zone = zone.to_owned();
    store::set(&mut tx, &advisory, revision).await?;
    let payload = json!({"advisory": id.to_string(), "at": at.micros()});
    let unique = format!("{PUBLISH} {id} {} {}", advisory.version, revision);
    jobs::enqueue_at(&mut tx, ctx, PUBLISH, &payload, &unique, at).await?;
    let detail = json!({"at": at.rfc3339(), "zone": zone});
    audit::record(&mut tx, ctx, entry("advisory.scheduled", &advisory).with(detail)).await?;
    tx.commit().await?;
    Ok(at)
}

/// Takes the time back; approval stays.
pub(super) async fn unschedule(ctx: &Ctx, id: AdvisoryId, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut advisory = load_writable(&mut tx, ctx, id, Permission::PublishAdvisories).await?.advisory;
    if advisory.state != State::Scheduled {
        return Err(Refused::WrongState(advisory.state.label()).into());
    }
    advisory.state = State::Approved;
    advisory.publish_at = None;
    store::set(&mut tx, &advisory, revision).await?;
    audit::record(&mut tx, ctx, entry("advisory.unscheduled", &advisory)).await?;
    tx.commit().await
}

/// Begins the next version of what is public.
pub(super) async fn revise(ctx: &Ctx, id: AdvisoryId, revision: i64) -> Result<()> {
    let Some(author) = ctx.actor.person() else { return Err(Error::NotFound { what: "advisory" }) };
    let mut tx = ctx.begin().await?;
    let mut advisory = load_writable(&mut tx, ctx, id, Permission::WriteAdvisories).await?.advisory;
    rules::may_revise(&advisory)?;
    advisory.state = State::Draft;
    advisory.author = author;
    advisory.draft.change_note.clear();
    unapprove(&mut advisory);
    store::set(&mut tx, &advisory, revision).await?;
    store::insert_draft(&mut tx, &advisory, Origin::Revised, None, ctx.now).await?;
    audit::record(
        &mut tx,
        ctx,
        entry("advisory.revision-begun", &advisory).with(json!({"version": advisory.version + 1})),
    )
    .await?;
    tx.commit().await
}
