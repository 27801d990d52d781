//! Every slice's routes, jobs and cards, in one place.

use std::time::Duration;

use platform::cards::Cards;
use platform::jobs::Jobs;
use web::{Routes, Who};

use crate::health;

/// The whole route table.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/assets/{name}", Who::Anyone, web::serve_assets)
        .get("/health/live", Who::Anyone, health::live)
        .get("/health/ready", Who::Anyone, health::ready)
        .get("/metrics", Who::Anyone, health::metrics)
        .merge(register::routes())
        .merge(operations::routes())
        .merge(process::routes())
        .merge(governance::routes())
        .merge(design::routes())
        .merge(verification::routes())
}

/// All background work.
pub(crate) fn jobs() -> Jobs {
    let mut jobs = Jobs::default();
    jobs.add(platform::outbox::SEND, platform::outbox::send);
    jobs.add_recurring("platform.sweep", Duration::from_secs(3_600), platform::jobs::sweep);
    operations::jobs(&mut jobs);
    process::jobs(&mut jobs);
    governance::jobs(&mut jobs);
    verification::jobs(&mut jobs);
    jobs
}

/// How records are shown by slices that do not own them.
pub(crate) fn cards() -> Cards {
    let mut cards = Cards::default();
    operations::cards(&mut cards);
    register::products::cards(&mut cards);
    process::cards(&mut cards);
    verification::cards(&mut cards);
    design::cards(&mut cards);
    governance::cards(&mut cards);
    cards
}

/// Makes what a new installation needs; does nothing when it is there.
pub(crate) async fn ensure_ready(ctx: &platform::Ctx) -> kernel::Result<()> {
    operations::ensure_ready(ctx).await?;
    process::ensure_ready(ctx).await?;
    governance::ensure_ready(ctx).await
}
