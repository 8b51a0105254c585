//! Units: the paragraphs, headings and items that get one verdict each.
//!
//! A unit is a line, or several lines that one sentence runs through: tools that print every text node on a line of its
//! own break sentences at links and emphasis.

use crate::phrases::Category;

use super::line::Line;
use super::sign::{First, Last, Signs};

/// A run of lines and the sums of their counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unit {
    /// First and one past the last line.
    pub(crate) lines: (u32, u32),
    /// How many of these lines are there: others may have gone in an earlier round.
    pub(crate) height: u32,
    /// The sums; `start` and `next` span the whole unit.
    pub(crate) sum: Line,
    /// Is there a blank line before it, and after it?
    pub(crate) blank_before: bool,
    pub(crate) blank_after: bool,
    /// How often its words stand in the document.
    pub(crate) repeats: u32,
    /// The first unit with the same words (plus one), if it is not the first itself.
    original: u32,
    /// Are there lines in it that went in an earlier round?
    pub(crate) holed: bool,
}

impl Unit {
    /// How much there is to read, in words: two characters of a script without spaces count as one.
    #[inline]
    pub(crate) fn words(&self) -> u32 {
        let ideographs = u32::from(self.sum.ideographs);
        u32::from(self.sum.tokens) - ideographs.min(u32::from(self.sum.tokens)) + ideographs.div_ceil(2)
    }

    /// Share of the tokens, in percent.
    #[inline]
    pub(crate) fn share(&self, part: u16) -> u32 {
        (u32::from(part) * 100).checked_div(u32::from(self.sum.tokens)).unwrap_or(0)
    }

    /// Share of the tokens covered by phrases of chrome, in percent.
    #[inline]
    pub(crate) fn coverage(&self) -> u32 {
        let all: u32 = self.sum.covered.iter().map(|&n| u32::from(n)).sum();
        let calendar = self.sum.covered.get(Category::Calendar as usize).map_or(0, |&n| u32::from(n));
        ((all - calendar) * 100).checked_div(u32::from(self.sum.tokens)).unwrap_or(0)
    }
}

/// Groups the lines that are still there into units.
pub(crate) fn group(lines: &[Line], kept: &[bool], units: &mut Vec<Unit>) {
    units.clear();
    let mut blank = true;
    for (index, (line, &kept)) in lines.iter().zip(kept).enumerate() {
        if line.is_blank() {
            blank = true;
            if let Some(unit) = units.last_mut() {
                unit.blank_after = true;
            }
            continue;
        }
        if !kept {
            continue;
        }
        match units.last_mut() {
            Some(unit) if !blank && continues(unit, line) => {
                unit.holed |= unit.lines.1 != index as u32;
                unit.lines.1 = index as u32 + 1;
                unit.height += 1;
                join(&mut unit.sum, line);
            }
            _ => units.push(Unit {
                lines: (index as u32, index as u32 + 1),
                height: 1,
                sum: *line,
                blank_before: blank,
                blank_after: false,
                repeats: 1,
                original: 0,
                holed: false,
            }),
        }
        blank = false;
    }
    if let Some(unit) = units.last_mut() {
        unit.blank_after = true;
    }
}

/// Does a sentence that `unit` leaves open go on in `line`?
#[inline]
fn continues(unit: &Unit, line: &Line) -> bool {
    let before = &unit.sum;
    // "information provided by …" under a title and "… read more" under a paragraph are lines of their own.
    if line.bullet || line.indent > before.indent.saturating_add(1) || opens_with_phrase(line) {
        return false;
    }
    let open = matches!(before.last, Last::Open | Last::Comma | Last::Closing);
    let broken = unit.height > 1;
    // "… according to the": no title and no item of a menu ends in a function word.
    let hanging = before.last == Last::Open && before.signs.has(Signs::STOP_LAST);
    match line.first {
        // ", in Paris" or ")." goes on whatever stood before, as no line starts with it.
        First::Continuation => before.tokens > 0 || line.tokens == 0,
        First::Lower => open && before.tokens >= 3 && before.stops >= 1,
        First::Upper | First::Digit | First::Quote | First::Dash => {
            (hanging && before.tokens >= 3 && before.stops >= 2)
                || (before.last == Last::Comma && before.tokens >= 6 && before.stops >= 2)
        }
        First::Ideograph => open && before.tokens >= 8 && (broken || hanging || before.last == Last::Comma),
        First::Blank | First::Other => false,
    }
}

/// Does a phrase of chrome of two words or more stand at the beginning of the line?
#[inline]
fn opens_with_phrase(line: &Line) -> bool {
    let category = usize::from(line.opens).wrapping_sub(1);
    line.covered.get(category).is_some_and(|&covered| covered >= 2)
}

