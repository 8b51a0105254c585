//! What the options promise: `keep` only adds, `favour` is a scale, and Markdown is read as the text it stands for.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, TagEnd};

use crate::{Favour, Format, Keep, Options, Scratch, Stripped, strip_html};

fn strip(page: &str, options: &Options) -> Stripped {
    strip_html(page, options, &mut Scratch::default())
}

fn options(favour: Favour, keep: Vec<Keep>, format: Format) -> Options {
    Options { format, ..Options { favour, keep, ..Options::default() } }
}

/// The bytes of the source that reach the text, as they are or by a reference, white space apart.
fn kept(page: &str, options: &Options) -> Vec<bool> {
    let stripped = strip(page, options);
    let mut kept = vec![true; page.len()];
    for edit in &stripped.edits {
        let stands = ["chrome/entity", "chrome/json-escape"].contains(&edit.rule.id);
        for byte in &mut kept[edit.start as usize..edit.end as usize] {
            *byte = stands;
        }
    }
    for (byte, kept) in page.bytes().zip(&mut kept) {
        *kept &= !byte.is_ascii_whitespace();
    }
    kept
}

fn is_subset(less: &[bool], more: &[bool]) -> bool {
    less.iter().zip(more).all(|(less, more)| !less || *more)
}

fn prose() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-zé]{2,9}", 4..25)
        .prop_map(|words| format!("{}, {}.", words.join(" "), words.concat()))
}

fn label() -> impl Strategy<Value = String> {
    "[a-z]{3,9}( [a-z]{3,9}){0,4}"
}

/// Pages of articles with all that the options are about.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prose().prop_map(|prose| format!("<p>{prose}</p>")),
        1 => (prose(), label()).prop_map(|(prose, label)| format!("<p>{prose} <a href='/x'>{label}</a> {prose}</p>")),
        1 => label().prop_map(|label| format!("<h2>{label}</h2>")),
        1 => (label(), label()).prop_map(|(a, b)| format!("<ul><li><a href=/a>{a}</a><li><a href=/b>{b}</a></ul>")),
        1 => (label(), prose()).prop_map(|(a, b)| format!("<ol><li>{a}<li>{b}<ul><li>{a}</ul></ol>")),
        1 => label().prop_map(|label| format!("<figure><img><figcaption>{label} <span class=credit>{label}</span></figcaption></figure>")),
        1 => (prose(), label()).prop_map(|(prose, label)| format!(
            "<div id=comments><h3>{label}</h3><div class=comment><span class=author>{label}</span><p>{prose}</p><a href=#>{label}</a></div></div>"
        )),
        1 => (label(), label()).prop_map(|(a, b)| format!("<table><tr><th>{a}<th>{b}<tr><td>{b}<td><a href=/t>{a}</a></table>")),
        1 => (label(), label()).prop_map(|(a, b)| format!("<table><tr><td><a href=1>{a}</a><td><a href=2>{b}</a></table>")),
        1 => prose().prop_map(|prose| format!("<aside class=related>{prose}</aside>")),
        1 => prose().prop_map(|prose| format!("<blockquote><p>{prose}</p></blockquote>")),
        2 => prop::sample::select(vec![
            "<div>", "</div>", "<article>", "</article>", "<div class=post-body>", "<section class=teaser>", "</section>",
            "<div class=comments>", "<span class=comment>", "</span>", "<pre>a\n  b</pre>", "<h1>Title</h1>", "<form>", "</form>",
            "<main>", "</main>", "<table><tr><td>", "</table>", "<nav>", "</nav>", "<div class=caption>", "<br>",
            "<script type=application/ld+json>{\"@type\":\"Article\",\"articleBody\":\"One, two, three.\"}</script>",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn keeps() -> impl Strategy<Value = Vec<Keep>> {
    prop::sample::subsequence(vec![Keep::Comments, Keep::Tables, Keep::Captions, Keep::Links], 0..=4)
}

fn favours() -> impl Strategy<Value = Favour> {
    prop::sample::select(vec![Favour::Precision, Favour::Balance, Favour::Recall])
}

/// What a reader of Markdown reads, white space apart.
fn read(markdown: &str) -> String {
    let extensions =
        Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH | Extensions::ENABLE_TASKLISTS;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, extensions) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) => text.push_str(&part),
            Event::InlineHtml(part) if &*part != "<br>" => text.push_str(&part),
            Event::TaskListMarker(_) => text.push_str("[ ]"),
            Event::Rule => text.push_str("---"),
            _ => {}
        }
    }
    without_white(&text)
}

