//! Whether what is claimed agrees with what is observed. Pure.

use maturity::Ratio;

use super::model::Figure;

/// What comparing a claim with a figure comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is nothing to count yet, or no answer.
    Open,
    /// They agree.
    Agrees,
    /// The answer says more than the figure shows.
    ClaimsMore,
    /// The figure shows more than the answer says.
    ClaimsLess,
}

/// The least share in percent that an answer of this worth speaks of: full marks say "nearly all", half of them "at least
/// half", anything else "some".
fn least(value: Ratio) -> u64 {
    let half = Ratio::new(1, 2).unwrap_or(Ratio::ONE);
    if value >= Ratio::ONE {
        90
    } else if value >= half {
        50
    } else {
        u64::from(value > Ratio::ZERO)
    }
}

/// Compares the worth of an answer with the figure beside it.
#[must_use]
pub fn compare(claimed: Option<Ratio>, figure: Figure) -> Verdict {
    let (Some(claimed), Some(percent)) = (claimed, figure.percent()) else { return Verdict::Open };
    // One of two hundred is less than one percent and still some.
    let percent = if figure.holds > 0 { percent.max(1) } else { percent };
    if percent < least(claimed) {
        return Verdict::ClaimsMore;
    }
    let next = match least(claimed) {
        0 => 1,
        1 => 50,
        50 => 90,
        _ => return Verdict::Agrees,
    };
    if percent >= next { Verdict::ClaimsLess } else { Verdict::Agrees }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_held_against_the_share_it_speaks_of() {
        let check = |claimed: Option<(i64, i64)>, holds, of, expected| {
            let claimed = claimed.and_then(|(top, bottom)| Ratio::new(top, bottom));
            assert_eq!(compare(claimed, Figure { holds, of }), expected, "{claimed:?} {holds} of {of}");
        };
        check(Some((1, 1)), 4, 10, Verdict::ClaimsMore);
        check(Some((1, 1)), 9, 10, Verdict::Agrees);
        check(Some((1, 1)), 10, 10, Verdict::Agrees);
        check(Some((1, 2)), 4, 10, Verdict::ClaimsMore);
        check(Some((1, 2)), 5, 10, Verdict::Agrees);
        check(Some((1, 2)), 10, 10, Verdict::ClaimsLess);
        check(Some((1, 5)), 0, 10, Verdict::ClaimsMore);
        check(Some((1, 4)), 1, 300, Verdict::Agrees);
        check(Some((0, 1)), 0, 10, Verdict::Agrees);
        check(Some((0, 1)), 3, 10, Verdict::ClaimsLess);
        check(Some((1, 1)), 0, 0, Verdict::Open);
        check(None, 3, 10, Verdict::Open);
    }

    #[test]
    fn a_hundred_percent_means_all() {
        assert_eq!(Figure { holds: 299, of: 300 }.percent(), Some(99));
        assert_eq!(Figure { holds: 300, of: 300 }.percent(), Some(100));
        assert_eq!(Figure::default().percent(), None);
    }
}