/// Adds the counts of the next line to those of a unit.
fn join(sum: &mut Line, line: &Line) {
    let ended = matches!(sum.last, Last::Terminal | Last::Quoted);
    let fields = [
        (&mut sum.tokens, line.tokens),
        (&mut sum.ideographs, line.ideographs),
        (&mut sum.stops, line.stops),
        (&mut sum.numbers, line.numbers),
        (&mut sum.capitals, line.capitals),
        (&mut sum.shouts, line.shouts),
        (&mut sum.sentences, line.sentences.saturating_add(u16::from(ended))),
        (&mut sum.commas, line.commas),
        (&mut sum.separators, line.separators),
    ];
    for (field, more) in fields {
        *field = field.saturating_add(more);
    }
    if line.phrases {
        sum.phrases = true;
        for (field, &more) in sum.covered.iter_mut().zip(&line.covered) {
            *field = field.saturating_add(more);
        }
    }
    sum.signs = Signs((sum.signs.0 & !Signs::STOP_LAST) | line.signs.0);
    if line.tokens > 0 {
        sum.closes = line.closes;
    }
    sum.last = line.last;
    sum.next = line.next;
    sum.content.1 = line.content.1;
    sum.hash = sum.hash.rotate_left(9) ^ line.hash;
}

/// So many zeros, in a buffer that only grows: filling a slice is vector code, growing a vector again is not.
pub(super) fn zeros(buffer: &mut Vec<u32>, size: usize) -> &mut [u32] {
    if buffer.len() < size {
        buffer.resize(size, 0);
    }
    let zeros = buffer.get_mut(..size).unwrap_or_default();
    zeros.fill(0);
    zeros
}

/// Fills in how often the words of each unit stand in the document.
///
/// `first` becomes an open-addressed table with linear probing: the first unit (plus one) of each hash.
pub(crate) fn count_repeats(units: &mut [Unit], first: &mut Vec<u32>) {
    let size = (units.len() * 2).next_power_of_two().max(16);
    let first = zeros(first, size);
    for at in 0..units.len() {
        let Some(hash) = units.get(at).map(|unit| unit.sum.hash) else { continue };
        // The hash ends in a multiplication: its high bits are the good ones.
        let mut place = (hash >> 32) as usize & (size - 1);
        while let Some(slot) = first.get_mut(place) {
            if *slot == 0 {
                *slot = at as u32 + 1;
                break;
            }
            if let Some(unit) = units.get_mut(*slot as usize - 1).filter(|unit| unit.sum.hash == hash) {
                unit.repeats += 1;
                let original = *slot;
                if let Some(unit) = units.get_mut(at) {
                    unit.original = original;
                }
                break;
            }
            place = (place + 1) & (size - 1);
        }
    }
    for at in 0..units.len() {
        if let Some(original) = units.get(at).map(|unit| unit.original).filter(|&original| original > 0) {
            let repeats = units.get(original as usize - 1).map_or(1, |unit| unit.repeats);
            if let Some(unit) = units.get_mut(at) {
                unit.repeats = repeats;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::Phrases;
    use crate::text::line::{Content, scan};

    /// The lines of each unit of a text.
    fn groups(text: &str) -> Vec<(u32, u32)> {
        let (mut lines, mut content, mut units) = (Vec::new(), Content::default(), Vec::new());
        scan(text, Phrases::shared(), &mut lines, &mut content);
        group(&lines, &vec![true; lines.len()], &mut units);
        units.iter().map(|unit| unit.lines).collect()
    }

    #[test]
    fn a_sentence_broken_at_its_links_is_one_unit() {
        assert_eq!(groups("According to the\nHarbour Gazette\n, the ferry will stop.\n"), [(0, 3)]);
        assert_eq!(groups("La mairie a annoncé lundi que\nle port\nrouvrira.\n"), [(0, 3)]);
    }

    #[test]
    fn lines_of_a_menu_are_units_of_their_own() {
        assert_eq!(groups("Accueil\nSport\nCulture\n"), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(groups("home\nnews\nsport\n"), [(0, 1), (1, 2), (2, 3)]);
    }

    #[test]
    fn a_phrase_of_chrome_starts_a_unit() {
        assert_eq!(groups("Le quai rouvre.\n... lire la suite\n"), [(0, 1), (1, 2)]);
        assert_eq!(groups("Le port rouvre en mars\ninformation fournie par une agence\n"), [(0, 1), (1, 2)]);
    }

    #[test]
    fn a_blank_line_or_a_bullet_parts_units() {
        assert_eq!(groups("La mairie a annoncé lundi que\n\nle port rouvrira.\n"), [(0, 1), (2, 3)]);
        assert_eq!(groups("Il faut pour cela que\n  • le port rouvre\n"), [(0, 1), (1, 2)]);
    }

    #[test]
    fn lines_that_went_do_not_count() {
        let (mut lines, mut content) = (Vec::new(), Content::default());
        let text = "La mairie a annoncé lundi que\nPartager\nle port\nrouvrira.\n";
        scan(text, Phrases::shared(), &mut lines, &mut content);
        let mut units = Vec::new();
        group(&lines, &[true, false, true, true], &mut units);
        assert_eq!(units.iter().map(|unit| (unit.lines, unit.height)).collect::<Vec<_>>(), [((0, 4), 3)]);
    }

    #[test]
    fn repeated_units_are_counted() {
        let (mut lines, mut content, mut units) = (Vec::new(), Content::default(), Vec::new());
        scan("Sport\n\nPort\n\nSPORT\n", Phrases::shared(), &mut lines, &mut content);
        group(&lines, &[true; 5], &mut units);
        count_repeats(&mut units, &mut Vec::new());
        assert_eq!(units.iter().map(|unit| unit.repeats).collect::<Vec<_>>(), [2, 1, 2]);
    }
}