fn without_white(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Paragraphs full of what Markdown takes for marks.
fn marked() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-zé0-9]{1,6}",
        4 => prop::sample::select(vec![
            "*", "**", "_", "__", "`", "``", "~", "~~", "\\", "[", "]", "](", "[x]", "[x]:", "(x)", "!", "![", "#", "##", "#x", ">", "+",
            "-", "---", "===", "=", "1.", "12)", "&amp;", "&lt;b&gt;", "&amp;lt;", "|", "||", "a_b", "_a_", "“_a_”", "snake_case",
            "&#42;x&#42;", "<b>x</b>", "<i>", "</i>", "<code>f(x)</code>", "<code>a`b</code>", "<code>a|b</code>", "<code></code>", "<a href='/u'>here</a>",
            "<a href='/u(1) x'>[there]</a>", "<a href='/?a=1&amp;b=2'><code>f</code> g</a>", "<a href='javascript:x'>no</a>", "<br>", "http://x.y/_z_",
            "&nbsp;", "$", ":", "-&gt;", "&copy", "&", "[ ]",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec((word, prop::bool::ANY), 1..12).prop_map(|words| {
        words.into_iter().map(|(word, space)| if space { word + " " } else { word }).collect()
    })
}

fn structured() -> impl Strategy<Value = String> {
    let block = prop_oneof![
        3 => marked().prop_map(|text| format!("<p>{text}</p>")),
        1 => marked().prop_map(|text| format!("<h3>{text}</h3>")),
        1 => prop::collection::vec(marked(), 1..4).prop_map(|items| format!("<ul><li>{}</ul>", items.join("<li>"))),
        1 => prop::collection::vec(marked(), 1..4).prop_map(|items| format!("<ol><li>{}</ol>", items.join("</li><li><p>"))),
        1 => (marked(), marked()).prop_map(|(a, b)| format!("<ul><li>{a}<ol><li>{b}</ol><p>{a}</ul>")),
        1 => prop::collection::vec(prop::collection::vec(marked(), 1..4), 1..4).prop_map(|rows| {
            let rows: Vec<_> = rows.into_iter().map(|cells| format!("<tr><td>{}", cells.join("<td>"))).collect();
            format!("<table>{}</table>", rows.concat())
        }),
        1 => marked().prop_map(|text| format!("<blockquote>{text}<p>{text}</blockquote>")),
        1 => marked().prop_map(|text| format!("<pre>{text}\n  {text}</pre>")),
    ];
    prop::collection::vec(block, 1..6).prop_map(|blocks| blocks.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn keep_only_ever_adds(page in page(), keep in keeps(), more in keeps(), favour in favours(), format in prop::bool::ANY) {
        let format = if format { Format::Markdown } else { Format::Text };
        let both: Vec<_> = keep.iter().chain(&more).copied().collect();
        let less = kept(&page, &options(favour, keep, format));
        let more = kept(&page, &options(favour, both, format));
        prop_assert!(is_subset(&less, &more));
    }

    #[test]
    fn precision_keeps_no_more_than_balance_and_balance_no_more_than_recall(page in page(), keep in keeps()) {
        let kept_by = |favour| kept(&page, &Options { favour, keep: keep.clone(), ..Options::default() });
        let (precision, balance, recall) = (kept_by(Favour::Precision), kept_by(Favour::Balance), kept_by(Favour::Recall));
        prop_assert!(is_subset(&precision, &balance));
        prop_assert!(is_subset(&balance, &recall));
    }

    #[test]
    fn both_formats_keep_the_same(page in page(), keep in keeps(), favour in favours()) {
        let kept_by = |format| kept(&page, &options(favour, keep.clone(), format));
        prop_assert_eq!(kept_by(Format::Text), kept_by(Format::Markdown));
    }

    #[test]
    fn markdown_is_read_as_the_text(page in prop_oneof![structured(), page()], keep in keeps()) {
        let options = |format| options(Favour::Balance, keep.clone(), format);
        let text = strip(&page, &options(Format::Text)).apply(&page);
        let markdown = strip(&page, &options(Format::Markdown)).apply(&page);
        prop_assert_eq!(without_white(&text), read(&markdown), "{}\n----\n{}\n----\n{}", page, text, markdown);
    }
}

#[test]
fn a_paragraph_is_a_paragraph_in_markdown() {
    let page = "<p>The mayor spoke.</p><p>The council, which met late, voted.</p><ul><li>one<li>two</ul>";
    let markdown = strip(page, &Options { format: Format::Markdown, ..Options::default() }).apply(page);
    let ends: Vec<_> = Parser::new(&markdown)
        .filter_map(|event| if let Event::End(end) = event { Some(end) } else { None })
        .collect();
    assert_eq!(ends, [TagEnd::Paragraph, TagEnd::Paragraph, TagEnd::Item, TagEnd::Item, TagEnd::List(false)]);
}

#[test]
fn what_only_a_browser_without_scripts_shows_is_never_text() {
    let page = "<noscript>Turn on JavaScript.</noscript><p>The mayor spoke, and the council voted.</p>";
    for favour in [Favour::Precision, Favour::Balance, Favour::Recall] {
        let text = strip(page, &Options { favour, ..Options::default() }).apply(page);
        assert_eq!(text, "The mayor spoke, and the council voted.");
    }
    let page = "<noscript>Turn on JavaScript.</noscript>";
    assert_eq!(strip(page, &Options::default()).apply(page), "");
}
