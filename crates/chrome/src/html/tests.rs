//! The laws of the stage on HTML, and what markup may not change.

use proptest::prelude::*;
use tamis_core::{Engine, Format, PlannedStage};

use crate::{Options, Scratch, StripChrome, Stripped, strip_html};

fn strip(page: &str) -> Stripped {
    strip_html(page, &Options::default(), &mut Scratch::default())
}

fn text(page: &str) -> String {
    strip(page).apply(page)
}

/// Bits of pages, whole and broken.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prose().prop_map(|prose| format!("<p>{prose}</p>")),
        2 => prose(),
        2 => "[a-z]{3,9}( [a-z]{3,9}){0,4}".prop_map(|label| format!("<li><a href='/{label}'>{label}</a></li>")),
        1 => "[a-z]{3,9}( [a-z]{3,9}){0,4}".prop_map(|label| format!("<h2>{label}</h2>")),
        3 => prop::sample::select(vec![
            "<div>", "</div>", "<ul>", "</ul>", "<table><tr><td>", "</table>", "<td>", "<article>", "</article>", "<nav>",
            "</nav>", "<a href=x>", "</a>", "<b>", "</b>", "<br>", "<br/>", "<span class='share'>", "</span>", "<pre>\n",
            "</pre>", "<script>if (a < b) '</p>'</script>", "<style>p { color: red }</style>", "<!-- note -->", "<!--", "-->",
            "<template>", "</template>", "<title>T</title>", "<svg><path d='M0'/></svg>", "<textarea>", "</textarea>",
            "<div class=\"related\">", "<div id=comments>", "<div hidden>", "<p", "&amp;", "&nbsp;", "&eacute;", "&#x20;",
            "&", "<", ">", "\u{a0}", "\u{3000}", "é", "日本語。", "\r\n", "\t",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn prose() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-zé]{2,9}", 4..30)
        .prop_map(|words| format!("{}, {}.", words.join(" "), words.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn edits_are_ascending_disjoint_and_on_characters(page in page()) {
        let mut at = 0;
        for edit in strip(&page).edits {
            prop_assert!(edit.start >= at && edit.end >= edit.start, "{edit:?} after {at}");
            prop_assert!(page.is_char_boundary(edit.start as usize) && page.is_char_boundary(edit.end as usize));
            at = edit.end;
        }
        prop_assert!(at as usize <= page.len());
    }

    #[test]
    fn the_text_has_no_blank_line_and_no_white_space_around(page in page()) {
        let text = text(&page);
        if !page.contains("<pre") && !page.contains("<textarea") {
            prop_assert!(text.lines().all(|line| !line.trim().is_empty()), "{text:?}");
            prop_assert!(!text.starts_with(['\n', ' ']) && !text.ends_with(['\n', ' ']), "{text:?}");
        }
    }

    #[test]
    fn the_case_of_tags_changes_nothing(page in page()) {
        let upper = outside_text(&page, str::to_ascii_uppercase);
        prop_assert_eq!(text(&page), text(&upper));
    }

    #[test]
    fn the_form_of_a_reference_changes_nothing(words in prop::collection::vec("[a-zéœ€—]{1,8}", 1..40)) {
        let prose = words.join(" ");
        let numeric: String = prose.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("&#{};", c as u32) }).collect();
        let named = prose.replace('é', "&eacute;").replace('œ', "&oelig;").replace('€', "&euro;").replace('—', "&mdash;");
        let plain = text(&format!("<p>{prose}</p>"));
        prop_assert_eq!(&plain, &text(&format!("<p>{numeric}</p>")));
        prop_assert_eq!(&plain, &text(&format!("<p>{named}</p>")));
    }

    #[test]
    fn prose_is_never_lost_altogether(words in prop::collection::vec("[a-z]{2,9}", 20..60), class in "[a-z]{3,9}") {
        let prose = format!("{}.", words.join(" "));
        for page in [
            format!("<p>{prose}</p>"),
            format!("<div class='{class}'>{prose}</div>"),
            format!("<aside class=related><a href=x>{prose}</a></aside>"),
            format!("<nav>{prose}</nav><form>{prose}</form>"),
            format!("<div hidden>{prose}"),
            prose.clone(),
        ] {
            prop_assert!(text(&page).contains(&prose), "{page}");
        }
    }
}

