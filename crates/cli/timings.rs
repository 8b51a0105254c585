//! `--timings`: where the time of a run went.

use std::fmt::Write;
use std::time::Duration;

use tamis_core::{Plan, StageWork};
use tamis_runner::Summary;

use crate::sizes::{count, seconds};

/// A table of stages, then of phases and decisions.
pub(crate) fn text(summary: &Summary, plan: &Plan) -> String {
    let mut out = String::from("\n");
    let mut line = |[stage, documents, megabytes, seconds, share, rate]: [&str; 6]| {
        // Nothing fails when writing to a string.
        let _ =
            writeln!(out, "{stage:<20} {documents:>12} {megabytes:>10} {seconds:>10} {share:>6} {rate:>8}");
    };
    line(["stage", "documents", "MB", "seconds", "share", "MB/s"]);
    let all = total(&summary.stages);
    for row in rows(summary, plan) {
        line(row.cells(all).each_ref().map(String::as_str));
    }
    let _ = writeln!(out, "{:<20} {:>12} {:>10} {:>10.3}", "all stages", "", "", all.as_secs_f64());
    out.push_str("seconds are of all workers together, MB/s of one worker\n\n");
    for (name, time) in &summary.times {
        let _ = writeln!(out, "{:>10}  {name}", seconds(*time));
    }
    out
}

/// The same in Markdown.
pub(crate) fn markdown(summary: &Summary, plan: &Plan) -> String {
    let mut out = String::from(
        "\n### Time\n\n| stage | documents | MB | seconds | share | MB/s of a worker |\n| --- | --: | --: | --: | --: | --: |\n",
    );
    let all = total(&summary.stages);
    for row in rows(summary, plan) {
        let _ = writeln!(out, "| {} |", row.cells(all).join(" | "));
    }
    out.push_str("\n| phase or decision | wall time |\n| --- | --: |\n");
    for (name, time) in &summary.times {
        let _ = writeln!(out, "| {name} | {} |", seconds(*time));
    }
    out
}

struct Row {
    stage: &'static str,
    work: StageWork,
}

impl Row {
    /// Stage, documents, megabytes, seconds, share of `all`, megabytes a second.
    fn cells(&self, all: Duration) -> [String; 6] {
        [
            self.stage.to_owned(),
            count(self.work.documents),
            format!("{:.2}", self.megabytes()),
            format!("{:.3}", self.work.time.as_secs_f64()),
            format!("{:.0} %", self.share(all)),
            self.rate(),
        ]
    }

    fn megabytes(&self) -> f64 {
        self.work.bytes as f64 / 1e6
    }

    /// Nothing where a stage had nothing to do.
    fn rate(&self) -> String {
        if self.work.time.is_zero() || self.work.bytes == 0 {
            String::new()
        } else {
            format!("{:.1}", self.megabytes() / self.work.time.as_secs_f64())
        }
    }

    fn share(&self, all: Duration) -> f64 {
        if all.is_zero() { 0.0 } else { 100.0 * self.work.time.as_secs_f64() / all.as_secs_f64() }
    }
}

fn rows<'a>(summary: &'a Summary, plan: &'a Plan) -> impl Iterator<Item = Row> + 'a {
    plan.stages()
        .iter()
        .zip(&summary.stages)
        .map(|(stage, work)| Row { stage: stage.spec().name, work: *work })
}

fn total(stages: &[StageWork]) -> Duration {
    stages.iter().map(|work| work.time).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_one_worker_and_empty_where_there_was_no_work() {
        let work = StageWork { time: Duration::from_secs(2), documents: 3, bytes: 100_000_000 };
        let row = Row { stage: "decode", work };
        assert_eq!((row.rate().as_str(), row.share(Duration::from_secs(8))), ("50.0", 25.0));
        let idle = Row { stage: "decode", work: StageWork::default() };
        assert_eq!((idle.rate().as_str(), idle.share(Duration::ZERO)), ("", 0.0));
    }
}
