//! Phrases of web chrome in many languages, found in one pass over the words of a text.
//!
//! The lists are data (`data/phrases/*.txt`). They are compared word by word through a table of prefixes: each word is
//! folded and hashed while the text is read, and a phrase is a chain of word hashes. Against an Aho-Corasick automaton
//! over the same lists this needs no case variants, does not care for punctuation or apostrophes, never matches inside
//! a word, and costs one table look-up a word, in a table that stays in the cache.

mod fold;
mod matcher;
mod own;
mod table;
mod word;

use std::sync::LazyLock;

pub(crate) use fold::{Class, Folding};
pub(crate) use matcher::Matcher;
pub use own::{ListError, read_list};
pub(crate) use table::Known;
use table::Table;
use word::each_word;
pub(crate) use word::{
    Begin, Looked, Pieces, Small, Word, WordHash, character_at, read_long, read_on, read_short, read_small,
};

/// What a phrase of chrome belongs to. One data file each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Category {
    /// Consent and cookie notices.
    Cookie,
    /// Comment counters, forms and moderation notices.
    Comments,
    /// Labels of links to other articles.
    Related,
    /// Ends of teasers: "read more".
    ReadMore,
    /// Share bars and the names of networks.
    Share,
    /// Newsletters, alerts, apps.
    Newsletter,
    /// Subscriptions, paywalls, donations.
    Paywall,
    /// Sign in and accounts.
    Login,
    /// Rights, imprint, terms.
    Legal,
    /// Placeholders of scripts.
    Loading,
    /// Players, galleries, advertisement marks.
    Media,
    /// Photo credits and agencies.
    Credit,
    /// Bylines, publication dates, reading times.
    Byline,
    /// Breadcrumbs and tags.
    Breadcrumb,
    /// Fields of event calendars, addresses.
    Event,
    /// Quotes of shares and currencies.
    Ticker,
    /// Shops.
    Shop,
    /// Menus, skip links, pagers.
    Navigation,
    /// Months and days: not chrome by themselves.
    Calendar,
}

impl Category {
    /// How many categories there are.
    pub const COUNT: usize = 19;

    /// Every category, in the order of precedence: a phrase listed in two files belongs to the first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Cookie,
        Self::Comments,
        Self::Related,
        Self::ReadMore,
        Self::Share,
        Self::Newsletter,
        Self::Paywall,
        Self::Login,
        Self::Legal,
        Self::Loading,
        Self::Media,
        Self::Credit,
        Self::Byline,
        Self::Breadcrumb,
        Self::Event,
        Self::Ticker,
        Self::Shop,
        Self::Navigation,
        Self::Calendar,
    ];

    /// The name of its data file, which stands for it in lists of one's own.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ReadMore => "readmore",
            other => other.name(),
        }
    }

    /// The category in a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Comments => "comments",
            Self::Related => "related",
            Self::ReadMore => "read more",
            Self::Share => "share",
            Self::Newsletter => "newsletter",
            Self::Paywall => "paywall",
            Self::Login => "login",
            Self::Legal => "legal",
            Self::Loading => "loading",
            Self::Media => "media",
            Self::Credit => "credit",
            Self::Byline => "byline",
            Self::Breadcrumb => "breadcrumb",
            Self::Event => "event",
            Self::Ticker => "ticker",
            Self::Shop => "shop",
            Self::Navigation => "navigation",
            Self::Calendar => "calendar",
        }
    }

    /// The phrases of the category, as they stand in its data file.
    pub(crate) const fn source(self) -> &'static str {
        match self {
            Self::Cookie => include_str!("../../data/phrases/cookie.txt"),
            Self::Comments => include_str!("../../data/phrases/comments.txt"),
            Self::Related => include_str!("../../data/phrases/related.txt"),
            Self::ReadMore => include_str!("../../data/phrases/readmore.txt"),
            Self::Share => include_str!("../../data/phrases/share.txt"),
            Self::Newsletter => include_str!("../../data/phrases/newsletter.txt"),
            Self::Paywall => include_str!("../../data/phrases/paywall.txt"),
            Self::Login => include_str!("../../data/phrases/login.txt"),
            Self::Legal => include_str!("../../data/phrases/legal.txt"),
            Self::Loading => include_str!("../../data/phrases/loading.txt"),
            Self::Media => include_str!("../../data/phrases/media.txt"),
            Self::Credit => include_str!("../../data/phrases/credit.txt"),
            Self::Byline => include_str!("../../data/phrases/byline.txt"),
            Self::Breadcrumb => include_str!("../../data/phrases/breadcrumb.txt"),
            Self::Event => include_str!("../../data/phrases/event.txt"),
            Self::Ticker => include_str!("../../data/phrases/ticker.txt"),
            Self::Shop => include_str!("../../data/phrases/shop.txt"),
            Self::Navigation => include_str!("../../data/phrases/navigation.txt"),
            Self::Calendar => include_str!("../../data/phrases/calendar.txt"),
        }
    }
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What the phrase belongs to.
    pub category: Category,
    /// First byte of the phrase.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// How many words it has; a character counts as a word in scripts without spaces.
    pub words: u32,
}

