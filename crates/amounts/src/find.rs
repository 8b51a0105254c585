//! The scan: from word to word and figure to figure, until one opens an amount.

use tamis_core::{Amount, AmountKind, Currency, Modifier, Span};

use crate::context;
use crate::expression::{self, Expression, Outcome};
use crate::fold::is_letter;
use crate::guards;
use crate::lexicon::{self, Kinds, Sense, is_sign};
use crate::list::{self, List};
use crate::locale::Locale;
use crate::numeral::Manner;
use crate::opener::{self, Openers};
use crate::options::Options;
use crate::range::{self, Range};
use crate::reader::{Reader, Source, floor_boundary};
use crate::rules::{BOUNDS, COLLECTIVE, LIST, MAGNITUDE, PART_OF_SCALE, RANGE};
use crate::unit::Counted;
use crate::vague;

/// Finds the amounts of `text` and appends them to `amounts`: ascending, disjoint, spans in bytes.
///
/// `lang` is a BCP 47 tag, with its region where known: `fr`, `fr-CH`, `en-IN`. For `und` and languages without a
/// lexicon only signs, codes and figures are read.
///
/// ```
/// use tamis_amounts::{Options, find};
/// let text = "Le plan vaut entre 12 et 18 milliards d’euros, soit 2,5 % du PIB.";
/// let mut amounts = Vec::new();
/// find(text, "fr", &Options::default(), &mut amounts);
/// assert_eq!(amounts[0].low.unwrap().to_string(), "12000000000");
/// assert_eq!(amounts[0].currency.unwrap().code(), "EUR");
/// assert_eq!(amounts[1].value.unwrap().to_string(), "2.5");
/// ```
pub fn find(text: &str, lang: &str, options: &Options, amounts: &mut Vec<Amount>) {
    // Spans are 32 bits wide; what lies behind the four billionth byte is not read.
    let text = text.get(..floor_boundary(text, u32::MAX as usize - 1)).unwrap_or_default();
    let locale = Locale::with(lang, options);
    let source = Source::new(text, &locale);
    let reader = Reader(&source);
    let mut search = Search { reader, options, amounts, numbers: options.wants(AmountKind::Number) };
    let mut openers = Openers::new(reader, search.numbers);
    let mut at = 0;
    while let Some(opener) = openers.next(at) {
        at = search.amount_at(opener).max(opener + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

struct Search<'a, 'o> {
    reader: Reader<'a>,
    options: &'o Options,
    amounts: &'o mut Vec<Amount>,
    numbers: bool,
}

impl Search<'_, '_> {
    /// Reads what opens at `at`; where to go on.
    fn amount_at(&mut self, opener: usize) -> usize {
        let reader = self.reader;
        let resume = |at: usize| {
            // Go on behind the word, or behind the figures.
            if reader.digit_at(opener) { at.max(opener + 1) } else { at.max(reader.letters_end(opener)) }
        };
        if let Some(end) = opener::leads_nowhere(reader, opener, self.numbers) {
            return end;
        }
        if reader.letter_at(opener)
            && let Some(magnitude) = vague::read(reader, opener)
        {
            let end = magnitude.end;
            self.push_magnitude(&magnitude);
            return end;
        }
        let start = self.signed_start(opener);
        let mut first = match expression::read(reader, start, Manner::default()) {
            Outcome::Found(first) => first,
            Outcome::Skip(end) => return resume(end),
        };
        if first.number.article && first.counted.is_none() {
            return resume(first.end);
        }
        if first.number.joined && range::head(reader, start).is_some() {
            // "zwischen hundert und zweihundert": that "und" is the range's.
            let manner = Manner { no_and: true, ..Manner::default() };
            if let Outcome::Found(again) = expression::read(reader, start, manner) {
                first = again;
            }
        }
        // "tarifs -12 000 euros": before a sum in words the hyphen is a dash.
        let first = match reader.char_before(reader.blanks_before(start)) {
            Some(c)
                if start < opener
                    && first.worded
                    && is_letter(c)
                    && matches!(first.counted, Some(Counted::Money(_))) =>
            {
                match expression::read(reader, opener, Manner::default()) {
                    Outcome::Found(unsigned) => unsigned,
                    Outcome::Skip(end) => return resume(end),
                }
            }
            _ => first,
        };
        if let Some(list) = list::read(reader, &first) {
            self.push_list(&list);
            return list.last.end;
        }
        if let Some(range) = range::read(reader, &first, self.numbers) {
            self.push_range(&range);
            return range.end;
        }
        self.push_single(&first);
        resume(first.end)
    }

    /// Takes in a sign bound to the figure or currency at `at`.
    fn signed_start(&self, at: usize) -> usize {
        let reader = self.reader;
        // ".75"
        let mut start = at;
        if let Some('.' | ',') = reader.char_before(at) {
            let open = reader
                .char_before(at - 1)
                .is_none_or(|c| crate::fold::is_blank(c) || is_sign(c) || matches!(c, '(' | '-' | '−'));
            if reader.digit_at(at) && open {
                start = at - 1;
            }
        }
        // "(– 0,2 %)": apart from the figure only behind a bracket.
        let gap = reader.blanks_before(start);
        if gap < start
            && let Some(c) = reader.char_before(gap).filter(|c| expression::is_sign_mark(*c))
            && reader.char_before(gap - c.len_utf8()) == Some('(')
        {
            return gap - c.len_utf8();
        }
        let Some(c) = reader.char_before(start).filter(|c| expression::is_sign_mark(*c)) else {
            return start;
        };
        let signed = start - c.len_utf8();
        let binds = match reader.char_before(signed) {
            None => true,
            Some(b) => {
                crate::fold::is_blank(b)
                    || matches!(
                        b,
                        '\n' | '\r' | '(' | '[' | ':' | '"' | '«' | '“' | '=' | '|' | ';' | '<' | '>'
                    )
            }
        };
        if binds { signed } else { start }
    }

    fn push_range(&mut self, range: &Range) {
        let kind = kind(range.counted, range.scaled);
        if !self.options.wants(kind) {
            return;
        }
        let modifier = context::modifier(self.reader, range.start, range.end);
        self.amounts.push(Amount {
            low: range.low,
            high: range.high,
            modifier: modifier.filter(|m| *m == Modifier::Approx),
            magnitude: Some(range.scale).filter(|scale| *scale > 0),
            inherited: range.inherited,
            ..self.counting(Span::of(range.start, range.end), kind, range.counted, RANGE)
        });
    }

    fn push_list(&mut self, list: &List) {
        let last = &list.last;
        let kind = kind(last.counted, true);
        if !self.options.wants(kind) {
            return;
        }
        let told = list.members().map(|member| (member.start, member.end, member.value, true));
        for (start, end, value, inherited) in told.chain([(last.start, last.end, last.value, false)]) {
            self.amounts.push(Amount {
                value,
                modifier: context::modifier(self.reader, start, end),
                magnitude: Some(last.scale).filter(|scale| *scale > 0),
                inherited,
                ..self.counting(Span::of(start, end), kind, last.counted, LIST)
            });
        }
    }

    fn push_single(&mut self, found: &Expression) {
        let scaled = found.scale >= 5 || found.scale > 0 && found.number.figures;
        let kind = kind(found.counted, scaled);
        if !self.options.wants(kind) || guards::is_reference(self.reader, found) {
            return;
        }
        // "a quarter of a million": not a million.
        let part = |sense| (sense == Sense::Fraction).then_some(());
        let vague = found.scale > 0
            && !found.number.figures
            && self.reader.phrase_before(found.start, Kinds::FRACTION, part).is_some();
        let rule = if vague { PART_OF_SCALE } else { found.rule };
        let amount = Amount {
            value: found.value.filter(|_| !vague),
            modifier: context::modifier(self.reader, found.start, found.end),
            vague,
            magnitude: Some(found.scale).filter(|scale| *scale > 0),
            ..self.counting(Span::of(found.start, found.end), kind, found.counted, rule)
        };
        if !self.closes_bounds(&amount) {
            self.amounts.push(amount);
        }
    }

    /// "more than 100 and less than 300": two bounds that close one range.
    fn closes_bounds(&mut self, amount: &Amount) -> bool {
        let (Some(upper), Some(Modifier::Min | Modifier::Max)) = (amount.value, amount.modifier) else {
            return false;
        };
        let reader = self.reader;
        let Some(last) = self.amounts.last_mut() else { return false };
        let (Some(lower), Some(Modifier::Min | Modifier::Max)) = (last.value, last.modifier) else {
            return false;
        };
        let (low, high) = if last.modifier == Some(Modifier::Min) { (lower, upper) } else { (upper, lower) };
        if last.modifier == amount.modifier
            || last.kind != amount.kind
            || last.currency != amount.currency
            || low > high
        {
            return false;
        }
        let Some(start) = context::modifier_start(reader, amount.span.range().start) else { return false };
        let mut at = reader.skip_blanks(last.span.range().end);
        if reader.byte(at) == Some(b',') {
            at = reader.skip_blanks(at + 1);
        }
        let joined = reader.means(at, Sense::And);
        if joined.is_none_or(|end| reader.skip_blanks(end) != start) {
            return false;
        }
        last.span = Span::new(last.span.start(), amount.span.end());
        (last.value, last.modifier, last.low, last.high) = (None, None, Some(low), Some(high));
        (last.magnitude, last.rule) = (last.magnitude.max(amount.magnitude), BOUNDS);
        true
    }

    fn push_magnitude(&mut self, found: &vague::Magnitude) {
        if found.counted.is_none() && !found.scaled {
            return;
        }
        let kind = kind(found.counted, true);
        if !self.options.wants(kind) {
            return;
        }
        let modifier = context::modifier(self.reader, found.start, found.end);
        let rule = if found.about.is_some() { COLLECTIVE } else { MAGNITUDE };
        self.amounts.push(Amount {
            value: found.about,
            modifier: modifier.or(found.about.map(|_| Modifier::Approx)),
            // "une centaine d'euros" tells a magnitude too: its value is a middle, never an exact sum.
            vague: true,
            magnitude: Some(found.power),
            ..self.counting(Span::of(found.start, found.end), kind, found.counted, rule)
        });
    }

    /// An amount of `counted`, its value still to be told.
    fn counting(&self, span: Span, kind: AmountKind, counted: Option<Counted>, rule: &'static str) -> Amount {
        let (currency, assumed, candidates) = self.currency(counted);
        let unit = unit_name(counted);
        Amount { currency, assumed, candidates, unit, ..Amount::new(span, kind, rule) }
    }

    /// The code behind a currency name, whether it is a convention, and what else the name may mean.
    fn currency(&self, counted: Option<Counted>) -> (Option<Currency>, bool, &'static [Currency]) {
        let Some(Counted::Money(unit) | Counted::Subunit(unit)) = counted else { return (None, false, &[]) };
        let Some(family) = unit.family.and_then(|index| lexicon::families().get(usize::from(index))) else {
            return (unit.code, unit.assumed && unit.code.is_some(), &[]);
        };
        let own = self.reader.locale.own.filter(|own| family.members.contains(own));
        let usual = self.reader.lexicon.usual(unit.family).or(family.usual);
        let code = self.options.settled(family.name).or(own).or(usual);
        (code, code.is_some(), family.others(code))
    }
}

fn kind(counted: Option<Counted>, scaled: bool) -> AmountKind {
    match counted {
        Some(Counted::Money(_) | Counted::Subunit(_)) => AmountKind::Money,
        Some(Counted::Percent | Counted::Permille | Counted::Points) => AmountKind::Percent,
        None if scaled => AmountKind::Quantity,
        None => AmountKind::Number,
    }
}

fn unit_name(counted: Option<Counted>) -> Option<&'static str> {
    match counted {
        Some(Counted::Percent) => Some("percent"),
        Some(Counted::Permille) => Some("permille"),
        Some(Counted::Points) => Some("percentage-point"),
        _ => None,
    }
}
