//! Amounts: exact values found in a text.

use std::fmt;

use tamis_span::Span;

/// A sum of money, a percentage, a quantity or a bare number in a text.
///
/// Every field is `Copy`: finding an amount allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Bytes of the text.
    pub span: Span,
    /// What is counted.
    pub kind: AmountKind,
    /// The value, scale words multiplied in; `None` for ranges and vague amounts.
    pub value: Option<Decimal>,
    /// ISO 4217 code of money; `None` when the text names a family of currencies ("couronnes") and nothing tells
    /// which.
    pub currency: Option<Currency>,
    /// Other codes the written name may mean: the francs, crowns or dollars of other countries. Empty when the text
    /// tells the currency.
    pub candidates: &'static [Currency],
    /// What a quantity counts, where a unit is told.
    pub unit: Option<&'static str>,
    /// Lower end of a range.
    pub low: Option<Decimal>,
    /// Upper end of a range.
    pub high: Option<Decimal>,
    /// "more than", "at most", "about".
    pub modifier: Option<Modifier>,
    /// The text tells a magnitude, not a value: "some hundreds of millions".
    pub vague: bool,
    /// Power of ten of the scale words and abbreviations: 9 for "109 milliards" and "3 Md€", 10 for "des dizaines de
    /// milliards", 2 for "une centaine"; `None` when none is written.
    pub magnitude: Option<u8>,
    /// The currency is a convention, not told by the text: a bare dollar read as the US one.
    pub assumed: bool,
    /// Scale or unit of one end are taken over from the other end of the range: "entre 3 et 5 millions d’euros".
    pub inherited: bool,
    /// Id of the rule of the grammar, or of the policy, that made this an amount and its value what it is. The stage
    /// that finds amounts lists them all.
    pub rule: &'static str,
}

impl Amount {
    /// An amount of which only place, kind and rule are known: no value, nothing told, nothing assumed.
    ///
    /// ```
    /// use tamis_core::{Amount, AmountKind, Decimal, Span};
    /// let half = Amount { value: Some(Decimal::new(50, 0)), ..Amount::new(Span::of(0, 4), AmountKind::Percent, "") };
    /// assert!(half.currency.is_none() && half.candidates.is_empty() && !half.vague);
    /// ```
    pub const fn new(span: Span, kind: AmountKind, rule: &'static str) -> Self {
        Self {
            span,
            kind,
            value: None,
            currency: None,
            candidates: &[],
            unit: None,
            low: None,
            high: None,
            modifier: None,
            vague: false,
            magnitude: None,
            assumed: false,
            inherited: false,
            rule,
        }
    }
}

/// What an amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmountKind {
    /// A sum in a currency.
    Money,
    /// A percentage; the value is in percent.
    Percent,
    /// A number with a scale word or a unit: "1.4 billion inhabitants".
    Quantity,
    /// A bare number.
    Number,
}

impl AmountKind {
    /// The name in records and pipeline files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Quantity => "quantity",
            Self::Number => "number",
        }
    }
}

/// How the text bounds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// At least the value.
    Min,
    /// At most the value.
    Max,
    /// About the value.
    Approx,
}

impl Modifier {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Approx => "approx",
        }
    }
}

