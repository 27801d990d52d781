//! The score of v4.0 (specification section 8): the score of the macro vector, less the mean of how far the
//! vector lies, in each equivalence class, below the worst vector of its class.
//!
//! Distances are counted in steps of the metrics. All worst vectors of a class have the same sum of steps, so the
//! distance is a difference of sums, and the mean is a fraction of whole numbers.

use crate::score::Score;
use crate::v4_table::SCORES;
use crate::vector::Codes;

/// Which groups a score rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nomenclature {
    /// CVSS-B: base metrics.
    B,
    /// CVSS-BT: base and threat metrics.
    BT,
    /// CVSS-BE: base and environmental metrics.
    BE,
    /// CVSS-BTE: base, threat and environmental metrics.
    BTE,
}

impl Nomenclature {
    pub(crate) const fn of(threat: bool, environmental: bool) -> Self {
        match (threat, environmental) {
            (false, false) => Self::B,
            (true, false) => Self::BT,
            (false, true) => Self::BE,
            (true, true) => Self::BTE,
        }
    }

    /// As the standard writes it: `CVSS-BT`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::B => "CVSS-B",
            Self::BT => "CVSS-BT",
            Self::BE => "CVSS-BE",
            Self::BTE => "CVSS-BTE",
        }
    }
}

impl std::fmt::Display for Nomenclature {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The levels of the six equivalence classes, EQ1 to EQ6; zero is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacroVector([u8; 6]);

impl MacroVector {
    /// The levels of EQ1 to EQ6.
    pub const fn levels(self) -> [u8; 6] {
        self.0
    }
}

impl std::fmt::Display for MacroVector {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|level| write!(out, "{level}"))
    }
}

/// What counts after modified metrics have replaced base metrics: steps below the worst value of each metric.
struct Steps {
    /// AV, PR, UI.
    access: [u8; 3],
    /// AC, AT.
    complexity: [u8; 2],
    /// VC, VI, VA.
    vulnerable: [u8; 3],
    /// CR, IR, AR.
    requirement: [u8; 3],
    /// SC, SI, SA: zero is Safety, one is High.
    subsequent: [u8; 3],
    /// E.
    exploit: u8,
}

impl Steps {
    fn of(codes: &Codes) -> Self {
        let [av, ac, at, pr, ui, vc, vi, va, sc, si, sa, e, cr, ir, ar, rest @ ..] = *codes;
        let [mav, mac, mat, mpr, mui, mvc, mvi, mva, msc, msi, msa, ..] = rest;
        let step = |modified: u8, base: u8| if modified == 0 { base } else { modified }.saturating_sub(1);
        // Codes of subsequent impacts: 1 high, 2 low, 3 none, 4 safety, which is worse than high.
        let subsequent = |modified: u8, base: u8| match (modified, base) {
            (0, base) => base,
            (4, _) => 0,
            (modified, _) => modified,
        };
        Self {
            access: [step(mav, av), step(mpr, pr), step(mui, ui)],
            complexity: [step(mac, ac), step(mat, at)],
            vulnerable: [step(mvc, vc), step(mvi, vi), step(mva, va)],
            // Not defined counts as the worst value: High, and Attacked.
            requirement: [step(cr, 1), step(ir, 1), step(ar, 1)],
            subsequent: [subsequent(msc, sc), subsequent(msi, si), subsequent(msa, sa)],
            exploit: step(e, 1),
        }
    }

    fn has_no_impact(&self) -> bool {
        self.vulnerable == [2; 3] && self.subsequent == [3; 3]
    }

    fn macro_vector(&self) -> MacroVector {
        let [av, pr, ui] = self.access;
        let eq1 = match (av, pr, ui) {
            (0, 0, 0) => 0,
            (3, _, _) => 2,
            (0, _, _) | (_, 0, _) | (_, _, 0) => 1,
            _ => 2,
        };
        let eq2 = u8::from(self.complexity != [0, 0]);
        let [vc, vi, va] = self.vulnerable;
        let eq3 = match (vc, vi, va) {
            (0, 0, _) => 0,
            (0, _, _) | (_, 0, _) | (_, _, 0) => 1,
            _ => 2,
        };
        let [sc, si, sa] = self.subsequent;
        let eq4 = if si == 0 || sa == 0 {
            0
        } else if sc == 1 || si == 1 || sa == 1 {
            1
        } else {
            2
        };
        let worst = self.requirement.iter().zip(&self.vulnerable).any(|pair| pair == (&0, &0));
        MacroVector([eq1, eq2, eq3, eq4, self.exploit.min(2), u8::from(!worst)])
    }
}

