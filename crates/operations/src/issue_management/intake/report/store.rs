//! Reports in the database.

use std::collections::HashMap;

use db::{DbError, Row, Tx, Value};
use kernel::{Actor, Error, Id, Permission, Result, Scope, Timestamp, kinds};
use platform::Ctx;
use platform::cards::Card;

use super::model::{
    Attachment, Channel, Class, Credit, NewReport, OfCase, Report, ReportRow, ReportState, SignatureMark, place,
};

const ROW: &str =
    "select r.id, r.number, r.channel, r.state, r.classification, r.subject, r.sender_name, r.sender_address,
    r.anonymous, r.credit, r.credit_name, r.encrypted, r.signature, r.problem, r.product_text, r.received_at,
    r.acknowledged_at, p.name as product_name, c.number as case_number";
const FROM: &str = " from issue_report r left join issue_case c on c.id = r.case_id
    left join register_product p on p.id = r.product_id";
const WHOLE: &str = "select r.*, p.name as product_name, c.number as case_number, c.state as case_state,
    c.outcome as case_outcome, c.encrypted_only as case_encrypted_only, c.product_id as case_product_id,
    c.family_id as case_family_id,
    (select count(*) from issue_message m where m.report_id = r.id and m.direction = 'in' and m.encrypted = true)
      as encrypted_messages";

/// What an actor may see: reports without a case by permission, the others with their case.
struct Sight {
    sql: String,
    values: Vec<Value>,
}

impl Sight {
    /// Parameters are numbered after `values`.
    fn of(actor: &Actor, mut values: Vec<Value>) -> Self {
        let unlinked = places(actor, Permission::ReadReports, "r", &mut values);
        let mut linked = places(actor, Permission::LeadCases, "c", &mut values);
        if let Some(person) = actor.person() {
            values.push(person.into());
            linked.push(format!(
                "exists (select 1 from issue_member i where i.case_id = r.case_id and i.person_id = ${})",
                values.len()
            ));
        }
        let any = |parts: Vec<String>| if parts.is_empty() { "1 = 0".to_owned() } else { parts.join(" or ") };
        let sql =
            format!("((r.case_id is null and ({})) or (r.case_id is not null and ({})))", any(unlinked), any(linked));
        Self { sql, values }
    }
}

fn places(actor: &Actor, permission: Permission, table: &str, values: &mut Vec<Value>) -> Vec<String> {
    let mut parts = Vec::new();
    for place in actor.places(permission) {
        match place {
            Scope::All => return vec!["1 = 1".to_owned()],
            Scope::Family(family) => {
                values.push(family.into());
                parts.push(format!("{table}.family_id = ${}", values.len()));
            }
            Scope::Product { product, .. } => {
                values.push(product.into());
                parts.push(format!("{table}.product_id = ${}", values.len()));
            }
        }
    }
    parts
}

/// What the inbox filters and sorts by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    pub(super) words: String,
    pub(super) state: String,
    pub(super) class: String,
    pub(super) channel: String,
    pub(super) problem: bool,
    pub(super) sort: String,
}

impl Filter {
    fn order(&self) -> &'static str {
        match self.sort.as_str() {
            "received" => "r.received_at, r.id",
            "number" => "r.number, r.id",
            "-number" => "r.number desc, r.id desc",
            "subject" => "lower(r.subject), r.id",
            "-subject" => "lower(r.subject) desc, r.id desc",
            "sender" => "lower(r.sender_name), lower(r.sender_address), r.id",
            "-sender" => "lower(r.sender_name) desc, lower(r.sender_address) desc, r.id desc",
            "state" => "r.state, r.received_at desc, r.id desc",
            "-state" => "r.state desc, r.received_at desc, r.id desc",
            _ => "r.received_at desc, r.id desc",
        }
    }
}

