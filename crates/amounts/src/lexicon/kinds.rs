//! Kinds of meanings as a set of bits: most questions about a word are answered by what it can never mean.

use super::Sense;

/// A set of kinds of meanings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u64);

macro_rules! kinds {
    ($($bit:literal $name:ident $pattern:pat,)*) => {
        impl Kinds {
            $(pub(crate) const $name: Self = Self(1 << $bit);)*
        }

        impl Sense {
            /// The kind of meaning this is.
            #[inline]
            pub(crate) const fn kind(self) -> Kinds {
                match self { $($pattern => Kinds::$name,)* }
            }
        }

        #[cfg(test)]
        const ALL: &[Kinds] = &[$(Kinds::$name),*];
    };
}

// The first seven are looked for before an amount too: see [`Kinds::before`].
kinds! {
    0 BETWEEN Sense::Between,
    1 MIN Sense::Min,
    2 MAX Sense::Max,
    3 APPROX Sense::Approx,
    4 EXACT Sense::Exact,
    5 AND Sense::And,
    6 FRACTION Sense::Fraction,
    7 NUMBER Sense::Number(_),
    8 ARTICLE Sense::Article(_),
    9 HUNDRED Sense::Hundred,
    // What an "illion" is depends on options; a scale it always is.
    10 SCALE Sense::Scale(_) | Sense::Illion(..),
    11 SPELT_SCALE Sense::SpeltScale(_),
    12 SHORT Sense::Short(_),
    13 HALF Sense::Half,
    14 QUARTER Sense::Quarter,
    15 QUARTER_OF Sense::QuarterOf(_),
    16 WITH_HALF Sense::WithHalf,
    17 TENTHS Sense::Tenths(_),
    18 POINT Sense::Point,
    19 MINUS Sense::Minus,
    20 LINK Sense::Link,
    21 TO Sense::To,
    22 OR Sense::Or,
    23 VAGUE Sense::Vague,
    24 COLLECTIVE Sense::Collective(_),
    25 PERCENT Sense::Percent,
    26 POINTS Sense::Points,
    27 MONEY Sense::Money(_),
    28 SHOP Sense::Shop(_),
    29 CODE Sense::Code(_),
    30 PREFIX Sense::Prefix(_),
    31 SUBUNIT Sense::Subunit(_),
    32 AFTER_MIN Sense::AfterMin,
    33 AFTER_MAX Sense::AfterMax,
    34 AFTER_APPROX Sense::AfterApprox,
    35 CUE Sense::Cue,
    36 AGAINST Sense::Against,
    37 AGAINST_CUE Sense::AgainstCue,
    38 OTHER Sense::Other,
    39 FOLLOWS Sense::Follows,
    40 CHANGE Sense::Change,
}

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    const BEFORE: u8 = 0x7F;
    /// Words that numbers are made of.
    pub(crate) const NUMERAL: Self = Self::NUMBER
        .or(Self::ARTICLE)
        .or(Self::HUNDRED)
        .or(Self::SCALE)
        .or(Self::HALF)
        .or(Self::TENTHS)
        .or(Self::WITH_HALF);
    /// What goes on with a number in figures.
    pub(crate) const BEHIND_FIGURES: Self =
        Self::NUMERAL.or(Self::SPELT_SCALE).or(Self::QUARTER).or(Self::QUARTER_OF).or(Self::POINT);
    /// What goes on with a number in words.
    pub(crate) const BEHIND_WORDS: Self = Self::BEHIND_FIGURES.or(Self::LINK).or(Self::AND);
    /// Codes of currencies and letters that stand for one.
    pub(crate) const LETTERS: Self = Self::CODE.or(Self::SHOP).or(Self::PREFIX);
    /// Bounds, as they stand before an amount.
    pub(crate) const BOUNDS: Self = Self::MIN.or(Self::MAX).or(Self::APPROX);
    /// Modifiers, as they stand before an amount.
    pub(crate) const MODIFIERS: Self = Self::BOUNDS.or(Self::EXACT);
    /// Modifiers that stand behind an amount.
    pub(crate) const AFTER: Self = Self::AFTER_MIN.or(Self::AFTER_MAX).or(Self::AFTER_APPROX);
    /// Small words that a text goes on with behind a sum.
    pub(crate) const GOES_ON: Self = Self::AND.or(Self::LINK).or(Self::TO).or(Self::OR).or(Self::FOLLOWS);
    /// Whether an amount can start with a word of such a meaning.
    pub(crate) const OPENING: Self = Self::NUMBER
        .or(Self::ARTICLE)
        .or(Self::HUNDRED)
        .or(Self::SCALE)
        .or(Self::HALF)
        .or(Self::TENTHS)
        .or(Self::MINUS)
        .or(Self::VAGUE)
        .or(Self::COLLECTIVE)
        .or(Self::LETTERS);
    /// What an article or "several" may count.
    pub(crate) const COUNTED: Self = Self::AND
        .or(Self::POINT)
        .or(Self::NUMBER)
        .or(Self::HUNDRED)
        .or(Self::SCALE)
        .or(Self::SHORT)
        .or(Self::HALF)
        .or(Self::QUARTER)
        .or(Self::QUARTER_OF)
        .or(Self::TENTHS)
        .or(Self::COLLECTIVE)
        .or(Self::PERCENT)
        .or(Self::POINTS)
        .or(Self::MONEY)
        .or(Self::SUBUNIT);

    #[inline]
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kinds that are not in the other set.
    #[inline]
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the sets share a kind.
    #[inline]
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The first seven kinds alone, as the table of last words of phrases keeps them.
    #[inline]
    pub(crate) const fn before(self) -> u8 {
        self.0 as u8 & Self::BEFORE
    }

    /// The set that [`Self::before`] was made of.
    #[inline]
    pub(crate) const fn from_before(bits: u8) -> Self {
        Self((bits & Self::BEFORE) as u64)
    }

    /// Whether every kind is among the first seven.
    pub(crate) const fn stand_before(self) -> bool {
        self.0 <= Self::BEFORE as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_bit_of_its_own() {
        let bits = ALL.iter().fold(0, |bits: u64, kind| bits | kind.0);
        assert_eq!(bits.count_ones() as usize, ALL.len());
    }
}
