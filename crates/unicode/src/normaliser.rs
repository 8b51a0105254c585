//! The pass over the text.
//!
//! Clean stretches are skipped. What is met between them is a run of white space, handled as a whole because its outcome
//! depends on all of it, or a cluster: a character with the marks and invisible characters after it, which are composed and
//! removed together because removing one may make others compose.

use std::iter::once;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::characters::{Kind, is_fine_space, is_needed, is_settled, stands_for_space, unified};
use crate::edits::Edits;
use crate::options::{Form, Options, Spaces};
use crate::rules::{
    BLANK_LINE, COMPATIBILITY, COMPOSITION, HYPHENATION, LINE_END, REPEATED_SPACE, SPACE_AT_LINE_EDGE,
    SPACE_FORM,
};
use crate::scan::Scan;

/// Writes into `edits` what turns `text` into its normal form. `edits` is cleared first.
pub fn normalise(text: &str, options: &Options, edits: &mut Edits) {
    edits.clear();
    let mut pass =
        Pass { text, options: *options, edits, done: 0, last: None, empty: true, scratch: String::new() };
    let mut at = 0;
    if text.starts_with(' ') {
        at = pass.white_space(0);
    }
    let mut scan = Scan::new(text, options.form);
    loop {
        let next = scan.next(at);
        pass.empty &= next == at;
        at = next;
        if at >= text.len() {
            break;
        }
        at = pass.dirty(at);
    }
    if text.ends_with(' ') && pass.done < text.len() {
        pass.white_space(text.len() - 1);
    }
}

struct Pass<'a> {
    text: &'a str,
    options: Options,
    edits: &'a mut Edits,
    /// Everything before is settled.
    done: usize,
    /// The last character that is left of it.
    last: Option<char>,
    /// Nothing of the text so far is left.
    empty: bool,
    scratch: String,
}

