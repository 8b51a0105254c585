//! What is never an amount, whatever figures it has: [`GUARDS`] lists it all.
//!
//! Dates, times, telephone numbers and addresses are passed over as whole runs while reading figures (`digits`); words
//! that are also money are judged by what stands around them (`context`, `unit`, `expression`). The code here looks at
//! the characters that touch a number. A number with a unit needs fewer guards: a per cent sign or a currency is
//! evidence enough that "-20 %" after a letter counts something.

use crate::expression::Expression;
use crate::fold::{is_dash, is_letter};
use crate::reader::Reader;

/// Something that looks like an amount and is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Guard {
    /// What it is.
    pub name: &'static str,
    /// Why it is no amount, or how it is told from one; a sentence without its full stop.
    pub reason: &'static str,
    /// Language and text without any amount.
    pub never: (&'static str, &'static str),
    /// Much the same text with exactly one amount: the guard must not reach it.
    pub yet: (&'static str, &'static str),
}

macro_rules! guards {
    ($($name:literal $reason:literal never $lang:literal $never:literal yet $yet:literal;)*) => {
        /// All guards. `cases/never.toml` has more texts for each.
        pub static GUARDS: &[Guard] =
            &[$(Guard { name: $name, reason: $reason, never: ($lang, $never), yet: ($lang, $yet) }),*];
    };
}

guards! {
    "date" "blocks of digits that no grouping explains are passed over as a whole"
        never "fr" "Publié le 27.12.2025\u{a0}19:37, daté du 28/12/2025."
        yet "Publié le 27.12.2025 à 12,50 €.";
    "time" "a colon or an h joins hours and minutes"
        never "fr" "Le concert de 21h30, reporté à 22:15, en direct à 20 h."
        yet "Le concert de 21h30 à 30 €.";
    "telephone" "pairs of digits in a row, or a run with a plus sign, dashes or brackets"
        never "fr" "Tél. 01 42 33 44 55, +33 6 12 34 56 78 ou 06.12.34.56.78."
        yet "Tél. 01 42 33 44 55, 0,35 € la minute.";
    "address" "house numbers and postcodes count nothing"
        never "fr" "Il habite 12, rue Neuve, 75011 Paris, Cedex 09."
        yet "Il vend 75011 € son studio, rue Neuve.";
    "score" "two numbers joined by a hyphen, slash or colon"
        never "en" "They won 3-2 on aggregate, 7/6 in the third, 21:14 at the break."
        yet "They won by 3-2 and took $5,000.";
    "version" "more than one point without groups of three"
        never "en" "Version 3.11.2 runs on 192.168.0.1."
        yet "Version 3.11.2 costs $3.11.";
    "reference" "numbers of books, laws, articles, accounts and orders"
        never "fr" "ISBN 978-2-07-036822-8, loi n° 2019-1428, article 49.3, SIRET 123 456 789 00012."
        yet "Article 49.3 : une amende de 135 €.";
    "name" "channels, papers, roads, planes and products carry numbers"
        never "fr" "Vu sur France 2, lu dans 20 Minutes : l’A380, la N20, le G20 et la COVID-19."
        yet "Vu sur France 2 : un contrat de 20 M€.";
    "year" "four plain digits before a sum are not part of it"
        never "en" "In 2019 and 2020-21, back in the 1980s."
        yet "In 2019 $5 million went missing.";
    "ordinal" "letters or a degree sign bound to figures"
        never "fr" "Le 1er mai, la 12e édition, le 3º lot et le XXIe siècle."
        yet "Le 1er lot vaut 3 €.";
    "age" "years of age have no currency"
        never "fr" "Le maire de 54 ans et ses deux fils de 12 et 14 ans."
        yet "Le maire de 54 ans a donné 54 euros.";
    "measure" "units of length, weight, speed and heat are not money"
        never "fr" "Il pesait 3,4 kg, mesurait 1,80 m et roulait à 130 km/h par 27 °C."
        yet "Il roulait à 130 km/h : 135 € d’amende.";
    "nautical-mile" "the French \"mille\" has no plural: \"milles\" after figures or a small number is a distance"
        never "fr" "Le voilier mouillait à cinq milles de la côte, à 12 milles du port."
        yet "Le voilier coûte cinq mille euros.";
    "initials" "codes that are also words or initials count what follows them"
        never "en" "A TOP 50 hit, CUP 2022, 64 AMD processors and 3 CAD drawings."
        yet "A ticket at 64 CAD a day.";
    "everyday-word" "livre, won, real, mark, leu and others need a reason to be money"
        never "fr" "Deux livres neufs, un mark de poids, ses trois fils et 2 rand."
        yet "La maison vaut 850 000 livres à Londres.";
    "weight" "pounds beside words of weight, or before \"of\""
        never "en" "She weighed 180 pounds and lost 20 pounds of fat, a 2-pound loaf a day."
        yet "She was paid 180 pounds.";
    "article" "an article is no count before a name that is also another word"
        never "fr" "Un franc succès, un livre, une couronne de fleurs."
        yet "Un franc par jour suffit.";
    "few-crowns" "fewer than ten crowns are no sum anybody writes about"
        never "it" "Due corone e tre corone di fiori."
        yet "Un biglietto da 250 corone.";
    "compound" "a currency's name that begins another word"
        never "fr" "Deux francs-tireurs et trois francs-maçons."
        yet "Deux francs et trois francs-maçons.";
    "table-head" "a scale and currency without a number say what a table is in"
        never "fr" "Recettes (en millions d’euros) : 12 en mars."
        yet "Recettes : 12 millions d’euros en mars.";
    "web-address" "a per cent sign before letters or digits is an escape"
        never "en" "https://example.org/a%20b?c=12%2D5&id=100%25"
        yet "https://example.org offers 20% off.";
    "vague-people" "a count by the dozen without a scale word or a currency is no amount"
        never "fr" "Une centaine de personnes, des milliers de manifestants, quelques dizaines de tracteurs."
        yet "Une centaine d’euros par personne.";
}

