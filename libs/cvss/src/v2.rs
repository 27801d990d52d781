//! Scores of v2.0 (complete guide, section 3.2), exact: every weight is a whole number of thousandths.

use crate::score::{Score, Scores};
use crate::vector::Codes;
use crate::weight;

/// Conditions in thousandths, by code.
const ACCESS_VECTOR: [i128; 4] = [0, 395, 646, 1000];
const ACCESS_COMPLEXITY: [i128; 4] = [0, 350, 610, 710];
const AUTHENTICATION: [i128; 4] = [0, 450, 560, 704];
const IMPACT: [i128; 4] = [0, 0, 275, 660];
/// In hundredths.
const EXPLOITABILITY: [i128; 5] = [100, 85, 90, 95, 100];
const REMEDIATION: [i128; 5] = [100, 87, 90, 95, 100];
const CONFIDENCE: [i128; 4] = [100, 90, 95, 100];
const REQUIREMENT: [i128; 4] = [100, 50, 100, 151];
const DISTRIBUTION: [i128; 5] = [100, 0, 25, 75, 100];
/// In tenths.
const DAMAGE: [i128; 6] = [0, 0, 1, 3, 4, 5];

/// Powers of ten: the scales of the exact products below.
const E3: i128 = 1_000;
const E6: i128 = 1_000_000;
const E15: i128 = 1_000_000_000_000_000;
const E17: i128 = 100_000_000_000_000_000;

pub(crate) fn scores(codes: &Codes, temporal_defined: bool, environmental_defined: bool) -> Scores {
    let base = base(codes, None);
    let temporal = temporal(codes, base);
    let [_, _, _, _, _, _, _, _, _, cdp, td, cr, ir, ar, ..] = *codes;
    let temporal_score = temporal_defined.then(|| Score::clamped(narrow(temporal)));
    let environmental_score = environmental_defined.then(|| {
        let requirements = [weight(&REQUIREMENT, cr), weight(&REQUIREMENT, ir), weight(&REQUIREMENT, ar)];
        let adjusted = self::temporal(codes, self::base(codes, Some(requirements)));
        let raised = adjusted * 10 + (100 - adjusted) * weight(&DAMAGE, cdp);
        Score::clamped(narrow(half_up(raised * weight(&DISTRIBUTION, td), E3)))
    });
    let base = Score::clamped(narrow(base));
    Scores {
        base,
        temporal: temporal_score,
        environmental: environmental_score,
        score: environmental_score.or(temporal_score).unwrap_or(base),
    }
}

/// The base equation in tenths, rounded; with security requirements the adjusted one, whose impact is capped.
///
/// An adjusted impact can be low enough for a negative result, which only the last equation raises to zero.
fn base(codes: &Codes, requirements: Option<[i128; 3]>) -> i128 {
    let [av, ac, au, c, i, a, ..] = *codes;
    let left: i128 = [c, i, a]
        .into_iter()
        .zip(requirements.unwrap_or([100; 3]))
        .map(|(code, requirement)| 100 * E3 - weight(&IMPACT, code) * requirement)
        .product();
    // 10.41 times what is left of one, in 10^-17.
    let impact = (E15 - left) * 1041;
    let impact = if requirements.is_some() { impact.min(10 * E17) } else { impact };
    if impact <= 0 {
        return 0;
    }
    // 20 times three weights, in 10^-9.
    let exploitability = 20 * weight(&ACCESS_COMPLEXITY, ac) * weight(&AUTHENTICATION, au) * weight(&ACCESS_VECTOR, av);
    // In 10^-18: 0.6 impact + 0.4 exploitability - 1.5; then times 1.176 in 10^-21.
    let sum = 6 * impact + 4 * exploitability * (E17 / (E6 * E3)) - 15 * E17;
    half_up(sum * 1176, E17 * E3)
}

/// The temporal equation in tenths, rounded.
fn temporal(codes: &Codes, base: i128) -> i128 {
    let [_, _, _, _, _, _, e, rl, rc, ..] = *codes;
    half_up(base * weight(&EXPLOITABILITY, e) * weight(&REMEDIATION, rl) * weight(&CONFIDENCE, rc), E6)
}

/// Division rounded to the nearest whole number, halves away from zero.
const fn half_up(value: i128, unit: i128) -> i128 {
    if value < 0 { -((-value + unit / 2) / unit) } else { (value + unit / 2) / unit }
}

fn narrow(tenths: i128) -> i64 {
    i64::try_from(tenths).unwrap_or(0)
}
