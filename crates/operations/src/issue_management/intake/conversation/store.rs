//! Messages in the database.

use db::{DbError, Row, Tx, Value};
use kernel::{Error, Id, Result, Timestamp, kinds};

use super::model::{Direction, Message, MessageKind, NewMessage};
use crate::issue_management::intake::report::SignatureMark;

const MESSAGE: &str = "select m.*, o.state as delivery from issue_message m left join mail_out o on o.id = m.mail_id";

/// The author of the automatic receipt.
pub(super) const RECEIPT: &str = "Automatic receipt";

/// Stores a message.
pub(in super::super) async fn insert(tx: &mut Tx, new: &NewMessage) -> Result<()> {
    tx.execute(
        "insert into issue_message (id, report_id, case_id, direction, channel, person_id, author, subject, body,
           encrypted, signature, signer, problem, message_id, mail_id, raw_file_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &[
            new.id.into(),
            new.report.into(),
            new.case.into(),
            new.direction.as_str().into(),
            if new.by_mail { "mail" } else { "page" }.into(),
            new.person.into(),
            new.author.as_str().into(),
            new.subject.as_str().into(),
            new.body.as_str().into(),
            new.encrypted.into(),
            new.signature.as_str().into(),
            new.signer.as_str().into(),
            new.problem.as_str().into(),
            new.message_id.clone().into(),
            new.mail.into(),
            new.raw_file.into(),
            new.at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The messages of reports, the oldest first.
pub(super) async fn list_of_reports(tx: &mut Tx, reports: &[Id<kinds::Report>]) -> Result<Vec<Message>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let list = (1..=reports.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let values: Vec<Value> = reports.iter().map(|id| (*id).into()).collect();
    let rows = tx.fetch_all(format!("{MESSAGE} where m.report_id in ({list}) order by m.at, m.id"), &values).await?;
    Ok(rows.iter().map(Message::read).collect::<Result<_, _>>()?)
}

/// The messages of a report, the oldest first.
pub(in super::super) async fn list_of_report(tx: &mut Tx, report: Id<kinds::Report>) -> Result<Vec<Message>> {
    list_of_reports(tx, &[report]).await
}

/// One message.
pub(super) async fn load(tx: &mut Tx, id: Id<MessageKind>) -> Result<Message> {
    let row = tx.fetch_optional(format!("{MESSAGE} where m.id = $1"), &[id.into()]).await?;
    Ok(Message::read(&row.ok_or(Error::NotFound { what: "message" })?)?)
}

/// The report in whose conversation one of these Message-IDs is.
pub(in super::super) async fn find_report_by_ids(tx: &mut Tx, ids: &[String]) -> Result<Option<Id<kinds::Report>>> {
    let ids: Vec<&String> = ids.iter().take(40).collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let list = (1..=ids.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let values: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let row = tx
        .fetch_optional(
            format!(
                "select report_id, at from issue_message where message_id in ({list})
                 union all
                 select id as report_id, received_at as at from issue_report where message_id in ({list})
                 order by at desc limit 1"
            ),
            &values,
        )
        .await?;
    row.map_or(Ok(None), |row| Ok(Some(row.get("report_id")?)))
}

/// The report with this number, or of the case with this number, when this address is its sender.
pub(in super::super) async fn find_report_of_sender(
    tx: &mut Tx,
    number: &str,
    address: &str,
) -> Result<Option<Id<kinds::Report>>> {
    let row = tx
        .fetch_optional(
            "select r.id from issue_report r left join issue_case c on c.id = r.case_id
              where lower(r.sender_address) = $2 and (lower(r.number) = $1 or lower(c.number) = $1)
              order by r.received_at desc limit 1",
            &[number.to_lowercase().into(), address.to_lowercase().into()],
        )
        .await?;
    row.map_or(Ok(None), |row| Ok(Some(row.get("id")?)))
}

/// How many automatic receipts went to an address since a moment.
pub(in super::super) async fn receipts_since(tx: &mut Tx, address: &str, since: Timestamp) -> Result<i64> {
    let row = tx
        .fetch_one(
            "select count(*) as receipts from issue_message m join issue_report r on r.id = m.report_id
              where m.direction = 'out' and m.author = $1 and lower(r.sender_address) = $2 and m.at > $3",
            &[RECEIPT.into(), address.to_lowercase().into(), since.into()],
        )
        .await?;
    Ok(row.get("receipts")?)
}

impl Message {
    pub(super) fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            report: row.get("report_id")?,
            direction: row.read("direction", Direction::parse)?,
            by_mail: row.get::<String>("channel")? == "mail",
            author: row.get("author")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            encrypted: row.get("encrypted")?,
            signature: row.read("signature", SignatureMark::parse)?,
            signer: row.get("signer")?,
            problem: row.get("problem")?,
            message_id: row.get("message_id")?,
            raw_file: row.get("raw_file_id")?,
            at: row.get("at")?,
            delivery: row.get::<Option<String>>("delivery")?.unwrap_or_default(),
        })
    }
}
