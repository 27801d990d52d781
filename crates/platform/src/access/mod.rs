//! People, roles, sessions, one-time links and access tokens: who gets in, and as whom.

mod links;
mod machine;
mod password;
mod people;
mod sign_in;

pub use links::{LinkPurpose, OneTimeLink, accept_invitation, first_setup, load_link, make_setup_link, resend_link};
pub use machine::{MachineRow, authenticate_machine, end_token, list_tokens, make_token};
pub use password::MINIMUM_PASSWORD;
pub use people::{
    PersonRow, PersonState, disable, enable, grant, invite, list_grants, list_people, load_person, revoke, set_name,
};
pub use sign_in::{
    SESSION_LENGTH, SessionRow, authenticate, change_password, end_session, list_sessions, sign_in, sign_out,
};

/// A role granted to a person, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// The grant.
    pub id: String,
    /// The role.
    pub role: kernel::Role,
    /// Everything, a family or a product.
    pub scope: kernel::Scope,
}
