//! What a corpus stage decided, in little memory.
//!
//! Documents that stay take none. One that goes takes 24 bytes; what has no fixed size (spans to remove, ids of
//! documents of earlier runs) lies in the stage's temporary storage.

use std::collections::BTreeMap;
use std::fmt;

use tamis_span::{Span, TextSize};

use crate::{BlockPlace, Blocks, Rule, StageError, StageErrorKind, Storage};

/// What is to happen to one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Decision {
    /// Nothing.
    #[default]
    Keep,
    /// It goes.
    Drop {
        /// Why.
        rule: &'static Rule,
        /// The kept document that it matches.
        duplicate_of: Option<Original>,
        /// How alike they are, 0 to 1.
        similarity: Option<f64>,
        /// What the similarity was held against.
        threshold: Option<f64>,
    },
    /// Parts of its text go: ascending, disjoint spans of the text that was sketched.
    Remove(Vec<Removal>),
}

/// A part of a text that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Where it is.
    pub span: Span,
    /// Why it goes.
    pub rule: &'static Rule,
    /// Where it stays, for a rule that removes what stands elsewhere too.
    pub stays: Option<Stays>,
}

impl Removal {
    /// A part that goes for what it is.
    pub const fn new(span: Span, rule: &'static Rule) -> Self {
        Self { span, rule, stays: None }
    }
}

/// Where a removed part of a text stays, and how to know it there: by its letters and digits ([`crate::letters`]), which
/// other case, accents and punctuation do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stays {
    /// The kept document of the same corpus, by its ordinal.
    pub document: usize,
    /// How many bytes of UTF-8 the letters are.
    pub letters: u32,
    /// Their hash, [`Stays::hash`].
    pub hash: u64,
}

impl Stays {
    /// The factor of [`Stays::hash`]: odd, so that no byte is ever multiplied away.
    pub const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

    /// The polynomial of the letters' bytes, each one more than it is, modulo 2^64: it rolls over a text, so that a part
    /// of any length is found in one pass.
    ///
    /// ```
    /// use tamis_core::Stays;
    ///
    /// assert_eq!(Stays::hash(b"seance".iter().copied()), Stays::hash("s\u{65}ance".bytes()));
    /// assert_eq!(Stays::hash("ab".bytes()), 98_u64.wrapping_mul(Stays::FACTOR).wrapping_add(99));
    /// ```
    pub fn hash(letters: impl Iterator<Item = u8>) -> u64 {
        letters.fold(0, |hash, byte| hash.wrapping_mul(Self::FACTOR).wrapping_add(u64::from(byte) + 1))
    }
}

/// The document that a duplicate lost to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// A document of the same corpus, by its ordinal.
    Document(usize),
    /// A document of the same corpus, by its id: what its ordinal means, told where a decision has been applied. Another
    /// corpus stage counts anew.
    Named(String),
    /// A document of an earlier run.
    Earlier {
        /// Its id there.
        id: String,
        /// The name of that run's index.
        index: String,
    },
}

/// What a corpus stage decided: something for each sketch, by ordinal.
#[derive(Default)]
pub struct Decisions {
    documents: usize,
    /// Of documents that do not simply stay, by ordinal.
    entries: Vec<Entry>,
    grounds: Vec<Ground>,
    blocks: Option<Box<dyn Blocks>>,
    /// What a person should know: a rule that would empty the corpus, a bucket that had to be split.
    pub warnings: Vec<String>,
    /// What gates may be set on, by the name of the metric.
    pub measures: BTreeMap<&'static str, u64>,
}

/// A decision that is not to keep.
#[derive(Clone, Copy, Debug)]
struct Entry {
    ordinal: u32,
    /// The ordinal of the kept document, or the length of the block.
    argument: u32,
    /// The similarity's bits, or the block's offset.
    number: u64,
    ground: u16,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A drop that names no document.
    Lone,
    /// A drop for a document of the corpus.
    Duplicate,
    /// A drop for a document of an earlier run; the block has the similarity, the index's name and the id.
    Earlier,
    /// The block has the spans and the places of their rules among the grounds.
    Remove,
}

/// What drops have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ground {
    rule: &'static Rule,
    /// Whether the similarity was told.
    measured: bool,
    threshold: Option<f64>,
}

impl Decisions {
    /// Decisions over so many documents, to keep them all.
    pub fn new(documents: usize) -> Self {
        Self { documents, ..Self::default() }
    }

    /// Decisions given one by one, kept in memory.
    pub fn of(documents: impl IntoIterator<Item = Decision>) -> Result<Self, StageError> {
        let mut decisions = Self::default();
        for (ordinal, decision) in documents.into_iter().enumerate() {
            decisions.documents += 1;
            decisions.decide(ordinal, &decision, &crate::MemoryStorage)?;
        }
        Ok(decisions)
    }

