//! What words mean, language by language: data files compiled into one hash table per language.
//!
//! A table of whole words beats one automaton over all spellings here: an automaton stops at "euro" inside
//! "européenne" (the most common hit in French press) and has to check word boundaries afterwards, and its states for
//! seven languages take several megabytes where a language's table takes a few hundred kilobytes and stays in cache.
//!
//! The files under `data/lexicon/` hold one line per meaning, `kind argument: phrase | phrase`:
//!
//! | kind | phrases are |
//! | --- | --- |
//! | `number N`, `article N` | number words below 1000; an article that can also mean one |
//! | `hundred`, `scale E` | words that multiply what stands before them, by 100 or 10^E |
//! | `illion N E` | the Nth of million, billion, trillion, …: usually 10^E here, which an option overrides; 0: short at home, long in
//!   other regions |
//! | `spelt-scale E` | a scale after number words, another word after figures |
//! | `short E` | abbreviations of a scale that count only beside a currency: "12 k€" |
//! | `half`, `with-half`, `tenths N` | a half; "and a half" joined to a number; N tenths ("anderthalb" = 15) |
//! | `quarter`, `quarter-of E` | a quarter of the scale word behind, or of 10^E: "three quarters of a billion", "Viertelmillion" |
//! | `fraction` | "a quarter of", before a scale word of its own |
//! | `and`, `point`, `minus`, `link`, `to`, `or`, `between` | the small words inside amounts and ranges |
//! | `vague`, `collective N` | "plusieurs"; "dizaines" |
//! | `percent`, `points` | percent, percentage points |
//! | `family NAME CODE: CODES` | (common.txt) currencies that share a name |
//! | `usual NAME` | the code a family's bare name means in this language |
//! | `family NAME [H]`, `currency CODE [H]` | names; H is `weak`, `shy` or `large`, see [`Homograph`] |
//! | `subunit CODE[?]` | hundredths; with `?` the currency is the usual one, not told |
//! | `shop CODE`, `prefix CODE` | signs made of letters; the latter only before the number |
//! | `sign CODE` , `letters SIGN CODE` | (common.txt) currency signs, and letters that settle a shared one |
//! | `min`, `max`, `approx`, `exact`, `after-…` | modifiers before and after the amount |
//! | `change` | words that make "from 5 to 7" a change, not a range |
//! | `cue`, `against`, `against-cue` | context for weak names: money is meant; a word after, a word near that denies it |
//! | `other` | phrases that begin as a currency's name and mean something else: "francs-tireurs" |
//! | `follows` | words that may follow a price directly, and do not say what a number counts: "per", "pour" |

use std::sync::LazyLock;

use tamis_core::Currency;

use crate::compound::Morphemes;
use crate::prefix::{Leaders, Prefixes};

mod compile;
mod kinds;
mod table;

pub(crate) use compile::SignLetters;
pub(crate) use kinds::Kinds;
pub(crate) use table::Entry;
use table::{Openers, Table};

/// What a word or phrase can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    Number(u16),
    Article(u16),
    Hundred,
    Scale(u8),
    /// The Nth of million, billion, …, and the power of ten that usually is; 0 for what is short at home and long in
    /// other regions (Portuguese "bi").
    Illion(u8, u8),
    SpeltScale(u8),
    Short(u8),
    Half,
    /// A quarter, of the scale word behind it.
    Quarter,
    /// A quarter and its scale in one word.
    QuarterOf(u8),
    Fraction,
    WithHalf,
    Tenths(u8),
    And,
    Point,
    Minus,
    Link,
    To,
    Or,
    Between,
    Vague,
    Collective(u16),
    Percent,
    Points,
    Money(Unit),
    Shop(Unit),
    Code(Unit),
    Prefix(Unit),
    Subunit(Unit),
    Min,
    Max,
    Approx,
    Exact,
    AfterMin,
    AfterMax,
    AfterApprox,
    Cue,
    Against,
    AgainstCue,
    Other,
    Follows,
    Change,
}

/// A currency as written: a code, or a family whose member the context tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) code: Option<Currency>,
    /// Index into [`FAMILIES`].
    pub(crate) family: Option<u8>,
    pub(crate) homograph: Homograph,
    /// The code is the usual meaning, not told.
    pub(crate) assumed: bool,
}

