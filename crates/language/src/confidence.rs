//! From bits to a probability of being right.
//!
//! The bits by which the best language leads are no log-odds: n-grams overlap, and one word in five letters says the
//! same thing five times. So the lead is divided by the square root of the number of letters. A second measure is how
//! much a letter says for the best language: in a language that the model does not know, some neighbour may lead
//! clearly, but on a few chance n-grams. A logistic curve of both is fitted for each length.
//!
//! `model/calibrate.py` fits them on 12,500 pieces of one word to five sentences in 117 languages, from the translations
//! of Django and of libraries for it (BSD-3-Clause, MIT), and on lists of names from CLDR (Unicode-3.0): texts from which
//! these languages' n-grams do not come. Some twenty of the languages (Asturian, Ligurian, Mende, …) are unknown to the
//! model. The tables at the root of this crate's documentation tell how well the curves hold.

use crate::score::Ranking;

/// The curve for texts of up to `letters`.
struct Curve {
    letters: usize,
    /// Per bit of lead, divided by the root of the letters.
    lead: f32,
    /// Per bit that a letter says for the best language.
    density: f32,
    offset: f32,
}

const CURVES: [Curve; 7] = [
    Curve { letters: 5, lead: 0.74, density: 0.57, offset: -1.69 },
    Curve { letters: 9, lead: 0.61, density: 0.75, offset: -1.57 },
    Curve { letters: 16, lead: 0.53, density: 1.10, offset: -1.48 },
    Curve { letters: 40, lead: 0.63, density: 1.36, offset: -1.49 },
    Curve { letters: 80, lead: 0.89, density: 1.80, offset: -1.86 },
    Curve { letters: 160, lead: 1.10, density: 1.56, offset: -1.46 },
    Curve { letters: usize::MAX, lead: 0.42, density: 5.47, offset: -3.06 },
];

/// More bits a letter than this say nothing more.
const DENSE: f32 = 1.5;

/// The probability that the first of a ranking is right.
pub(crate) fn of(ranking: &Ranking) -> f64 {
    let letters = ranking.own_letters.max(1) as f32;
    let lead = ranking.distance / letters.sqrt();
    let density = (ranking.evidence / letters).min(DENSE);
    CURVES.iter().find(|curve| ranking.own_letters <= curve.letters).map_or(0.0, |curve| {
        let odds = curve.lead * lead + curve.density * density + curve.offset;
        f64::from(1.0 / (1.0 + (-odds).exp())) * of_share(ranking)
    })
}

/// How sure it is that the language of some windows is that of most of the text: 1 from two thirds of the letters on, a
/// little more than an even chance at half, none at a quarter.
fn of_share(ranking: &Ranking) -> f64 {
    let share = ranking.own_letters as f64 / ranking.letters.max(1) as f64;
    ((share - 0.25) / 0.4).clamp(0.0, 1.0)
}

/// The probability that a language is the right one because it is alone in its script.
pub(crate) fn of_script(letters: usize) -> f64 {
    // One letter may be a symbol in a formula; ten are a text.
    1.0 - 0.5_f64.powf(letters as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_evidence_is_more_confidence() {
        for letters in [3, 8, 12, 30, 100, 600] {
            let said = |distance: f32, evidence: f32| {
                of(&Ranking { distance, evidence, letters, own_letters: letters, ..Ranking::default() })
            };
            let size = letters as f32;
            assert!(said(0.0, 0.0) < 0.25, "{letters}");
            assert!(
                said(10.0, size) > said(1.0, size) && said(10.0, size) > said(10.0, size / 4.0),
                "{letters}"
            );
            assert!(said(1e9, 1e9) <= 1.0);
        }
        assert!(of_script(0) < f64::EPSILON && of_script(1) < 0.6 && of_script(20) > 0.99);
    }
}
