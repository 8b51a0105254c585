//! The numbers that verdicts on a page depend on, in one table of integers.
//!
//! Integers, so that a verdict never depends on how floats round. They were chosen by `benches/tuning`, which tries each
//! over labelled pages and holds the result against hosts it was not fitted on; what made no difference there keeps the
//! value that reads best. Lengths are in letters (a Han, Kana or Hangul character counts two), shares in percent.

macro_rules! weights {
    ($($name:ident = $value:literal, $rule:literal, $meaning:literal;)*) => {
        /// The table. [`Weights::default`] is what the stage uses; other values are for tuning.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Weights {
            $(#[doc = concat!($meaning, " (`", $rule, "`).")] pub $name: u32,)*
        }

        impl Default for Weights {
            fn default() -> Self {
                Self { $($name: $value,)* }
            }
        }

        impl Weights {
            /// Each number: its name, the rule it serves, and itself.
            pub fn entries(&mut self) -> Vec<(&'static str, &'static str, &mut u32)> {
                vec![$((stringify!($name), $rule, &mut self.$name),)*]
            }
        }
    };
}

weights! {
    // What prose is.
    prose_length = 80, "chrome/outside-article", "A paragraph of prose is at least this long";
    prose_links = 34, "chrome/outside-article", "and has less than this share of links";
    sentence_words = 5, "chrome/scrap", "A sentence has at least so many words";

    // Which element holds the article.
    point_length = 20, "chrome/outside-article", "A paragraph shorter than this gives no points: ten characters of Japanese are a sentence";
    point_commas = 12, "chrome/outside-article", "Commas that give a point each, at most";
    point_letters = 300, "chrome/outside-article", "Length that gives a point for each hundred, at most";
    promise_body = 25, "chrome/outside-article", "Points for a name that says article body";
    promise_article = 15, "chrome/outside-article", "Points for a name or tag that says article";
    promise_content = 10, "chrome/outside-article", "Points for a name or tag that says content";
    climb_share = 16, "chrome/outside-article", "An ancestor must be worth more by one part in so many";
    climb_named = 3, "chrome/outside-article", "likewise, beyond an element that is named as the article";
    climb_letters = 60, "chrome/outside-article", "and by so many letters besides";
    worthless_links = 50, "chrome/outside-article", "A block with a greater share of links speaks against its element";

    // How far names are believed: the share of the page's prose that a mark may take.
    believe_hidden = 50, "chrome/hidden", "Prose a name that says hidden may take";
    believe_cookie = 95, "chrome/cookie-notice", "Prose a name that says consent may take";
    believe_comments = 80, "chrome/comments", "Prose a name that says comments may take";
    believe_share = 60, "chrome/share-bar", "Prose a name that says share may take";
    believe_related = 50, "chrome/related-links", "Prose a name that says related may take";
    believe_navigation = 60, "chrome/navigation", "Prose a name that says navigation may take";
    believe_sidebar = 60, "chrome/sidebar", "Prose a name that says sidebar may take";
    believe_footer = 80, "chrome/footer", "Prose a name that says footer may take";
    believe_header = 60, "chrome/masthead", "Prose a name that says header may take";
    believe_advertising = 60, "chrome/advertising", "Prose a name that says advertising may take";
    believe_newsletter = 50, "chrome/newsletter", "Prose a name that says newsletter may take";
    believe_tags = 50, "chrome/tags", "Prose a name that says tags may take";
    believe_byline = 50, "chrome/byline", "Prose a name that says byline may take";
    believe_caption = 50, "chrome/caption", "Prose a name that says caption may take";
    believe_form = 40, "chrome/form", "Prose a name that says form may take";
    believe_popup = 80, "chrome/pop-up", "Prose a name that says pop-up may take";
    believe_button = 30, "chrome/control", "Prose a name that says button may take";
    believe_widget = 50, "chrome/widget", "Prose a name that says widget may take";
    credible = 50, "chrome/related-links", "Prose that one element may hold and be chrome";
    credible_frame = 75, "chrome/footer", "likewise for footers and what pops up";
    figure_length = 600, "chrome/caption", "A longer figure is text";
    caption_prose = 400, "chrome/caption", "An element of more prose than this is no caption";

    // What goes inside the article.
    item_links = 80, "chrome/link-list", "A short item or cell with a greater share of links goes";
    item_length = 250, "chrome/link-list", "Short means shorter than this";
    list_links = 60, "chrome/link-list", "A list or table with a greater share of links goes";
    part_links = 60, "chrome/link-list", "Any other part with a greater share of links goes";
    part_many_links = 45, "chrome/link-list", "likewise where there are several links";
    part_many = 3, "chrome/link-list", "Several means more than this";
    block_links = 78, "chrome/link-list", "A block with a greater share of links goes";
    block_length = 200, "chrome/link-list", "if it is shorter than this";
    wording_words = 40, "chrome/read-also", "A block of more words is not judged by its wording";
    wording_covered = 60, "chrome/read-also", "Share of its words that phrases must cover";
    tail_blocks = 8, "chrome/scrap", "More blocks without a sentence at the end are no tail";
    tail_words = 8, "chrome/scrap", "A scrap has at most so many words";

    // What stays outside the core.
    lead_links = 25, "chrome/outside-article", "A lead has less than this share of links";
    lead_length = 60, "chrome/outside-article", "A lead is at least this long";
    lead_named = 40, "chrome/outside-article", "likewise where its name says so, or as a heading";

    // The ladder.
    doubtful = 250, "chrome/outside-article", "Less text than this is a doubtful article";
    front = 100, "chrome/outside-article", "With less text than this an article is none";
    body_share = 3, "chrome/outside-article", "The page's JSON-LD is read where it has so many times the text";
}
