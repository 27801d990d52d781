//! Exact fractions for scores: means of thirds and fifths do not survive floating point, fractions do.

use serde::{Deserialize, Serialize};

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64)", into = "(i64, i64)")]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One whole.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };
    /// Decimal places kept of numbers that come as floating point.
    const DECIMALS: f64 = 10_000.0;

    /// A fraction; none when the denominator is zero or the parts are out of range.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        Self::reduced(i128::from(numerator), i128::from(denominator))
    }

    /// The nearest fraction with four decimals; none for numbers outside of -1000 to 1000.
    #[must_use]
    pub fn from_decimal(value: f64) -> Option<Self> {
        if !value.is_finite() || value.abs() > 1000.0 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded above to ten millions")]
        let scaled = (value * Self::DECIMALS).round() as i64;
        Self::new(scaled, 10_000)
    }

    fn reduced(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs()).max(1);
        let divisor = i128::try_from(divisor).ok()?.checked_mul(denominator.signum())?;
        let numerator = i64::try_from(numerator.checked_div(divisor)?).ok()?;
        let denominator = i64::try_from(denominator.checked_div(divisor)?).ok()?;
        Some(Self { numerator, denominator })
    }

    /// The sum; none when it leaves the range of exact numbers.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = i128::from(self.numerator).checked_mul(i128::from(other.denominator))?;
        let right = i128::from(other.numerator).checked_mul(i128::from(self.denominator))?;
        let denominator = i128::from(self.denominator).checked_mul(i128::from(other.denominator))?;
        Self::reduced(left.checked_add(right)?, denominator)
    }

    /// The product with a whole number divided by another; none when the divisor is zero or the range is left.
    #[must_use]
    pub fn scale(self, times: usize, over: usize) -> Option<Self> {
        let numerator = i128::from(self.numerator).checked_mul(i128::try_from(times).ok()?)?;
        let denominator = i128::from(self.denominator).checked_mul(i128::try_from(over).ok()?)?;
        Self::reduced(numerator, denominator)
    }

    /// The sum of all; zero for none.
    #[must_use]
    pub fn sum(all: &[Self]) -> Option<Self> {
        all.iter().try_fold(Self::ZERO, |sum, next| sum.plus(*next))
    }

    /// The mean; none for an empty list.
    #[must_use]
    pub fn mean(all: &[Self]) -> Option<Self> {
        Self::sum(all)?.scale(1, all.len())
    }

    /// Numerator and denominator.
    #[must_use]
    pub const fn parts(self) -> (i64, i64) {
        (self.numerator, self.denominator)
    }

    /// The nearest floating point number.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "parts of scores are far below 2^52")]
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// For people, with so many decimals, rounded half away from zero on the exact value.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> String {
        let unit = 10_i128.saturating_pow(decimals.min(9));
        let denominator = i128::from(self.denominator);
        let doubled = i128::from(self.numerator).saturating_abs().saturating_mul(unit).saturating_mul(2);
        let steps = doubled.saturating_add(denominator).checked_div(denominator.saturating_mul(2)).unwrap_or_default();
        let sign = if self.numerator < 0 && steps != 0 { "-" } else { "" };
        let whole = steps.checked_div(unit).unwrap_or_default();
        let rest = steps.checked_rem(unit).unwrap_or_default();
        let width = usize::try_from(decimals.min(9)).unwrap_or_default();
        if width == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}") }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let left = i128::from(self.numerator).saturating_mul(i128::from(other.denominator));
        let right = i128::from(other.numerator).saturating_mul(i128::from(self.denominator));
        left.cmp(&right)
    }
}

impl TryFrom<(i64, i64)> for Ratio {
    type Error = &'static str;

    fn try_from((numerator, denominator): (i64, i64)) -> Result<Self, Self::Error> {
        Self::new(numerator, denominator).ok_or("the denominator is zero")
    }
}

impl From<Ratio> for (i64, i64) {
    fn from(ratio: Ratio) -> Self {
        ratio.parts()
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