/// Changes what stands in tags and leaves the text alone.
fn outside_text(page: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (before, tail) = rest.split_at(start);
        changed.push_str(before);
        let end =
            tail.find(|c: char| c != '<' && c != '/' && !c.is_ascii_alphanumeric()).unwrap_or(tail.len());
        let (name, after) = tail.split_at(end);
        changed.push_str(&change(name));
        rest = after;
    }
    changed.push_str(rest);
    changed
}

#[test]
fn the_order_of_attributes_changes_nothing() {
    let article =
        "<p>The council met on Monday, late in the evening, and it voted the budget of the harbour.</p>";
    let one = format!("<div class='share' id='x' data-a='1'>Share</div>{article}");
    let two = format!("<div data-a=1 id=x CLASS=\"share\">Share</div>{article}");
    assert_eq!(text(&one), text(&two));
}

#[test]
fn nesting_attributes_and_long_runs_cost_no_more_than_their_length() {
    let deep = "<div>".repeat(100_000) + "prose, and more of it." + &"</div>".repeat(100_000);
    assert_eq!(text(&deep), "prose, and more of it.");
    let unclosed = "<p>a <b>b <i>c <a href=x>d <table><tr><td>".repeat(20_000);
    assert!(!text(&unclosed).is_empty());
    let attributes = format!("<p {}>A short text, and a stop.</p>", "a=b ".repeat(1_000_000));
    assert_eq!(text(&attributes), "A short text, and a stop.");
    let closing = "</section></x></b>".repeat(50_000) + "A short text, and a stop.";
    assert_eq!(text(&closing), "A short text, and a stop.");
    let long = "word ".repeat(200_000);
    assert_eq!(text(&long), long.trim_end());
}

#[test]
fn a_declared_format_decides() {
    let stage = PlannedStage::document(Box::new(StripChrome::default()));
    let mut engine = Engine::default();
    let mut document = tamis_core::Document::from_text("fish &amp; <i>chips</i>, and a stop.");
    document.metadata.format = Format::Html;
    engine.run_stage(&stage, &mut document).expect("the stage holds");
    assert_eq!(document.text, "fish & chips, and a stop.");
}

#[test]
fn titles_are_found() {
    for (page, title) in [
        ("<title> A &amp; B </title><p>The mayor spoke.</p>", Some("A & B")),
        ("<title>Quay | The Gazette</title><h1>Quay</h1><p>The mayor spoke.</p>", Some("Quay")),
        ("<meta property='og:title' content='Quay'><title>Quay - G</title>", Some("Quay")),
        ("<h1>The quay</h1><p>The mayor spoke.</p>", Some("The quay")),
        ("<p>The mayor spoke.</p>", None),
    ] {
        assert_eq!(strip(page).title.as_deref(), title, "{page}");
    }
}

/// A rule that an option alone brings about needs it in its example.
fn stage_of(rule: &'static crate::Rule) -> StripChrome {
    let markdown = std::ptr::eq(rule, &raw const crate::rules::MARKDOWN);
    let format = if markdown { crate::Format::Markdown } else { crate::Format::Text };
    StripChrome::new(Options { format, ..Options::default() })
}

tamis_laws::stage_laws!(StripChrome::default(), texts = page(), example = stage_of);

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    page: String,
    text: String,
    title: Option<String>,
    rung: Option<String>,
    told: Option<std::collections::BTreeMap<String, String>>,
    #[serde(default)]
    options: Options,
    rules: Vec<String>,
}