    /// The number of documents decided over.
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether there are no documents.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// Decides over one document. Ordinals ascend from call to call.
    pub fn decide(
        &mut self,
        ordinal: usize,
        decision: &Decision,
        storage: &dyn Storage,
    ) -> Result<(), StageError> {
        let in_order = self.entries.last().is_none_or(|last| (last.ordinal as usize) < ordinal);
        let number = u32::try_from(ordinal).ok().filter(|_| in_order && ordinal < self.documents);
        let Some(number) = number else {
            return Err(
                StageErrorKind::Other(format!("a decision out of order on document {ordinal}")).into()
            );
        };
        let entry = match decision {
            Decision::Keep => return Ok(()),
            Decision::Drop { rule, duplicate_of, similarity, threshold } => {
                let ground = Ground { rule, measured: similarity.is_some(), threshold: *threshold };
                let ground = self.ground(ground)?;
                let bits = similarity.unwrap_or_default().to_bits();
                match duplicate_of {
                    None => Entry { ordinal: number, argument: 0, number: bits, ground, kind: Kind::Lone },
                    Some(Original::Document(kept)) => {
                        let argument = u32::try_from(*kept).unwrap_or(u32::MAX);
                        Entry { ordinal: number, argument, number: bits, ground, kind: Kind::Duplicate }
                    }
                    Some(Original::Named(id)) => {
                        let told = format!("document {ordinal} lost to `{id}`, which is no ordinal");
                        return Err(StageErrorKind::Other(told).into());
                    }
                    Some(Original::Earlier { id, index }) => {
                        let mut block = bits.to_le_bytes().to_vec();
                        block.extend((index.len() as u64).to_le_bytes());
                        block.extend(index.as_bytes());
                        block.extend(id.as_bytes());
                        let place = self.append(&block, storage)?;
                        let (argument, offset) = (place.len, place.offset);
                        Entry { ordinal: number, argument, number: offset, ground, kind: Kind::Earlier }
                    }
                }
            }
            Decision::Remove(spans) => {
                let mut block = Vec::with_capacity(11 * spans.len());
                for Removal { span, rule, stays } in spans {
                    let ground = self.ground(Ground { rule, measured: false, threshold: None })?;
                    block.extend(span.start().to_u32().to_le_bytes());
                    block.extend(span.end().to_u32().to_le_bytes());
                    block.extend(ground.to_le_bytes());
                    block.push(u8::from(stays.is_some()));
                    if let Some(Stays { document, letters, hash }) = stays {
                        block.extend((*document as u64).to_le_bytes());
                        block.extend(letters.to_le_bytes());
                        block.extend(hash.to_le_bytes());
                    }
                }
                let place = self.append(&block, storage)?;
                let (argument, offset) = (place.len, place.offset);
                Entry { ordinal: number, argument, number: offset, ground: 0, kind: Kind::Remove }
            }
        };
        self.entries.push(entry);
        Ok(())
    }

    /// The decision on document `ordinal`; to keep where there is no such document.
    pub fn get(&self, ordinal: usize) -> Result<Decision, StageError> {
        let place = self.entries.binary_search_by_key(&ordinal, |entry| entry.ordinal as usize);
        match place.ok().and_then(|place| self.entries.get(place)) {
            Some(entry) => self.decision(entry),
            None => Ok(Decision::Keep),
        }
    }

    /// All decisions, by ordinal.
    pub fn iter(&self) -> impl Iterator<Item = Result<Decision, StageError>> {
        (0..self.documents).map(|ordinal| self.get(ordinal))
    }

    /// Whether the document is dropped.
    pub fn drops(&self, ordinal: usize) -> bool {
        let place = self.entries.binary_search_by_key(&ordinal, |entry| entry.ordinal as usize);
        let entry = place.ok().and_then(|place| self.entries.get(place));
        entry.is_some_and(|entry| !matches!(entry.kind, Kind::Remove))
    }

    /// Whether any decision is by this rule.
    pub fn names(&self, rule: &'static Rule) -> bool {
        self.grounds.iter().any(|ground| std::ptr::eq(ground.rule, rule))
    }

