//! What tags and names speak against an element, and whether they are believed.

use crate::options::{Keep, Options};
use crate::rules::{self, Rule};

use super::page::{Element, ROOT, Stream};
use super::stems::Marks;
use super::tag::Tag;
use super::weights::Weights;

/// A mark, its rule, and the weight that says how far it is believed.
type Against = (Marks, &'static Rule, fn(&Weights) -> u32);

/// Marks that speak against an element, the rule each stands for, and the share of the page's prose, in percent,
/// that a mark may take: one that takes more is not about chrome on this page, and is not believed.
const AGAINST: &[Against] = &[
    (Marks::HIDDEN, &rules::HIDDEN, |weights| weights.believe_hidden),
    (Marks::COOKIE, &rules::COOKIE_NOTICE, |weights| weights.believe_cookie),
    (Marks::COMMENTS, &rules::COMMENTS, |weights| weights.believe_comments),
    (Marks::SHARE, &rules::SHARE_BAR, |weights| weights.believe_share),
    (Marks(Marks::RELATED.0 | Marks::TEASER.0), &rules::RELATED_LINKS, |weights| weights.believe_related),
    (Marks::NAVIGATION, &rules::NAVIGATION, |weights| weights.believe_navigation),
    (Marks::SIDEBAR, &rules::SIDEBAR, |weights| weights.believe_sidebar),
    (Marks::FOOTER, &rules::FOOTER, |weights| weights.believe_footer),
    (Marks::HEADER, &rules::MASTHEAD, |weights| weights.believe_header),
    (Marks::ADVERTISING, &rules::ADVERTISING, |weights| weights.believe_advertising),
    (Marks::NEWSLETTER, &rules::NEWSLETTER, |weights| weights.believe_newsletter),
    (Marks::TAGS, &rules::TAGS, |weights| weights.believe_tags),
    (Marks::BYLINE, &rules::BYLINE, |weights| weights.believe_byline),
    (Marks::CAPTION, &rules::CAPTION, |weights| weights.believe_caption),
    (Marks::FORM, &rules::FORM, |weights| weights.believe_form),
    (Marks::POPUP, &rules::POPUP, |weights| weights.believe_popup),
    (Marks::BUTTON, &rules::CONTROL, |weights| weights.believe_button),
    (Marks::WIDGET, &rules::WIDGET, |weights| weights.believe_widget),
];

/// What `keep` pardons.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pardons {
    marks: Marks,
    links: bool,
    tables: bool,
}

impl Pardons {
    pub(crate) fn of(options: &Options) -> Self {
        let has = |keep| options.keep.contains(&keep);
        let mark = |keep, mark| if has(keep) { mark } else { Marks::NONE };
        Self {
            marks: mark(Keep::Comments, Marks::COMMENTS).with(mark(Keep::Captions, Marks::CAPTION)),
            links: has(Keep::Links),
            tables: has(Keep::Tables),
        }
    }

    /// Whether `rule` is pardoned for what stands in `element`.
    pub(crate) fn has(self, rule: &'static Rule, stream: &Stream, element: u32) -> bool {
        if is(rule, &rules::LINK_LIST) {
            return self.links || self.tables && in_table(stream, element);
        }
        is(rule, &rules::COMMENTS) && self.marks.has(Marks::COMMENTS)
            || is(rule, &rules::CAPTION) && self.marks.has(Marks::CAPTION)
    }
}

fn is(rule: &'static Rule, other: &'static Rule) -> bool {
    std::ptr::eq(rule, other)
}

/// Nesting is capped, so the way up is too.
fn in_table(stream: &Stream, mut element: u32) -> bool {
    while element != ROOT {
        let here = stream.element(element);
        if here.tag == Tag::Table {
            return true;
        }
        element = here.parent;
    }
    false
}

/// Marks that mean chrome around an article, and content elsewhere: a shop's banner, a service's gallery.
const WEAK: Marks = Marks(
    Marks::WIDGET.0 | Marks::CAPTION.0 | Marks::BYLINE.0 | Marks::TAGS.0 | Marks::HEADER.0 | Marks::TEASER.0,
);

