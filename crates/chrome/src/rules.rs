//! Every rule of the crate, in one list: one rule, one place.
//!
//! Each has an example, which a test runs through the stage: what goes in, and what comes out.

pub use tamis_core::Rule;

use crate::phrases::Category;

/// Two paragraphs of an article, as text.
macro_rules! article {
    () => {
        "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.\n\
         Work on the new quay will begin in March, said the mayor, and the ferries will stop for about two weeks."
    };
}

/// An article as text, with chrome before and after it.
macro_rules! scraped {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to \
             four.\n\nWork on the new quay will begin in March, said the mayor, and the ferries will stop for about two \
             weeks. The owners of the hotels had asked for another date.\n\nThe quay is two hundred metres long. It was \
             built in 1911, when the harbour still lived from fishing, and no one has repaired it since the war.\n",
            $after
        )
    };
}

/// The same article in a page, with chrome before it.
macro_rules! page {
    ($chrome:expr) => {
        concat!(
            "<!DOCTYPE html><html><body>",
            $chrome,
            "<article><p>The council met on Monday, late in the evening, and it voted the budget of the harbour by \
             eleven to four.</p><p>Work on the new quay will begin in March, said the mayor, and the ferries will stop \
             for about two weeks.</p></article></body></html>"
        )
    };
}

/// A page whose markup has the first sentence of an article, and whose data has it all.
macro_rules! linked_data {
    () => {
        "<script type='application/ld+json'>{\"@type\": \"Article\", \"articleBody\": \"The council met on Monday, \
         late in the evening, and it voted the budget of the harbour by eleven to four.\\nWork on the \\\"new quay\\\" \
         will begin in March, said the mayor, and the ferries will stop for about two weeks. The owners of the hotels had \
         asked for another date, after the summer, when the quay is empty; the council would not hear of it, as \
         the company that builds it is free in spring alone.\"}</script><p>The council met on Monday.</p>"
    };
}

/// Its text.
macro_rules! linked_text {
    () => {
        "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.\n\
         Work on the \"new quay\" will begin in March, said the mayor, and the ferries will stop for about two weeks. \
         The owners of the hotels had asked for another date, after the summer, when the quay is empty; the council would \
         not hear of it, as the company that builds it is free in spring alone."
    };
}

