//! Undoing a wrong decoding that was saved.
//!
//! UTF-8 that is read in another encoding turns each character beyond ASCII into two to four strange ones: `é` into `Ã©`. The
//! bytes are still there: written in that encoding and read as UTF-8, they are the text again. Such sequences also stand in
//! good text by chance (`voilà…»`), so a repair must pay: the words with the repair must cost less, by the letter pairs of
//! the languages, than the words without ([`measure`]). Lines are judged as a whole, and again after a repair, since texts
//! may be spoiled more than once. HTML escapes, quotes and everything else stay as they are.

mod line;
mod measure;
mod routes;

use tamis_core::Rule;

use crate::charset::{Charset, windows_1252};
use crate::letters::{Cost, Language, language_of};
use crate::rules::{MOJIBAKE_CONTROLS, MOJIBAKE_TWICE};
use crate::runs::Output;
use routes::Route;

/// A character and the bytes of the line that it comes from.
#[derive(Debug, Clone, Copy)]
struct Unit {
    c: char,
    start: usize,
    end: usize,
    changed: bool,
}

/// What the words of a line must save for a repair: ten bits, one chance in a thousand, and more for rare routes.
const LEAST_GAIN: Cost = 100;
/// The same once the document has shown such a line.
const LEAST_GAIN_AGAIN: Cost = 30;
/// What each character that the line loses counts for a route, beside what its words save.
const PER_CHARACTER: Cost = 60;
/// How often a text is taken to be spoiled, at most.
const ROUNDS: usize = 4;

/// Repairs a document's text as it is written.
#[derive(Debug)]
pub(crate) struct Repair {
    on: bool,
    /// Routes that the document has shown, one bit each.
    shown: u32,
    /// The language that words are tried in first, once a line has told it.
    language: Option<&'static Language>,
}

impl Repair {
    pub(crate) fn new(on: bool) -> Self {
        Self { on, shown: 0, language: None }
    }

    /// Writes text that stands in the raw bytes as it is, repaired where it is mojibake.
    pub(crate) fn write(&mut self, text: &str, out: &mut Output<'_>) {
        let mut rest = text;
        while self.on
            && let Some(at) = routes::first_suspect(rest)
        {
            let start = rest.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |feed| feed + 1);
            let end =
                rest.get(at..).and_then(|after| after.find('\n')).map_or(rest.len(), |feed| at + feed + 1);
            out.keep(rest.get(..start).unwrap_or_default());
            self.line(rest.get(start..end).unwrap_or_default(), out);
            rest = rest.get(end..).unwrap_or_default();
        }
        out.keep(rest);
    }

    fn line(&mut self, line: &str, out: &mut Output<'_>) {
        let mut units: Vec<Unit> = line
            .char_indices()
            .map(|(start, c)| Unit { c, start, end: start + c.len_utf8(), changed: false })
            .collect();
        if self.language.is_none() {
            self.language = language_of(line);
        }
        let mut rule: Option<&'static Rule> = None;
        for _ in 0..ROUNDS {
            let Some((route, repaired)) = self.best_repair(&units) else { break };
            if self.shown == 0 {
                // What the line was read in may have looked like any language.
                self.language =
                    language_of(&repaired.iter().map(|unit| unit.c).collect::<String>()).or(self.language);
            }
            self.shown |= 1 << route.place;
            rule = Some(if rule.is_some() { &MOJIBAKE_TWICE } else { route.rule });
            units = repaired;
        }
        if read_controls(&mut units) {
            rule = rule.or(Some(&MOJIBAKE_CONTROLS));
        }
        match rule {
            None => out.keep(line),
            Some(rule) => write_units(line, &units, rule, out),
        }
    }

    /// The route that saves most, with the line repaired.
    fn best_repair(&self, units: &[Unit]) -> Option<(&'static Route, Vec<Unit>)> {
        let mut best: Option<(Cost, &'static Route, line::Outcome)> = None;
        let suspects = line::suspects(units);
        let counts: Vec<usize> =
            routes::all().iter().map(|route| line::count(units, &suspects, route)).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        for (route, count) in routes::all().iter().zip(counts) {
            // The route that was taken reads all sequences; routes like it read some by chance.
            if count == 0 || count * 2 < most {
                continue;
            }
            let again = self.shown >> route.place & 1 == 1;
            let least = if again { LEAST_GAIN_AGAIN } else { LEAST_GAIN + route.rarity };
            let Some(outcome) = line::repair(units, route, again, self.language) else { continue };
            let rank = (outcome.gain + PER_CHARACTER * outcome.fewer as Cost).saturating_sub(route.rarity);
            if outcome.gain >= least && best.as_ref().is_none_or(|best| rank > best.0) {
                best = Some((rank, route, outcome));
            }
        }
        best.map(|(_, route, outcome)| (route, outcome.line))
    }
}

/// Reads control characters as the quotes, dashes and letters that windows-1252 has in their places, where these make sense:
/// beside a letter. Text has no such controls but U+0085, a line end, which is read so only beside others.
fn read_controls(units: &mut [Unit]) -> bool {
    let is_control = |unit: &Unit| matches!(unit.c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}');
    let Charset::SingleByte(page) = windows_1252() else { return false };
    if !units.iter().any(is_control) {
        return false;
    }
    let mut any = false;
    for at in 0..units.len() {
        let is_text =
            |at: Option<usize>| at.and_then(|at| units.get(at)).is_some_and(|unit| unit.c.is_alphanumeric());
        let (after_text, before_text) = (is_text(at.checked_sub(1)), is_text(Some(at + 1)));
        let Some(unit) = units.get_mut(at).filter(|unit| matches!(unit.c, '\u{80}'..='\u{9f}')) else {
            continue;
        };
        let read = u8::try_from(u32::from(unit.c)).map_or(unit.c, |byte| page.read(byte));
        let fits = match read {
            '’' | 'œ' | 'Œ' => after_text || before_text || any,
            '‘' | '“' | '”' | '„' | '…' | '–' | '—' => {
                after_text != before_text || any && !after_text
            }
            _ => false,
        };
        if fits {
            (unit.c, unit.changed, any) = (read, true, true);
        }
    }
    any
}

fn write_units(line: &str, units: &[Unit], rule: &'static Rule, out: &mut Output<'_>) {
    let mut rest = units;
    while let Some(first) = rest.first() {
        let len = rest.iter().position(|unit| unit.changed != first.changed).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        let end = run.last().map_or(first.end, |last| last.end);
        if first.changed {
            let start = out.text.len();
            out.text.extend(run.iter().map(|unit| unit.c));
            out.replaced(end - first.start, out.text.len() - start, rule);
        } else {
            out.keep(line.get(first.start..end).unwrap_or_default());
        }
        rest = after;
    }
}

/// The rule is one of mojibake.
pub(crate) fn is_repair(rule: &'static Rule) -> bool {
    rule.id.starts_with("decode/mojibake")
}
