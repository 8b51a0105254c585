//! How spans are set apart, with colours and without.

use std::fmt::Write as _;

/// With colours or without.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) color: bool,
}

const RESET: &str = "\u{1b}[0m";

impl Style {
    fn paint(self, code: &str, text: &str, out: &mut String) {
        if !self.color || text.is_empty() {
            out.push_str(text);
            return;
        }
        // Pagers end a style with the line.
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                out.push('\n');
            }
            if !line.is_empty() {
                let _ = write!(out, "\u{1b}[{code}m{line}{RESET}");
            }
        }
    }

    /// Text that is gone: struck out in red, or `[-text-]`.
    pub(super) fn removed(self, text: &str, out: &mut String) {
        if self.color {
            self.paint("9;31", text, out);
        } else {
            let _ = write!(out, "[-{text}-]");
        }
    }

    /// Text that was put in: green, or `{+text+}`.
    pub(super) fn inserted(self, text: &str, out: &mut String) {
        if self.color {
            self.paint("32", text, out);
        } else {
            let _ = write!(out, "{{+{text}+}}");
        }
    }

    /// A rule, at the side of what it did.
    pub(super) fn rule(self, text: &str, out: &mut String) {
        if self.color {
            self.paint("2;36", &format!(" ‹{text}›"), out);
        } else {
            let _ = write!(out, "{{{text}}}");
        }
    }

    /// What is said about a document, not of it.
    pub(super) fn faint(self, text: &str, out: &mut String) {
        self.paint("2", text, out);
    }

    /// A heading or a verdict.
    pub(super) fn strong(self, text: &str, out: &mut String) {
        self.paint("1", text, out);
    }
}
