//! Issue management (M13): the product security incident response team's room.
//!
//! Reports come in by form and mail, cases are the work on them, advisories are what is published. Each is a
//! sub-feature with the same files inside: [`policy`] says how fast and where to, [`case`] is the desk.

pub(crate) mod advisory;
pub(crate) mod case;
pub mod intake;
pub(crate) mod notice;
pub(crate) mod policy;

use platform::cards::Cards;
use platform::jobs::Jobs;
use web::Routes;

/// The routes of this practice.
#[must_use]
pub fn routes() -> Routes {
    policy::routes().merge(case::routes()).merge(advisory::routes()).merge(notice::routes()).merge(intake::routes())
}

/// The jobs of this practice.
pub fn jobs(jobs: &mut Jobs) {
    case::jobs(jobs);
    advisory::jobs(jobs);
    notice::jobs(jobs);
    intake::jobs(jobs);
}

/// How records of this practice are shown elsewhere.
pub fn cards(cards: &mut Cards) {
    case::cards(cards);
    advisory::cards(cards);
    intake::cards(cards);
}

/// Makes what a new installation needs. Does nothing when it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(ctx: &platform::Ctx) -> kernel::Result<()> {
    policy::ensure_default(ctx).await?;
    intake::keys::ensure_default(ctx).await.map(|_| ())
}
