//! How well verdicts agree with labels, in bytes: by page, then averaged, so that no page counts for its length.

use std::collections::BTreeMap;
use std::fmt::Write;

use tamis_chrome::Stripped;

use crate::pages::Page;

/// Precision and recall of the bytes that stay.
#[derive(Debug, Default)]
struct Row {
    pages: f64,
    precision: f64,
    recall: f64,
}

/// Sums by language and over all.
#[derive(Debug, Default)]
pub(crate) struct Board {
    rows: BTreeMap<String, Row>,
    predictions: String,
}

impl Board {
    pub(crate) fn add(&mut self, page: &Page, stripped: &Stripped) {
        let (mut kept, mut right, mut article) = (0_usize, 0_usize, 0_usize);
        for &(start, end, keep) in &page.spans {
            let gone: usize = stripped
                .edits
                .iter()
                .map(|edit| (edit.end as usize).min(end).saturating_sub((edit.start as usize).max(start)))
                .sum();
            let stays = end - start - gone.min(end - start);
            kept += stays;
            if keep {
                right += stays;
                article += end - start;
            }
        }
        let text = stripped.apply(&page.text);
        let line = serde_json::json!({ "id": page.id, "source": page.id, "text": text });
        let _ = writeln!(self.predictions, "{line}");
        if article == 0 {
            return;
        }
        for name in ["all", page.lang.as_str()] {
            let row = self.rows.entry(name.to_owned()).or_default();
            row.pages += 1.0;
            row.precision += right as f64 / kept.max(1) as f64;
            row.recall += right as f64 / article as f64;
        }
    }

    pub(crate) fn print(&self) {
        println!("{:<8} {:>6} {:>10} {:>10} {:>10}", "", "pages", "precision", "recall", "F1");
        for (name, row) in &self.rows {
            let (precision, recall) = (row.precision / row.pages, row.recall / row.pages);
            let f1 = 2.0 * precision * recall / (precision + recall);
            println!("{name:<8} {:>6} {precision:>10.4} {recall:>10.4} {f1:>10.4}", row.pages);
        }
    }

    /// What was left of each page, one JSON object a line.
    pub(crate) fn predictions(&self) -> &str {
        &self.predictions
    }
}
