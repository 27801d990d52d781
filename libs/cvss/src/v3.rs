//! Scores of v3.0 and v3.1 (specification section 7 of v3.1, section 8 of v3.0).
//!
//! Values are whole numbers of 10^-15. All terms are exact at that scale but one, the fifteenth (thirteenth)
//! power of a changed scope, whose error is below 10^-14; a test shows that no vector comes that near to a step.

use crate::score::{Score, Scores};
use crate::vector::Codes;
use crate::weight;

/// Which of the two sets of equations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revision {
    /// v3.0.
    Zero,
    /// v3.1: another round-up, and another power in the modified impact.
    One,
}

/// Weights in hundredths, by code.
const ATTACK_VECTOR: [i64; 5] = [0, 85, 62, 55, 20];
const ATTACK_COMPLEXITY: [i64; 3] = [0, 77, 44];
const PRIVILEGES_UNCHANGED: [i64; 4] = [0, 85, 62, 27];
const PRIVILEGES_CHANGED: [i64; 4] = [0, 85, 68, 50];
const INTERACTION: [i64; 3] = [0, 85, 62];
const MATURITY: [i64; 5] = [100, 100, 97, 94, 91];
const REMEDIATION: [i64; 5] = [100, 100, 97, 96, 95];
const CONFIDENCE: [i64; 4] = [100, 100, 96, 92];

/// Every value that impact times requirement takes, in hundredths.
const LEVELS: [i64; 7] = [0, 11, 22, 28, 33, 56, 84];
/// Which level an impact has under a requirement: rows not defined, high, medium, low; columns by impact code.
const LEVEL_OF: [[u8; 4]; 4] = [[0, 5, 2, 0], [0, 6, 4, 0], [0, 5, 2, 0], [0, 3, 1, 0]];

const UNIT: i64 = 1_000_000_000_000_000;
const CHANGED: u8 = 2;
/// Combinations of three levels.
const COMBINATIONS: usize = 343;

/// The impact sub-scores of every combination of levels.
struct Impacts {
    unchanged: [i64; COMBINATIONS],
    changed: [i64; COMBINATIONS],
}

static IMPACTS_30: Impacts = impacts(Revision::Zero);
static IMPACTS_31: Impacts = impacts(Revision::One);

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "computed while compiling, where iterators and conversions by trait cannot be used; a bad index does not compile"
)]
const fn impacts(modified: Revision) -> Impacts {
    let mut out = Impacts { unchanged: [0; COMBINATIONS], changed: [0; COMBINATIONS] };
    let mut index = 0;
    while index < COMBINATIONS {
        let left = (100 - LEVELS[index / 49]) * (100 - LEVELS[index / 7 % 7]) * (100 - LEVELS[index % 7]);
        // In millionths; the cap is met by modified metrics only.
        let subscore = if 1_000_000 - left > 915_000 { 915_000 } else { 1_000_000 - left };
        out.unchanged[index] = 642 * subscore * 10_000_000;
        let power = match modified {
            Revision::Zero => power(subscore as i128 * 1_000_000_000_000 - 20_000_000_000_000_000, 15),
            Revision::One => power(subscore as i128 * 9731 * 100_000_000 - 20_000_000_000_000_000, 13),
        };
        out.changed[index] = 752 * (subscore - 29_000) * 10_000_000 - (325 * power / 100_000) as i64;
        index += 1;
    }
    out
}

/// A power of a number in 10^-18.
const fn power(base: i128, exponent: u32) -> i128 {
    let mut out = 1_000_000_000_000_000_000;
    let mut count = 0;
    while count < exponent {
        out = out * base / 1_000_000_000_000_000_000;
        count += 1;
    }
    out
}

/// The metrics that the base and the modified equations share.
struct Effective {
    vector: u8,
    complexity: u8,
    privileges: u8,
    interaction: u8,
    changed: bool,
    levels: [u8; 3],
}

impl Effective {
    /// The unrounded score, at most 10, before temporal metrics.
    fn raw(&self, impacts: &Impacts) -> i64 {
        let [c, i, a] = self.levels.map(usize::from);
        let table = if self.changed { &impacts.changed } else { &impacts.unchanged };
        let impact = table.get((c * 7 + i) * 7 + a).copied().unwrap_or(0);
        if impact <= 0 {
            return 0;
        }
        let privileges = if self.changed { &PRIVILEGES_CHANGED } else { &PRIVILEGES_UNCHANGED };
        let exploitability = 822
            * weight(&ATTACK_VECTOR, self.vector)
            * weight(&ATTACK_COMPLEXITY, self.complexity)
            * weight(privileges, self.privileges)
            * weight(&INTERACTION, self.interaction)
            * 100_000;
        let sum = impact + exploitability;
        let sum = if self.changed { sum / 100 * 108 } else { sum };
        sum.min(10 * UNIT)
    }
}