    fn decision(&self, entry: &Entry) -> Result<Decision, StageError> {
        let ground = self.grounds.get(usize::from(entry.ground)).ok_or_else(torn)?;
        let dropped = |duplicate_of, bits: u64| Decision::Drop {
            rule: ground.rule,
            duplicate_of,
            similarity: ground.measured.then(|| f64::from_bits(bits)),
            threshold: ground.threshold,
        };
        Ok(match entry.kind {
            Kind::Lone => dropped(None, entry.number),
            Kind::Duplicate => dropped(Some(Original::Document(entry.argument as usize)), entry.number),
            Kind::Earlier => {
                let block = self.read(entry)?;
                let (bits, rest) = block.split_first_chunk::<8>().ok_or_else(torn)?;
                let (len, rest) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
                let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| torn())?;
                let (index, id) = rest.split_at_checked(len).ok_or_else(torn)?;
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                dropped(
                    Some(Original::Earlier { id: text(id), index: text(index) }),
                    u64::from_le_bytes(*bits),
                )
            }
            Kind::Remove => {
                let block = self.read(entry)?;
                let (mut rest, mut spans) = (block.as_slice(), Vec::new());
                while !rest.is_empty() {
                    let removal = self.removal(&mut rest).ok_or_else(torn)?;
                    spans.push(removal);
                }
                Decision::Remove(spans)
            }
        })
    }

    /// Reads what [`Decisions::decide`] wrote of one removal.
    fn removal(&self, rest: &mut &[u8]) -> Option<Removal> {
        fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
            let (taken, after) = rest.split_first_chunk()?;
            *rest = after;
            Some(*taken)
        }
        let start = TextSize::new(u32::from_le_bytes(take(rest)?));
        let end = TextSize::new(u32::from_le_bytes(take(rest)?));
        let ground = self.grounds.get(usize::from(u16::from_le_bytes(take(rest)?)))?;
        let stays = match take(rest)? {
            [0] => None,
            _ => Some(Stays {
                document: usize::try_from(u64::from_le_bytes(take(rest)?)).ok()?,
                letters: u32::from_le_bytes(take(rest)?),
                hash: u64::from_le_bytes(take(rest)?),
            }),
        };
        Some(Removal { span: Span::new(start, end), rule: ground.rule, stays })
    }

    fn ground(&mut self, ground: Ground) -> Result<u16, StageError> {
        let same = |known: &Ground| std::ptr::eq(known.rule, ground.rule) && *known == ground;
        let place = self.grounds.iter().position(same).unwrap_or_else(|| {
            self.grounds.push(ground);
            self.grounds.len() - 1
        });
        u16::try_from(place).map_err(|_| StageErrorKind::Other("more than 65,536 thresholds".into()).into())
    }

    fn append(&mut self, block: &[u8], storage: &dyn Storage) -> Result<BlockPlace, StageError> {
        let blocks = match &mut self.blocks {
            Some(blocks) => blocks,
            none => none.insert(storage.create()?),
        };
        blocks.append(block)
    }

    fn read(&self, entry: &Entry) -> Result<Vec<u8>, StageError> {
        let mut block = Vec::new();
        let place = BlockPlace { offset: entry.number, len: entry.argument };
        self.blocks.as_ref().ok_or_else(torn)?.read(place, &mut block)?;
        Ok(block)
    }
}

fn torn() -> StageError {
    StageErrorKind::Storage("a decision that is no longer whole".into()).into()
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.entries.iter().map(|entry| (entry.ordinal, self.decision(entry)));
        f.debug_struct("Decisions")
            .field("documents", &self.documents)
            .field("other_than_keep", &told.collect::<Vec<_>>())
            .field("warnings", &self.warnings)
            .field("measures", &self.measures)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule =
        Rule { id: "test/rule", reason: "the test says so", since: "0.1.0", before: "", after: "" };
    static OTHER: Rule =
        Rule { id: "test/other", reason: "the test says so", since: "0.1.0", before: "", after: "" };

    #[test]
    fn what_was_decided_is_told() {
        let drop = |rule, duplicate_of, similarity, threshold| Decision::Drop {
            rule,
            duplicate_of,
            similarity,
            threshold,
        };
        let earlier = Original::Earlier { id: "février/3".into(), index: "2025".into() };
        let all = vec![
            Decision::Keep,
            drop(&RULE, Some(Original::Document(0)), Some(0.1 + 0.2), Some(0.3)),
            Decision::Remove(vec![
                Removal::new(Span::of(0, 7), &OTHER),
                Removal {
                    stays: Some(Stays { document: 4, letters: 3, hash: Stays::hash(b"abc".iter().copied()) }),
                    ..Removal::new(Span::of(9, 12), &RULE)
                },
                Removal::new(Span::of(15, 16), &RULE),
            ]),
            drop(&OTHER, Some(earlier), Some(1.0), None),
            Decision::Keep,
            drop(&RULE, None, None, None),
            Decision::Remove(Vec::new()),
        ];
        let decisions = Decisions::of(all.clone()).unwrap();
        assert_eq!(decisions.len(), 7);
        assert_eq!(decisions.iter().map(Result::unwrap).collect::<Vec<_>>(), all);
        let dropped: Vec<usize> = (0..9).filter(|ordinal| decisions.drops(*ordinal)).collect();
        assert_eq!(dropped, [1, 3, 5]);
        assert_eq!(decisions.get(7).unwrap(), Decision::Keep);
        assert!(size_of::<Entry>() <= 24);
    }

    #[test]
    fn decisions_come_in_order_and_on_documents_that_are_there() {
        let drop = Decision::Drop { rule: &RULE, duplicate_of: None, similarity: None, threshold: None };
        let mut decisions = Decisions::new(3);
        decisions.decide(1, &drop, &crate::MemoryStorage).unwrap();
        for ordinal in [0, 1, 3] {
            assert!(decisions.decide(ordinal, &drop, &crate::MemoryStorage).is_err(), "{ordinal}");
        }
        decisions.decide(2, &drop, &crate::MemoryStorage).unwrap();
        assert_eq!(decisions.len(), 3);
    }
}
