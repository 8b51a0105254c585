//! Cases, laws and what must hold when chrome is put around an article.

use proptest::prelude::*;
use serde::Deserialize;
use tamis_core::{About, Claims, Editor, Span, Stage, StageError, StageKind, StageSpec, Verdict, View};

use crate::phrases::{Category, Phrases};
use crate::{Favour, Keep, Options, Rung, Scratch, Stripped, rules, strip_text};

fn strip(text: &str) -> Stripped {
    strip_text(text, &Options::default(), &mut Scratch::default())
}

/// What the edits leave of the text.
fn left(text: &str, stripped: &Stripped) -> String {
    let mut left = String::new();
    let mut at = 0;
    for edit in &stripped.edits {
        left.push_str(text.get(at..edit.start as usize).unwrap());
        at = edit.end as usize;
    }
    left.push_str(text.get(at..).unwrap());
    left
}

/// Which lines stay.
fn stays(text: &str, options: &Options) -> Vec<bool> {
    let stripped = strip_text(text, options, &mut Scratch::default());
    let mut at = 0;
    let mut stays = Vec::new();
    for line in text.split_inclusive('\n') {
        stays.push(!stripped.edits.iter().any(|edit| (edit.start..edit.end).contains(&at)));
        at += line.len() as u32;
    }
    stays
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// A text whose lines are marked `- ` if they go and `+ ` if they stay; rules that must be among those named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    #[serde(default)]
    rules: Vec<String>,
}

#[test]
fn cases() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/text");
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
            let place = format!("{}: {}", path.file_name().unwrap().display(), case.name);
            let marked: Vec<_> = case.text.lines().map(|line| line.split_at(line.len().min(2))).collect();
            let text: String = marked.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
            let stripped = strip(&text);
            let mut at = 0;
            for (mark, line) in marked {
                let goes = stripped.edits.iter().any(|edit| (edit.start..edit.end).contains(&at));
                at += line.len() as u32 + 1;
                match (mark, goes) {
                    ("- ", true) | ("+ ", false) | ("", _) => {}
                    ("- ", false) => wrong.push(format!("{place}: should go: {line}")),
                    ("+ ", true) => wrong.push(format!("{place}: should stay: {line}")),
                    _ => wrong.push(format!("{place}: marked neither - nor +: {mark}{line}")),
                }
            }
            let named: Vec<_> = stripped.edits.iter().map(|edit| edit.rule.id).collect();
            for rule in case.rules.iter().filter(|rule| !named.contains(&rule.as_str())) {
                wrong.push(format!("{place}: {rule} is not among {named:?}"));
            }
        }
    }
    assert!(seen > 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text around a block, and where the block starts in it.
fn around(block: &str, place: &str) -> (String, usize) {
    let [first, second, third] = [
        "The council met on Monday, late in the evening, and it voted the budget of the harbour by eleven to four.\n\n",
        "Work on the new quay will begin in March, said the mayor, and the ferries will stop for about two weeks.\n\n",
        "The owners of the hotels had asked for another date, but the builders are free in spring alone, they say.\n",
    ];
    let (before, after) = match place {
        "before" => (String::new(), format!("\n\n{first}{second}{third}")),
        "inside" => (format!("{first}{second}"), format!("\n\n{third}")),
        "after" => (format!("{first}{second}{third}\n"), "\n".into()),
        "around" => (format!("{block}\n\n{first}{second}{third}\n"), "\n".into()),
        other => panic!("{other} is no place"),
    };
    (format!("{before}{block}{after}"), before.len())
}

#[test]
fn each_rule_takes_what_it_names_and_leaves_its_like() {
    let seen = crate::rule_cases::judge("text", around, |block, text| block.find(text), strip);
    for rule in SPEC.rules {
        assert!(seen.iter().any(|seen| seen == rule.id), "{} has no cases", rule.id);
    }
    assert_eq!(seen.len(), SPEC.rules.len());
}

static SPEC: StageSpec = StageSpec {
    name: "strip-text",
    summary: "the text half alone, which promises more than both halves together",
    version: 1,
    kind: StageKind::Edit,
    claims: Claims { idempotent: true, only_shrinks: true },
    rules: &[
        &rules::NAVIGATION,
        &rules::COMMENTS,
        &rules::COMMENT_FORM,
        &rules::COOKIE_NOTICE,
        &rules::SHARE_BAR,
        &rules::NEWSLETTER,
        &rules::TAGS,
        &rules::BYLINE,
        &rules::CAPTION,
        &rules::OUTSIDE,
        &rules::READ_ALSO,
        &rules::TEASER_LIST,
        &rules::SUBSCRIPTION,
        &rules::LOGIN,
        &rules::LEGAL_NOTICE,
        &rules::LOADING_NOTICE,
        &rules::MEDIA_PLACEHOLDER,
        &rules::EVENT_DETAILS,
        &rules::TICKER,
        &rules::SHOP,
        &rules::REPEATED_LINE,
        &rules::INSET,
    ],
    about: About::NOTHING,
};

struct StripText;

impl Stage for StripText {
    fn spec(&self) -> &'static StageSpec {
        &SPEC
    }

    fn apply(
        &self,
        view: View<'_>,
        editor: &mut Editor<'_>,
        buffers: &mut tamis_core::Scratch,
    ) -> Result<Verdict, StageError> {
        let scratch = buffers.of::<Scratch>();
        for edit in strip_text(view.text, &Options::default(), scratch).edits {
            editor.edit(Span::of(edit.start as usize, edit.end as usize), "", edit.rule, Some(edit.score))?;
        }
        Ok(Verdict::Keep)
    }
}

