//! What people and pipelines can do at a gate: ask, decide, have the answer signed.

use kernel::{Error, Permission, RecordRef, Result, Timestamp, clean_text};
use platform::audit::{self, Entry};
use platform::{Ctx, vault};
use register::products::ReleaseId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::model::{Choice, Decision, Verdict};
use super::sign::{self, Subject};
use super::store::{self, KeyRow};
use super::{output, rules};
use crate::place::{self, Place};
use crate::plan::{self, Sheet};

/// What a gate says, with the sheet it says it from and the decisions so far.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The release and its tasks.
    pub sheet: Sheet,
    /// What the gate says.
    pub verdict: Verdict,
    /// What was decided, the newest first.
    pub decisions: Vec<Decision>,
}

impl Answer {
    /// The newest decision at this gate.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.gate == self.verdict.gate)
    }

    pub(super) fn json(&self, ctx: &Ctx) -> Value {
        output::json(&self.sheet, &self.verdict, self.decision(), &|path| ctx.url(path))
    }
}

/// Asks a gate (empty: the release gate) about a release at a moment, assuming that some tasks were done.
///
/// # Errors
/// Refused without a plan, for unknown gates and unknown tasks.
pub async fn ask(tx: &mut db::Tx, place: Place, gate: &str, assume: &[&str], at: Timestamp) -> Result<Answer> {
    let id = place.release.id;
    let sheet = plan::load_sheet(tx, place, at).await?;
    let verdict = rules::judge(&sheet, gate, assume)?;
    let decisions = store::list_decisions(tx, id, at).await?;
    Ok(Answer { sheet, verdict, decisions })
}

/// Decides at a gate. What the decision was based on is kept with it, and its hash goes into the log.
///
/// # Errors
/// Refused when the choice does not fit what the gate says; invalid without a reason where one is needed; not found where
/// one may not.
pub async fn decide(ctx: &Ctx, release: ReleaseId, gate: &str, choice: Choice, reason: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let place = place::release(ctx, &mut tx, release, Permission::ApprovePlans).await?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "release" })?;
    let reason = match (choice, reason.trim()) {
        (Choice::Passed, "") => String::new(),
        (Choice::PassedWithExceptions | Choice::Stopped, "") => {
            return Err(Error::invalid("reason", "Say why; whoever reads the log later has only this."));
        }
        (_, reason) => clean_text("reason", reason, 4_000).map_err(|problem| Error::Invalid(vec![problem]))?,
    };
    let answer = ask(&mut tx, place, gate, &[], ctx.now).await?;
    rules::may_decide(&answer.verdict, choice)?;
    let state = answer.json(ctx).to_string();
    let decision = Decision {
        release,
        gate: answer.verdict.gate.clone(),
        choice,
        reason,
        state_sha256: hex::encode(Sha256::digest(state.as_bytes())),
        state,
        decided_name: ctx.actor.name().to_owned(),
        made_at: ctx.now,
    };
    store::insert_decision(&mut tx, &ctx.id::<Decision>().to_string(), &decision, person).await?;
    let detail = json!({
        "gate": decision.gate, "outcome": choice.as_str(), "said": answer.verdict.outcome.as_str(),
        "lacking": answer.verdict.lacking().count(), "exceptions": answer.verdict.exceptions().count(),
        "state_sha256": decision.state_sha256,
    });
    audit::record(&mut tx, ctx, Entry::new("gate.decided", RecordRef::new("release", release)).with(detail)).await?;
    tx.commit().await
}

/// Makes the key pair that signs verdicts, where there is none yet.
///
/// # Errors
/// When the database does not answer.
pub async fn make_key(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.read().await?;
    if store::load_key(&mut tx).await?.is_some() {
        return Ok(());
    }
    drop(tx);
    let secret = platform::token::secret();
    let public_pem = sign::public_pem(&secret)?;
    let mut tx = ctx.begin().await?;
    audit::take_turn(&mut tx).await?;
    // Another instance that started at the same time may have made one.
    if store::load_key(&mut tx).await?.is_some() {
        return Ok(());
    }
    let sealed_secret = vault::key(&mut tx, &ctx.platform.master_key, vault::PROGRAM, ctx.now).await?.seal(&secret)?;
    let id = ctx.id::<KeyRow>();
    store::insert_key(&mut tx, &id.to_string(), &KeyRow { public_pem, sealed_secret }, ctx.now).await?;
    audit::record(&mut tx, ctx, Entry::new("gate_key.made", RecordRef::new("gate_key", id))).await?;
    tx.commit().await
}

fn no_key() -> Error {
    Error::Unavailable {
        words: "There is no signing key yet. It is made when the server starts.".to_owned(),
        source: None,
    }
}

/// The public half of the signing key, as PEM.
pub(super) async fn public_key(ctx: &Ctx) -> Result<String> {
    let mut tx = ctx.read().await?;
    Ok(store::load_key(&mut tx).await?.ok_or_else(no_key)?.public_pem)
}

/// The answer as a signed statement. Without an artefact to be about it is about the state of the release itself.
pub(super) async fn signed(ctx: &Ctx, tx: &mut db::Tx, answer: &Answer, artefact: Option<Subject>) -> Result<Value> {
    if answer.verdict.is_what_if() {
        return Err(Error::Refused {
            code: "what-if",
            words: "What is only assumed is not signed. Ask again without assume.".to_owned(),
        });
    }
    if answer.verdict.at != ctx.now {
        return Err(Error::Refused {
            code: "past",
            words: "Only what the gate says now is signed; what it would have said earlier proves nothing today. Ask again without asof.".to_owned(),
        });
    }
    let row = store::load_key(tx).await?.ok_or_else(no_key)?;
    let key = vault::existing_key(tx, &ctx.platform.master_key, vault::PROGRAM).await?.ok_or_else(no_key)?;
    let secret: [u8; 32] =
        key.open(&row.sealed_secret)?.try_into().map_err(|_| Error::internal("a signing key has the wrong length"))?;
    let predicate = answer.json(ctx);
    let subject = artefact.unwrap_or_else(|| Subject {
        name: format!("{}@{}", answer.sheet.place.product.slug, answer.sheet.place.release.version),
        sha256: hex::encode(Sha256::digest(predicate.to_string().as_bytes())),
    });
    sign::envelope(&secret, &subject, &predicate)
}
