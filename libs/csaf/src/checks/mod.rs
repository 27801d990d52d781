//! The tests of section 6, one function for each number or family of numbers.

mod cvss;
mod document;
mod ids;
mod product;
mod profile;
mod spelling;
mod status;
mod tracking;
mod vulnerability;

use crate::ctx::Ctx;
use crate::finding::{Level, Sink};

/// One function that runs tests, with the level of the most grave of them.
struct Check {
    level: Level,
    only_v21: bool,
    run: fn(&Ctx<'_>, &mut Sink),
}

const fn check(level: Level, run: fn(&Ctx<'_>, &mut Sink)) -> Check {
    Check { level, only_v21: false, run }
}

#[expect(dead_code, reason = "the tests of 2.1 follow")]
const fn check21(level: Level, run: fn(&Ctx<'_>, &mut Sink)) -> Check {
    Check { level, only_v21: true, run }
}

use Level::{Informative, Mandatory, Optional};

static CHECKS: &[Check] = &[
    check(Mandatory, ids::missing_products),
    check(Mandatory, ids::repeated_products),
    check(Mandatory, ids::circular_products),
    check(Mandatory, ids::missing_groups),
    check(Mandatory, ids::repeated_groups),
    check(Mandatory, status::contradicting_status),
    check(Mandatory, cvss::several_scores),
    check(Mandatory, cvss::scores_and_properties),
    check(Mandatory, vulnerability::cwe),
    check(Mandatory, document::languages),
    check(Mandatory, product::package_urls),
    check(Mandatory, tracking::history),
    check(Mandatory, tracking::versions),
    check(Mandatory, document::translator),
    check(Mandatory, vulnerability::repeated_cve),
    check(Mandatory, vulnerability::repeated_involvement),
    check(Mandatory, product::hashes),
    check(Mandatory, document::category),
    check(Mandatory, profile::run),
    check(Mandatory, status::without_product),
    check(Mandatory, product::branches),
    check(Mandatory, status::repeated_flags),
    check(Optional, ids::unused_products),
    check(Optional, status::missing_remediation),
    check(Optional, status::missing_score),
    check(Optional, tracking::dates),
    check(Optional, vulnerability::involvement_date),
    check(Optional, document::labels),
    check(Optional, document::sorting),
    check(Optional, product::helpers),
    check(Optional, vulnerability::cve_as_id),
    check(Optional, cvss::fixed_products),
    check(Informative, cvss::systems),
    check(Informative, vulnerability::missing_ids),
    check(Informative, product::categories),
    check(Informative, spelling::spelling),
];

/// Runs the tests of a document up to a level.
pub(crate) fn run(ctx: &Ctx<'_>, level: Level, out: &mut Sink) {
    for check in CHECKS {
        if check.level <= level && (!check.only_v21 || ctx.is(crate::Version::V2_1)) {
            (check.run)(ctx, out);
        }
    }
}
