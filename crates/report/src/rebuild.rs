//! Raw bytes and a ledger line give back the clean text, without running any stage.

use std::fmt;
use std::ops::Range;

use tamis_io::{LedgerBytes, LedgerEdit};

use crate::encoding;

/// One run of raw bytes and the run of text that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Raw bytes.
    pub raw: Range<usize>,
    /// Bytes of the text.
    pub text: Range<usize>,
    /// The edit and its place in the ledger line; `None` for kept bytes.
    pub edit: Option<(usize, &'a LedgerEdit)>,
}

/// A document rebuilt: its text and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt<'a> {
    /// The clean text.
    pub text: String,
    /// Tiles the raw bytes and the text.
    pub pieces: Vec<Piece<'a>>,
}

/// Why a ledger line's edits do not fit the raw bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where, in raw bytes.
    pub byte: u64,
    /// What does not hold.
    pub what: &'static str,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (raw byte {})", self.what, self.byte)
    }
}

impl std::error::Error for Misfit {}

/// Rebuilds a document from its raw bytes: what lies between `edits` is kept, read in `encoding` (UTF-8 without one).
///
/// ```
/// use tamis_io::LedgerEdit;
/// let edits = [LedgerEdit(0, 5, "chrome/menu".into(), None), LedgerEdit(10, 11, "unicode/space".into(), Some(" ".into()))];
/// let rebuilt = tamis_report::rebuild(b"Menu\nL'\xe9t\xe9\xa0!", Some("windows-1252"), &edits)?;
/// assert_eq!(rebuilt.text, "L'été !");
/// # Ok::<(), tamis_report::Misfit>(())
/// ```
pub fn rebuild<'a>(
    raw: &[u8],
    encoding: Option<&str>,
    edits: &'a [LedgerEdit],
) -> Result<Rebuilt<'a>, Misfit> {
    let mut rebuilt = Rebuilt { text: String::with_capacity(raw.len()), pieces: Vec::new() };
    let mut at = 0;
    for (place, edit) in edits.iter().enumerate() {
        let misfit = |what| Err(Misfit { byte: edit.0, what });
        if edit.1 < edit.0 {
            return misfit("an edit ends before it starts");
        }
        if edit.1 > raw.len() as u64 {
            return misfit("an edit ends outside the raw bytes");
        }
        let (start, end) = (edit.0 as usize, edit.1 as usize);
        if start < at {
            return misfit("an edit starts before the end of the one before it");
        }
        if edit.3.as_deref() == Some("") {
            return misfit("an edit has an empty replacement instead of none");
        }
        if start == end && edit.3.is_none() {
            return misfit("an edit changes nothing");
        }
        rebuilt.keep(raw, at..start, encoding)?;
        let out = rebuilt.text.len();
        rebuilt.text.push_str(edit.3.as_deref().unwrap_or_default());
        let text = out..rebuilt.text.len();
        rebuilt.pieces.push(Piece { raw: start..end, text, edit: Some((place, edit)) });
        at = end;
    }
    rebuilt.keep(raw, at..raw.len(), encoding)?;
    Ok(rebuilt)
}

impl Rebuilt<'_> {
    fn keep(&mut self, raw: &[u8], range: Range<usize>, encoding: Option<&str>) -> Result<(), Misfit> {
        if range.is_empty() {
            return Ok(());
        }
        let out = self.text.len();
        let bytes = raw.get(range.clone()).unwrap_or_default();
        if !encoding::decode(encoding, bytes, &mut self.text) {
            let what = "kept bytes are not text in the document's encoding";
            return Err(Misfit { byte: range.start as u64, what });
        }
        self.pieces.push(Piece { raw: range, text: out..self.text.len(), edit: None });
        Ok(())
    }

    /// Raw bytes by fate, and inserted bytes of text.
    pub fn bytes(&self) -> LedgerBytes {
        let mut sums = LedgerBytes::default();
        for piece in &self.pieces {
            let (raw, text) = (piece.raw.len() as u64, piece.text.len() as u64);
            match &piece.edit {
                None => sums.kept += raw,
                Some(_) if text == 0 => sums.removed += raw,
                Some(_) if raw == 0 => sums.inserted += text,
                Some(_) => sums.replaced += raw,
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Edits that may or may not fit anything.
    fn any_edits() -> impl Strategy<Value = Vec<LedgerEdit>> {
        let edit = (0..30_u64, 0..30_u64, prop::option::of("[aé]{0,2}"));
        prop::collection::vec(edit.prop_map(|(from, to, text)| LedgerEdit(from, to, "r".into(), text)), 0..5)
    }

    proptest! {
        #[test]
        fn forged_edits_are_refused_or_tile_both_sides(
            raw in prop::collection::vec(any::<u8>(), 0..25),
            edits in any_edits(),
            label in prop::sample::select(vec!["utf-8", "windows-1252", "utf-16le", "shift_jis", "ibm850", "nonsense"]),
        ) {
            if let Ok(rebuilt) = rebuild(&raw, Some(label), &edits) {
                let (mut at, mut out) = (0, 0);
                for piece in &rebuilt.pieces {
                    prop_assert_eq!((piece.raw.start, piece.text.start), (at, out));
                    (at, out) = (piece.raw.end, piece.text.end);
                }
                prop_assert_eq!((at, out), (raw.len(), rebuilt.text.len()));
                let bytes = rebuilt.bytes();
                prop_assert_eq!(bytes.kept + bytes.removed + bytes.replaced, raw.len() as u64);
            }
        }
    }

    fn edit(start: u64, end: u64, replacement: Option<&str>) -> LedgerEdit {
        LedgerEdit(start, end, "r".into(), replacement.map(Into::into))
    }

    #[test]
    fn edits_that_fit_give_the_text_and_the_sums() {
        let edits = [edit(0, 2, None), edit(3, 3, Some("+")), edit(3, 4, Some("ça"))];
        let rebuilt = rebuild(b"abcdef", None, &edits).unwrap();
        assert_eq!(rebuilt.text, "c+çaef");
        assert_eq!(rebuilt.bytes(), LedgerBytes { kept: 3, removed: 2, replaced: 1, inserted: 1 });
        assert_eq!(rebuilt.pieces.len(), 5);
    }

    #[test]
    fn edits_that_do_not_fit_are_told_with_their_place() {
        for (edits, byte, what) in [
            (vec![edit(2, 3, None), edit(1, 2, None)], 1, "starts before the end"),
            (vec![edit(0, 3, None), edit(2, 4, None)], 2, "starts before the end"),
            (vec![edit(4, 9, None)], 4, "outside the raw bytes"),
            (vec![edit(4, 3, None)], 4, "ends before it starts"),
            (vec![edit(1, 1, None)], 1, "changes nothing"),
            (vec![edit(1, 2, Some(""))], 1, "empty replacement"),
            (vec![edit(0, 1, None)], 1, "not text"),
        ] {
            let told = rebuild("éabcd".as_bytes(), None, &edits).unwrap_err();
            assert!(told.what.contains(what) && told.byte == byte, "{edits:?}: {told}");
        }
    }
}