/// The lists, ready to be searched.
#[derive(Debug)]
pub struct Phrases {
    table: Table,
    folding: Folding,
}

impl Phrases {
    /// The lists that ship with the crate, built on first use.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Phrases> = LazyLock::new(|| Phrases::with(&[]));
        &SHARED
    }

    /// Those lists and phrases of one's own, which come first where both have a phrase.
    pub fn with(own: &[(Category, &str)]) -> Self {
        let folding = Folding::new();
        let table = Table::new(&folding, own);
        Self { table, folding }
    }

    /// Finds the phrases in `text`, leftmost longest and disjoint, in ascending order.
    ///
    /// ```
    /// use tamis_chrome::phrases::{Category, Phrases};
    ///
    /// let mut found = Vec::new();
    /// Phrases::shared().scan("12 commentaires · Laisser un commentaire", |hit| found.push(hit.category));
    /// assert_eq!(found, [Category::Comments, Category::Comments]);
    /// ```
    pub fn scan(&self, text: &str, mut found: impl FnMut(Hit)) {
        let mut matcher = Matcher::default();
        each_word(&self.folding, text, |word| matcher.push(self, word, &mut found));
        matcher.finish(&mut found);
    }

    /// Share of the words of `text` that phrases of chrome cover, in percent, and the category that covers most.
    /// [`Category::Calendar`] does not count.
    pub fn coverage(&self, text: &str) -> (u32, Option<Category>) {
        let mut covered = [0_u32; Category::COUNT];
        let (mut words, mut total) = (0_u32, 0_u32);
        let mut matcher = Matcher::default();
        let mut count = |hit: Hit| {
            if hit.category != Category::Calendar {
                total += hit.words;
                if let Some(slot) = covered.get_mut(hit.category as usize) {
                    *slot += hit.words;
                }
            }
        };
        each_word(&self.folding, text, |word| {
            words += 1;
            matcher.push(self, word, &mut count);
        });
        matcher.finish(&mut count);
        let most = Category::ALL.into_iter().zip(covered).filter(|&(_, n)| n > 0).max_by_key(|&(_, n)| n);
        ((total * 100).checked_div(words).unwrap_or(0), most.map(|(category, _)| category))
    }

    /// The French lines of chrome, for tests that need some.
    #[cfg(test)]
    pub(crate) fn french() -> Vec<String> {
        let lines = Category::ALL.iter().flat_map(|category| category.source().lines());
        let lists = lines.filter_map(|line| line.strip_prefix("fr: "));
        lists.flat_map(|list| list.split('|')).map(|phrase| phrase.trim().to_owned()).collect()
    }

    #[inline]
    pub(crate) fn folding(&self) -> &Folding {
        &self.folding
    }

    #[inline]
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }
}

#[cfg(test)]
mod tests;