/// Whether a name is another word too, and what it then takes to be money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Homograph {
    No,
    /// An everyday word ("livre", "won"), or initials: needs more than a number beside it.
    Weak,
    /// Not counted by an article alone: "un franc succès".
    Shy,
    /// Nor by numbers below ten, since so little of it is no sum: "deux couronnes".
    Large,
}

impl Homograph {
    /// By its name in the data files.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "weak" => Some(Self::Weak),
            "shy" => Some(Self::Shy),
            "large" => Some(Self::Large),
            _ => None,
        }
    }
}

impl Unit {
    pub(crate) fn is_weak(self) -> bool {
        self.homograph == Homograph::Weak
    }
}

/// Currencies that share a name.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) usual: Option<Currency>,
    pub(crate) members: Vec<Currency>,
    /// For each member all others, so that an amount can point at them and stay `Copy`.
    others: Vec<Vec<Currency>>,
}

impl Family {
    pub(crate) fn new(name: &'static str, usual: Option<Currency>, members: Vec<Currency>) -> Self {
        let without = |member| members.iter().copied().filter(|other| other != member).collect();
        let others = members.iter().map(without).collect();
        Self { name, usual, members, others }
    }

    /// The members besides `chosen`.
    pub(crate) fn others(&self, chosen: Option<Currency>) -> &[Currency] {
        let at = self.members.iter().position(|member| Some(*member) == chosen);
        at.and_then(|at| self.others.get(at)).unwrap_or(&self.members)
    }
}

/// One meaning, and the spelling it insists on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) exact: Option<&'static str>,
    pub(crate) sense: Sense,
}

/// How a language builds its number words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NumberGrammar {
    /// "soixante-dix", "quatre-vingts"; hundreds are counted by 2 to 19 only ("dix-neuf cents").
    pub(crate) score_tens: bool,
    /// Units before tens: "drei und zwanzig".
    pub(crate) units_first: bool,
    /// "one hundred and five".
    pub(crate) and_after_hundred: bool,
    /// "treinta y uno".
    pub(crate) and_after_tens: bool,
    /// "vinte e um", "mil e duzentos".
    pub(crate) and_anywhere: bool,
    /// "mil", "tausend" are 1000 without a number before them in any position: "zwei Millionen tausend".
    pub(crate) implicit_one: bool,
    /// "4 mil 500 millones": figures may go on behind a thousand.
    pub(crate) figures_after_thousand: bool,
    /// "euro 50,00": names of currencies stand before figures too.
    pub(crate) name_first: bool,
    /// Number words are written together.
    pub(crate) compound: bool,
    /// Three digits after a lone separator are a group, whatever the separator: shop pages of unknown language.
    pub(crate) groups_of_three: bool,
}

/// A language's words.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(crate) grammar: NumberGrammar,
    pub(crate) morphemes: Morphemes,
    /// What bare family names mean in this language where that differs: "francs" in French.
    usual: Vec<(u8, Currency)>,
    table: Table,
    /// Meanings that can stand first in an amount.
    pub(crate) opening: Kinds,
    openers: Openers,
    /// How words begin that can stand first in an amount.
    pub(crate) prefixes: Prefixes,
    pub(crate) leaders: Leaders,
}

impl Lexicon {
    /// The lexicon of a primary language subtag; of `und` for languages without one.
    pub(crate) fn of(primary: &str) -> &'static Self {
        match primary {
            "fr" => &FRENCH,
            "en" => &ENGLISH,
            "de" => &GERMAN,
            "es" => &SPANISH,
            "it" => &ITALIAN,
            "pt" => &PORTUGUESE,
            "nl" => &DUTCH,
            _ => &UNDETERMINED,
        }
    }

    /// Whether a word with this hash may open an amount. Never wrong about one that does.
    #[inline]
    pub(crate) fn may_open(&self, hash: u64) -> bool {
        self.openers.may_hold(hash)
    }

    /// Whether a word that starts with this letter outside ASCII may open an amount. Never wrong about one that does.
    #[inline]
    pub(crate) fn may_open_with(&self, letter: char) -> bool {
        self.openers.may_start(letter)
    }

    /// What phrases that end in a word with this hash may mean, as far as such a meaning is looked for before amounts.
    #[inline]
    pub(crate) fn closes(&self, hash: u64) -> Kinds {
        self.table.closes(hash)
    }

    /// Whether a word with this hash may stand in such a phrase other than first.
    #[inline]
    pub(crate) fn continues(&self, hash: u64) -> bool {
        self.table.continues(hash)
    }

    /// The currency this language usually means by a family's bare name.
    pub(crate) fn usual(&self, family: Option<u8>) -> Option<Currency> {
        self.usual.iter().find(|(index, _)| Some(*index) == family).map(|(_, code)| *code)
    }

    /// The entry of a folded word or phrase, given its hash.
    #[inline]
    pub(crate) fn find(&self, hash: u64) -> Option<&Entry> {
        self.table.find(hash)
    }
}

