//! What may be changed about a page without changing its article: chrome around it, and the way its markup is written.

use proptest::prelude::*;

use crate::{Options, RULES, Scratch, strip_html};

fn text(page: &str) -> String {
    strip_html(page, &Options::default(), &mut Scratch::default()).apply(page)
}

const SENTENCES: [&str; 12] = [
    "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.",
    "Work on the new quay will begin in March, said the mayor, and the ferries will stop for about two weeks.",
    "Les hôteliers avaient demandé une autre date, mais la société qui construit n’est libre qu’au printemps.",
    "“We were not asked,” said the owner of the Anchor, who has let rooms on the quay for thirty years.",
    "Der Kai ist zweihundert Meter lang; er wurde 1911 gebaut, als der Hafen noch vom Fischfang lebte.",
    "El alcalde dijo que las obras, que costarán once millones, terminarán antes del verano próximo.",
    "Nobody has repaired it since the war, and in winter the waves come over the wall and into the cellars.",
    "The engineers looked at three plans, of which two would have closed the old basin for good.",
    "La terza proposta, la più cara, conserva il bacino e aggiunge un molo per le barche da pesca.",
    "It was this plan that the council chose, after a debate that lasted until long past midnight.",
    "O porto perdeu metade dos seus barcos em vinte anos, e os que ficam precisam de mais fundo.",
    "Whether the money will come in time, no one could say; the region decides in the last week of May.",
];

/// Chrome in the manner of real pages, from the words of the rules' own examples.
fn chrome() -> impl Strategy<Value = String> {
    let block = prop::sample::select(vec![
        "<nav><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li><li><a href=/sport>Sport</a></li></ul></nav>",
        "<div class='cookie-banner'><p>We use cookies to measure our audience, and to show you advertising that fits.</p><button>Accept</button></div>",
        "<div class='share-bar'><a href=t>Tweet</a><a href=f>Share</a></div>",
        "<aside class='sidebar'><h3>Most read</h3><ol><li><a href=1>Fog closes the bay for a third day</a></li><li><a href=2>Ferries late again</a></li></ol></aside>",
        "<div class='related'><h3>Read also</h3><ul><li><a href=1>Fog on the bay</a></li><li><a href=2>The lighthouse opens</a></li></ul></div>",
        "<section id='comments'><h3>2 comments</h3><div class='comment'><p>About time, after all these years of waiting.</p></div></section>",
        "<form class='newsletter'><p>Every morning in your mail: the news of the harbour, free.</p><input><button>Subscribe</button></form>",
        "<footer><p>© The Harbour Gazette. All rights reserved.</p><a href=/legal>Legal notice</a></footer>",
        "<div class='ad'>Boats, cheaper than ever. Only this week, only here!</div>",
        "<div style='display:none'><p>You need a subscription to read on, and a browser that shows it.</p></div>",
        "<div class='breadcrumb'><a href=/>Home</a> › <a href=/p>Politics</a></div>",
        "<script>var a = '<p>no text, whatever it looks like.</p>';</script>",
        "<noscript><p>Turn on JavaScript, please, to see all of this page.</p></noscript>",
        "<div class='modal'><p>Log in to go on reading; it takes a minute.</p></div>",
        "<!-- <p>A paragraph that somebody took out, and left in the source.</p> -->",
        "<header class='masthead'><a href=/>The Harbour Gazette</a></header>",
    ]);
    prop::collection::vec(block, 0..5).prop_map(|blocks| blocks.concat())
}

/// Templates that articles stand in.
const TEMPLATES: [(&str, &str); 5] = [
    ("<main><article>", "</article></main>"),
    ("<div id='page'><div class='article-body'>", "</div></div>"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<div><div><div>", "</div></div></div>"),
    ("<section class='post-content'>", "</section>"),
];

fn article() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(SENTENCES.to_vec(), 4..=12)
}