/// The scores of a vector; the flags say which groups have a defined metric.
pub(crate) fn scores(revision: Revision, codes: &Codes, temporal: bool, environmental: bool) -> Scores {
    let [av, ac, pr, ui, s, c, i, a, e, rl, rc, cr, ir, ar, mav, mac, mpr, mui, ms, mc, mi, ma, ..] = *codes;
    let base = Effective {
        vector: av,
        complexity: ac,
        privileges: pr,
        interaction: ui,
        changed: s == CHANGED,
        levels: [level(0, c), level(0, i), level(0, a)],
    };
    let modified = Effective {
        vector: or(mav, av),
        complexity: or(mac, ac),
        privileges: or(mpr, pr),
        interaction: or(mui, ui),
        changed: or(ms, s) == CHANGED,
        levels: [level(cr, or(mc, c)), level(ir, or(mi, i)), level(ar, or(ma, a))],
    };
    let modified_impacts = match revision {
        Revision::Zero => &IMPACTS_30,
        Revision::One => &IMPACTS_31,
    };
    // Tenths times three weights in hundredths are 10^-7.
    let time = weight(&MATURITY, e) * weight(&REMEDIATION, rl) * weight(&CONFIDENCE, rc) * 100_000_000;
    let base_tenths = round_up(revision, base.raw(&IMPACTS_30));
    let temporal_tenths = round_up(revision, base_tenths * time);
    let environmental_tenths = round_up(revision, round_up(revision, modified.raw(modified_impacts)) * time);
    let tenths = match (temporal, environmental) {
        (_, true) => environmental_tenths,
        (true, false) => temporal_tenths,
        (false, false) => base_tenths,
    };
    Scores {
        base: Score::clamped(base_tenths),
        temporal: Some(Score::clamped(temporal_tenths)),
        environmental: Some(Score::clamped(environmental_tenths)),
        score: Score::clamped(tenths),
    }
}

const fn or(modified: u8, base: u8) -> u8 {
    if modified == 0 { base } else { modified }
}

fn level(requirement: u8, impact: u8) -> u8 {
    LEVEL_OF.get(usize::from(requirement)).map_or(0, |row| weight(row, impact))
}

/// The round-up of each revision, to tenths.
///
/// v3.0: the smallest tenth that is not below the value. v3.1 (appendix A): the same after rounding to the
/// fifth decimal.
const fn round_up(revision: Revision, value: i64) -> i64 {
    const TENTH: i64 = UNIT / 10;
    const FIFTH_DECIMAL: i64 = UNIT / 100_000;
    let value = match revision {
        Revision::Zero => value,
        Revision::One => (value + FIFTH_DECIMAL / 2) / FIFTH_DECIMAL * FIFTH_DECIMAL,
    };
    (value + TENTH - 1) / TENTH
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only inexact term belongs to a changed scope. Were a value within its error of a step, the step could
    /// be taken wrongly; so look at the distance of all of them.
    #[test]
    fn no_inexact_value_is_near_a_step() {
        for (revision, impacts) in [(Revision::Zero, &IMPACTS_30), (Revision::One, &IMPACTS_31)] {
            for combination in 0..343_u16 {
                let digit = |place: u16| u8::try_from(combination / place % 7).unwrap();
                for exploitability in 0..48_u8 {
                    let effective = Effective {
                        vector: exploitability % 4 + 1,
                        complexity: exploitability / 4 % 2 + 1,
                        privileges: exploitability / 8 % 3 + 1,
                        interaction: exploitability / 24 + 1,
                        changed: true,
                        levels: [digit(49), digit(7), digit(1)],
                    };
                    let value = effective.raw(impacts);
                    if value == 0 || value == 10 * UNIT {
                        continue;
                    }
                    let (step, offset) = match revision {
                        Revision::Zero => (UNIT / 10, 0),
                        Revision::One => (UNIT / 100_000, UNIT / 200_000),
                    };
                    let rest = (value + offset) % step;
                    assert!(rest.min(step - rest) > 1_000, "{revision:?} {combination} {exploitability}: {value}");
                }
            }
        }
    }
}
