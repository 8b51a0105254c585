//! Which blocks are the article: a ladder of attempts, from the most to the least selective.

use std::collections::HashSet;

use super::block::BlockKind;
use crate::edit::Rung;
use crate::options::{Favour, Options};
use crate::rules::{self, Rule};

use super::core::{Search, main_part};
use super::evidence::Vetoes;
use super::page::{Block, NO_CLASS, ROOT, Stream, TextRun};
use super::scanner::Run;
use super::stems::Marks;
use super::tag::Tag;
use super::verdict::{Verdict, is_soft, measure, sum};
use super::weights::Weights;
use super::wording;

/// Buffers and result of the selection.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// One per block.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) vetoes: Vetoes,
    pub(crate) rung: Rung,
    /// The block of the headline that was dropped.
    pub(crate) headline: Option<usize>,
    /// On a page of sections: whether its text is spread over them.
    pub(super) spread: bool,
    pub(super) search: Search,
    /// The element that holds the article.
    pub(crate) core: u32,
    /// The article as the page's JSON-LD has it, where the markup has little of it.
    pub(crate) body: Option<Run>,
    /// Runs that an option keeps, whatever speaks against their elements.
    pub(super) rescued: Vec<bool>,
    pub(crate) weights: Weights,
    pub(super) seen: HashSet<u64>,
    /// The words of one block.
    pub(super) text: String,
}

impl Selection {
    /// Judges every block of the page.
    ///
    /// The page is judged without options first. They then take from that or add to it, so that more of `keep` never
    /// keeps less, and `precision` ⊆ `balance` ⊆ `recall`.
    pub(crate) fn judge(&mut self, source: &str, stream: &mut Stream, options: &Options) {
        self.rescued.clear();
        self.ladder(source, stream);
        let body = measured_body(source, stream);
        self.body = (body >= self.weights.doubtful && body / self.weights.body_share.max(1) >= self.kept())
            .then_some(stream.linked_data.article.body);
        if self.body.is_some() {
            self.rung = Rung::LinkedData;
            for verdict in self.verdicts.iter_mut().filter(|verdict| verdict.condemned.is_none()) {
                verdict.condemn(&rules::LINKED_DATA);
            }
        }
        if options.favour == Favour::Precision {
            self.narrow(stream);
        }
        let widens = options.favour == Favour::Recall && self.rung < Rung::LinkedData;
        if options.keep.is_empty() && !widens {
            return;
        }
        self.rescue(stream);
        self.pardon(source, stream, options);
        self.rescue(stream);
        if widens {
            let (rung, headline, core) = (self.rung, self.headline, self.core);
            self.rung = Rung::Relaxed;
            self.attempt(source, stream);
            self.rescue(stream);
            self.pardon(source, stream, options);
            self.rescue(stream);
            (self.rung, self.headline, self.core) = (rung, headline, core);
        }
        for (block, verdict) in stream.blocks.iter().zip(&mut self.verdicts) {
            let runs = self.rescued.get(block.first_run as usize..block.end_run as usize).unwrap_or_default();
            if runs.contains(&true) {
                verdict.condemned = None;
            }
        }
    }

