//! The example vendor: Halden Systems, its people, products and words. All invented.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use kernel::{Date, Grant, Id, Role, Scope, Timestamp, kinds};
use platform::audit::{self, Entry};
use platform::profile::{self, VendorProfile};
use platform::{Platform, access};

use super::store;
use crate::start::words;

/// What everybody signs in with.
pub(super) const PASSWORD: &str = "open sesame demo";

/// Somebody to sign in as.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) role: Role,
}

pub(super) const PEOPLE: &[Person] = &[
    Person { name: "Ada Brandt", email: "ada@halden.example", role: Role::Administrator },
    Person { name: "Lea Nordin", email: "lea@halden.example", role: Role::Lead },
    Person { name: "Ben Okoro", email: "ben@halden.example", role: Role::Analyst },
    Person { name: "Kim Sato", email: "kim@halden.example", role: Role::Lead },
    Person { name: "Sol Vega", email: "sol@halden.example", role: Role::SecurityLead },
    Person { name: "Rik Janssen", email: "rik@halden.example", role: Role::ReleaseManager },
    Person { name: "Dev Arora", email: "dev@halden.example", role: Role::Developer },
    Person { name: "Nia Falk", email: "nia@halden.example", role: Role::Champion },
    Person { name: "Eva Lund", email: "eva@halden.example", role: Role::Tester },
    Person { name: "Tom Reiter", email: "tom@halden.example", role: Role::ProductManager },
    Person { name: "Olu Adeyemi", email: "olu@halden.example", role: Role::Auditor },
];

/// Who does what in the story, signed in.
pub(super) struct Cast {
    pub(super) lead: String,
    pub(super) analyst: String,
    pub(super) lead_id: Id<kinds::Person>,
    /// Everybody's cookie and identifier, by role.
    all: HashMap<Role, (String, String)>,
}

impl Cast {
    /// The cookie of whoever has the role.
    pub(super) fn cookie(&self, role: Role) -> &str {
        self.all.get(&role).map_or("", |(cookie, _)| cookie.as_str())
    }

    /// The identifier of whoever has the role.
    pub(super) fn id(&self, role: Role) -> &str {
        self.all.get(&role).map_or("", |(_, id)| id.as_str())
    }
}

/// A family's name, and its products with the number of their newest release.
type Family = (&'static str, &'static [(&'static str, u8)]);

/// Families, each with its products and the numbers of their newest release.
const PRODUCTS: &[Family] = &[
    ("Halden Gate", &[("Gate 100", 4), ("Gate 300", 7), ("Gate 500", 3), ("Gate Console", 5)]),
    ("Halden Voice", &[("Desk Phone 20", 6), ("Desk Phone 40", 4), ("Conference Unit", 2), ("Voice Manager", 9)]),
    ("Halden Meet", &[("Meet Server", 8), ("Meet Client", 8), ("Meet Recorder", 3), ("Contact Desk", 5)]),
];

const POLICY: &str = "We take reports from everybody: researchers, customers, partners and competitors.

Write to us with the form on this site or by mail, encrypted with our key if you can. You get an answer from a person within two working days and an assessment within five.

We investigate products in active support. We keep what you tell us among those who need it, agree with you on a date, and publish when users can protect themselves. We name you in the advisory if you wish.

We take no legal steps against research in good faith that stays with its own devices and data.

Low risks are corrected in the next regular release. For medium, high and critical risks we publish an advisory with affected and fixed releases, a CVSS rating and what to do.";

const PRIVACY: &str = "We use your name and address to answer your report and, if you wish, to credit you. We keep them with the report for as long as we keep the report itself. You may stay anonymous.

Addresses of people who signed up for notices are used for notices only and are removed when they sign off.";

/// Makes the people, and signs in those who act in the story.
pub(super) async fn people(platform: &Arc<Platform>) -> anyhow::Result<Cast> {
    let ctx = platform.program("demo");
    let mut ids = Vec::new();
    let mut passwords = Vec::new();
    for person in PEOPLE {
        let (id, link) = access::invite(&ctx, person.email, person.name).await.map_err(words)?;
        access::grant(&ctx, id, Grant { role: person.role, scope: Scope::All }).await.map_err(words)?;
        ids.push((person.role, id));
        // Hashing passwords is slow on purpose, so it is done on all processors at once.
        let ctx = ctx.clone();
        passwords.push(tokio::spawn(async move { access::accept_invitation(&ctx, &link.token, PASSWORD).await }));
    }
    for password in passwords {
        password.await?.map_err(words)?;
    }
    let id = |role: Role| {
        ids.iter()
            .find(|(found, _)| *found == role)
            .map(|(_, id)| *id)
            .ok_or_else(|| anyhow::anyhow!("nobody is {}", role.label()))
    };
    let lead_id = id(Role::Lead)?;
    let mut all = HashMap::new();
    for role in
        [Role::Developer, Role::Tester, Role::ProductManager, Role::ReleaseManager, Role::Champion, Role::SecurityLead]
    {
        let person = id(role)?;
        all.insert(role, (store::begin_session(platform, person).await?, person.to_string()));
    }
    Ok(Cast {
        lead: store::begin_session(platform, lead_id).await?,
        analyst: store::begin_session(platform, id(Role::Analyst)?).await?,
        lead_id,
        all,
    })
}

/// The vendor's profile and products.
pub(super) async fn set_up(platform: &Arc<Platform>, _: &Cast) -> anyhow::Result<()> {
    let ctx = platform.program("demo");
    let mut tx = ctx.begin().await.map_err(words)?;
    let revision = profile::load(&mut tx).await.map_err(words)?.revision;
    let vendor = VendorProfile {
        name: "Halden Systems".to_owned(),
        namespace: "https://halden.example".to_owned(),
        contact_email: "psirt@halden.example".to_owned(),
        contact_details: "Halden Systems PSIRT, psirt@halden.example".to_owned(),
        policy: POLICY.to_owned(),
        privacy: PRIVACY.to_owned(),
        legal_notice: "The information in this publication is given \"as is\", without warranty of any kind. Its use is at your own risk. Halden Systems may change it at any time without notice.".to_owned(),
        revision,
    };
    profile::set(&mut tx, &vendor).await.map_err(words)?;
    let subject = kernel::RecordRef { kind: "installation".to_owned(), id: "vendor".to_owned() };
    audit::record(&mut tx, &ctx, Entry::new("vendor.changed", subject)).await.map_err(words)?;
    tx.commit().await.map_err(words)?;
    register::products::import(&ctx, csv(ctx.now).as_bytes()).await.map_err(words)?;
    Ok(())
}

/// Four releases of each product, half a year apart, supported for two years; the newest is still to come.
fn csv(begin: Timestamp) -> String {
    let mut text = String::from("family,product,version,released_on,support_ends_on\n");
    for (index, (family, product, major)) in PRODUCTS
        .iter()
        .flat_map(|(family, products)| products.iter().map(move |(name, major)| (family, name, major)))
        .enumerate()
    {
        for (minor, days) in [(0, -420), (1, -150), (2, 90), (3, 330), (4, 560)] {
            let released: Date = begin.date().plus_days(days + i32::try_from(index).unwrap_or(0) * 5);
            let _infallible =
                writeln!(text, "{family},{product},{major}.{minor},{released},{}", released.plus_days(730));
        }
        let ends = begin.date().plus_days(730 + 5 * 365);
        let _infallible = writeln!(text, "{family},{product},{}.0,,{ends}", major + 1);
    }
    text
}
