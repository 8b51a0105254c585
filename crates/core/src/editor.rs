//! What a stage may ask for.

use tamis_span::{EditList, RuleIndex, Span, TextSize};

use crate::{Amount, Annotations, Language, PageField, Rule, StageError, StageErrorKind, StageRules, Told};

/// Collects a stage's edits and findings.
///
/// Edits must come in ascending order, disjoint, on character boundaries, by rules the stage declares; anything else
/// is an error and costs the document. So is asking for more than sixteen edits, or bytes of replacements, for each byte
/// of the text. All spans are bytes of the view's text, also those of findings made in the
/// same call: the engine carries findings through the edits.
#[derive(Debug)]
pub struct Editor<'a> {
    text: &'a str,
    rules: StageRules,
    edits: &'a mut EditList,
    added: &'a mut Annotations,
    /// Edits and bytes of replacements that may still be asked for.
    left: u64,
    /// The rule of the last edit: the next one is often by the same.
    last: Option<(&'static Rule, RuleIndex)>,
}

/// What a stage may ask for, one for an edit and one for each byte of a replacement: more than any stage needs, and an end
/// to one that goes round in circles. Counted, not timed, so that the same document fails on every machine.
const WORK_PER_BYTE: u64 = 16;
const WORK: u64 = 1 << 20;

impl<'a> Editor<'a> {
    pub(crate) fn new(
        text: &'a str,
        rules: StageRules,
        edits: &'a mut EditList,
        added: &'a mut Annotations,
    ) -> Self {
        let left = WORK_PER_BYTE * text.len() as u64 + WORK;
        Self { text, rules, edits, added, left, last: None }
    }

    /// Asks for `span` to go.
    pub fn remove(&mut self, span: Span, rule: &'static Rule) -> Result<(), StageError> {
        self.edit(span, "", rule, None)
    }

    /// Asks for `span` to go, with the evidence that condemned it.
    pub fn remove_scored(&mut self, span: Span, rule: &'static Rule, score: i16) -> Result<(), StageError> {
        self.edit(span, "", rule, Some(score))
    }

    /// Asks for `replacement` in the place of `span`.
    pub fn replace(&mut self, span: Span, replacement: &str, rule: &'static Rule) -> Result<(), StageError> {
        self.edit(span, replacement, rule, None)
    }

    /// Asks for `addition` at `offset`.
    pub fn insert(
        &mut self,
        offset: TextSize,
        addition: &str,
        rule: &'static Rule,
    ) -> Result<(), StageError> {
        self.edit(Span::empty(offset), addition, rule, None)
    }

    /// Asks for any edit: a removal where `replacement` is empty, an insertion where `span` is.
    pub fn edit(
        &mut self,
        span: Span,
        replacement: &str,
        rule: &'static Rule,
        score: Option<i16>,
    ) -> Result<(), StageError> {
        let index = self.index(rule)?;
        self.left = self.left.checked_sub(1 + replacement.len() as u64).ok_or(StageErrorKind::TooMuchWork)?;
        Ok(self.edits.replace(self.text, span, replacement, index, score)?)
    }

    /// Notes the language of the text.
    pub fn language(&mut self, language: Language) {
        self.added.language = Some(language);
    }

    /// Notes the document's title.
    pub fn title(&mut self, title: &str) {
        self.added.title.clear();
        self.added.title.push_str(title);
    }

    /// Notes what the page says of itself, and the raw bytes where it says so ([`View::map`](crate::View::map) tells
    /// them). A field is noted once: the first value stays.
    pub fn tell(&mut self, field: PageField, value: &str, raw: Span) {
        if self.added.told(field).is_none() {
            self.added.told.push(Told { field, value: value.to_owned(), raw });
        }
    }

    /// Notes a sentence. Sentences come in ascending order, disjoint.
    pub fn sentence(&mut self, span: Span) {
        self.added.sentences.push(span);
    }

    /// Notes an amount. Amounts come in ascending order, disjoint.
    pub fn amount(&mut self, amount: Amount) {
        self.added.amounts.push(amount);
    }

    fn index(&mut self, rule: &'static Rule) -> Result<RuleIndex, StageError> {
        if let Some((last, index)) = self.last
            && std::ptr::eq(last, rule)
        {
            return Ok(index);
        }
        let index = self.rules.index(rule).ok_or(StageErrorKind::UndeclaredRule(rule.id))?;
        self.last = Some((rule, index));
        Ok(index)
    }
}
