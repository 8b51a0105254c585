//! What the matcher promises, on texts of our own.

use super::{Category, Phrases};

fn hits(text: &str) -> Vec<(Category, &str)> {
    let mut found = Vec::new();
    Phrases::shared().scan(text, |hit| found.push((hit.category, text.get(hit.start..hit.end).unwrap())));
    found
}

#[test]
fn case_apostrophes_and_spaces_do_not_count() {
    assert_eq!(hits("PARTAGER  L’ARTICLE"), [(Category::Share, "PARTAGER  L’ARTICLE")]);
    assert_eq!(hits("Partager l'article"), [(Category::Share, "Partager l'article")]);
    assert_eq!(hits("ЧИТАЙТЕ ТАКЖЕ"), [(Category::Related, "ЧИТАЙТЕ ТАКЖЕ")]);
}

#[test]
fn words_are_whole() {
    assert_eq!(hits("shareholders sharing menus"), []);
}

#[test]
fn any_number_stands_for_any_other() {
    assert_eq!(hits("250 commentaires"), [(Category::Comments, "250 commentaires")]);
}

#[test]
fn the_longest_phrase_wins() {
    assert_eq!(hits("Lire la suite"), [(Category::ReadMore, "Lire la suite")]);
    assert_eq!(hits("leave a comment"), [(Category::Comments, "leave a comment")]);
}

#[test]
fn scripts_without_spaces() {
    assert_eq!(hits("本报记者:相关阅读"), [(Category::Byline, "记者"), (Category::Related, "相关阅读")]);
}

#[test]
fn coverage_is_a_share_of_the_words() {
    assert_eq!(Phrases::shared().coverage("Laisser un commentaire"), (100, Some(Category::Comments)));
    assert_eq!(Phrases::shared().coverage(""), (0, None));
    let (share, _) =
        Phrases::shared().coverage("Il faut savoir partager le pouvoir avec les régions du nord.");
    assert!(share < 20, "{share}");
}