/// Paragraphs of an article, written for these tests.
const ARTICLE: [&str; 6] = [
    "La criée a rouvert mercredi matin après six semaines de travaux, et les premiers bateaux sont arrivés avant \
     l'aube. Les prix sont restés proches de ceux de l'automne, selon le syndicat des mareyeurs.",
    "« On attendait ce jour depuis longtemps », confie un pêcheur de lieu jaune, qui avait dû débarquer à quarante \
     kilomètres de là pendant tout le chantier.",
    "Le nouveau quai mesure deux cents mètres. Il a coûté quatre millions d'euros, dont la moitié a été payée par la \
     région, et il doit durer cinquante ans.",
    "La maire a promis que la halle voisine serait refaite à son tour, mais aucune date n'est fixée. L'opposition \
     demande un débat, comme elle l'avait fait en 2019.",
    "Les restaurateurs du port, eux, respirent. Ils avaient perdu un tiers de leur clientèle depuis le mois de \
     novembre, et plusieurs avaient mis leurs employés au chômage.",
    "Une fête est prévue au printemps, avec les équipages et les écoles de la ville, pour baptiser le quai du nom de \
     la première patronne de pêche du pays.",
];

/// A line of chrome: a phrase of the lists.
fn phrase() -> impl Strategy<Value = String> {
    let source = Phrases::french();
    proptest::sample::select(source)
}

/// A text with the look of a scrape: phrases of chrome, sentences, odd lines, blank lines.
fn scrape() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => phrase(),
        3 => proptest::sample::select(ARTICLE.to_vec()).prop_map(str::to_owned),
        2 => "[A-Za-zéèà',:. ]{0,40}",
        1 => "[•|›0-9%€$ .:-]{0,12}",
        1 => Just(String::new()),
    ];
    proptest::collection::vec((line, proptest::sample::select(vec!["\n", "\n\n", "\r\n", "\n  • "])), 0..40)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

tamis_laws::stage_laws!(StripText, texts = scrape(), example = |_rule| crate::StripChrome::default());