macro_rules! rules {
    ($($name:ident = $id:literal, $reason:literal, $before:expr => $after:expr;)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $reason, ".")]
            pub static $name: Rule = Rule { id: $id, reason: $reason, since: "0.1.0", before: $before, after: $after };
        )*
        /// Every rule this crate may name in an edit.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // What HTML is made of.
    MARKUP = "chrome/markup", "a tag, comment or declaration is not text",
        "<p>The <b>mayor</b> spoke.</p>" => "The mayor spoke.";
    SCRIPT = "chrome/script", "the content of scripts, styles and other unrendered elements is not text",
        page!("<script>track()</script>") => article!();
    TITLE = "chrome/title", "the title of the page goes to the record's `title`",
        "<html><head><title>Harbour budget voted</title></head><body><h1>Harbour budget voted</h1>\
         <p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p></body></html>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.";
    ENTITY = "chrome/entity", "a character reference stands for a character",
        "<p>A caf&eacute; on the quay.</p>" => "A café on the quay.";
    WHITE_SPACE = "chrome/white-space", "white space in HTML collapses",
        "<p>The mayor\n   spoke.</p>" => "The mayor spoke.";
    JSON_ESCAPE = "chrome/json-escape", "an escape in the page's JSON-LD stands for a character",
        linked_data!() => linked_text!();
    MARKDOWN = "chrome/markdown", "a mark of Markdown says what the element was, or that a character is none",
        "<p>The mayor spoke.</p><h2>The *quay*</h2><p>The council met on Monday, and voted.</p>"
        => "The mayor spoke.\n\n## The \\*quay\\*\n\nThe council met on Monday, and voted.";
    PARAGRAPH_BREAK = "chrome/paragraph-break", "a block starts on a line of its own",
        "<p>The mayor spoke.</p><p>The council voted.</p>" => "The mayor spoke.\nThe council voted.";

    // What stands around an article.
    NAVIGATION = "chrome/navigation", "navigation leads to other pages",
        page!("<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>") => article!();
    RELATED_LINKS = "chrome/related-links", "links to other articles are not part of this one",
        page!("<div class='related'>Also read: <a href='/ferries'>Ferries on strike</a></div>") => article!();
    COMMENTS = "chrome/comments", "reader comments are not part of the article",
        page!("<div id='comments'><p>About time they did something.</p></div>") => article!();
    COOKIE_NOTICE = "chrome/cookie-notice", "a consent notice is not part of the article",
        page!("<div class='cookie-banner'>We use cookies to measure our audience.</div>") => article!();
    SHARE_BAR = "chrome/share-bar", "share buttons are not part of the article",
        page!("<div class='share'>Share this page</div>") => article!();
    HIDDEN = "chrome/hidden", "a reader does not see hidden elements",
        page!("<p style='display: none'>No script.</p>") => article!();
    SIDEBAR = "chrome/sidebar", "what stands beside the article is not part of it",
        page!("<aside>In brief: fog on the bay.</aside>") => article!();
    FOOTER = "chrome/footer", "the footer of a site is not part of the article",
        page!("<footer>Legal notice</footer>") => article!();
    MASTHEAD = "chrome/masthead", "the head of a site is not part of the article",
        page!("<div class='masthead'>The Harbour Gazette</div>") => article!();
    ADVERTISING = "chrome/advertising", "advertising is not part of the article",
        page!("<div class='advertisement'>Boats, cheaper than ever.</div>") => article!();
    NEWSLETTER = "chrome/newsletter", "a call to subscribe is not part of the article",
        page!("<div class='newsletter'>Every morning in your mail.</div>") => article!();
    TAGS = "chrome/tags", "tags and categories file the article, they are not its text",
        page!("<div class='tags'>Harbour, Budget</div>") => article!();
    BYLINE = "chrome/byline", "author and date are metadata",
        page!("<div class='byline'>By Ada Quay</div>") => article!();
    CAPTION = "chrome/caption", "a caption belongs to a picture that is not there",
        page!("<figure><img src='1.jpg'><figcaption>The old quay.</figcaption></figure>") => article!();
    FORM = "chrome/form", "a form is an application, not text",
        page!("<form>Your address <input name='a'></form>") => article!();
    POPUP = "chrome/pop-up", "what pops up over the page is not part of the article",
        page!("<div class='modal'>Log in to go on.</div>") => article!();
    WIDGET = "chrome/widget", "a widget is not part of the article",
        page!("<div class='widget'>Weather: fog</div>") => article!();
    CONTROL = "chrome/control", "buttons, lists to choose from and drawings hold no running text",
        page!("<button>Close</button>") => article!();
    LINK_LIST = "chrome/link-list", "a list of links is navigation",
        "<article><p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p>\
         <ul><li><a href='/a'>Ferries on strike</a></li><li><a href='/b'>Fog on the bay</a></li></ul></article>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.";
    OUTSIDE = "chrome/outside-article", "it stands outside the part of the page that holds the article",
        page!("<div><a href='/'>The Harbour Gazette</a></div>") => article!();
    LINKED_DATA = "chrome/linked-data", "the page's JSON-LD has the whole article, its markup little of it",
        linked_data!() => linked_text!();
    NO_PROSE = "chrome/no-prose", "no element holds an article: only paragraphs of prose stay",
        "<nav><p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p></nav>\
         <form><p>Work on the new quay will begin in March, said the mayor, and the ferries will stop, for two weeks.</p>\
         <p>Send</p></form>\
         <aside><p>The quay is two hundred metres long, and it was built in 1911, when the harbour lived from fish.</p></aside>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.\n\
            Work on the new quay will begin in March, said the mayor, and the ferries will stop, for two weeks.\n\
            The quay is two hundred metres long, and it was built in 1911, when the harbour lived from fish.";
    DANGLING = "chrome/dangling-heading", "a heading that nothing follows heads what is no part of the article",
        "<article><p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p>\
         <h3>The quay in 1911</h3></article>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.";
    SCRAP = "chrome/scrap", "a few words after the last sentence are a label or a credit",
        "<article><p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p>\
         <p>Harbour news</p></article>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.";
    REPEATED = "chrome/repeated", "a paragraph that comes back word for word is a template's",
        "<article><p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p>\
         <p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p></article>"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour.";

    // What lines of text show, when no markup is left.
    COMMENT_FORM = "chrome/comment-form", "a form that asks for a comment is not part of the article",
        scraped!("", "Leave a comment\n") => scraped!("", "");
    READ_ALSO = "chrome/read-also", "a link to another article is not part of this one",
        scraped!("", "Read also\nFog on the bay\n") => scraped!("", "");
    TEASER_LIST = "chrome/teaser-list", "the beginning of another article is not part of this one",
        scraped!("", "Fog has closed the bay to ships for the third day... Read more\n") => scraped!("", "");
    SUBSCRIPTION = "chrome/subscription-offer", "an offer to subscribe is not part of the article",
        scraped!("", "Subscribe now\n") => scraped!("", "");
    LOGIN = "chrome/login", "signing in is not part of the article",
        scraped!("Sign in\n", "") => scraped!("", "");
    LEGAL_NOTICE = "chrome/legal-notice", "rights and terms of a site are not part of the article",
        scraped!("", "© All rights reserved\n") => scraped!("", "");
    LOADING_NOTICE = "chrome/loading-notice", "a script's placeholder is not text",
        scraped!("", "Loading...\n") => scraped!("", "");
    MEDIA_PLACEHOLDER = "chrome/media-placeholder", "a player, a gallery or an advertisement is not there any more",
        scraped!("", "YouTube video\n") => scraped!("", "");
    EVENT_DETAILS = "chrome/event-details", "the fields of a calendar are not part of the article",
        scraped!("", "Details\nStart:\n10 March\nEnd:\n11 March\nOrganizer\n") => scraped!("", "");
    TICKER = "chrome/ticker", "quotes of shares and currencies are not part of the article",
        scraped!("", "313.54 USD NASDAQ -0.18%\n") => scraped!("", "");
    SHOP = "chrome/shop", "the controls of a shop are not part of the article",
        scraped!("", "Add to cart\n") => scraped!("", "");
    REPEATED_LINE = "chrome/repeated-line", "a line that stands several times around the article belongs to the page",
        scraped!("Harbour Gazette\nHarbour Gazette\n", "Harbour Gazette\n") => scraped!("", "");
    INSET = "chrome/inset", "it interrupts the article",
        "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.\n\n\
         quay-harbour-2026-large\n\nWork on the new quay will begin in March, said the mayor, and the ferries will stop \
         for about two weeks. The owners of the hotels had asked for another date.\n"
        => "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.\n\n\
         \nWork on the new quay will begin in March, said the mayor, and the ferries will stop for about two weeks. The \
         owners of the hotels had asked for another date.\n";
}

/// The rule of a category of phrases, for both halves.
pub(crate) fn of(category: Category) -> &'static Rule {
    match category {
        Category::Cookie => &COOKIE_NOTICE,
        Category::Comments => &COMMENT_FORM,
        Category::Related => &READ_ALSO,
        Category::ReadMore => &TEASER_LIST,
        Category::Share => &SHARE_BAR,
        Category::Newsletter => &NEWSLETTER,
        Category::Paywall => &SUBSCRIPTION,
        Category::Login => &LOGIN,
        Category::Legal => &LEGAL_NOTICE,
        Category::Loading => &LOADING_NOTICE,
        Category::Media => &MEDIA_PLACEHOLDER,
        Category::Credit => &CAPTION,
        Category::Byline | Category::Calendar => &BYLINE,
        Category::Breadcrumb => &TAGS,
        Category::Event => &EVENT_DETAILS,
        Category::Ticker => &TICKER,
        Category::Shop => &SHOP,
        Category::Navigation => &NAVIGATION,
    }
}