/// A page of the inbox and how many reports there are: two statements.
pub(in super::super) async fn list(
    tx: &mut Tx,
    actor: &Actor,
    filter: &Filter,
    page: web::Page,
) -> Result<(Vec<ReportRow>, u64)> {
    let like = format!("%{}%", filter.words.to_lowercase().replace(['%', '_'], ""));
    let own = vec![
        filter.state.as_str().into(),
        filter.class.as_str().into(),
        filter.channel.as_str().into(),
        filter.problem.into(),
        like.into(),
    ];
    let sight = Sight::of(actor, own);
    let condition = format!(
        "where ($1 = '' or r.state = $1) and ($2 = '' or r.classification = $2) and ($3 = '' or r.channel = $3)
           and (cast($4 as boolean) = false or r.problem <> '')
           and (lower(r.subject) like $5 or lower(r.number) like $5 or lower(r.sender_name) like $5
                or lower(r.sender_address) like $5 or lower(r.product_text) like $5 or lower(r.body) like $5)
           and {}",
        sight.sql
    );
    let total = tx.fetch_one(format!("select count(*) as total {FROM} {condition}"), &sight.values).await?;
    let mut values = sight.values;
    values.push(page.size.into());
    values.push(page.offset().into());
    let (size, offset) = (values.len() - 1, values.len());
    let rows = tx
        .fetch_all(
            format!("{ROW}{FROM} {condition} order by {} limit ${size} offset ${offset}", filter.order()),
            &values,
        )
        .await?;
    let rows = rows.iter().map(ReportRow::read).collect::<Result<_, _>>()?;
    Ok((rows, u64::try_from(total.get::<i64>("total")?).unwrap_or(0)))
}

/// The whole reports of a case, the oldest first. The caller made sure that the actor sees the case.
pub(in super::super) async fn list_whole_of_case(tx: &mut Tx, case: Id<kinds::Case>) -> Result<Vec<Report>> {
    let rows = tx
        .fetch_all(format!("{WHOLE}{FROM} where r.case_id = $1 order by r.received_at, r.id"), &[case.into()])
        .await?;
    Ok(rows.iter().map(Report::read).collect::<Result<_, _>>()?)
}

/// A report, when the actor may see it.
pub(in super::super) async fn load_visible(tx: &mut Tx, actor: &Actor, id: Id<kinds::Report>) -> Result<Report> {
    let sight = Sight::of(actor, vec![id.into()]);
    let row = tx.fetch_optional(format!("{WHOLE}{FROM} where r.id = $1 and {}", sight.sql), &sight.values).await?;
    Ok(Report::read(&row.ok_or(Error::NotFound { what: "report" })?)?)
}

/// A report, for the program and for the sender by the secret link.
pub(in super::super) async fn load_any(tx: &mut Tx, id: Id<kinds::Report>) -> Result<Report> {
    let row = tx.fetch_optional(format!("{WHOLE}{FROM} where r.id = $1"), &[id.into()]).await?;
    Ok(Report::read(&row.ok_or(Error::NotFound { what: "report" })?)?)
}