    /// Why a run goes that stands in a block that stays.
    pub(crate) fn taken(&self, index: u32, run: &TextRun, verdict: &Verdict) -> Option<&'static Rule> {
        let rule = self.vetoes.of(run.element)?;
        let stays = verdict.whole && is_soft(rule) || self.rescued.get(index as usize) == Some(&true);
        (!stays).then_some(rule)
    }

    /// Goes down the ladder until something is left.
    fn ladder(&mut self, source: &str, stream: &mut Stream) {
        self.rung = if stream.not_article && !stream.article && !stream.discussion {
            Rung::Sections
        } else {
            Rung::Core
        };
        self.attempt(source, stream);
        if self.rung == Rung::Sections && !self.spread {
            self.rung = Rung::Core;
            self.attempt(source, stream);
        }
        let kept = self.kept();
        if self.rung == Rung::Core && kept < self.weights.doubtful {
            // Names may have spoken against the article itself: without them there should be much more of it.
            let prose = self.prose();
            self.rung = Rung::Relaxed;
            self.attempt(source, stream);
            if kept > 0 && self.prose() <= 2 * prose {
                self.rung = Rung::Core;
                self.attempt(source, stream);
            }
        }
        if matches!(self.rung, Rung::Core | Rung::Relaxed) && self.kept() < self.weights.front {
            // No article at all: the front of a site, a list.
            let core = self.rung;
            self.rung = Rung::Sections;
            self.attempt(source, stream);
            if !self.spread {
                self.rung = core;
                self.attempt(source, stream);
            }
        }
        for rung in [Rung::Prose, Rung::Everything] {
            if self.kept() == 0 {
                self.rung = rung;
                self.attempt(source, stream);
            }
        }
    }

    fn attempt(&mut self, source: &str, stream: &mut Stream) {
        self.headline = None;
        self.core = ROOT;
        self.vetoes.clear(stream.elements.len());
        self.vetoes.unrendered(stream);
        if self.rung == Rung::Everything {
            measure(stream, &self.vetoes, &self.weights, &mut self.verdicts);
            return;
        }
        measure(stream, &self.vetoes, &self.weights, &mut self.verdicts);
        sum(stream, &self.verdicts);
        let page = u64::from(stream.element(ROOT).sums.prose);
        match self.rung {
            Rung::Core | Rung::Sections => {
                self.vetoes.by_name(stream, page, &self.weights, self.rung == Rung::Sections);
            }
            Rung::Relaxed => self.vetoes.by_tag(stream, page),
            // Nothing was left by their word: tags and names are not asked.
            _ => {}
        }
        measure(stream, &self.vetoes, &self.weights, &mut self.verdicts);
        sum(stream, &self.verdicts);
        self.spread = self.rung == Rung::Sections
            && self.search.is_spread(stream, &self.vetoes, &self.verdicts, &self.weights);
        if self.rung == Rung::Prose {
            for verdict in &mut self.verdicts {
                if verdict.condemned.is_none() && !verdict.is_prose {
                    verdict.condemn(&rules::NO_PROSE);
                }
            }
            return;
        }
        let core = match self.rung {
            Rung::Sections => main_part(stream),
            _ => self.search.core(stream, &self.vetoes, &self.verdicts, &self.weights),
        };
        self.core = core;
        self.clean(stream, core);
        measure(stream, &self.vetoes, &self.weights, &mut self.verdicts);
        self.settle(stream, core);
        self.drop_title(stream);
        self.drop_wording(source, stream);
        self.drop_repeated(source, stream);
        if self.rung == Rung::Core {
            self.drop_tail(stream);
        }
    }

    fn kept(&self) -> u32 {
        self.verdicts
            .iter()
            .filter(|verdict| verdict.condemned.is_none())
            .map(|verdict| verdict.letters)
            .sum()
    }

    fn prose(&self) -> u32 {
        let kept = self.verdicts.iter().filter(|verdict| verdict.condemned.is_none() && verdict.is_prose);
        kept.map(|verdict| verdict.letters).sum()
    }

    /// Within the core, takes out what is mostly links.
    fn clean(&mut self, stream: &Stream, core: u32) {
        let end = stream.element(core).end;
        let weights = self.weights.clone();
        for index in core + 1..end {
            let element = stream.element(index);
            if let Some(outer) = self.vetoes.of(element.parent) {
                self.vetoes.set(index, outer);
                continue;
            }
            let sums = element.sums;
            if sums.length == 0 || element.tag.is_inline() || element.tag.is_heading() {
                continue;
            }
            let share = sums.link_share();
            if self.rung == Rung::Sections {
                // Cards are links with a text; a menu is a list of words.
                let links = sums.counts.links;
                if share > 80 && links >= 3 && sums.link_length < 14 * links {
                    self.vetoes.set(index, &rules::LINK_LIST);
                }
                continue;
            }
            let linky = match element.tag {
                Tag::P | Tag::Li | Tag::Td | Tag::Th | Tag::Tr | Tag::Dd | Tag::Dt => {
                    share > i64::from(weights.item_links) && sums.length < weights.item_length
                }
                Tag::Ul | Tag::Ol | Tag::Dl | Tag::Table => share > i64::from(weights.list_links),
                _ => {
                    share > i64::from(weights.part_links)
                        || share > i64::from(weights.part_many_links) && sums.counts.links > weights.part_many
                }
            };
            if linky {
                self.vetoes.set(index, &rules::LINK_LIST);
            }
        }
    }

    /// Keeps what the core holds, and what leads to it from the page's first heading.
    fn settle(&mut self, stream: &Stream, core: u32) {
        let (first, end) = stream.block_range(core);
        let look = self.look(stream, first, end);
        let heading = self.heading_before(stream, first);
        let weights = &self.weights;
        for (index, (block, verdict)) in stream.blocks.iter().zip(&mut self.verdicts).enumerate() {
            if verdict.condemned.is_some() {
                continue;
            }
            // An article may be cut into containers that stand side by side: its paragraphs look alike.
            let element = stream.element(block.element);
            let joined = look == Some((element.tag, element.look)) && verdict.is_prose;
            if (index < first || index >= end) && !joined {
                let lead = index < first
                    && heading.is_some_and(|heading| index > heading)
                    && verdict.link_share() < weights.lead_links
                    && (verdict.length >= weights.lead_length && verdict.stops > 0
                        || block.kind == BlockKind::Heading
                            && verdict.length >= weights.lead_named
                            && heading.is_some_and(|heading| index <= heading + 2)
                        || verdict.length >= weights.lead_named
                            && stream.element(block.element).marks.has(Marks::LEAD));
                let main_heading = heading == Some(index) && element.tag == Tag::H1;
                if main_heading {
                    self.headline = Some(index);
                    verdict.condemn(&rules::TITLE);
                } else if !lead {
                    verdict.condemn(&rules::OUTSIDE);
                }
            } else if self.rung != Rung::Sections
                && verdict.link_share() > weights.block_links
                && verdict.length < weights.block_length
            {
                verdict.score = weights.block_links as i16 - verdict.link_share() as i16;
                verdict.condemn(&rules::LINK_LIST);
            }
        }
    }

    /// The heading that the core stands under: the last main one before it, or a second-rank one close by.
    fn heading_before(&self, stream: &Stream, first: usize) -> Option<usize> {
        let last = |tag: Tag, within: usize| {
            let before = stream.blocks.iter().zip(&self.verdicts).take(first);
            let found = before.enumerate().rfind(|(_, (block, verdict))| {
                verdict.condemned.is_none() && stream.element(block.element).tag == tag
            });
            found.map(|(index, _)| index).filter(|index| first - index <= within)
        };
        last(Tag::H1, usize::MAX).or_else(|| last(Tag::H2, 12))
    }

    /// The look most of the core's prose has, where it has a class of its own.
    fn look(&self, stream: &Stream, first: usize, end: usize) -> Option<(Tag, u32)> {
        let prose = || {
            let blocks = stream.blocks.iter().zip(&self.verdicts).take(end).skip(first);
            blocks.filter(|(_, verdict)| verdict.condemned.is_none() && verdict.is_prose)
        };
        let look_of = |block: &Block| {
            let element = stream.element(block.element);
            (element.tag, element.look)
        };
        // The majority vote of Boyer and Moore, then the count.
        let (mut candidate, mut votes) = ((Tag::Other, 0), 0_usize);
        for (block, _) in prose() {
            if votes == 0 {
                candidate = look_of(block);
            }
            votes = if look_of(block) == candidate { votes + 1 } else { votes - 1 };
        }
        let (alike, all) = prose().fold((0_usize, 0_usize), |(alike, all), (block, _)| {
            (alike + usize::from(look_of(block) == candidate), all + 1)
        });
        (alike * 2 > all && alike > 1 && candidate.1 != NO_CLASS).then_some(candidate)
    }

    /// The headline goes to the record's title.
    fn drop_title(&mut self, stream: &Stream) {
        for (index, (block, verdict)) in stream.blocks.iter().zip(&mut self.verdicts).enumerate() {
            if verdict.condemned.is_some() {
                continue;
            }
            if stream.element(block.element).tag == Tag::H1 {
                self.headline = Some(index);
                return verdict.condemn(&rules::TITLE);
            }
            if block.kind != BlockKind::Heading && verdict.is_prose {
                return;
            }
        }
    }

    /// What the words of a short block condemn.
    fn drop_wording(&mut self, source: &str, stream: &Stream) {
        for (block, verdict) in stream.blocks.iter().zip(&mut self.verdicts) {
            if verdict.condemned.is_none()
                && let Some(rule) =
                    wording::rule(source, stream, block, verdict, &self.weights, &mut self.text)
            {
                verdict.condemn(rule);
            }
        }
    }

    /// After the last sentence, a heading heads what went with the chrome, and a few words are a label or a credit.
    ///
    /// Verse and lists of figures end without a sentence too: a longer tail stays.
    fn drop_tail(&mut self, stream: &Stream) {
        let is_scrap = |(block, verdict): (&Block, &Verdict)| match block.kind {
            BlockKind::Heading => !verdict.is_sentence,
            BlockKind::Paragraph => verdict.words <= self.weights.tail_words && verdict.stops == 0,
            _ => false,
        };
        let kept = || {
            let blocks = stream.blocks.iter().zip(&self.verdicts).enumerate();
            blocks.filter(|(_, (_, verdict))| verdict.condemned.is_none())
        };
        let length: u32 = kept().map(|(_, (_, verdict))| verdict.length).sum();
        let (mut from, mut count, mut tail) = (stream.blocks.len(), 0, 0);
        for (index, pair) in kept().rev() {
            if !is_scrap(pair) {
                break;
            }
            (from, count, tail) = (index, count + 1, tail + pair.1.length);
        }
        if count > self.weights.tail_blocks || tail > length / 5 {
            return;
        }
        for (block, verdict) in stream.blocks.iter().zip(&mut self.verdicts).skip(from) {
            if verdict.condemned.is_none() {
                let heading = block.kind == BlockKind::Heading;
                verdict.condemn(if heading { &rules::DANGLING } else { &rules::SCRAP });
            }
        }
    }

    /// A paragraph that was kept before, word for word, is a template's.
    fn drop_repeated(&mut self, source: &str, stream: &Stream) {
        self.seen.clear();
        for (block, verdict) in stream.blocks.iter().zip(&mut self.verdicts) {
            if verdict.condemned.is_some() || !verdict.is_prose {
                continue;
            }
            let mut hash = 0xcbf2_9ce4_8422_2325_u64;
            for run in stream.runs_of(block) {
                for byte in run.span.of(source.as_bytes()) {
                    if !byte.is_ascii_whitespace() {
                        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
                    }
                }
            }
            if !self.seen.insert(hash) {
                verdict.condemn(&rules::REPEATED);
            }
        }
    }
}

/// The letters of the article in the page's JSON-LD.
fn measured_body(source: &str, stream: &Stream) -> u32 {
    let body = stream.linked_data.article.body;
    let text = source.get(body.start as usize..body.end as usize).unwrap_or_default();
    super::measure::measure(text).letters
}
