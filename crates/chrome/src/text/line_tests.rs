//! Lines and their counts.

use super::*;

fn line(text: &str) -> Line {
    let (mut lines, mut content) = (Vec::new(), Content::default());
    scan(text, Phrases::shared(), &mut lines, &mut content);
    assert_eq!(lines.len(), 1, "{text:?}");
    lines.pop().unwrap()
}

#[test]
fn words_and_what_they_are() {
    let line = line("  • Le PORT rouvrira le 12 mars, dit-on.\n");
    assert_eq!((line.indent, line.bullet), (2, true));
    assert_eq!((line.tokens, line.numbers, line.shouts, line.commas), (8, 1, 1, 1));
    assert_eq!((line.first, line.last), (First::Upper, Last::Terminal));
    assert!(line.stops >= 2);
}

#[test]
fn sentence_ends_of_many_scripts() {
    assert_eq!(line("Il vient. Elle part.").sentences, 1);
    assert_eq!(line("M. Macron vient.").sentences, 0);
    assert_eq!(line("渔船靠岸。价格不变。").last, Last::Terminal);
    assert_eq!(line("هل يعود البحر؟").last, Last::Terminal);
    assert_eq!(line("नाव आ गई।").last, Last::Terminal);
    assert_eq!(line("« Il vient. »").last, Last::Quoted);
    assert_eq!(line("Chargement...").last, Last::Ellipsis);
}

#[test]
fn phrases_at_both_ends() {
    let line = line("Partager cet article avec tous les habitants du port et lire la suite");
    assert_eq!(line.opens, Category::Share as u8 + 1);
    assert_eq!(line.closes, Category::ReadMore as u8 + 1);
}

#[test]
fn empty_lines_are_blank() {
    assert!(line("\n").is_blank());
    assert!(line(" \t\r\n").is_blank());
    assert!(!line(" |\n").is_blank());
}

#[test]
fn lines_tile_the_text() {
    let text = "un\n\ndeux\r\ntrois";
    let (mut lines, mut content) = (Vec::new(), Content::default());
    scan(text, Phrases::shared(), &mut lines, &mut content);
    assert_eq!(
        lines.iter().map(|line| (line.start, line.next)).collect::<Vec<_>>(),
        [(0, 3), (3, 4), (4, 10), (10, 15)]
    );
}
