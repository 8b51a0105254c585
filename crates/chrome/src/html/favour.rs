//! What the options take from the verdicts, and what they add.
//!
//! The page is judged without options first; what stands here only takes away (`precision`) or only adds (`recall`,
//! `keep`). A run that is kept once is never given up again. So the laws of the options hold by construction.

use crate::options::Options;
use crate::rules;

use super::evidence::{Pardons, Vetoes};
use super::page::Stream;
use super::select::Selection;
use super::verdict::measure_block;
use super::wording;

impl Selection {
    /// Remembers the runs that are kept now.
    pub(super) fn rescue(&mut self, stream: &Stream) {
        self.rescued.resize(stream.runs.len(), false);
        for (block, verdict) in stream.blocks.iter().zip(&self.verdicts) {
            if verdict.condemned.is_some() {
                continue;
            }
            for index in block.first_run..block.end_run {
                let Some(run) = stream.runs.get(index as usize) else { continue };
                let kept = self.taken(index, run, verdict).is_none();
                if let Some(rescued) = self.rescued.get_mut(index as usize) {
                    *rescued |= kept;
                }
            }
        }
    }

    /// What stands outside the core goes, where something stands inside it.
    pub(super) fn narrow(&mut self, stream: &Stream) {
        let (first, end) = stream.block_range(self.core);
        let inside = self.verdicts.get(first..end).unwrap_or_default();
        if inside.iter().all(|verdict| verdict.condemned.is_some()) {
            return;
        }
        for (index, verdict) in self.verdicts.iter_mut().enumerate() {
            if (index < first || index >= end) && verdict.condemned.is_none() {
                verdict.condemn(&rules::OUTSIDE);
            }
        }
    }

    /// Takes back what the rules did that `keep` speaks against.
    pub(super) fn pardon(&mut self, source: &str, stream: &Stream, options: &Options) {
        if options.keep.is_empty() {
            return;
        }
        let pardons = Pardons::of(options);
        self.vetoes.pardon(stream, pardons, &self.weights);
        let (first, end) = stream.block_range(self.core);
        for (index, block) in stream.blocks.iter().enumerate() {
            let Some(verdict) = self.verdicts.get_mut(index) else { continue };
            let Some(rule) = verdict.condemned else { continue };
            let comment = std::ptr::eq(rule, &raw const rules::COMMENTS);
            if !pardons.has(rule, stream, block.element) || !(comment || index >= first && index < end) {
                continue;
            }
            let now = measure_block(stream, &self.vetoes, &self.weights, block);
            // Its words are held against it as ever: "Reply" is no comment. What `keep` names is measured whole, so
            // that the answer is the same whatever else is kept.
            let whole = measure_block(stream, &Vetoes::default(), &self.weights, block);
            let word = wording::rule(source, stream, block, &whole, &self.weights, &mut self.text);
            let wanted = word.is_none_or(|rule| pardons.has(rule, stream, block.element));
            if now.letters > 0 && now.condemned.is_none() && wanted {
                *verdict = now;
            }
        }
    }
}
