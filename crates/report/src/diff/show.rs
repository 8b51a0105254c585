//! A difference for people.

use std::fmt;

use super::RunDiff;
use crate::shown::{bytes, count, excerpt};

impl fmt::Display for RunDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = &self.accounting;
        if self.tamis.0 != self.tamis.1 {
            writeln!(f, "tamis {} → {}\n", self.tamis.0, self.tamis.1)?;
        }
        if !self.pipeline.is_empty() {
            writeln!(f, "pipeline")?;
            let none = || "–".to_owned();
            for change in &self.pipeline {
                let (was, is) = (change.before.clone(), change.after.clone());
                let (was, is) = (was.unwrap_or_else(none), is.unwrap_or_else(none));
                writeln!(f, "  {}  {} → {}", change.path, excerpt(&was, 200), excerpt(&is, 200))?;
            }
            writeln!(f)?;
        }
        for (name, was, is) in [
            ("documents", before.documents, after.documents),
            ("kept", before.kept, after.kept),
            ("dropped", before.dropped, after.dropped),
            ("failed", before.failed, after.failed),
        ] {
            writeln!(f, "{name:<10} {:>12} → {:>12}  {}", count(was), count(is), signed(was, is, count))?;
        }
        if !self.rules.is_empty() {
            writeln!(f, "\nrules")?;
            let width = self.rules.iter().map(|rule| rule.rule.len()).max().unwrap_or(0);
            for rule in &self.rules {
                let mut told = Vec::new();
                if rule.dropped.0 != rule.dropped.1 {
                    told.push(format!("{} documents dropped", signed(rule.dropped.0, rule.dropped.1, count)));
                }
                if rule.edits.0 != rule.edits.1 {
                    told.push(format!("{} edits", signed(rule.edits.0, rule.edits.1, count)));
                }
                if rule.raw_bytes.0 != rule.raw_bytes.1 {
                    told.push(signed(rule.raw_bytes.0, rule.raw_bytes.1, bytes));
                }
                writeln!(f, "  {:<width$}  {}", rule.rule, told.join(", "))?;
            }
        }
        if self.documents.is_empty() {
            return writeln!(f, "\nno document changed");
        }
        for (change, changed) in &self.documents {
            writeln!(f, "\n{}: {}", change.says(), count(changed.documents))?;
            for (rule, times) in &changed.rules {
                writeln!(f, "  by {rule}: {}", count(*times))?;
            }
            for (id, what) in &changed.first {
                let gap = if what.is_empty() { "" } else { "  " };
                writeln!(f, "    {}{gap}{}", excerpt(id, 200), excerpt(what, 300))?;
            }
            let more = changed.documents.saturating_sub(changed.first.len() as u64);
            if more > 0 {
                writeln!(f, "    … and {} more", count(more))?;
            }
        }
        Ok(())
    }
}

/// The difference with its sign; nothing where there is none.
fn signed(was: u64, is: u64, shown: fn(u64) -> String) -> String {
    match was.cmp(&is) {
        std::cmp::Ordering::Less => format!("+{}", shown(is - was)),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!("−{}", shown(was - is)),
    }
}