proptest! {
    #![proptest_config(tamis_laws::strategy::config())]

    #[test]
    fn chrome_around_an_article_costs_it_no_sentence(
        before in proptest::collection::vec(phrase(), 0..12),
        after in proptest::collection::vec(phrase(), 0..12),
        blank in any::<bool>(),
    ) {
        let end = if blank { "\n\n" } else { "\n" };
        let mut text = String::new();
        for line in before.iter().map(String::as_str).chain(ARTICLE).chain(after.iter().map(String::as_str)) {
            text.push_str(line);
            text.push_str(end);
        }
        let left = left(&text, &strip(&text));
        for paragraph in ARTICLE {
            prop_assert!(left.contains(paragraph), "lost {paragraph:?} of {text}");
        }
    }

    #[test]
    fn prose_is_never_emptied(lines in scrape(), favour in 0..3) {
        let favour = [Favour::Precision, Favour::Balance, Favour::Recall][favour as usize];
        let options = Options { favour, ..Options::default() };
        let stripped = strip_text(&lines, &options, &mut Scratch::default());
        let words = |text: &str| text.chars().any(char::is_alphanumeric);
        prop_assert_eq!(words(&lines), words(&left(&lines, &stripped)));
    }

    #[test]
    fn favour_is_a_scale(lines in scrape(), keep in any::<bool>()) {
        let keep = if keep { vec![Keep::Comments, Keep::Captions] } else { Vec::new() };
        let stays = |favour| stays(&lines, &Options { favour, keep: keep.clone(), ..Options::default() });
        let (precision, balance, recall) =
            (stays(Favour::Precision), stays(Favour::Balance), stays(Favour::Recall));
        for (at, ((precision, balance), recall)) in precision.iter().zip(&balance).zip(&recall).enumerate() {
            prop_assert!(precision <= balance && balance <= recall, "line {at} of {lines:?}");
        }
    }

    #[test]
    fn keep_only_adds(lines in scrape(), favour in 0..3) {
        let favour = [Favour::Precision, Favour::Balance, Favour::Recall][favour as usize];
        let without = stays(&lines, &Options { favour, ..Options::default() });
        let keep = vec![Keep::Comments, Keep::Tables, Keep::Captions, Keep::Links];
        let with = stays(&lines, &Options { favour, keep, ..Options::default() });
        prop_assert!(without.iter().zip(&with).all(|(without, with)| without <= with), "{lines:?}");
    }

    #[test]
    fn stripping_for_precision_twice_changes_nothing(lines in scrape()) {
        let options = Options { favour: Favour::Precision, ..Options::default() };
        let once = left(&lines, &strip_text(&lines, &options, &mut Scratch::default()));
        let twice = strip_text(&once, &options, &mut Scratch::default());
        prop_assert!(twice.edits.is_empty(), "{once:?}");
    }

    #[test]
    fn edits_are_whole_lines_in_order(lines in scrape()) {
        let mut at = 0;
        for edit in strip(&lines).edits {
            prop_assert!(at <= edit.start && edit.start < edit.end);
            let (start, end) = (edit.start as usize, edit.end as usize);
            prop_assert!(start == 0 || lines.as_bytes()[start - 1] == b'\n');
            prop_assert!(end == lines.len() || lines.as_bytes()[end - 1] == b'\n');
            at = edit.end;
        }
    }

    #[test]
    fn used_buffers_do_not_show(one in scrape(), other in scrape()) {
        let mut scratch = Scratch::default();
        strip_text(&one, &Options::default(), &mut scratch);
        prop_assert_eq!(strip_text(&other, &Options::default(), &mut scratch), strip(&other));
    }
}

#[test]
fn the_ladder_says_which_step_it_took() {
    assert_eq!(strip("").rung, Rung::Core);
    assert_eq!(strip(&ARTICLE.join("\n")).rung, Rung::Core);
    assert_eq!(strip("Mentions légales\n\nPartager\n").rung, Rung::Everything);
    assert!(strip("Mentions légales\n\nPartager\n").edits.is_empty());
}

#[test]
fn the_last_line_needs_no_line_feed() {
    let text = ARTICLE.join("\n") + "\nLaisser un commentaire";
    assert_eq!(left(&text, &strip(&text)), ARTICLE.join("\n") + "\n");
}

#[test]
fn every_edit_has_evidence_below_the_threshold() {
    let text = ARTICLE.join("\n") + "\nPartager\nLaisser un commentaire\n";
    let stripped = strip(&text);
    assert!(!stripped.edits.is_empty());
    assert!(stripped.edits.iter().all(|edit| edit.score < 0));
}

#[test]
fn readers_comments_can_be_kept() {
    let comments = "Commentaires\n\nMarie\n12 mars 2026\nEnfin une bonne nouvelle pour le port.\nRépondre\n";
    let text = ARTICLE.join("\n\n") + "\n\n" + comments;
    let options = Options { keep: vec![Keep::Comments], ..Options::default() };
    let stripped = strip_text(&text, &options, &mut Scratch::default());
    assert!(left(&text, &stripped).contains("Enfin une bonne nouvelle"));
}

#[test]
fn every_category_has_phrases() {
    for category in Category::ALL {
        let mut found = 0;
        let list = category.source();
        Phrases::shared().scan(list, |hit| found += u32::from(hit.category == category));
        assert!(found > 20, "{category:?}: {found}");
    }
}