/// The report of a secret link, and when something last happened in it.
pub(in super::super) async fn load_by_secret(tx: &mut Tx, hash: &str) -> Result<Option<(Report, Timestamp)>> {
    let row = tx.fetch_optional(format!("{WHOLE}{FROM} where r.secret_hash = $1"), &[hash.into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let report = Report::read(&row)?;
    let last = tx
        .fetch_one("select max(at) as last_at from issue_message where report_id = $1", &[report.id.into()])
        .await?
        .get::<Option<Timestamp>>("last_at")?;
    let last = last.unwrap_or(report.received_at).max(report.received_at);
    Ok(Some((report, last)))
}

/// Cards of reports for other slices.
pub(super) async fn load_cards(tx: &mut Tx, actor: &Actor, ids: &[String]) -> Result<HashMap<String, Card>> {
    let sight = Sight::of(actor, ids.iter().map(Value::from).collect());
    let list = (1..=ids.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let sql = format!("select r.id, r.number, r.subject {FROM} where r.id in ({list}) and {}", sight.sql);
    let rows = tx.fetch_all(sql, &sight.values).await?;
    rows.iter()
        .map(|row| {
            let (id, number, subject): (String, String, String) =
                (row.get("id")?, row.get("number")?, row.get("subject")?);
            Ok((id.clone(), Card { title: format!("{number} {subject}"), link: format!("/desk/reports/{id}") }))
        })
        .collect()
}

/// The next number of a report.
pub(in super::super) async fn next_number(tx: &mut Tx, ctx: &Ctx) -> Result<String> {
    let year = ctx.now.date().to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or(1970);
    platform::numbers::next(tx, "R", year).await
}

/// Stores a report.
pub(in super::super) async fn insert(tx: &mut Tx, new: &NewReport) -> Result<()> {
    tx.execute(
        "insert into issue_report (id, number, channel, state, classification, family_id, product_id, subject, body,
           product_text, version_text, sender_name, sender_address, sender_key, anonymous, credit, credit_name, encrypted,
           signature, signer, problem, message_id, intake_address, raw_file_id, secret_hash, received_at, acknowledged_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
           $24, $25, $26, $27)",
        &[
            new.id.into(),
            new.number.as_str().into(),
            new.channel.as_str().into(),
            new.state.as_str().into(),
            new.class.as_str().into(),
            new.family.into(),
            new.product.into(),
            new.subject.as_str().into(),
            new.body.as_str().into(),
            new.product_text.as_str().into(),
            new.version_text.as_str().into(),
            new.sender_name.as_str().into(),
            new.sender_address.as_str().into(),
            new.sender_key.as_str().into(),
            new.anonymous.into(),
            new.credit.as_str().into(),
            new.credit_name.as_str().into(),
            new.encrypted.into(),
            new.signature.as_str().into(),
            new.signer.as_str().into(),
            new.problem.as_str().into(),
            new.message_id.clone().into(),
            new.intake_address.as_str().into(),
            new.raw_file.into(),
            new.secret_hash.clone().into(),
            new.received_at.into(),
            new.acknowledged_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The number of the report under which a mail with this Message-ID is already kept.
pub(in super::super) async fn find_duplicate(tx: &mut Tx, message_id: &str) -> Result<Option<String>> {
    let row = tx
        .fetch_optional(
            "select number from issue_report where message_id = $1
             union all
             select r.number from issue_message m join issue_report r on r.id = m.report_id where m.message_id = $1",
            &[message_id.into()],
        )
        .await?;
    row.map_or(Ok(None), |row| Ok(Some(row.get("number")?)))
}

/// Changes the state, the classification and the case; every write of the desk goes through here.
pub(super) async fn set_state(
    tx: &mut Tx,
    report: &Report,
    revision: i64,
    state: super::ReportState,
    class: super::Class,
) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_report set state = $1, classification = $2, revision = revision + 1
              where id = $3 and revision = $4",
            &[state.as_str().into(), class.as_str().into(), report.id.into(), revision.into()],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "report" }) } else { Ok(()) }
}

/// Links a report, its messages and files with a case.
pub(super) async fn set_case(tx: &mut Tx, report: &Report, revision: i64, case: Id<kinds::Case>) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_report set case_id = $1, state = 'in_case', classification = 'vulnerability',
               revision = revision + 1 where id = $2 and revision = $3 and case_id is null",
            &[case.into(), report.id.into(), revision.into()],
        )
        .await?;
    if changed == 0 {
        return Err(Error::Stale { what: "report" });
    }
    let pair = [case.into(), report.id.into()];
    tx.execute("update issue_message set case_id = $1 where report_id = $2", &pair).await?;
    tx.execute("update issue_attachment set case_id = $1 where report_id = $2", &pair).await?;
    Ok(())
}

/// What the desk knows better than the mail said.
pub(super) struct Facts {
    pub(super) product: Option<Id<kinds::Product>>,
    pub(super) family: Option<Id<kinds::Family>>,
    pub(super) version: String,
    pub(super) sender_name: String,
    pub(super) sender_address: String,
}

/// Writes product, version and sender.
pub(super) async fn set_facts(tx: &mut Tx, id: Id<kinds::Report>, revision: i64, facts: &Facts) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_report set product_id = $1, family_id = $2, version_text = $3, sender_name = $4,
               sender_address = $5, revision = revision + 1 where id = $6 and revision = $7",
            &[
                facts.product.into(),
                facts.family.into(),
                facts.version.as_str().into(),
                facts.sender_name.as_str().into(),
                facts.sender_address.as_str().into(),
                id.into(),
                revision.into(),
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Stale { what: "report" }) } else { Ok(()) }
}