/// Per element, the rule that takes it and all it holds.
#[derive(Debug, Default)]
pub(crate) struct Vetoes(Vec<Option<&'static Rule>>);

impl Vetoes {
    pub(crate) fn clear(&mut self, elements: usize) {
        self.0.clear();
        self.0.resize(elements, None);
    }

    pub(crate) fn of(&self, element: u32) -> Option<&'static Rule> {
        self.0.get(element as usize).copied().flatten()
    }

    pub(crate) fn set(&mut self, element: u32, rule: &'static Rule) {
        if let Some(veto) = self.0.get_mut(element as usize) {
            veto.get_or_insert(rule);
        }
    }

    /// Vetoes what `judge` says, with all it holds.
    fn spread(&mut self, stream: &Stream, judge: impl Fn(&Element) -> Option<&'static Rule>) {
        for (index, element) in stream.elements.iter().enumerate() {
            let index = index as u32;
            if self.of(index).is_none()
                && let Some(rule) = self.of(element.parent).or_else(|| judge(element))
            {
                self.set(index, rule);
            }
        }
    }

    /// What is never rendered as running text.
    pub(crate) fn unrendered(&mut self, stream: &Stream) {
        self.spread(stream, |element| {
            let parent = stream.element(element.parent);
            let opens = [element.marks, parent.marks, stream.element(parent.parent).marks]
                .iter()
                .any(|marks| marks.has(Marks::DISCLOSED));
            // The button that opens an answer is the question.
            (is_unrendered(element.tag) && !(element.tag == Tag::Button && opens)).then_some(&rules::CONTROL)
        });
    }

    /// What its tag alone speaks against, whatever the page calls it.
    pub(crate) fn by_tag(&mut self, stream: &Stream, page: u64) {
        self.spread(stream, |element| {
            let majority = u64::from(element.sums.prose) * 2 > page;
            if majority { None } else { tag_rule(element) }
        });
    }

    /// What its tag or its names speak against.
    ///
    /// On a page of sections, names that article templates alone use for chrome are not listened to.
    pub(crate) fn by_name(&mut self, stream: &Stream, page: u64, weights: &Weights, sections: bool) {
        let mut ignored = if sections { WEAK } else { Marks::NONE };
        if stream.discussion {
            ignored = ignored.with(Marks::COMMENTS);
        }
        let ignored = self.disbelieved(stream, page, ignored, weights);
        self.spread(stream, |element| {
            match element.tag {
                Tag::Figcaption => return Some(&rules::CAPTION),
                // A figure may frame a table, a listing or a quotation: those are text.
                Tag::Figure
                    if element.sums.counts.set_pieces == 0 && element.sums.length < weights.figure_length =>
                {
                    return Some(&rules::CAPTION);
                }
                Tag::Time => return Some(&rules::BYLINE),
                Tag::Header
                    if sections
                        && element.sums.prose == 0
                        && stream.element(element.parent).tag == Tag::Body =>
                {
                    return Some(&rules::MASTHEAD);
                }
                _ => {}
            }
            // A hero is a header too; what is links alone is the site's.
            if sections && element.marks.has(Marks::HEADER) && element.sums.link_share() > 80 {
                return Some(&rules::MASTHEAD);
            }
            if u64::from(element.sums.prose) * 100 > page * credible(element, weights) {
                return None;
            }
            let named = place_against(element, ignored, weights).map(|(_, rule)| rule);
            // Comments are comments wherever they stand: `keep` can bring them back.
            named.filter(|rule| is(rule, &rules::COMMENTS)).or_else(|| tag_rule(element)).or(named)
        });
    }

    /// Takes back what `pardons` names; what speaks against an element inside for another reason speaks on.
    pub(crate) fn pardon(&mut self, stream: &Stream, pardons: Pardons, weights: &Weights) {
        let before = self.0.clone();
        for (index, element) in stream.elements.iter().enumerate() {
            let index = index as u32;
            let Some(rule) = self.of(index).filter(|rule| pardons.has(rule, stream, index)) else { continue };
            let outer = before.get(element.parent as usize).copied().flatten();
            let inner = outer.is_some_and(|outer| is(outer, rule));
            let still = if inner && !is(rule, &rules::LINK_LIST) {
                let named = || place_against(element, pardons.marks, weights).map(|(_, rule)| rule);
                self.of(element.parent).or_else(|| tag_rule(element)).or_else(named)
            } else {
                self.of(element.parent).filter(|_| inner)
            };
            if let Some(veto) = self.0.get_mut(index as usize) {
                *veto = still;
            }
        }
    }

    /// The marks that would take more of the page's prose than they may.
    fn disbelieved(&self, stream: &Stream, page: u64, ignored: Marks, weights: &Weights) -> Marks {
        let mut taken = [0_u64; AGAINST.len()];
        let mut disbelieved = ignored;
        let mut past = 0;
        for (index, element) in stream.elements.iter().enumerate() {
            let index = index as u32;
            if index < past || self.of(index).is_some() {
                continue;
            }
            if let Some((place, _)) = place_against(element, ignored, weights)
                && let Some(sum) = taken.get_mut(place)
                && u64::from(element.sums.prose) * 100 <= page * credible(element, weights)
            {
                *sum += u64::from(element.sums.prose);
                past = element.end;
            }
        }
        for ((mark, _, share), sum) in AGAINST.iter().zip(taken) {
            if sum * 100 > page * u64::from(share(weights)) {
                disbelieved = disbelieved.with(*mark);
            }
        }
        disbelieved
    }
}

