//! Who works on a case, and who could.

use db::{Row, Tx, Value};
use kernel::{EmailAddress, Error, Id, Permission, Result, Role, Timestamp, kinds};

use super::super::model::CaseId;

/// A member of a case.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Who.
    pub(crate) person: Id<kinds::Person>,
    /// Their name.
    pub(crate) name: String,
    /// Their address.
    pub(crate) email: String,
    /// Whether they get mail about the case.
    pub(crate) watches: bool,
    /// Since when.
    pub(crate) added_at: Timestamp,
}

/// Somebody who could be added or assigned.
#[derive(Clone, Debug)]
pub(crate) struct PersonChoice {
    /// Who.
    pub(crate) id: Id<kinds::Person>,
    /// Their name.
    pub(crate) name: String,
}

/// The members of a case by name.
pub(crate) async fn list_members(tx: &mut Tx, case: CaseId) -> Result<Vec<Member>> {
    let rows = tx
        .fetch_all(
            "select m.person_id, m.watches, m.added_at, p.name, p.email
               from issue_member m join person p on p.id = m.person_id
              where m.case_id = $1 order by lower(p.name), m.person_id",
            &[case.into()],
        )
        .await?;
    rows.iter().map(read_member).collect()
}

fn read_member(row: &Row) -> Result<Member> {
    Ok(Member {
        person: row.get("person_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        watches: row.get("watches")?,
        added_at: row.get("added_at")?,
    })
}

/// Active people with a role that has `permission` somewhere, by name.
pub(crate) async fn list_candidates(tx: &mut Tx, permission: Permission) -> Result<Vec<PersonChoice>> {
    let mut parameters: Vec<Value> = Vec::new();
    let places: Vec<String> = Role::ALL
        .iter()
        .filter(|role| role.permissions().contains(&permission))
        .map(|role| {
            parameters.push(role.as_str().into());
            format!("${}", parameters.len())
        })
        .collect();
    let sql = format!(
        "select p.id, p.name from person p where p.state = 'active'
            and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ({}))
          order by lower(p.name), p.id limit 500",
        places.join(", ")
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter().map(|row| Ok(PersonChoice { id: row.get("id")?, name: row.get("name")? })).collect()
}

/// Adds a member; somebody who is one already stays one.
pub(crate) async fn insert_member(
    tx: &mut Tx,
    case: CaseId,
    person: Id<kinds::Person>,
    by: &str,
    at: Timestamp,
) -> Result<bool> {
    let changed = tx
        .execute(
            "insert into issue_member (case_id, person_id, watches, added_at, added_by) values ($1, $2, true, $3, $4)
             on conflict (case_id, person_id) do nothing",
            &[case.into(), person.into(), at.into(), by.into()],
        )
        .await?;
    Ok(changed > 0)
}

/// Removes a member.
pub(crate) async fn delete_member(tx: &mut Tx, case: CaseId, person: Id<kinds::Person>) -> Result<()> {
    let changed = tx
        .execute("delete from issue_member where case_id = $1 and person_id = $2", &[case.into(), person.into()])
        .await?;
    if changed == 0 { Err(Error::NotFound { what: "member" }) } else { Ok(()) }
}

/// Turns mail about the case on or off for a member.
pub(crate) async fn set_watches(tx: &mut Tx, case: CaseId, person: Id<kinds::Person>, watches: bool) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_member set watches = $3 where case_id = $1 and person_id = $2",
            &[case.into(), person.into(), watches.into()],
        )
        .await?;
    if changed == 0 { Err(Error::NotFound { what: "member" }) } else { Ok(()) }
}

/// The address of an active person.
pub(crate) async fn load_email(tx: &mut Tx, person: Id<kinds::Person>) -> Result<Option<EmailAddress>> {
    let row =
        tx.fetch_optional("select email from person where id = $1 and state = 'active'", &[person.into()]).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(EmailAddress::parse("email", &row.get::<String>("email")?).ok())
}
