//! What each block and each element holds, once what is vetoed is left out.

use crate::rules::{self, Rule};

use super::evidence::Vetoes;
use super::markdown::NONE;
use super::page::{Block, Stream, Sums};
use super::weights::Weights;

/// A block's measures, and what becomes of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Verdict {
    pub(crate) length: u32,
    pub(crate) link_length: u32,
    pub(crate) words: u32,
    pub(crate) commas: u32,
    pub(crate) stops: u32,
    pub(crate) letters: u32,
    /// A paragraph with sentences in it.
    pub(crate) is_prose: bool,
    /// A sentence, be it short.
    pub(crate) is_sentence: bool,
    /// A sentence goes on around an inline element that a name speaks against: the element stays.
    pub(crate) whole: bool,
    /// Evidence against the threshold 0; 0 where none was weighed.
    pub(crate) score: i16,
    /// Why the block goes; `None` keeps it.
    pub(crate) condemned: Option<&'static Rule>,
}

impl Verdict {
    /// Share of the text that stands in links, in percent.
    pub(crate) fn link_share(&self) -> u32 {
        (self.link_length.saturating_mul(100)).checked_div(self.length).unwrap_or(0)
    }

    fn weigh(&mut self, weights: &Weights) {
        let text = self.link_share() < weights.prose_links;
        self.is_prose = text && self.length >= weights.prose_length && (self.stops > 0 || self.commas > 1);
        self.is_sentence = text && self.words >= weights.sentence_words && self.stops > 0;
    }

    pub(crate) fn condemn(&mut self, rule: &'static Rule) {
        self.condemned = Some(rule);
    }
}

/// Measures every block without what is vetoed; a block with nothing left is condemned by its veto.
pub(crate) fn measure(stream: &Stream, vetoes: &Vetoes, weights: &Weights, verdicts: &mut Vec<Verdict>) {
    verdicts.clear();
    verdicts.extend(stream.blocks.iter().map(|block| measure_block(stream, vetoes, weights, block)));
}

pub(crate) fn measure_block(stream: &Stream, vetoes: &Vetoes, weights: &Weights, block: &Block) -> Verdict {
    let mut verdict = Verdict::default();
    let mut taken = Verdict::default();
    let mut veto = None;
    let inline_only = vetoes.of(block.element).is_none();
    for run in stream.runs_of(block) {
        let into = match vetoes.of(run.element) {
            Some(rule) => {
                veto = veto.or(Some(rule));
                if !inline_only || !is_soft(rule) {
                    continue;
                }
                &mut taken
            }
            None => &mut verdict,
        };
        into.length += run.measure.length;
        into.words += run.measure.words;
        into.commas += run.measure.commas;
        into.stops += run.measure.stops;
        into.letters += run.measure.letters;
        into.link_length += if run.link == NONE || run.is_address { 0 } else { run.measure.length };
    }
    verdict.weigh(weights);
    if taken.letters > 0 && verdict.letters >= 2 * taken.letters && verdict.is_prose {
        verdict.length += taken.length;
        verdict.words += taken.words;
        verdict.letters += taken.letters;
        verdict.link_length += taken.link_length;
        verdict.whole = true;
        verdict.weigh(weights);
    }
    // "By" and "on", when the name and the date between them are gone.
    let remnant = verdict.words <= 2 && taken.letters > verdict.letters;
    if verdict.letters == 0 || remnant {
        verdict.condemned = veto.or(Some(&rules::MARKUP));
    }
    verdict
}

/// Whether a rule gives way to the sentence around what it takes.
pub(crate) fn is_soft(rule: &'static Rule) -> bool {
    ![&rules::HIDDEN, &rules::CONTROL, &rules::COOKIE_NOTICE].iter().any(|hard| std::ptr::eq(*hard, rule))
}

/// Sums what the blocks hold over the elements around them.
pub(crate) fn sum(stream: &mut Stream, verdicts: &[Verdict]) {
    for element in &mut stream.elements {
        element.sums = Sums { counts: element.own, ..Sums::default() };
    }
    for (block, verdict) in stream.blocks.iter().zip(verdicts) {
        if verdict.letters == 0 {
            continue;
        }
        if let Some(element) = stream.elements.get_mut(block.element as usize) {
            let sums = &mut element.sums;
            sums.length += verdict.length;
            sums.link_length += verdict.link_length;
            sums.blocks += 1;
            if verdict.is_prose {
                sums.prose += verdict.length;
            }
            if verdict.is_prose || verdict.is_sentence {
                sums.sentences += verdict.length;
            }
        }
    }
    for index in (1..stream.elements.len()).rev() {
        let Some(element) = stream.elements.get(index).copied() else { continue };
        if let Some(parent) = stream.elements.get_mut(element.parent as usize) {
            parent.sums.add(&element.sums);
        }
    }
}
