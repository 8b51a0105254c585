//! Strips one page of a hostile shape and a given size: what `benches/scaling` counts instructions of.
//!
//! ```text
//! shape NAME COUNT [text|markdown|recall]     strips the page of COUNT parts
//! shape                                       lists the shapes
//! ```

#![expect(clippy::print_stdout, reason = "a program that prints what it found")]

use tamis_chrome::{Favour, Format, Keep, Options, Scratch, strip_html};

type Shape = (&'static str, &'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("nesting", "elements inside each other", |n| {
        "<div>".repeat(n) + "prose, and more." + &"</div>".repeat(n)
    }),
    ("open-nesting", "elements inside each other, none closed, a sentence in each", |n| {
        "<div>A sentence, and a stop. ".repeat(n)
    }),
    ("text", "letters of one text node", |n| "<p>".to_owned() + &"word ".repeat(n / 5)),
    ("attributes", "attributes of one element", |n| {
        format!("<p {}>A short text, and a stop.</p>", "a=b ".repeat(n))
    }),
    ("unclosed", "elements of seven kinds, none closed", |n| {
        "<p>a <b>b <i>c <a href=x>d <table><tr><td>".repeat(n)
    }),
    ("end-tags", "end tags of what was never opened", |n| "</section></x></b>".repeat(n)),
    ("less-than", "bare `<`", |n| "< ".repeat(n)),
    ("comments", "comments that open", |n| "<!--".repeat(n)),
    ("quotes", "attribute values that open", |n| "<a b=\"".repeat(n)),
    ("references", "ampersands", |n| "&am&#x".repeat(n)),
    ("links", "links in one list", |n| format!("<ul>{}</ul>", "<li><a href=/a>One word</a></li>".repeat(n))),
    ("items", "lists inside lists", |n| "<ul><li>A sentence, and a stop.".repeat(n)),
    ("cells", "cells in one row", |n| format!("<table><tr>{}<tr><td>x</table>", "<td>A cell".repeat(n))),
    ("rows", "rows of one table", |n| format!("<table>{}</table>", "<tr><td>A cell<td>Another".repeat(n))),
    ("names", "class names of one element", |n| {
        format!("<div class='{}'>A short text.</div>", "share comments ".repeat(n))
    }),
    ("linked-data", "lists inside lists in JSON-LD", |n| {
        format!("<script type=application/ld+json>{}</script>", "[".repeat(n))
    }),
    ("articles", "articles in JSON-LD", |n| {
        format!(
            "<script type=application/ld+json>[{}]</script><p>A text.",
            "{\"@type\":\"Article\",\"articleBody\":\"A text.\",\"author\":{\"@id\":\"#a\"}},".repeat(n)
        )
    }),
    ("posts", "posts of a thread", |n| {
        "<div class=post-body><p>A sentence, which goes on for a while, and then a stop at last; one more, and it ends.</div>".repeat(n)
    }),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, count, mode) = match arguments.as_slice() {
        [name, count] => (name.as_str(), count, "text"),
        [name, count, mode] => (name.as_str(), count, mode.as_str()),
        _ => {
            for (name, what, _) in SHAPES {
                println!("{name}\t{what}");
            }
            return;
        }
    };
    let Some((_, _, make)) = SHAPES.iter().find(|(known, _, _)| *known == name) else { return };
    let page = make(count.parse().unwrap_or(1_000));
    let mut options = Options::default();
    if mode == "markdown" {
        options.format = Format::Markdown;
    }
    if mode == "recall" {
        options.favour = Favour::Recall;
        options.keep = vec![Keep::Comments, Keep::Tables, Keep::Captions, Keep::Links];
    }
    let stripped = strip_html(&page, &options, &mut Scratch::default());
    println!(
        "{name} {mode}: {} bytes, {} edits, {} bytes of text",
        page.len(),
        stripped.edits.len(),
        stripped.apply(&page).len()
    );
}
