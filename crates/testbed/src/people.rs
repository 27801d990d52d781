//! People for tests, made through the database and signed in by a session of their own.

use kernel::{Actor, Grant, Id, Role, Scope, kinds};
use platform::{Ctx, token};

use crate::{Client, Testbed};

/// A person with roles, a client that is signed in, and the actor they are.
pub struct TestPerson {
    /// Who.
    pub id: Id<kinds::Person>,
    /// Signed in.
    pub client: Client,
    /// As actions see them.
    pub actor: Actor,
}

impl Testbed {
    /// A person with this role everywhere.
    pub async fn person(&self, name: &str, role: Role) -> TestPerson {
        self.person_with(name, &[Grant { role, scope: Scope::All }]).await
    }

    /// A person with these grants.
    pub async fn person_with(&self, name: &str, grants: &[Grant]) -> TestPerson {
        let ctx = self.program();
        let id: Id<kinds::Person> = ctx.id();
        let email = format!("{}@halden.example", name.to_lowercase().replace(' ', "."));
        let session = token::new();
        let mut tx = ctx.begin().await.unwrap();
        tx.is_housekeeping();
        tx.execute(
            "insert into person (id, email, email_key, name, state, created_at) values ($1, $2, $2, $3, 'active', $4)",
            &[id.into(), email.into(), name.into(), ctx.now.into()],
        )
        .await
        .unwrap();
        for grant in grants {
            let (family, product) = match grant.scope {
                Scope::All => (None, None),
                Scope::Family(family) => (Some(family), None),
                Scope::Product { product, family } => (Some(family), Some(product)),
            };
            tx.execute(
                "insert into role_grant (id, person_id, role, family_id, product_id, granted_at) values ($1, $2, $3, $4, $5, $6)",
                &[
                    ctx.id::<Grant>().into(),
                    id.into(),
                    grant.role.as_str().into(),
                    family.into(),
                    product.into(),
                    ctx.now.into(),
                ],
            )
            .await
            .unwrap();
        }
        let far = ctx.now + std::time::Duration::from_secs(3_650 * 86_400);
        tx.execute(
            "insert into session (token_hash, id, person_id, created_at, last_seen_at, expires_at, address, agent)
             values ($1, $2, $3, $4, $5, $5, 'test', 'test')",
            &[token::hash(&session).into(), ctx.id::<Client>().into(), id.into(), ctx.now.into(), far.into()],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut client = self.visitor();
        client.set_cookie("__Host-portcullis", &session);
        TestPerson { id, client, actor: Actor::Person { id, name: name.to_owned(), grants: grants.to_vec() } }
    }

    /// A context in which this person acts now.
    #[must_use]
    pub fn acting(&self, person: &TestPerson) -> Ctx {
        self.program().acting_as(person.actor.clone())
    }
}
