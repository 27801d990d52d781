//! People: signing in, one's account, who may do what, sessions.
//!
//! The rules and tables of people are in `platform::access`, since every request needs them; this slice is their pages.

mod account_pages;
mod entry_pages;
mod pages;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

/// The routes of signing in, of one's account and of managing people.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/desk/sign-in", Who::Anyone, entry_pages::sign_in_form)
        .post("/desk/sign-in", Who::Anyone, entry_pages::sign_in)
        .post("/desk/sign-out", Who::SignedIn, entry_pages::sign_out)
        .get("/desk/welcome/{token}", Who::Anyone, entry_pages::welcome_form)
        .post("/desk/welcome/{token}", Who::Anyone, entry_pages::welcome)
        .get("/desk/account", Who::SignedIn, account_pages::show)
        .post("/desk/account", Who::SignedIn, account_pages::change)
        .post("/desk/account/password", Who::SignedIn, account_pages::change_password)
        .post("/desk/account/sessions/end", Who::SignedIn, account_pages::end_session)
        .get("/desk/people", Who::May(Permission::ManagePeople), pages::list)
        .get("/desk/people/invite", Who::May(Permission::ManagePeople), pages::invite_form)
        .post("/desk/people/invite", Who::May(Permission::ManagePeople), pages::invite)
        .get("/desk/people/{id}", Who::May(Permission::ManagePeople), pages::show)
        .post("/desk/people/{id}/grant", Who::May(Permission::ManagePeople), pages::grant)
        .post("/desk/people/{id}/revoke", Who::May(Permission::ManagePeople), pages::revoke)
        .post("/desk/people/{id}/disable", Who::May(Permission::ManagePeople), pages::disable)
        .post("/desk/people/{id}/enable", Who::May(Permission::ManagePeople), pages::enable)
        .post("/desk/people/{id}/link", Who::May(Permission::ManagePeople), pages::link)
        .post("/desk/people/{id}/end-session", Who::May(Permission::ManagePeople), pages::end_session)
}
