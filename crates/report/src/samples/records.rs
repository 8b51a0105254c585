//! Titles of clean documents, read from their records as far as they stand.

use serde::Deserialize;

use super::edits::{string_end, unescaped};

/// So many characters of a text stand for a title.
const BEGINNING: usize = 140;
/// So many bytes of a text, as it is written, hold its first line mostly.
const FIRST_LINE: usize = 1 << 10;

/// What is read of a record: its text as it is written, as a page of a text asks for its first line alone.
pub(super) struct Clean<'a> {
    /// The document's title.
    pub(super) title: Option<String>,
    text: Written<'a>,
}

/// A text as it is written between its quotes, or read.
enum Written<'a> {
    Escaped(&'a [u8]),
    Read(String),
}

impl<'a> Clean<'a> {
    /// Reads a line: by hand up to the title, as a record is mostly sentences and amounts, which stand behind it.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        Self::beginning_of(line).or_else(|| {
            #[derive(Deserialize)]
            struct Titled {
                title: Option<String>,
                text: String,
            }
            let read: Titled = serde_json::from_slice(line).ok()?;
            Some(Self { title: read.title, text: Written::Read(read.text) })
        })
    }

    fn beginning_of(line: &'a [u8]) -> Option<Self> {
        let (_, rest) = string_end(line.strip_prefix(b"{\"id\":\"")?)?;
        let (_, rest) = string_end(rest.strip_prefix(b",\"source\":\"")?)?;
        let (text, rest) = string_end(rest.strip_prefix(b",\"text\":\"")?)?;
        let rest = rest.strip_prefix(b",\"title\":")?;
        let title = if rest.starts_with(b"null") {
            None
        } else {
            Some(unescaped(string_end(rest.strip_prefix(b"\"")?)?.0)?)
        };
        Some(Self { title, text: Written::Escaped(text) })
    }

    /// The text.
    pub(super) fn text(self) -> String {
        match self.text {
            Written::Escaped(text) => unescaped(text).unwrap_or_default(),
            Written::Read(text) => text,
        }
    }

    /// The first line of the text.
    pub(super) fn beginning(&self) -> String {
        let text = match &self.text {
            Written::Read(text) => return beginning(text).0,
            Written::Escaped(text) => *text,
        };
        // A piece that ends within an escape or a character cannot be read.
        let first = text.get(..FIRST_LINE).and_then(unescaped);
        let told = first.as_deref().map(beginning).filter(|(_, is_whole)| *is_whole);
        told.unwrap_or_else(|| beginning(&unescaped(text).unwrap_or_default())).0
    }
}

/// The first line of a text that has more than spaces, and whether what comes behind the text could not change it.
fn beginning(text: &str) -> (String, bool) {
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let line = lines.next().unwrap_or_default();
    let is_whole = lines.next().is_some() || line.chars().nth(BEGINNING).is_some();
    (line.chars().take(BEGINNING).collect(), is_whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_record_is_read_by_hand_as_by_serde(
            id in "[a\"\\\\é]{0,6}", text in "[ab \n\"\\\\é’\u{85}]{0,80}", times in 1_usize..40, title in prop::option::of("[a\"\\\\\u{1}é]{0,8}"),
        ) {
            let text = text.repeat(times);
            let id = serde_json::to_string(&id).unwrap();
            let (text_written, title_written) = (serde_json::to_string(&text).unwrap(), serde_json::to_string(&title).unwrap());
            let line = format!("{{\"id\":{id},\"source\":{id},\"text\":{text_written},\"title\":{title_written},\"lang\":\"fr\"}}\n");
            prop_assert!(Clean::beginning_of(line.as_bytes()).is_some());
            let other = format!("{{\"title\":{title_written},\"text\":{text_written},\"id\":{id}}}\n");
            for line in [line, other] {
                let read = Clean::of(line.as_bytes()).unwrap();
                prop_assert_eq!(&read.title, &title);
                prop_assert_eq!(read.beginning(), beginning(&text).0);
                prop_assert_eq!(read.text(), text.as_str());
            }
        }
    }
}