/// Whether the figures of an expression touch something that makes them part of a name or reference.
pub(crate) fn is_reference(reader: Reader<'_>, expression: &Expression) -> bool {
    let before = reader.char_before(expression.start);
    let number = &expression.number;
    if !number.figures {
        // "deux-points", "un-deux": half of a word.
        return expression.counted.is_none() && touches_word(reader, expression);
    }
    match before {
        // "A380", "G20", "№5", "#3", "x86".
        Some(c) if c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '№' | '&') => return true,
        // "3.11" went before, "v.2", "a/3".
        Some('.' | ',' | ':' | '/' | '\\') => {
            let inner = reader.char_before(expression.start - 1);
            if inner.is_some_and(|c| c.is_ascii_digit() || c == '/')
                || expression.counted.is_none() && inner.is_some_and(char::is_alphanumeric)
            {
                return true;
            }
        }
        Some('%') => return true,
        _ => {}
    }
    if expression.counted.is_some() {
        // "000 euros": the rest of a number whose group separator is damaged.
        return reader.slice(number.start, number.start + 2) == "00";
    }
    // Bare numbers: "covid-19", "10e", "3D", "12°", "4h30", "007.pdf".
    if before.is_some_and(is_dash) {
        let at = expression.start - before.map_or(0, char::len_utf8);
        if reader.char_before(at).is_some_and(char::is_alphanumeric) {
            return true;
        }
    }
    if number.ends_in_figures {
        let after = reader.char_at(expression.end);
        let second = after.and_then(|c| reader.char_at(expression.end + c.len_utf8()));
        match after {
            Some(c) if is_letter(c) || matches!(c, '_' | '°' | 'º' | 'ª' | '@') => return true,
            Some('.' | ',' | ':' | '/' | '\\') if second.is_some_and(char::is_alphanumeric) => return true,
            Some(c) if is_dash(c) && second.is_some_and(is_letter) => return true,
            _ => {}
        }
    }
    touches_word(reader, expression)
}

/// Whether a hyphen binds the last word of a bare number to another word.
fn touches_word(reader: Reader<'_>, expression: &Expression) -> bool {
    let after = reader.char_at(expression.end);
    if expression.number.ends_in_figures || !after.is_some_and(is_dash) {
        return false;
    }
    reader.char_at(expression.end + after.map_or(0, char::len_utf8)).is_some_and(is_letter)
}
