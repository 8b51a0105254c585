//! Which element is the article's.
//!
//! As Readability does, every paragraph gives points to the elements around it, fewer the farther; names and tags that
//! promise an article add some, links take a share. From the winner we climb to the ancestor whose other content is
//! worth most, so that an article split over several containers is whole.

use super::block::BlockKind;

use super::evidence::Vetoes;
use super::page::{Block, NO_CLASS, ROOT, Stream};
use super::stems::Marks;
use super::tag::Tag;
use super::verdict::Verdict;
use super::weights::Weights;

/// One point, in fixed-point arithmetic: the choice must not depend on how floats round.
const POINT: i64 = 256;

/// How far a paragraph's points reach up.
const LEVELS: i64 = 6;

/// Buffers of the search.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// Points per element.
    points: Vec<i64>,
    /// Worth of all blocks before each.
    worth: Vec<i64>,
}

impl Search {
    /// The element that holds the article; the root when no paragraph gave a point.
    pub(crate) fn core(
        &mut self,
        stream: &Stream,
        vetoes: &Vetoes,
        verdicts: &[Verdict],
        weights: &Weights,
    ) -> u32 {
        let best = self.best_of(stream, vetoes, verdicts, weights);
        let core = self.climb(stream, verdicts, best, weights);
        if stream.article && !stream.discussion { core } else { thread(stream, vetoes, core) }
    }

    /// Whether the page's text is spread: the best element holds less than 3/5 of the prose, or more links than prose.
    pub(crate) fn is_spread(
        &mut self,
        stream: &Stream,
        vetoes: &Vetoes,
        verdicts: &[Verdict],
        weights: &Weights,
    ) -> bool {
        let best = self.best_of(stream, vetoes, verdicts, weights);
        let (own, page) = (stream.element(best).sums, stream.element(ROOT).sums);
        best == ROOT
            || u64::from(own.sentences) * 5 < u64::from(page.sentences) * 3
            || own.prose < own.link_length
    }

    fn best_of(&mut self, stream: &Stream, vetoes: &Vetoes, verdicts: &[Verdict], weights: &Weights) -> u32 {
        self.give_points(stream, verdicts, weights);
        self.best(stream, vetoes, weights)
    }

    fn give_points(&mut self, stream: &Stream, verdicts: &[Verdict], weights: &Weights) {
        self.points.clear();
        self.points.resize(stream.elements.len(), 0);
        for (block, verdict) in stream.blocks.iter().zip(verdicts) {
            if verdict.condemned.is_some()
                || verdict.length < weights.point_length
                || block.kind == BlockKind::Heading
            {
                continue;
            }
            let points = POINT * (1 + i64::from(verdict.commas.min(weights.point_commas)))
                + POINT * i64::from(verdict.length.min(weights.point_letters)) / 100;
            let points = points * i64::from(100 - verdict.link_share().min(100)) / 100;
            let mut element = block.element;
            let own = stream.element(element);
            if own.sums.blocks <= 1 || own.tag == Tag::P {
                element = own.parent;
            }
            for level in 0..LEVELS {
                let divisor = match level {
                    0 => 1,
                    1 => 2,
                    _ => 3 * level,
                };
                if let Some(sum) = self.points.get_mut(element as usize) {
                    *sum += points / divisor;
                }
                if element == ROOT {
                    break;
                }
                element = stream.element(element).parent;
            }
        }
    }

    fn best(&self, stream: &Stream, vetoes: &Vetoes, weights: &Weights) -> u32 {
        let mut best = (0, ROOT);
        for (index, (element, points)) in stream.elements.iter().zip(&self.points).enumerate() {
            let index = index as u32;
            if *points == 0 || vetoes.of(index).is_some() {
                continue;
            }
            let promise = if element.marks.has(Marks::BODY) {
                weights.promise_body
            } else if element.marks.has(Marks::ARTICLE) || element.tag == Tag::Article {
                weights.promise_article
            } else if element.marks.has(Marks::CONTENT) || element.tag == Tag::Main {
                weights.promise_content
            } else {
                0
            };
            let points = (points + i64::from(promise) * POINT) * (100 - element.sums.link_share()) / 100;
            if points > best.0 {
                best = (points, index);
            }
        }
        best.1
    }

    /// The ancestor of `best`, or itself, that gains most by what else it holds.
    fn climb(&mut self, stream: &Stream, verdicts: &[Verdict], best: u32, weights: &Weights) -> u32 {
        self.worth.clear();
        self.worth.push(0);
        let mut total = 0;
        for (block, verdict) in stream.blocks.iter().zip(verdicts) {
            total += worth(block, verdict, weights);
            self.worth.push(total);
        }
        let value = |element: u32| {
            let (first, end) = stream.block_range(element);
            let before = |block: usize| self.worth.get(block).copied().unwrap_or(total);
            before(end) - before(first)
        };
        let mut chosen = best;
        let mut most = value(best);
        let mut element = best;
        // What stands outside an element that is named as the article has to be worth more.
        let mut share = i64::from(weights.climb_share.max(1));
        while element != ROOT {
            let left = stream.element(element);
            if matches!(left.tag, Tag::Article | Tag::Main) || left.marks.has(Marks::BODY) {
                share = i64::from(weights.climb_named.max(1));
            }
            element = left.parent;
            let here = value(element);
            if here > most + most / share + i64::from(weights.climb_letters) {
                most = here;
                chosen = element;
            }
        }
        chosen
    }
}

/// How far above the core its like are looked for: a post is wrapped a few times.
const WRAPPED: usize = 6;

/// On a page that does not call itself an article, the core may be one of many posts that stand side by side; then the
/// thread is the core. Teasers are many too, but they are links.
fn thread(stream: &Stream, vetoes: &Vetoes, core: u32) -> u32 {
    let mut post = core;
    for _ in 0..WRAPPED {
        let own = stream.element(post);
        if post == ROOT || matches!(own.tag, Tag::Body | Tag::Main) {
            break;
        }
        let (mut others, mut prose) = (0, 0);
        let mut index = own.parent + 1;
        let end = stream.element(own.parent).end;
        while index < end {
            let element = stream.element(index);
            let alike = index != post && element.tag == own.tag && element.look == own.look;
            if alike && vetoes.of(index).is_none() && element.sums.prose > 0 && element.sums.link_share() < 30
            {
                others += 1;
                prose += element.sums.prose;
            }
            index = element.end.max(index + 1);
        }
        if others > 1 && prose >= own.sums.prose && own.look != NO_CLASS {
            return own.parent;
        }
        post = own.parent;
    }
    core
}

/// What a block speaks for the element it stands in: prose for, links and scraps against.
fn worth(block: &Block, verdict: &Verdict, weights: &Weights) -> i64 {
    if verdict.condemned.is_some() {
        return 0;
    }
    let length = i64::from(verdict.length);
    if verdict.link_share() > weights.worthless_links {
        -2 * length.min(200)
    } else if verdict.is_prose {
        length
    } else if block.kind == BlockKind::Heading {
        0
    } else if verdict.is_sentence {
        length / 2
    } else {
        -(length.min(60) / 2)
    }
}

/// The main part of a page of sections: `<main>` where it holds most of the prose, else everything.
pub(crate) fn main_part(stream: &Stream) -> u32 {
    let page = u64::from(stream.element(ROOT).sums.prose);
    let holds_most = |element: &&crate::html::page::Element| u64::from(element.sums.prose) * 10 >= page * 6;
    let main = stream.elements.iter().position(|element| element.tag == Tag::Main && holds_most(&element));
    main.map_or(ROOT, |index| index as u32)
}