impl Pass<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// Handles the character at `at`, with what belongs to it; returns where to go on.
    fn dirty(&mut self, at: usize) -> usize {
        let Some(c) = self.char_at(at) else { return self.text.len() };
        match Kind::of(c) {
            Kind::LineEnd | Kind::Space => self.white_space_around(at, c),
            Kind::Invisible(_) if self.empty || self.follows_space(at) => self.white_space_around(at, c),
            Kind::Invisible(_) => self.cluster(at),
            Kind::Text => {
                self.empty = false;
                let after = at + c.len_utf8();
                if is_settled(c, self.options.form) && unified(c, self.options).is_none() {
                    after
                } else {
                    self.cluster(at)
                }
            }
        }
    }

    fn follows_space(&self, at: usize) -> bool {
        at > self.done && self.text.as_bytes().get(at - 1) == Some(&b' ')
    }

    fn white_space_around(&mut self, at: usize, c: char) -> usize {
        // The common case: line feeds alone between two lines.
        if c == '\n' && !self.empty && !self.follows_space(at) && !self.options.join_hyphenation {
            let after = self.text.as_bytes().get(at + 1..).unwrap_or_default();
            let more = after.iter().take_while(|&&byte| byte == b'\n').count();
            let next = after.get(more).copied().unwrap_or(b' ');
            if next > b' ' && next < 0x7f {
                let end = at + 1 + more;
                if more > 0 {
                    self.edits.remove(at + 1, end, &BLANK_LINE);
                    (self.done, self.last) = (end, None);
                }
                return end;
            }
        }
        self.white_space(if self.follows_space(at) { at - 1 } else { at })
    }

    /// Handles the run of white space and invisible characters from `start` on; returns its end.
    fn white_space(&mut self, start: usize) -> usize {
        let run = self.text.get(start..).unwrap_or_default();
        let (mut len, mut feed, mut line_end) = (0, None, None);
        let (mut space, mut plain, mut fine) = (None, None, None);
        for (at, c) in run.char_indices() {
            match Kind::of(c) {
                Kind::Text => break,
                Kind::LineEnd => {
                    line_end = line_end.or(Some(at));
                    feed = feed.or((c == '\n').then_some(at));
                }
                Kind::Space => {
                    space = space.or(Some(at));
                    plain = plain.or((c == ' ').then_some(at));
                    fine = fine.or(is_fine_space(c).then_some(at));
                }
                Kind::Invisible(_) => {}
            }
            len = at + c.len_utf8();
        }
        let run = run.get(..len).unwrap_or_default();
        let end = start + len;
        let before = if self.empty { None } else { self.last_character(start) };
        let after = self.char_at(end);
        let outcome = match (line_end, space) {
            _ if before.is_none() || after.is_none() => Outcome::Nothing,
            (Some(_), _) if self.joins(start, after) => Outcome::Nothing,
            (Some(first), _) => Outcome::Line(feed.unwrap_or(first)),
            (None, Some(first)) => self.space(plain.unwrap_or(first), fine, before, after),
            (None, None) => Outcome::Nothing,
        };
        self.write_run(start, run, outcome);
        self.done = end;
        self.last = None;
        end
    }

    /// The last character that is left before `at`, in the form that it has afterwards.
    fn last_character(&self, at: usize) -> Option<char> {
        let before = self.text.get(..at)?;
        let last = before.chars().rev().find(|&c| Kind::of(c) == Kind::Text)?;
        Some(unified(last, self.options).map_or(last, |(form, _)| form))
    }

    /// Removes the hyphen of a word that is cut at the line's end here; false when there is none.
    fn joins(&mut self, start: usize, after: Option<char>) -> bool {
        if !self.options.join_hyphenation || !after.is_some_and(char::is_lowercase) {
            return false;
        }
        let before = self.text.get(..start).unwrap_or_default();
        let hyphen = before.char_indices().rev().find(|&(_, c)| Kind::of(c) == Kind::Text);
        let Some((at, c)) = hyphen else { return false };
        // Any of the forms that normalisation may turn into one another.
        let is_hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}');
        // Marks are looked through: they may compose, and the letter must be the same one then.
        let letter = |c: &char| !matches!(Kind::of(*c), Kind::Invisible(_)) && starter(*c).is_some();
        let cut = before.get(..at).unwrap_or_default().chars().rev().find(letter);
        if !is_hyphen || !cut.is_some_and(char::is_lowercase) {
            return false;
        }
        self.edits.remove_earlier(at, at + c.len_utf8(), &HYPHENATION);
        true
    }

    /// The one space that stays of several: a plain one, or a fine one where it is wanted.
    fn space(&self, plain: usize, fine: Option<usize>, before: Option<char>, after: Option<char>) -> Outcome {
        let after = after.map(|c| unified(c, self.options).map_or(c, |(form, _)| form));
        match (self.options.spaces, fine) {
            // The compatibility form of these spaces is the plain one.
            _ if self.options.form == Form::Nfkc => Outcome::Plain(plain),
            (Spaces::Keep, Some(fine)) => Outcome::AsIs(fine),
            (Spaces::French, Some(fine)) if french(before, after) => Outcome::AsIs(fine),
            _ => Outcome::Plain(plain),
        }
    }

    /// Writes the edits that leave the outcome of a run.
    fn write_run(&mut self, start: usize, run: &str, outcome: Outcome) {
        let kept = match outcome {
            Outcome::Nothing => None,
            Outcome::Line(at) | Outcome::Plain(at) | Outcome::AsIs(at) => Some(at),
        };
        let at_edge = matches!(outcome, Outcome::Nothing | Outcome::Line(_));
        for (at, c) in run.char_indices() {
            let (from, to) = (start + at, start + at + c.len_utf8());
            if Some(at) == kept {
                match outcome {
                    Outcome::Line(_) if c != '\n' => self.edits.replace(from, to, "\n", &LINE_END),
                    Outcome::Plain(_) if c != ' ' => self.edits.replace(from, to, " ", &SPACE_FORM),
                    _ => {}
                }
                continue;
            }
            let carriage = c == '\r'
                && run.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'))
                && kept == Some(at + 1);
            let rule = match Kind::of(c) {
                Kind::LineEnd if carriage => &LINE_END,
                Kind::LineEnd => &BLANK_LINE,
                Kind::Invisible(rule) => rule,
                _ if at_edge => &SPACE_AT_LINE_EDGE,
                _ => &REPEATED_SPACE,
            };
            self.edits.remove(from, to, rule);
        }
    }

    /// Handles the cluster that the character at `at` belongs to; returns its end.
    fn cluster(&mut self, at: usize) -> usize {
        let before = self.char_before(at).filter(|&c| at > self.done && Kind::of(c) == Kind::Text);
        let start = match before {
            Some(c) if at - c.len_utf8() >= self.done => at - c.len_utf8(),
            _ => at,
        };
        let mut end = at;
        let mut written = std::mem::take(&mut self.scratch);
        written.clear();
        let first_last = if start == self.done { self.last } else { self.char_before(start) };
        let mut last = first_last;
        let mut changes = 0;
        while let Some(c) = self.char_at(end.max(start)).filter(|_| end < self.text.len()) {
            if end == at && start < at && written.is_empty() {
                // The character that marks may join.
                let first = self.char_at(start).unwrap_or(c);
                written.push(unified(first, self.options).map_or(first, |(form, _)| form));
                last = Some(first);
            }
            let after = end + c.len_utf8();
            match Kind::of(c) {
                Kind::LineEnd | Kind::Space => break,
                Kind::Invisible(_) if is_needed(last, c, self.char_at(after)) => {
                    if end > at {
                        break;
                    }
                    written.push(c);
                    last = Some(c);
                }
                Kind::Invisible(_) => changes += 1,
                Kind::Text => {
                    if end > at && is_settled(c, self.options.form) {
                        break;
                    }
                    let form = unified(c, self.options);
                    changes += usize::from(form.is_some());
                    written.push(form.map_or(c, |(form, _)| form));
                    last = starter(c).or(last);
                }
            }
            end = after;
        }
        self.write_cluster(start, end, &written, changes, first_last);
        self.scratch = written;
        self.done = end;
        self.last = last;
        end
    }

    fn write_cluster(
        &mut self,
        start: usize,
        end: usize,
        written: &str,
        changes: usize,
        mut last: Option<char>,
    ) {
        let source = self.text.get(start..end).unwrap_or_default();
        let normal: Option<String> = match self.options.form {
            Form::None => None,
            Form::Nfc => Some(written.nfc().collect()),
            Form::Nfkc => Some(compatible(written).nfc().collect()),
        };
        match normal {
            Some(normal) if normal != written => {
                let canonical = written.nfc().eq(normal.chars());
                let rule = if canonical { &COMPOSITION } else { &COMPATIBILITY };
                let normal = self.unified_text(normal);
                let (same, tail) = common_ends(source, &normal);
                let replacement = normal.get(same..normal.len() - tail).unwrap_or_default();
                self.edits.replace(start + same, end - tail, replacement, rule);
            }
            _ if changes > 0 => {
                for (at, c) in source.char_indices() {
                    let (from, to) = (start + at, start + at + c.len_utf8());
                    match Kind::of(c) {
                        Kind::Invisible(_) if is_needed(last, c, self.char_at(to)) => last = Some(c),
                        Kind::Invisible(rule) => self.edits.remove(from, to, rule),
                        _ => {
                            last = starter(c).or(last);
                            if let Some((form, rule)) = unified(c, self.options) {
                                self.edits.replace(from, to, form.encode_utf8(&mut [0; 4]), rule);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Compatibility characters may stand for marks that have one form.
    fn unified_text(&self, text: String) -> String {
        if text.chars().any(|c| unified(c, self.options).is_some()) {
            return text.chars().map(|c| unified(c, self.options).map_or(c, |(form, _)| form)).collect();
        }
        text
    }
}

/// The characters that compatibility characters stand for, but for those that stand for a space.
fn compatible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if stands_for_space(c) {
            out.push(c);
        } else {
            out.extend(once(c).nfkd());
        }
    }
    out
}

/// The character, if it is no mark: marks may change places, and do not tell what a joiner is between.
fn starter(c: char) -> Option<char> {
    (canonical_combining_class(c) == 0).then_some(c)
}

/// What is left of a run of white space: nothing, or what stands at an offset of it.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Nothing,
    Line(usize),
    Plain(usize),
    AsIs(usize),
}

/// French typography has a no-break space here.
fn french(before: Option<char>, after: Option<char>) -> bool {
    let inside_number =
        before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
    inside_number
        || before == Some('«')
        || after.is_some_and(|c| matches!(c, '»' | ';' | ':' | '!' | '?' | '%'))
}

/// How many bytes two texts share at their start and, after that, at their end, in whole characters.
fn common_ends(a: &str, b: &str) -> (usize, usize) {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum::<usize>();
    let (rest_a, rest_b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    let tail = rest_a
        .chars()
        .rev()
        .zip(rest_b.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    (same, tail)
}
