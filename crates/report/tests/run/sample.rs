//! Documents and passages drawn by a seed.

use tamis_report::{SampleError, SampleOf, SampleOptions, sample};

use crate::support::{OPTIONS, Options, run};

fn options(of: SampleOf, count: usize, seed: u64) -> SampleOptions {
    SampleOptions { of, lang: None, count, seed }
}

#[test]
fn a_passage_is_shown_between_what_stood_around_it() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let drawn = sample(&run, &[], &options(SampleOf::RemovedBy("tidy/space".into()), 5, 1)).unwrap();
    assert_eq!((drawn.of, drawn.drawn.len()), (1, 1));
    let passage = drawn.drawn[0].passage.as_ref().unwrap();
    assert_eq!(passage.before, "Le port vaut 12");
    assert_eq!((passage.removed.as_str(), passage.replacement.as_deref()), ("\u{a0}", Some(" ")));
    assert!(passage.after.starts_with("millions d’euros."), "{passage:?}");
    let shown = drawn.terminal(false, Some(80), false);
    assert!(
        shown.contains("a.txt  tidy/space, raw bytes 33–35\nLe port vaut 12[-⍽-]{+ +}millions"),
        "{shown}"
    );
    let menus = sample(&run, &[], &options(SampleOf::RemovedBy("tidy/menu".into()), 5, 1)).unwrap();
    assert!(menus.terminal(false, None, false).contains("tidy/menu 7 ≥ 0"));
    let json: serde_json::Value = serde_json::from_str(menus.jsonl().lines().next().unwrap()).unwrap();
    assert_eq!(json["passage"]["evidence"], 7);
    assert_eq!(json["passage"]["removed"], "[Accueil | Sport]\n");
}

#[test]
fn documents_are_drawn_by_their_end_and_language() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let ids = |of: SampleOf, lang: Option<&str>| -> Vec<String> {
        let options = SampleOptions { of, lang: lang.map(Into::into), count: 20, seed: 1 };
        sample(&run, &[], &options).unwrap().drawn.into_iter().map(|drawn| drawn.id).collect()
    };
    assert_eq!(ids(SampleOf::DroppedBy("tidy/short".into()), None), ["c/court.txt"]);
    // A family of rules, with and without its stroke.
    assert_eq!(ids(SampleOf::DroppedBy("tidy".into()), None), ["c/court.txt", "c/double.txt"]);
    assert_eq!(ids(SampleOf::DroppedBy("tidy/".into()), None), ids(SampleOf::DroppedBy("tidy".into()), None));
    assert_eq!(ids(SampleOf::DroppedBy("read/binary".into()), None), ["d.txt"]);
    assert_eq!(ids(SampleOf::Failed, None), ["d.txt", "f.jsonl#2"]);
    assert_eq!(ids(SampleOf::Documents, None).len(), 9);
    assert_eq!(ids(SampleOf::Kept, Some("fr")), ids(SampleOf::Kept, None));
    assert!(ids(SampleOf::Kept, Some("de")).is_empty());
    let kept = sample(&run, &[], &options(SampleOf::Kept, 20, 1)).unwrap();
    assert_eq!(kept.drawn[0].text.as_deref(), Some("Le port vaut 12 millions d’euros.\nFin de l’article."));
}

#[test]
fn a_seed_draws_the_same_and_a_larger_draw_has_the_smaller() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let ids = |count, seed| -> Vec<String> {
        let drawn = sample(&run, &[], &options(SampleOf::Documents, count, seed)).unwrap().drawn;
        drawn.into_iter().map(|drawn| drawn.id).collect()
    };
    assert_eq!(ids(4, 7), ids(4, 7));
    for seed in 0..20 {
        let larger = ids(6, seed);
        assert!(ids(3, seed).iter().all(|id| larger.contains(id)));
        assert_eq!(ids(3, seed).len(), 3);
    }
    let draws: std::collections::BTreeSet<_> = (0..20).map(|seed| ids(3, seed)).collect();
    assert!(draws.len() > 10, "{draws:?}");
    assert!(ids(0, 1).is_empty());
}

#[test]
fn an_unknown_rule_is_refused_with_those_that_did_something() {
    let (_inputs, _out, run) = run(&OPTIONS);
    let told = sample(&run, &[], &options(SampleOf::DroppedBy("tidy/shorter".into()), 1, 1)).unwrap_err();
    assert!(matches!(told, SampleError::UnknownRule { .. }));
    assert!(told.to_string().contains("`tidy/short`, `tidy/twin`"), "{told}");
    // A beginning that ends inside a name is none.
    assert!(sample(&run, &[], &options(SampleOf::RemovedBy("tid".into()), 1, 1)).is_err());
}

#[test]
fn a_ledger_of_counts_has_no_passages() {
    let (_inputs, _out, run) = run(&Options { counts_only: true, ..OPTIONS });
    let told = sample(&run, &[], &options(SampleOf::RemovedBy("tidy/menu".into()), 1, 1));
    assert!(matches!(told, Err(SampleError::CountsOnly)));
    let dropped = sample(&run, &[], &options(SampleOf::DroppedBy("tidy/short".into()), 1, 1)).unwrap();
    assert!(dropped.drawn[0].note.is_some() && dropped.drawn[0].text.is_none());
}
