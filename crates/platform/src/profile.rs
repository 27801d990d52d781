//! The vendor's profile: the few words that the whole program shows, kept in the database.

use db::{Tx, Value};
use kernel::{Error, Result};

/// Who runs this installation, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorProfile {
    /// The vendor's name.
    pub name: String,
    /// The CSAF publisher namespace: an address that the vendor owns.
    pub namespace: String,
    /// Where a person answers (CRA Article 13(17)).
    pub contact_email: String,
    /// Contact details in one line, for advisories.
    pub contact_details: String,
    /// The vulnerability disclosure policy, as plain text with blank lines between paragraphs.
    pub policy: String,
    /// What happens with the data of people who report, as plain text.
    pub privacy: String,
    /// The vendor's notice on every publication (P16), where the family has none of its own.
    pub legal_notice: String,
    /// Counts writes.
    pub revision: i64,
}

/// Loads the profile; the vendor's defaults before first set-up.
///
/// # Errors
/// When the database does not answer.
pub async fn load(tx: &mut Tx) -> Result<VendorProfile> {
    let rows = tx.fetch_all("select name, value, revision from setting where name like 'vendor.%'", &[]).await?;
    let mut profile = VendorProfile {
        name: "Your company".to_owned(),
        namespace: "https://example.org".to_owned(),
        contact_email: String::new(),
        contact_details: String::new(),
        policy: String::new(),
        privacy: String::new(),
        legal_notice: "Information in this publication is provided \"as is\", without warranty of any kind, and may change without notice."
            .to_owned(),
        revision: 0,
    };
    for row in rows {
        let (name, value): (String, String) = (row.get("name")?, row.get("value")?);
        profile.revision = profile.revision.max(row.get("revision")?);
        match name.as_str() {
            "vendor.name" => profile.name = value,
            "vendor.namespace" => profile.namespace = value,
            "vendor.contact_email" => profile.contact_email = value,
            "vendor.contact_details" => profile.contact_details = value,
            "vendor.policy" => profile.policy = value,
            "vendor.privacy" => profile.privacy = value,
            "vendor.legal_notice" => profile.legal_notice = value,
            _ => {}
        }
    }
    Ok(profile)
}

/// Stores the profile, unless somebody changed it since `profile.revision` was read. The caller records the action.
///
/// # Errors
/// Stale, or when the database does not answer.
pub async fn set(tx: &mut Tx, profile: &VendorProfile) -> Result<()> {
    let current = load(tx).await?;
    if current.revision != profile.revision {
        return Err(Error::Stale { what: "vendor profile" });
    }
    let fields = [
        ("vendor.name", &profile.name),
        ("vendor.namespace", &profile.namespace),
        ("vendor.contact_email", &profile.contact_email),
        ("vendor.contact_details", &profile.contact_details),
        ("vendor.policy", &profile.policy),
        ("vendor.privacy", &profile.privacy),
        ("vendor.legal_notice", &profile.legal_notice),
    ];
    let revision = profile.revision + 1;
    for (name, value) in fields {
        tx.execute(
            "insert into setting (name, value, revision) values ($1, $2, $3)
             on conflict (name) do update set value = excluded.value, revision = excluded.revision",
            &[name.into(), Value::from(value), revision.into()],
        )
        .await?;
    }
    Ok(())
}
