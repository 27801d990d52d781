//! The few things the demo asks the database for that no form tells: revisions, identifiers, sessions.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use kernel::{Id, kinds};
use platform::{Platform, token, vault};

use crate::start::words;

/// Whether the installation has people already.
pub(super) async fn is_filled(platform: &Arc<Platform>) -> anyhow::Result<bool> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let row = tx.fetch_one("select count(*) as count from person", &[]).await.map_err(words)?;
    Ok(row.get::<i64>("count")? > 0)
}

/// A session that outlasts the two years, as a cookie; ended by [`end_sessions`].
pub(super) async fn begin_session(platform: &Arc<Platform>, person: Id<kinds::Person>) -> anyhow::Result<String> {
    let ctx = platform.program("demo");
    let secret = token::new();
    let far = ctx.now + Duration::from_secs(3 * 365 * 86_400);
    let mut tx = ctx.begin().await.map_err(words)?;
    tx.is_housekeeping();
    tx.execute(
        "insert into session (token_hash, id, person_id, created_at, last_seen_at, expires_at, address, agent)
         values ($1, $2, $3, $4, $5, $5, 'demo', 'demo')",
        &[token::hash(&secret).into(), ctx.id::<Platform>().into(), person.into(), ctx.now.into(), far.into()],
    )
    .await
    .map_err(words)?;
    tx.commit().await.map_err(words)?;
    let name = if platform.settings.base_url.starts_with("https://") { "__Host-portcullis" } else { "portcullis" };
    Ok(format!("{name}={secret}"))
}

/// Ends the sessions that filled the demo.
pub(super) async fn end_sessions(platform: &Arc<Platform>) -> anyhow::Result<()> {
    let mut tx = platform.program("demo").begin().await.map_err(words)?;
    tx.is_housekeeping();
    tx.execute("delete from session where agent = 'demo'", &[]).await.map_err(words)?;
    tx.commit().await.map_err(words)
}

/// One text or number out of the database, as text.
async fn value(platform: &Arc<Platform>, sql: &'static str, key: &str) -> anyhow::Result<String> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let row = tx.fetch_one(sql, &[key.into()]).await.map_err(words)?;
    Ok(row.get("found")?)
}

/// The revision of a case, as its form would carry it.
pub(super) async fn case_revision(platform: &Arc<Platform>, case: &str) -> anyhow::Result<String> {
    value(platform, "select cast(revision as text) as found from issue_case where id = $1", case).await
}

/// The revision of an advisory.
pub(super) async fn advisory_revision(platform: &Arc<Platform>, advisory: &str) -> anyhow::Result<String> {
    value(platform, "select cast(revision as text) as found from issue_advisory where id = $1", advisory).await
}

/// The revision of a report.
pub(super) async fn report_revision(platform: &Arc<Platform>, report: &str) -> anyhow::Result<String> {
    value(platform, "select cast(revision as text) as found from issue_report where id = $1", report).await
}

/// The report that came last.
pub(super) async fn newest_report(platform: &Arc<Platform>) -> anyhow::Result<String> {
    value(platform, "select max(id) as found from issue_report where id <> $1", "").await
}

/// What the exposure form carries to notice another editor: how often exposures of the case were written.
pub(super) async fn exposure_writes(platform: &Arc<Platform>, case: &str) -> anyhow::Result<String> {
    value(
        platform,
        "select cast(coalesce(sum(e.revision), 0) as text) as found
           from issue_exposure e join issue_vulnerability v on v.id = e.vulnerability_id where v.case_id = $1",
        case,
    )
    .await
}

/// The profile of a product that holds now, as its form would carry it; empty while there is none.
pub(super) async fn profile(platform: &Arc<Platform>, product: &str) -> anyhow::Result<String> {
    let sql = "select coalesce(max(id), '') as found from process_profile where product_id = $1 and ended_at is null";
    value(platform, sql, product).await
}

/// The finding of a rule or an identifier in a release.
pub(super) async fn finding(platform: &Arc<Platform>, release: &str, rule: &str) -> anyhow::Result<String> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let row = tx
        .fetch_one(
            "select f.id as found from verification_finding f join verification_target t on t.id = f.target_id
              where t.release_id = $1 and (f.rule = $2 or f.cve = $2) order by f.id limit 1",
            &[release.into(), rule.into()],
        )
        .await
        .map_err(words)?;
    Ok(row.get("found")?)
}

/// The revision of a release and its last day of support, as its form would carry them.
pub(super) async fn release(platform: &Arc<Platform>, release: &str) -> anyhow::Result<(String, String)> {
    let revision =
        value(platform, "select cast(revision as text) as found from register_release where id = $1", release);
    let revision = revision.await?;
    let ends = "select coalesce(support_ends_on, '') as found from register_release where id = $1";
    Ok((revision, value(platform, ends, release).await?))
}

/// Our own questions about maturity, in the 1.5 scoring.
pub(super) async fn house_model(platform: &Arc<Platform>) -> anyhow::Result<String> {
    let sql = "select id as found from strategy_model where source = 'built_in' and series = $1";
    value(platform, sql, "house-1/1.5").await
}

/// The revision of an assessment.
pub(super) async fn assessment_revision(platform: &Arc<Platform>, assessment: &str) -> anyhow::Result<String> {
    value(platform, "select cast(revision as text) as found from strategy_assessment where id = $1", assessment).await
}

/// The revision of an improvement action.
pub(super) async fn action_revision(platform: &Arc<Platform>, action: &str) -> anyhow::Result<String> {
    value(platform, "select cast(revision as text) as found from improvement_action where id = $1", action).await
}

/// The answers of an assessment that hold: question and the number of the answer.
pub(super) async fn answers(platform: &Arc<Platform>, assessment: &str) -> anyhow::Result<Vec<(String, i64)>> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let sql =
        "select question, number from strategy_answer where assessment_id = $1 and ended_at is null order by question";
    let rows = tx.fetch_all(sql, &[assessment.into()]).await.map_err(words)?;
    rows.iter().map(|row| Ok((row.get("question")?, row.get("number")?))).collect()
}

/// The address behind the link of the confirmation that was mailed last to somebody who signed up for notices.
pub(super) async fn confirmation(platform: &Arc<Platform>, address: &str) -> anyhow::Result<String> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let sql = "select scope, sealed from mail_out where recipient = $1 order by id desc limit 1";
    let row = tx.fetch_one(sql, &[address.into()]).await.map_err(words)?;
    let (scope, sealed): (String, Vec<u8>) = (row.get("scope")?, row.get("sealed")?);
    let key = vault::existing_key(&mut tx, &platform.master_key, &scope).await.map_err(words)?;
    let mail = key.context("the mail has no key")?.open(&sealed).map_err(words)?;
    // Long lines are broken with an equals sign in quoted-printable text.
    let text = String::from_utf8_lossy(&mail).replace("=\r\n", "");
    let link = text.split_once("/subscribe/").and_then(|(_, rest)| rest.split_once("/confirm"));
    let (token, _) = link.context("the mail has no link to confirm")?;
    Ok(format!("/subscribe/{token}/confirm"))
}

/// What an activity should have caught and did not.
pub(super) async fn escapes(platform: &Arc<Platform>, activity: &str) -> anyhow::Result<Vec<String>> {
    let mut tx = platform.program("demo").read().await.map_err(words)?;
    let sql = "select id from issue_root_cause where activity = $1 and ended_at is null order by id";
    let rows = tx.fetch_all(sql, &[activity.into()]).await.map_err(words)?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
}