/// Currencies that share a name, in the order of their indices in [`Unit`].
pub(crate) fn families() -> &'static [Family] {
    &FAMILIES
}

/// The family called `name`.
pub(crate) fn family(name: &str) -> Option<u8> {
    FAMILIES.iter().position(|family| family.name == name).map(|index| index as u8)
}

/// The code or family behind a currency sign with letters: `US$`, `$ CA`, `€`.
pub(crate) fn sign(sign: char, letters: SignLetters) -> Option<Unit> {
    SIGNS.meaning(sign, letters)
}

/// Whether any currency is written with this character.
#[inline]
pub(crate) fn is_sign(c: char) -> bool {
    match c {
        '$' | '£' | '€' | '¥' => true,
        // Letters with accents, typographic marks and most of Chinese are asked about for nearly every word.
        '\0'..='\u{24F}' | '\u{2000}'..='\u{209F}' | '\u{3000}'..='\u{5142}' => false,
        _ => SIGNS.has(c),
    }
}

const COMMON: &str = include_str!("../data/lexicon/common.txt");
const CODES: &str = include_str!("../data/cldr/codes.txt");

static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| compile::families(COMMON));
static SIGNS: LazyLock<compile::Signs> =
    LazyLock::new(|| compile::signs(COMMON, include_str!("../data/cldr/symbols.txt")));

macro_rules! lexicons {
    ($($name:ident $words:expr, $names:expr;)*) => {
        $(static $name: LazyLock<Lexicon> =
            LazyLock::new(|| compile::lexicon(&[COMMON, $words], $names, CODES).0);)*

        #[cfg(test)]
        const SOURCES: &[(&str, &str, &str)] = &[$((stringify!($name), $words, $names)),*];
    };
}

lexicons! {
    FRENCH include_str!("../data/lexicon/fr.txt"), include_str!("../data/cldr/names-fr.txt");
    ENGLISH include_str!("../data/lexicon/en.txt"), include_str!("../data/cldr/names-en.txt");
    GERMAN include_str!("../data/lexicon/de.txt"), include_str!("../data/cldr/names-de.txt");
    SPANISH include_str!("../data/lexicon/es.txt"), include_str!("../data/cldr/names-es.txt");
    ITALIAN include_str!("../data/lexicon/it.txt"), include_str!("../data/cldr/names-it.txt");
    PORTUGUESE include_str!("../data/lexicon/pt.txt"), include_str!("../data/cldr/names-pt.txt");
    DUTCH include_str!("../data/lexicon/nl.txt"), include_str!("../data/cldr/names-nl.txt");
    // No names: they would be words of some language.
    UNDETERMINED include_str!("../data/lexicon/und.txt"), "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_data_is_read() {
        for (language, words, names) in SOURCES {
            let (lexicon, problems) = compile::lexicon(&[COMMON, words], names, CODES);
            assert!(problems.is_empty(), "{language}: {problems:?}");
            assert!(lexicon.table.hashes_differ(), "{language}: two entries with one hash");
        }
    }

    #[test]
    fn what_spares_the_table_of_signs_agrees_with_it() {
        assert!(('\0'..=char::MAX).all(|c| is_sign(c) == SIGNS.has(c)));
    }

    #[test]
    fn tables_stay_small() {
        let bytes: usize = SOURCES
            .iter()
            .map(|(_, words, names)| compile::lexicon(&[COMMON, words], names, CODES).0.table.bytes())
            .sum();
        assert!(bytes < 4 << 20, "{bytes} bytes");
    }
}
