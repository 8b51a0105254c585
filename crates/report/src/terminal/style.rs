//! How stretches are set apart in a terminal, with colours and without.

use std::fmt::Write as _;

/// What a stretch is, for its colour. Stages are told by their place in the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Text of the document.
    #[default]
    Plain,
    /// What is said about a document, not of it.
    Faint,
    /// A heading.
    Strong,
    /// A document that was kept.
    Kept,
    /// A document that was dropped.
    Dropped,
    /// A document that failed.
    Failed,
    /// Words that are gone.
    Removed(usize),
    /// Words that were put in.
    Inserted(usize),
    /// A sign for spaces or markup.
    Mark(usize),
    /// A stage or a rule.
    Stage(usize),
    /// Words of the first of two texts alone.
    Gone,
    /// Words of the second of two texts alone.
    New,
}

/// Hues of stages by their place in the plan: cyan, red, blue, yellow, green, magenta. Six hues are what a terminal has in
/// every theme; a seventh stage begins anew.
const HUES: [u8; 6] = [36, 31, 34, 33, 32, 35];

impl Tone {
    fn code(self) -> String {
        let hue = |stage: usize| HUES.get(stage % HUES.len()).copied().unwrap_or(31);
        match self {
            Self::Plain => String::new(),
            Self::Faint => "2".into(),
            Self::Strong => "1".into(),
            Self::Kept => "1;32".into(),
            Self::Dropped => "1;33".into(),
            Self::Failed => "1;31".into(),
            Self::Removed(stage) => format!("9;{}", hue(stage)),
            Self::Inserted(stage) => format!("1;4;{}", hue(stage)),
            Self::Mark(stage) => format!("2;{}", hue(stage)),
            Self::Stage(stage) => hue(stage).to_string(),
            Self::Gone => "9;31".into(),
            Self::New => "32".into(),
        }
    }
}

/// With colours or without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

impl Style {
    /// Appends `text`, which has no line end, in its colour. Each stretch ends its own colour: pagers end them with the
    /// line.
    pub(crate) fn paint(self, tone: Tone, text: &str, out: &mut String) {
        if !self.color || text.is_empty() || tone == Tone::Plain {
            out.push_str(text);
        } else {
            let _ = write!(out, "\u{1b}[{}m{text}\u{1b}[0m", tone.code());
        }
    }

    /// What stands around words that are gone, for who sees no colour.
    pub(crate) fn gone(self, text: &str) -> String {
        if self.color { text.to_owned() } else { format!("[-{text}-]") }
    }

    /// What stands around words that are new.
    pub(crate) fn added(self, text: &str) -> String {
        if self.color { text.to_owned() } else { format!("{{+{text}+}}") }
    }
}
