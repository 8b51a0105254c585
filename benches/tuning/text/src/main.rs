//! Fits the weights of the text half to labelled pages, and says how well they carry over to hosts they have not seen.
//!
//!     cargo run --release -- check PAGES.jsonl…
//!     cargo run --release -- cross-validate PAGES.jsonl…
//!     cargo run --release -- fit WEIGHTS.rs PAGES.jsonl…
//!
//! `README.md` has the format of the pages and what the numbers mean.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a tool for whoever tunes the weights: it prints what it finds, and stops where its data is not as told"
)]

mod field;
mod fit;
mod minimise;
mod model;
mod pages;
mod score;
mod write;

use pages::Page;

/// Hosts are dealt out to so many parts; each is judged by weights fitted to the others.
const PARTS: u64 = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (penalties, arguments): (Vec<_>, Vec<_>) =
        arguments.into_iter().partition(|argument| argument.starts_with("--"));
    let settings = fit::Settings::from(&penalties);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check", files @ ..] if !files.is_empty() => check(&pages::read(files)),
        ["cross-validate", files @ ..] if !files.is_empty() => cross_validate(&pages::read(files), &settings),
        ["fit", target, files @ ..] if !files.is_empty() => {
            let pages = pages::read(files);
            let model = fit::fit(&pages.iter().collect::<Vec<_>>(), &settings);
            std::fs::write(target, write::source(&model)).unwrap();
        }
        _ => println!(
            "check PAGES… | cross-validate PAGES… | fit WEIGHTS.rs PAGES…   [--first=3] [--second=8]"
        ),
    }
}

/// The weights that ship, on pages that are judged.
fn check(pages: &[Page]) {
    let mut board = score::Board::default();
    for page in pages.iter().filter(|page| page.judged) {
        board.add(page, &model::strip_shipped(page));
    }
    board.print();
}

/// Weights fitted to the other hosts, on the pages of each part.
fn cross_validate(pages: &[Page], settings: &fit::Settings) {
    let mut board = score::Board::default();
    for part in 0..PARTS {
        let others: Vec<_> = pages.iter().filter(|page| page.part(PARTS) != part).collect();
        let model = fit::fit(&others, settings);
        for page in pages.iter().filter(|page| page.judged && page.part(PARTS) == part) {
            board.add(page, &model.strip(page));
        }
        println!("part {} of {PARTS}: fitted to {} pages", part + 1, others.len());
    }
    board.print();
    if let Some(path) = &settings.predictions {
        std::fs::write(path, board.predictions()).unwrap();
    }
}
