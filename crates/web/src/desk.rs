//! The frames around pages, filled from the operation context.

use kernel::Permission;
use maud::Markup;
use platform::{Ctx, profile};

use crate::flash::Flashed;
use crate::ui;

/// Which navigation entry needs which permission.
pub type NavRule = (&'static str, &'static [Permission]);

/// The navigation of the desk: an entry shows when the person has one of its permissions somewhere. Entries of rooms that
/// are still empty are left out.
const NAVIGATION: &[NavRule] = &[
    ("overview", &[]),
    ("reports", &[Permission::ReadReports]),
    ("cases", &[Permission::ReadCases]),
    ("advisories", &[Permission::WriteAdvisories, Permission::PublishAdvisories]),
    ("notices", &[Permission::ManageSubscribers]),
    ("products", &[Permission::ReadProducts]),
    ("releases", &[Permission::ReadPlans]),
    ("practices", &[Permission::ReadPlans]),
    ("findings", &[Permission::ReadPlans]),
    ("components", &[Permission::ReadPlans]),
    ("assessments", &[Permission::ReadProgramme]),
    ("programme", &[Permission::ReadProgramme]),
    ("people", &[Permission::ManagePeople]),
    ("settings", &[Permission::ManageSettings]),
    ("audit", &[Permission::ReadAudit]),
    ("jobs", &[Permission::ManageJobs]),
];

/// A page of the desk: navigation by permission, the person, and messages about what was just done.
#[must_use]
pub fn desk_page(ctx: &Ctx, active: &str, flashed: Flashed, shell: ui::Shell, body: Markup) -> Markup {
    let nav = ui::desk_nav(|key| {
        NAVIGATION.iter().find(|(known, _)| *known == key).is_some_and(|(_, permissions)| {
            permissions.is_empty() || permissions.iter().any(|permission| ctx.actor.may_somewhere(*permission))
        })
    });
    let shell = shell.nav(nav, active).person(person(ctx)).flash(flashed.messages());
    ui::desk(&shell, body)
}

fn person(ctx: &Ctx) -> Option<ui::Person> {
    match &ctx.actor {
        kernel::Actor::Person { name, grants, .. } => Some(ui::Person {
            name: name.clone(),
            role: grants.first().map_or_else(|| "No role yet".to_owned(), |grant| grant.role.label().to_owned()),
            profile: "/desk/account".to_owned(),
            sign_out: "/desk/sign-out".to_owned(),
        }),
        kernel::Actor::Nobody
        | kernel::Actor::Reporter { .. }
        | kernel::Actor::Machine { .. }
        | kernel::Actor::Program { .. } => None,
    }
}

/// A page of the public portal, with the vendor's name and legal notice.
///
/// # Errors
/// When the database does not answer.
pub async fn portal_page(
    ctx: &Ctx,
    active: &str,
    flashed: Flashed,
    shell: impl FnOnce(&str) -> ui::Portal,
    body: Markup,
) -> kernel::Result<Markup> {
    let mut tx = ctx.read().await?;
    let vendor = profile::load(&mut tx).await?;
    let mut portal = shell(&vendor.name).active(active).legal(vendor.legal_notice.as_str()).flash(flashed.messages());
    if let kernel::Actor::Person { name, .. } = &ctx.actor {
        portal = portal.person(name, "/desk");
    }
    Ok(ui::portal(&portal, body))
}

/// An error page in the frame that the person is used to; it must not fail itself.
pub(crate) async fn error_page(ctx: &Ctx, title: &str, body: Markup) -> Markup {
    if ctx.actor.person().is_some() {
        return desk_page(ctx, "", Flashed::default(), ui::Shell::new(title), body);
    }
    let vendor = match ctx.read().await {
        Ok(mut tx) => profile::load(&mut tx).await.map_or_else(|_| String::new(), |vendor| vendor.name),
        Err(_) => String::new(),
    };
    ui::portal(&ui::Portal::new(title, vendor), body)
}