/// The attributes of every start tag, in another order, in other quotes, in other case.
fn rewritten(page: &str, reverse: bool, upper: bool) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (before, tail) = rest.split_at(start);
        out.push_str(before);
        let end = tail.find('>').map_or(tail.len(), |end| end + 1);
        let (tag, after) = tail.split_at(end);
        rest = after;
        let plain = tag.starts_with("<!") || tag.contains("script") || !tag.ends_with('>');
        let mut parts: Vec<String> = if plain {
            vec![tag.to_owned()]
        } else {
            tag.trim_matches(['<', '>']).split_ascii_whitespace().map(str::to_owned).collect()
        };
        if plain || tag.contains(": ") || parts.iter().any(|part| part.matches('\'').count() == 1) {
            out.push_str(tag);
            continue;
        }
        if reverse {
            parts[1..].reverse();
        }
        if upper {
            parts = parts
                .iter()
                .map(|part| {
                    let (name, value) = part
                        .split_once('=')
                        .map_or((part.as_str(), None), |(name, value)| (name, Some(value)));
                    value.map_or(name.to_ascii_uppercase(), |value| {
                        format!("{}=\"{}\"", name.to_ascii_uppercase(), value.trim_matches('\''))
                    })
                })
                .collect();
        }
        out.push('<');
        out.push_str(&parts.join(if upper { "\n" } else { "  " }));
        out.push('>');
    }
    out.push_str(rest);
    out
}

/// Each character that has one as a reference, in one of three forms.
fn referred(text: &str, form: usize) -> String {
    text.chars()
        .map(|character| match (character, form) {
            (c, 0) if !c.is_ascii() => format!("&#{};", c as u32),
            (c, 1) if !c.is_ascii() => format!("&#x{:X};", c as u32),
            ('é', 2) => "&eacute;".to_owned(),
            ('ô', 2) => "&ocirc;".to_owned(),
            ('’', 2) => "&rsquo;".to_owned(),
            ('“', 2) => "&ldquo;".to_owned(),
            ('”', 2) => "&rdquo;".to_owned(),
            (',', 2) => "&comma;".to_owned(),
            (c, _) => c.to_string(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn chrome_around_an_article_takes_no_sentence_of_it(
        before in chrome(), sentences in article(), after in chrome(), template in 0..TEMPLATES.len(),
    ) {
        let (open, close) = TEMPLATES[template];
        let paragraphs = format!("<p>{}</p>", sentences.join("</p><p>"));
        let page = format!("<html><body>{before}{open}{paragraphs}{close}{after}</body></html>");
        let text = text(&page);
        for sentence in sentences {
            prop_assert!(text.contains(sentence), "{:?} is lost from\n{}\nof\n{}", sentence, text, page);
        }
    }

    #[test]
    fn the_way_markup_is_written_changes_nothing(
        before in chrome(), sentences in article(), after in chrome(), reverse in prop::bool::ANY, upper in prop::bool::ANY,
        form in 0..4_usize,
    ) {
        let page = |form| {
            let paragraphs: Vec<_> = sentences.iter().map(|sentence| referred(sentence, form)).collect();
            let paragraphs = paragraphs.join("</p><p class='text' id='p'>");
            format!("<html><body>{before}<article lang='en' class='post'><p class='text' id='p'>{paragraphs}</p></article>{after}</body></html>")
        };
        prop_assert_eq!(text(&page(3)), text(&rewritten(&page(form), reverse, upper)));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop::num::u8::ANY, 0..400), page in "(<[a-z/!]{0,4}[ =\"'>]{0,2}|&[#a-z]{0,4};?|[a-z\\PC]{0,3}){0,60}") {
        for page in [String::from_utf8_lossy(&bytes).into_owned(), page] {
            let stripped = strip_html(&page, &Options::default(), &mut Scratch::default());
            let mut at = 0;
            for edit in &stripped.edits {
                prop_assert!(edit.start >= at && edit.end >= edit.start && page.is_char_boundary(edit.start as usize));
                at = edit.end;
            }
        }
    }
}

/// What no edit touches stands in the text as in the source, in the same order: an article of one's own words comes back
/// as a subsequence of the page.
#[test]
fn the_text_comes_from_the_source_in_order() {
    for rule in RULES.iter().filter(|rule| rule.before.starts_with('<')) {
        let page = rule.before;
        let stripped = strip_html(page, &Options::default(), &mut Scratch::default());
        let mut rest = stripped.apply(page);
        let mut at = 0;
        for edit in &stripped.edits {
            let kept = page.get(at..edit.start as usize).expect("edits stand on characters");
            let found = rest.find(kept).unwrap_or_else(|| panic!("{kept:?} is not next in {rest:?}"));
            rest = rest.split_off(found + kept.len());
            at = edit.end as usize;
        }
    }
}
