//! The table of roles in the guide is the one in the code.

use std::fmt::Write;

use kernel::{Permission, Role};

fn table() -> String {
    let mut text = String::from("| may |");
    for role in Role::ALL {
        let _infallible = write!(text, " {} |", role.label());
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for permission in Permission::ALL {
        let _infallible = write!(text, "| {} |", permission.label());
        for role in Role::ALL {
            text.push_str(if role.permissions().contains(permission) { " x |" } else { " |" });
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_guide_shows_who_may_do_what() {
    let guide = include_str!("../../../../docs/guide/roles.md");
    assert!(guide.contains(&table()), "docs/guide/roles.md must contain this table:\n{}", table());
}

#[test]
fn nobody_runs_the_installation_and_works_on_cases() {
    // The administrator holds keys and accounts, so the cases stay with others.
    let administrator = Role::Administrator.permissions();
    for permission in [Permission::ReadCases, Permission::WorkCases, Permission::LeadCases, Permission::ReadReports] {
        assert!(!administrator.contains(&permission), "{permission:?}");
    }
}
