//! Speed of stripping pages, beside dom_smoothie: `tamis-peers-chrome FOLDER [PASSES]`.
//!
//! Pages are read and decoded before the clock starts. The programs take turns, page by page, so that a busy machine
//! slows them alike; what counts is the least CPU time of each page. resiliparse is measured by `resiliparse_speed.py`,
//! which `run` starts in between.

use std::time::Duration;

use cpu_time::ThreadTime;
use tamis_chrome::{Format, Options, Scratch, strip_html};

type Program<'a> = (&'a str, Box<dyn FnMut(&str) -> usize>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: tamis-peers-chrome FOLDER [PASSES]")?;
    let passes: usize = arguments.next().map_or(Ok(5), |passes| passes.parse())?;
    let mut files: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(|file| file.path());
    let mut decoder = tamis_decode::Decoder::default();
    let mut pages = Vec::new();
    for file in files {
        let raw = std::fs::read(file.path())?;
        if let Ok(decoded) = decoder.decode(&raw, &tamis_decode::Options::default(), None) {
            pages.push((file.file_name().to_string_lossy().into_owned(), decoded.text.to_string()));
        }
    }
    let (mut scratch, mut other) = (Scratch::default(), Scratch::default());
    let markdown = Options { format: Format::Markdown, ..Options::default() };
    let mut programs: Vec<Program> = vec![
        (
            "tamis",
            Box::new(move |page| strip_html(page, &Options::default(), &mut scratch).apply(page).len()),
        ),
        ("tamis, markdown", Box::new(move |page| strip_html(page, &markdown, &mut other).apply(page).len())),
        (
            "dom_smoothie",
            Box::new(|page| {
                let article = dom_smoothie::Readability::new(page, None, None).and_then(|mut reader| reader.parse());
                article.map_or(0, |article| article.text_content.len())
            }),
        ),
    ];
    let mut least = vec![vec![Duration::MAX; pages.len()]; programs.len()];
    for _ in 0..passes {
        for (place, (_, page)) in pages.iter().enumerate() {
            for ((_, strip), least) in programs.iter_mut().zip(&mut least) {
                let start = ThreadTime::now();
                std::hint::black_box(strip(page));
                least[place] = least[place].min(start.elapsed());
            }
        }
    }
    let bytes: usize = pages.iter().map(|(_, page)| page.len()).sum();
    println!("{} pages, {:.1} MB, least of {passes} passes", pages.len(), bytes as f64 / 1e6);
    for ((name, _), least) in programs.iter().zip(&least) {
        let seconds = least.iter().sum::<Duration>().as_secs_f64();
        // Below 50 kB what is measured is the clock.
        let slowest = pages.iter().zip(least).filter(|((_, page), _)| page.len() > 50_000).map(|((id, page), time)| {
            (time.as_secs_f64() * 1e3 / (page.len() as f64 / 1e6), id)
        });
        let slowest = slowest.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, &pages[0].0));
        println!(
            "{name:<16} {:>6.1} MB per CPU second; slowest page {:.1} ms per MB ({})",
            bytes as f64 / 1e6 / seconds,
            slowest.0,
            slowest.1
        );
    }
    Ok(())
}