/// Notes that the sender got an answer from a person.
pub(in super::super) async fn set_answered(tx: &mut Tx, id: Id<kinds::Report>, at: Timestamp) -> Result<()> {
    tx.execute(
        "update issue_report set acknowledged_at = coalesce(acknowledged_at, $1),
           state = case when state = 'new' then 'answered' else state end, revision = revision + 1 where id = $2",
        &[at.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// Notes that the sender was told that the report arrived.
pub(in super::super) async fn set_acknowledged(tx: &mut Tx, id: Id<kinds::Report>, at: Timestamp) -> Result<()> {
    tx.execute("update issue_report set acknowledged_at = $1 where id = $2", &[at.into(), id.into()]).await?;
    Ok(())
}

/// Notes that the sender wrote again: what was answered or closed is new once more.
pub(in super::super) async fn waits_again(tx: &mut Tx, id: Id<kinds::Report>) -> Result<()> {
    tx.execute(
        "update issue_report set state = case when state in ('answered', 'closed') then 'new' else state end,
           revision = revision + 1 where id = $1",
        &[id.into()],
    )
    .await?;
    Ok(())
}

/// Writes the hash of the secret link.
pub(in super::super) async fn set_secret(tx: &mut Tx, id: Id<kinds::Report>, hash: &str) -> Result<()> {
    tx.execute("update issue_report set secret_hash = $1 where id = $2", &[hash.into(), id.into()]).await?;
    Ok(())
}

/// Writes which key belongs to the report.
pub(in super::super) async fn set_sender_key(tx: &mut Tx, id: Id<kinds::Report>, fingerprint: &str) -> Result<()> {
    tx.execute("update issue_report set sender_key = $1 where id = $2", &[fingerprint.into(), id.into()]).await?;
    Ok(())
}

/// Writes whether and as whom the sender wants to be named.
pub(in super::super) async fn set_credit(tx: &mut Tx, id: Id<kinds::Report>, credit: Credit, name: &str) -> Result<()> {
    tx.execute(
        "update issue_report set credit = $1, credit_name = $2, revision = revision + 1 where id = $3",
        &[credit.as_str().into(), name.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// Adds a stored file to a report or to one of its messages.
pub(in super::super) async fn add_attachment(
    tx: &mut Tx,
    ctx: &Ctx,
    report: (Id<kinds::Report>, Option<Id<kinds::Case>>),
    message: Option<String>,
    file: Id<kinds::File>,
    name: &str,
) -> Result<()> {
    tx.execute(
        "insert into issue_attachment (id, file_id, report_id, message_id, case_id, name, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            ctx.id::<Attachment>().into(),
            file.into(),
            report.0.into(),
            message.into(),
            report.1.into(),
            platform::files::safe_name(name).into(),
            ctx.now.into(),
            ctx.actor.name().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The files of reports, in the order they came.
pub(in super::super) async fn attachments(tx: &mut Tx, reports: &[Id<kinds::Report>]) -> Result<Vec<Attachment>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let list = (1..=reports.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let values: Vec<Value> = reports.iter().map(|id| (*id).into()).collect();
    let rows = tx
        .fetch_all(
            format!(
                "select a.id, a.file_id, a.report_id, a.message_id, a.name, f.size
                   from issue_attachment a join file f on f.id = a.file_id where a.report_id in ({list}) order by a.id"
            ),
            &values,
        )
        .await?;
    Ok(rows.iter().map(Attachment::read).collect::<Result<_, _>>()?)
}

/// One file of a report.
pub(in super::super) async fn load_attachment(tx: &mut Tx, id: Id<Attachment>) -> Result<Attachment> {
    let row = tx
        .fetch_optional(
            "select a.id, a.file_id, a.report_id, a.message_id, a.name, f.size
               from issue_attachment a join file f on f.id = a.file_id where a.id = $1 and a.report_id is not null",
            &[id.into()],
        )
        .await?;
    Ok(Attachment::read(&row.ok_or(Error::NotFound { what: "file" })?)?)
}

/// A product to choose from.
#[derive(Clone, Debug)]
pub(in super::super) struct ProductRow {
    pub(in super::super) id: Id<kinds::Product>,
    pub(in super::super) family: Id<kinds::Family>,
    pub(in super::super) name: String,
    pub(in super::super) family_name: String,
}

/// Products that the public knows, by family and name.
pub(in super::super) async fn list_products(tx: &mut Tx) -> Result<Vec<ProductRow>> {
    let rows = tx
        .fetch_all(
            "select p.id, p.family_id, p.name, f.name as family_name from register_product p
               join register_family f on f.id = p.family_id
              where p.state in ('active', 'end_of_life') order by lower(f.name), lower(p.name), p.id",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ProductRow {
                id: row.get("id")?,
                family: row.get("family_id")?,
                name: row.get("name")?,
                family_name: row.get("family_name")?,
            })
        })
        .collect()
}

/// The case with this number, whoever may see it.
pub(super) async fn find_case(tx: &mut Tx, number: &str) -> Result<Option<Id<kinds::Case>>> {
    let sql = "select id from issue_case where lower(number) = $1";
    let row = tx.fetch_optional(sql, &[number.trim().to_lowercase().into()]).await?;
    row.map_or(Ok(None), |row| Ok(Some(row.get("id")?)))
}

impl Report {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        let (product, family) = (row.get("product_id")?, row.get("family_id")?);
        let case = match row.get::<Option<Id<kinds::Case>>>("case_id")? {
            None => None,
            Some(id) => Some(OfCase {
                id,
                number: row.get("case_number")?,
                state: row.get("case_state")?,
                outcome: row.get::<Option<String>>("case_outcome")?.unwrap_or_default(),
                encrypted_only: row.get("case_encrypted_only")?,
                place: place(row.get("case_product_id")?, row.get("case_family_id")?),
            }),
        };
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            channel: row.read("channel", Channel::parse)?,
            state: row.read("state", ReportState::parse)?,
            class: row.read("classification", Class::parse)?,
            family,
            product,
            product_name: row.get::<Option<String>>("product_name")?.unwrap_or_default(),
            case,
            subject: row.get("subject")?,
            body: row.get("body")?,
            product_text: row.get("product_text")?,
            version_text: row.get("version_text")?,
            sender_name: row.get("sender_name")?,
            sender_address: row.get("sender_address")?,
            sender_key: row.get("sender_key")?,
            anonymous: row.get("anonymous")?,
            credit: row.read("credit", Credit::parse)?,
            credit_name: row.get("credit_name")?,
            encrypted: row.get("encrypted")?,
            thread_encrypted: row.get::<i64>("encrypted_messages")? > 0,
            signature: row.read("signature", SignatureMark::parse)?,
            signer: row.get("signer")?,
            problem: row.get("problem")?,
            message_id: row.get("message_id")?,
            raw_file: row.get("raw_file_id")?,
            received_at: row.get("received_at")?,
            acknowledged_at: row.get("acknowledged_at")?,
            revision: row.get("revision")?,
        })
    }
}

impl ReportRow {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        let product: Option<String> = row.get("product_name")?;
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            channel: row.read("channel", Channel::parse)?,
            state: row.read("state", ReportState::parse)?,
            class: row.read("classification", Class::parse)?,
            subject: row.get("subject")?,
            sender_name: row.get("sender_name")?,
            sender_address: row.get("sender_address")?,
            anonymous: row.get("anonymous")?,
            credit: row.read("credit", Credit::parse)?,
            credit_name: row.get("credit_name")?,
            encrypted: row.get("encrypted")?,
            signature: row.read("signature", SignatureMark::parse)?,
            problem: row.get("problem")?,
            product: match product {
                Some(name) => name,
                None => row.get("product_text")?,
            },
            case_number: row.get("case_number")?,
            received_at: row.get("received_at")?,
            acknowledged_at: row.get("acknowledged_at")?,
        })
    }
}

impl Attachment {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            file: row.get("file_id")?,
            report: row.get("report_id")?,
            message: row.get("message_id")?,
            name: row.get("name")?,
            size: row.get("size")?,
        })
    }
}
