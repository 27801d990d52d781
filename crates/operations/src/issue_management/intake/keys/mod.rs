//! Key pairs of ours, made at set-up, sealed at rest and published (P13), and the keys of people we write to (P12).

mod actions;
mod contact_pages;
mod model;
mod pages;
mod published_pages;
mod rules;
mod store;

use std::time::Duration;

use kernel::Permission;
use platform::jobs::Jobs;
use web::{Routes, Who};

pub use actions::ensure_default;

pub(super) use actions::read_key;

pub(crate) use model::{ContactKey, Origin};
pub(crate) use published_pages::{SUBTITLE, body, directory_files, security_txt_text};
pub(super) use store::{
    add_contact_key, contact_keys_of, decryption_keys, family_of_address, is_own_address, plus_addressing,
    recipient_key,
};
pub(crate) use store::{intake_address, public_keys, signing_key};

const WATCH: &str = "keys.watch";

pub(super) fn routes() -> Routes {
    let settings = Who::May(Permission::ManageSettings);
    let handle = Who::May(Permission::HandleReports);
    Routes::new()
        .get("/keys", Who::Anyone, published_pages::page)
        .get("/keys/{file}", Who::Anyone, published_pages::armored)
        .get("/.well-known/security.txt", Who::Anyone, published_pages::security_txt)
        .get("/.well-known/openpgpkey/policy", Who::Anyone, published_pages::wkd_policy)
        .get("/.well-known/openpgpkey/hu/{hash}", Who::Anyone, published_pages::wkd_direct)
        .get("/.well-known/openpgpkey/{domain}/policy", Who::Anyone, published_pages::wkd_policy)
        .get("/.well-known/openpgpkey/{domain}/hu/{hash}", Who::Anyone, published_pages::wkd_advanced)
        .get("/desk/settings/keys", settings, pages::list)
        .post("/desk/settings/keys", settings, pages::make)
        .post("/desk/settings/keys/plus-addressing", settings, pages::set_plus_addressing)
        .get("/desk/contact-keys", handle, contact_pages::list)
        .post("/desk/contact-keys", handle, contact_pages::import)
        .post("/desk/contact-keys/{id}/trust", handle, contact_pages::trust)
        .post("/desk/contact-keys/{id}/remove", handle, contact_pages::remove)
}

pub(super) fn jobs(jobs: &mut Jobs) {
    jobs.add_recurring(WATCH, Duration::from_secs(3_600), actions::watch);
}