#[test]
fn cases() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/html");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let cases: Cases = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases.case {
            seen += 1;
            let stripped = strip_html(&case.page, &case.options, &mut Scratch::default());
            let text = stripped.apply(&case.page);
            let mut differs = |what: &str, found: &str, wanted: &str| {
                if found != wanted {
                    wrong.push(format!("{}: {what} is\n{found}\nand should be\n{wanted}\n", case.name));
                }
            };
            differs("the text", text.trim(), case.text.trim());
            if let Some(title) = &case.title {
                differs("the title", stripped.title.as_deref().unwrap_or_default(), title);
            }
            if let Some(told) = &case.told {
                let found =
                    stripped.told.iter().map(|told| (told.field.name().to_owned(), told.value.clone()));
                let found: std::collections::BTreeMap<_, _> = found.collect();
                differs("what is told", &format!("{found:?}"), &format!("{told:?}"));
            }
            if let Some(rung) = &case.rung {
                differs("the rung", &format!("{:?}", stripped.rung).to_ascii_lowercase(), rung);
            }
            let named: Vec<_> = stripped.edits.iter().map(|edit| edit.rule.id).collect();
            for rule in case.rules.iter().filter(|rule| !named.contains(&rule.as_str())) {
                wrong.push(format!("{}: {rule} is not among {named:?}", case.name));
            }
        }
    }
    assert!(seen > 0, "no case in {folder}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page around a block, and where the block starts in it.
fn around(block: &str, place: &str) -> (String, usize) {
    let [first, second, third] = [
        "<p>The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.</p>",
        "<p>Work on the new quay will begin in March, said the mayor, and the ferries will stop for about two weeks.</p>",
        "<p>The owners of the hotels had asked for another date, but the builders are free in spring alone, they say.</p>",
    ];
    let (before, after) = match place {
        "only" => (String::new(), String::new()),
        "before" => (String::new(), format!("<article>{first}{second}{third}</article>")),
        "lead" => (
            "<h1>Harbour budget voted</h1>".into(),
            format!("<div class='article-body'>{first}{second}{third}</div>"),
        ),
        "inside-first" => ("<article>".into(), format!("{first}{second}{third}</article>")),
        "inside" => (format!("<article>{first}{second}"), format!("{third}</article>")),
        "end" => (format!("<article>{first}{second}{third}"), "</article>".into()),
        "after" => (format!("<article>{first}{second}{third}</article>"), String::new()),
        other => panic!("{other} is no place"),
    };
    let head =
        format!("<html><head><title>Harbour budget voted | The Harbour Gazette</title></head><body>{before}");
    (format!("{head}{block}{after}</body></html>"), head.len())
}

#[test]
fn each_rule_takes_what_it_names_and_leaves_its_like() {
    let seen = crate::rule_cases::judge("html", around, |block, text| block.rfind(text), strip);
    assert!(seen.len() > 20, "{} rules have cases", seen.len());
}

#[test]
fn a_result_handed_back_leaves_nothing_in_the_next() {
    let page = "<title>Fog &amp; ice | Gazette</title><meta name=author content='Ada Quay'>\
                <article><h1>Fog &amp; ice</h1><p>The council met on Monday, and it voted the budget.</p></article>";
    let text = "Home\n\nThe ferry to the island will stop in winter, the council said on Monday.\n";
    let (options, mut scratch) = (Options::default(), Scratch::default());
    for _ in 0..2 {
        let told = strip_html(page, &options, &mut scratch);
        assert_eq!(told, strip(page));
        assert!(told.title.is_some() && !told.told.is_empty());
        scratch.reuse(told);
        let stripped = crate::strip_text(text, &options, &mut scratch);
        assert_eq!(stripped, crate::strip_text(text, &options, &mut Scratch::default()));
        scratch.reuse(stripped);
    }
}

#[test]
fn phrases_of_ones_own_count() {
    let mut own = crate::OwnPhrases::named("own.txt");
    own.load("media: tendez l'oreille à la corne | 3 cornes\n".to_owned()).unwrap();
    let options = Options { phrases: Some(own), ..Options::default() };
    let page = "<p>Le conseil a voté lundi soir le budget de la rade, par onze voix contre deux.</p>\
                <p>Tendez l'oreille à la corne de brume</p>\
                <p>Les travaux du quai commenceront en mars, a précisé la maire de la commune.</p>";
    let mut scratch = Scratch::default();
    let rules = |options: &Options, scratch: &mut Scratch| -> Vec<&str> {
        strip_html(page, options, scratch).edits.iter().map(|edit| edit.rule.id).collect()
    };
    assert!(rules(&options, &mut scratch).contains(&"chrome/media-placeholder"));
    assert!(!rules(&Options::default(), &mut scratch).contains(&"chrome/media-placeholder"));
}