/// The macro vector of a vector.
pub(crate) fn macro_vector(codes: &Codes) -> MacroVector {
    Steps::of(codes).macro_vector()
}

/// Sum of steps of the worst vectors of a class, and the depth of the class, by level.
const EQ1: [(u8, u8); 3] = [(0, 1), (1, 4), (3, 5)];
const EQ2: [(u8, u8); 2] = [(0, 1), (1, 2)];
/// For the pair of EQ3 and EQ6: 00, 01, 10, 11, 21.
const EQ36: [(u8, u8); 5] = [(0, 7), (3, 6), (1, 8), (3, 8), (3, 10)];
const EQ4: [(u8, u8); 3] = [(1, 6), (3, 5), (6, 4)];

/// A whole number that every depth divides.
const COMMON: i32 = 840;

/// The score of the metrics in force.
pub(crate) fn score(codes: &Codes) -> Score {
    let steps = Steps::of(codes);
    if steps.has_no_impact() {
        return Score::default();
    }
    let MacroVector([eq1, eq2, eq3, eq4, eq5, eq6]) = steps.macro_vector();
    let eq36 = pair(eq3, eq6);
    let value = look_up(eq1, eq2, eq36, eq4, eq5).unwrap_or(0);
    let below = |next: Option<i32>| next.map(|next| value - next);

    let next36 = match eq36 {
        // From 00 two classes are one step lower; the higher of them counts.
        0 => look_up(eq1, eq2, 1, eq4, eq5).max(look_up(eq1, eq2, 2, eq4, eq5)),
        1 | 2 => look_up(eq1, eq2, 3, eq4, eq5),
        3 => look_up(eq1, eq2, 4, eq4, eq5),
        _ => None,
    };
    let classes = [
        (below(look_up(eq1 + 1, eq2, eq36, eq4, eq5)), sum(&steps.access), depth(&EQ1, eq1)),
        (below(look_up(eq1, eq2 + 1, eq36, eq4, eq5)), sum(&steps.complexity), depth(&EQ2, eq2)),
        (below(next36), sum(&steps.vulnerable) + sum(&steps.requirement), depth(&EQ36, eq36)),
        (below(look_up(eq1, eq2, eq36, eq4 + 1, eq5)), sum(&steps.subsequent), depth(&EQ4, eq4)),
        // EQ5 has one vector to a level, so nothing lies below its worst one; it only counts in the mean.
        (below(look_up(eq1, eq2, eq36, eq4, eq5 + 1)), 0, (0, 1)),
    ];
    let (mut total, mut count) = (0_i32, 0_i32);
    for (available, sum, (worst, depth)) in classes {
        if let Some(available) = available {
            total += available * (sum - i32::from(worst)) * (COMMON / i32::from(depth).max(1));
            count += 1;
        }
    }
    if count == 0 {
        return Score::clamped(i64::from(value));
    }
    let unit = COMMON * count;
    // Half up, as the standard rounds. The value is never negative here: a mean is at most the value.
    Score::clamped(i64::from((2 * (value * unit - total) + unit).div_euclid(2 * unit)))
}

fn sum(steps: &[u8]) -> i32 {
    steps.iter().copied().map(i32::from).sum()
}

fn depth(table: &[(u8, u8)], level: u8) -> (u8, u8) {
    table.get(usize::from(level)).copied().unwrap_or((0, 1))
}

/// The place of EQ3 and EQ6 in the table; EQ3 2 with EQ6 0 cannot be.
const fn pair(eq3: u8, eq6: u8) -> u8 {
    match (eq3, eq6) {
        (2, _) => 4,
        (eq3, eq6) => eq3 * 2 + eq6,
    }
}

/// The score of a macro vector in tenths; nothing when a level does not exist.
fn look_up(eq1: u8, eq2: u8, eq36: u8, eq4: u8, eq5: u8) -> Option<i32> {
    if eq1 > 2 || eq2 > 1 || eq36 > 4 || eq4 > 2 || eq5 > 2 {
        return None;
    }
    let [eq1, eq2, eq36, eq4, eq5] = [eq1, eq2, eq36, eq4, eq5].map(usize::from);
    SCORES.get((((eq1 * 2 + eq2) * 5 + eq36) * 3 + eq4) * 3 + eq5).map(|tenths| i32::from(*tenths))
}
