//! The job that warns before targets end and escalates after they are missed, each once.

use std::future::Future;
use std::pin::Pin;

use kernel::{EmailAddress, RecordRef, Result};
use platform::audit::{self, Entry};
use platform::outbox::{self, Outgoing};
use platform::{Ctx, vault};

use super::super::model::{Case, CaseId};
use super::super::{actions, store as cases};
use super::{rules, store};
use crate::issue_management::policy::{self, Policy, Step};

/// The kind of the job.
pub(crate) const CHECK: &str = "case.clocks";

/// Looks at every running clock: one transaction for each case with something to say.
#[must_use]
pub(crate) fn check(ctx: Ctx, _: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let mut tx = ctx.read().await?;
        let mitigated = store::list_cases_mitigated_by_date(&mut tx, ctx.now.date()).await?;
        let running = store::list_cases_to_look_at(&mut tx, ctx.now).await?;
        drop(tx);
        for id in mitigated {
            actions::note_mitigation(&ctx, id).await?;
        }
        for id in running {
            look_at(&ctx, id).await?;
        }
        Ok(())
    })
}

/// What has to be said about a clock now.
#[derive(Clone, Copy)]
struct Due {
    step: Step,
    escalate: bool,
    due_at: kernel::Timestamp,
}

async fn look_at(ctx: &Ctx, id: CaseId) -> Result<()> {
    // Looking without a write transaction first: most clocks have nothing to say.
    let mut tx = ctx.read().await?;
    let case = cases::load(&mut tx, id).await?;
    let policy = policy::load_for(&mut tx, case.family).await?;
    if what_is_due(ctx, &store::list(&mut tx, id).await?, &case, &policy).is_empty() {
        return Ok(());
    }
    drop(tx);
    let mut tx = ctx.begin().await?;
    cases::set_locked(&mut tx, id).await?;
    let case = cases::load(&mut tx, id).await?;
    let dues = what_is_due(ctx, &store::list(&mut tx, id).await?, &case, &policy);
    if dues.is_empty() {
        return Ok(());
    }
    let mut told = Vec::new();
    for due in &dues {
        store::set_told(&mut tx, id, due.step, due.escalate, ctx.now).await?;
    }
    for escalate in [false, true] {
        let steps: Vec<Due> = dues.iter().copied().filter(|due| due.escalate == escalate).collect();
        if steps.is_empty() {
            continue;
        }
        let recipients = recipients(&mut tx, &case, &policy, escalate).await?;
        for (place, recipient) in recipients.iter().enumerate() {
            queue(&mut tx, ctx, &case, &policy, &steps, escalate, recipient, place).await?;
        }
        told.push(serde_json::json!({
            "steps": steps.iter().map(|due| due.step.as_str()).collect::<Vec<_>>(),
            "escalated": escalate, "mails": recipients.len(),
        }));
    }
    let action = if dues.iter().any(|due| due.escalate) { "case.target-missed" } else { "case.target-near" };
    audit::record(
        &mut tx,
        ctx,
        Entry::new(action, RecordRef::new("case", id)).with(serde_json::json!({ "told": told })),
    )
    .await?;
    tx.commit().await
}

fn what_is_due(ctx: &Ctx, clocks: &[store::Running], case: &Case, policy: &Policy) -> Vec<Due> {
    let planned = rules::clocks_due(case, policy);
    clocks
        .iter()
        .filter(|clock| clock.met_at.is_none())
        .filter_map(|clock| {
            let due = |escalate| Some(Due { step: clock.step, escalate, due_at: clock.due_at });
            if ctx.now > clock.due_at {
                return if clock.escalated_at.is_none() { due(true) } else { None };
            }
            let plan = planned.iter().find(|plan| plan.step == clock.step && plan.due_at == clock.due_at)?;
            if clock.warned_at.is_none() && ctx.now >= plan.warn_at { due(false) } else { None }
        })
        .collect()
}

async fn recipients(tx: &mut db::Tx, case: &Case, policy: &Policy, escalate: bool) -> Result<Vec<EmailAddress>> {
    let read = |text: &str| EmailAddress::parse("recipient", text).ok();
    if escalate {
        if let Some(address) = read(&policy.escalation_address) {
            return Ok(vec![address]);
        }
        let leads = store::list_lead_addresses(tx, case.family, case.product).await?;
        return Ok(leads.iter().filter_map(|address| read(address)).collect());
    }
    if let Some(assignee) = case.assignee
        && let Some(address) = cases::load_email(tx, assignee).await?
    {
        return Ok(vec![address]);
    }
    let members = cases::list_members(tx, case.id).await?;
    Ok(members.iter().filter(|member| member.watches).filter_map(|member| read(&member.email)).collect())
}

/// Queues one mail. It names the case by its number only: mail is read on telephones in trains.
async fn queue(
    tx: &mut db::Tx,
    ctx: &Ctx,
    case: &Case,
    policy: &Policy,
    steps: &[Due],
    escalate: bool,
    recipient: &EmailAddress,
    place: usize,
) -> Result<()> {
    let subject = if escalate {
        format!("[{}] A response target was missed", case.number)
    } else {
        format!("[{}] A response target ends soon", case.number)
    };
    let mut text = String::new();
    for due in steps {
        let word = if escalate { "was due" } else { "is due" };
        text.push_str(&format!("{} {word} on {}.\n", due.step.label(), due.due_at.for_people()));
    }
    text.push_str(&format!("\nThe case: {}\n", ctx.url(&format!("/desk/cases/{}", case.id))));
    let sender = [policy.intake_address.as_str(), ctx.platform.settings.mail_from.as_str()]
        .into_iter()
        .find_map(|address| EmailAddress::parse("sender", address).ok());
    let Some(sender) = sender else { return Ok(()) };
    let domain = sender.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain).to_owned();
    let step = steps.first().map_or("", |due| due.step.as_str());
    let kind = if escalate { "missed" } else { "near" };
    let message_id = format!("{}.{step}.{kind}.{place}.{}@{domain}", case.id, ctx.now.micros());
    let message = mail(&sender, recipient, &subject, &message_id, ctx.now, &text);
    outbox::queue(
        tx,
        ctx,
        Outgoing {
            recipient,
            sender: &sender,
            subject: &subject,
            message_id: &message_id,
            scope: vault::PROGRAM,
            root: RecordRef::new("case", case.id),
            message: message.as_bytes(),
        },
    )
    .await?;
    Ok(())
}

/// A plain message to staff (RFC 5322). All its words are ASCII by construction: numbers, dates, fixed text, addresses.
fn mail(
    sender: &EmailAddress,
    recipient: &EmailAddress,
    subject: &str,
    message_id: &str,
    now: kernel::Timestamp,
    text: &str,
) -> String {
    let body = text.replace('\n', "\r\n");
    format!(
        "From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{message_id}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\
         Auto-Submitted: auto-generated\r\n\r\n{body}",
        now.rfc2822()
    )
}