/// The share of the page's prose, in percent, up to which one element may be chrome at all. A short article may be
/// outweighed by a consent notice, a dialogue or a footer.
fn credible(element: &Element, weights: &Weights) -> u64 {
    let share = if element.marks.has(Marks::COOKIE) {
        weights.believe_cookie
    } else if element.marks.has(Marks::POPUP)
        || element.marks.has(Marks::FOOTER)
        || element.tag == Tag::Footer
    {
        weights.credible_frame
    } else {
        weights.credible
    };
    u64::from(share)
}

/// The first mark that speaks against an element: its place in the table, and its rule.
fn place_against(element: &Element, ignored: Marks, weights: &Weights) -> Option<(usize, &'static Rule)> {
    let marks = element.marks.without(ignored);
    if marks == Marks::NONE
        || matches!(element.tag, Tag::Body | Tag::Html)
        || marks.has(Marks::BODY)
        || marks.has(Marks::ENTRY)
        || element.tag.is_heading() && !marks.has(Marks::HIDDEN)
    {
        return None;
    }
    let speaks = |mark: Marks| {
        marks.has(mark)
            // A teaser without a link leads nowhere: it is the article's own.
            && !(mark.has(Marks::RELATED) && element.sums.counts.links == 0)
            && !(mark == Marks::HIDDEN && marks.has(Marks::DISCLOSED))
            // A slide show tells its story in captions: those are paragraphs.
            && !(mark == Marks::CAPTION && element.sums.prose > weights.caption_prose)
    };
    AGAINST
        .iter()
        .enumerate()
        .find(|(_, (mark, _, _))| speaks(*mark))
        .map(|(place, (_, rule, _))| (place, *rule))
}

/// The rule by which a tag goes with all it holds.
fn tag_rule(element: &Element) -> Option<&'static Rule> {
    // What a tab or an accordion hides, the reader can open.
    if element.hidden && !element.marks.has(Marks::DISCLOSED) {
        return Some(&rules::HIDDEN);
    }
    match element.tag {
        Tag::Nav => Some(&rules::NAVIGATION),
        Tag::Aside => Some(&rules::SIDEBAR),
        Tag::Footer => Some(&rules::FOOTER),
        Tag::Dialog => Some(&rules::POPUP),
        Tag::Form | Tag::Fieldset => Some(&rules::FORM),
        _ => None,
    }
}

fn is_unrendered(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Template
            | Tag::Select
            | Tag::Option
            | Tag::Optgroup
            | Tag::Datalist
            | Tag::Textarea
            | Tag::Svg
            | Tag::Audio
            | Tag::Video
            | Tag::Canvas
            | Tag::Object
            | Tag::Map
            | Tag::Button
            | Tag::Progress
            | Tag::Meter
            | Tag::Head
    )
}
