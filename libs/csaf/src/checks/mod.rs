//! The tests of section 6, one function for each number or family of numbers.

mod cvss;
mod document;
mod exploitation;
mod extension;
mod ids;
mod product;
mod profile;
mod sharing;
mod spelling;
mod status;
mod tracking;
mod tree;
mod vulnerability;
mod withdrawn;

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
    check21(Mandatory, withdrawn::mandatory),
    check21(Mandatory, tree::shape),
    check21(Mandatory, tree::ranges),
    check21(Mandatory, tree::purl_qualifiers),
    check21(Mandatory, tree::stars),
    check21(Mandatory, sharing::group),
    check21(Mandatory, sharing::license),
    check21(Mandatory, exploitation::contradicting_remedies),
    check21(Mandatory, exploitation::unfit_remedies),
    check21(Mandatory, exploitation::dates),
    check21(Mandatory, exploitation::ssvc),
    check21(Mandatory, exploitation::rating_beside_cvss),
    check21(Mandatory, extension::mandatory),
    check21(Optional, withdrawn::recommended),
    check21(Optional, tree::identities),
    check21(Optional, tree::consistency),
    check21(Optional, tree::matching),
    check21(Optional, tree::contradicting_overlaps),
    check21(Optional, sharing::group_hints),
    check21(Optional, sharing::license_hints),
    check21(Optional, sharing::same_times),
    check21(Optional, sharing::title),
    check21(Optional, sharing::deprecated_profile),
    check21(Optional, sharing::product_description),
    check21(Optional, exploitation::discouraged_remedies),
    check21(Optional, exploitation::date_hints),
    check21(Optional, exploitation::ssvc_namespaces),
    check21(Optional, exploitation::own_rating),
    check21(Optional, exploitation::weaknesses),
    check21(Optional, exploitation::id_forms),
    check21(Optional, extension::recommended),
    check21(Informative, tree::weak_overlaps),
    check21(Informative, tree::nested_paths),
    check21(Informative, sharing::license_unregistered),
    check21(Informative, exploitation::ssvc_hints),
    check21(Informative, exploitation::any_rating),
    check21(Informative, exploitation::id_systems),
    check21(Informative, extension::informative),
];

/// Runs the tests of a document up to a level.
pub(crate) fn run(ctx: &Ctx<'_>, level: Level, out: &mut Sink) {
    for check in CHECKS {
        if check.level <= level && (!check.only_v21 || ctx.is(crate::Version::V2_1)) {
            (check.run)(ctx, out);
        }
    }
}