/// An ISO 4217 code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this code; `None` unless it is three ASCII capitals.
    pub const fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[a @ b'A'..=b'Z', b @ b'A'..=b'Z', c @ b'A'..=b'Z'] => Some(Self([a, b, c])),
            _ => None,
        }
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exact decimal number: `mantissa / 10^scale`. No floating point comes near money.
///
/// ```
/// use tamis_core::Decimal;
/// assert_eq!(Decimal::new(-18, 2).to_string(), "-0.18");
/// assert_eq!(Decimal::new(109, 0).shifted(9).unwrap().to_string(), "109000000000");
/// assert_eq!(Decimal::new(1250, 3).to_string(), "1.25");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// `mantissa / 10^scale`, trailing zeros of the fraction dropped, so that equal numbers are equal values.
    pub const fn new(mut mantissa: i128, mut scale: u8) -> Self {
        // Dividing 128 bits takes ten times as long as 64, and nearly every number of a text has fewer.
        let mut small = mantissa as i64;
        if small as i128 == mantissa {
            while scale > 0 && small % 10 == 0 {
                small /= 10;
                scale -= 1;
            }
            return Self { mantissa: small as i128, scale };
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The digits as an integer.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Digits after the decimal sign.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The power of ten of its first digit that is not 0: 0 for 1 to 9.99, -2 for hundredths; `None` for zero.
    ///
    /// ```
    /// use tamis_core::Decimal;
    /// let power = |mantissa, scale| Decimal::new(mantissa, scale).power_of_ten();
    /// assert_eq!([power(109_000_000_000, 0), power(-18, 3), power(75, 1), power(0, 0)], [Some(11), Some(-2), Some(0), None]);
    /// ```
    pub fn power_of_ten(self) -> Option<i32> {
        let digits = self.mantissa.unsigned_abs().checked_ilog10()?;
        Some(i32::try_from(digits).ok()? - i32::from(self.scale))
    }

    /// The number times `10^power`; `None` when it does not fit 128 bits.
    pub fn shifted(self, power: u8) -> Option<Self> {
        let cancelled = self.scale.min(power);
        let factor = ten_to_the(power - cancelled)?;
        Some(Self::new(self.mantissa.checked_mul(factor)?, self.scale - cancelled))
    }

    /// The sum; `None` when it does not fit 128 bits.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let aligned = |number: Self| match scale - number.scale {
            0 => Some(number.mantissa),
            places => number.mantissa.checked_mul(ten_to_the(places)?),
        };
        Some(Self::new(aligned(self)?.checked_add(aligned(other)?)?, scale))
    }

    /// The number with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { mantissa: self.mantissa.wrapping_neg(), scale: self.scale }
    }
}

/// A power of ten, where it fits 128 bits.
fn ten_to_the(power: u8) -> Option<i128> {
    const POWERS: [i128; 39] = {
        let mut powers = [1; 39];
        let mut power = 1;
        #[expect(clippy::indexing_slicing, reason = "`power` is below 39, checked when compiled")]
        while power < powers.len() {
            powers[power] = 10 * powers[power - 1];
            power += 1;
        }
        powers
    };
    POWERS.get(usize::from(power)).copied()
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let (width, unit) = (usize::from(self.scale), 10_u128.checked_pow(u32::from(self.scale)));
        match unit {
            Some(unit) => write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit),
            None => write!(f, "{sign}0.{digits:0width$}"),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let difference = self.plus(other.negated())?;
        Some(difference.mantissa.cmp(&0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_plainly() {
        for (mantissa, scale, expected) in [
            (0, 5, "0"),
            (5, 1, "0.5"),
            (-5, 3, "-0.005"),
            (100, 1, "10"),
            (1, 40, "0.0000000000000000000000000000000000000001"),
        ] {
            assert_eq!(Decimal::new(mantissa, scale).to_string(), expected);
        }
    }

    #[test]
    fn too_large_is_told_not_wrapped() {
        assert_eq!(Decimal::new(i128::MAX, 0).shifted(1), None);
        assert_eq!(Decimal::new(i128::MAX, 0).plus(Decimal::new(1, 0)), None);
        assert_eq!(Decimal::new(25, 1).shifted(9).map(|d| d.to_string()).as_deref(), Some("2500000000"));
    }

    #[test]
    fn numbers_of_few_and_many_digits_lose_the_same_zeros() {
        for mantissa in [0, 7, -120, 5_000, i128::from(i64::MAX), i128::from(i64::MIN)] {
            for zeros in 0..19 {
                let long = Decimal::new(mantissa * 10_i128.pow(zeros), zeros as u8 + 2);
                assert_eq!(long, Decimal::new(mantissa, 2), "{mantissa} and {zeros} zeros");
            }
        }
    }

    #[test]
    fn currencies_are_three_capitals() {
        assert_eq!(Currency::new("EUR").map(|c| c.to_string()).as_deref(), Some("EUR"));
        assert_eq!(Currency::new("eur"), None);
        assert_eq!(Currency::new("EURO"), None);
    }
}
