//! Where messages go, and whether in colour.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use indicatif::ProgressBar;

use crate::arguments::Colour;
use crate::progress::locked;

/// The bar that stays below all messages. There is one standard error, and so one of these.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Standard output and error, each with or without colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Colour on standard output.
    pub(crate) colour: bool,
    /// Colour on standard error.
    pub(crate) error_colour: bool,
    /// Whether standard error is a terminal.
    pub(crate) interactive: bool,
}

impl Terminal {
    /// Colour where a terminal shows it, unless `NO_COLOR` is set or the user says otherwise.
    pub(crate) fn new(asked: Colour) -> Self {
        let interactive = io::stderr().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = |terminal: bool| match asked {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !plain,
        };
        Self { colour: colour(io::stdout().is_terminal()), error_colour: colour(interactive), interactive }
    }

    /// Columns of standard output where it is a terminal, or as `COLUMNS` tells them.
    pub(crate) fn width() -> Option<usize> {
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let terminal =
            || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        asked.or_else(terminal).filter(|width| *width > 0)
    }

    /// Tells something about what is shown, on standard error.
    pub(crate) fn remark(self, message: &str) {
        self.tell("note", "36", message);
    }

    /// Tells an error on standard error.
    pub(crate) fn error(self, message: &str) {
        self.tell("error", "31;1", message);
    }

    /// Tells a warning on standard error.
    pub(crate) fn warning(self, message: &str) {
        self.tell("warning", "33;1", message);
    }

    /// Tells something on standard error.
    pub(crate) fn note(message: &str) {
        Self::tell_bytes(format!("{message}\n").as_bytes());
    }

    /// Writes whole lines to standard error, at once: lines of several threads don't mix.
    pub(crate) fn tell_bytes(lines: &[u8]) {
        // A message that nobody can read is not worth failing for.
        let write = || drop(io::stderr().write_all(lines));
        match &*locked(&BAR) {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Keeps a bar below what is told from now on, or none.
    pub(crate) fn keep_below(bar: Option<ProgressBar>) {
        *locked(&BAR) = bar;
    }

    fn tell(self, word: &str, style: &str, message: &str) {
        if self.error_colour {
            Self::note(&format!("\x1b[{style}m{word}\x1b[0m: {message}"));
        } else {
            Self::note(&format!("{word}: {message}"));
        }
    }
}

/// Writes to standard output; a closed pipe is told as an error of its kind.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
