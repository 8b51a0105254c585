//! The text format of OpenMetrics 1.0: <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use std::fmt::Write;

/// The types that are written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only grows; its samples end in `_total`.
    Counter,
    Gauge,
    /// Texts as labels; its sample ends in `_info` and is 1.
    Info,
    /// One of several states; its label has the name of the family.
    StateSet,
}

/// A set of metric families being written.
#[derive(Debug, Default)]
pub(crate) struct Exposition {
    text: String,
    name: &'static str,
    suffix: &'static str,
}

impl Exposition {
    /// Begins a family: samples until the next belong to it. `name` ends in `_` and the unit, where there is one.
    pub(crate) fn family(&mut self, name: &'static str, kind: Kind, unit: Option<&str>, help: &str) {
        debug_assert!(unit.is_none_or(|unit| name.ends_with(&format!("_{unit}"))), "{name} names no unit");
        let (word, suffix) = match kind {
            Kind::Counter => ("counter", "_total"),
            Kind::Gauge => ("gauge", ""),
            Kind::Info => ("info", "_info"),
            Kind::StateSet => ("stateset", ""),
        };
        (self.name, self.suffix) = (name, suffix);
        // Nothing fails when writing to a string.
        let _ = writeln!(self.text, "# TYPE {name} {word}");
        if let Some(unit) = unit {
            let _ = writeln!(self.text, "# UNIT {name} {unit}");
        }
        self.text.push_str("# HELP ");
        self.text.push_str(name);
        self.text.push(' ');
        escape(help, &mut self.text);
        self.text.push('\n');
    }

    /// A sample of the family. A number that is none is not written: there is nothing to say of it.
    pub(crate) fn sample(&mut self, labels: &[(&str, &str)], value: f64) {
        if !value.is_finite() {
            return;
        }
        let Self { text, name, suffix } = self;
        let _ = write!(text, "{name}{suffix}");
        for (place, (label, value)) in labels.iter().enumerate() {
            let _ = write!(text, "{}{label}=\"", if place == 0 { '{' } else { ',' });
            escape(value, text);
            text.push('"');
        }
        if !labels.is_empty() {
            text.push('}');
        }
        let _ = writeln!(text, " {value}");
    }

    /// A family of one sample without labels.
    pub(crate) fn single(
        &mut self,
        name: &'static str,
        kind: Kind,
        unit: Option<&str>,
        help: &str,
        value: f64,
    ) {
        self.family(name, kind, unit, help);
        self.sample(&[], value);
    }

    /// The whole text.
    pub(crate) fn finish(mut self) -> String {
        self.text.push_str("# EOF\n");
        self.text
    }
}

/// Escapes what would end a label's value or a line.
fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_written_as_the_specification_has_them() {
        let mut out = Exposition::default();
        out.single("a_bytes", Kind::Counter, Some("bytes"), "all \"a\"", 3.0);
        out.family("b", Kind::Gauge, None, "b");
        out.sample(&[("x", "1\\\n\""), ("y", "é")], 0.5);
        out.sample(&[], f64::NAN);
        out.family("c", Kind::Info, None, "c");
        out.sample(&[("version", "1")], 1.0);
        assert_eq!(
            out.finish(),
            "# TYPE a_bytes counter\n# UNIT a_bytes bytes\n# HELP a_bytes all \\\"a\\\"\na_bytes_total 3\n\
             # TYPE b gauge\n# HELP b b\nb{x=\"1\\\\\\n\\\"\",y=\"é\"} 0.5\n\
             # TYPE c info\n# HELP c c\nc_info{version=\"1\"} 1\n# EOF\n"
        );
    }
}
