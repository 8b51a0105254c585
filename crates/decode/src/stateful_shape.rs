//! ISO-2022 and HZ by their escape sequences.

use memchr::memmem;

use crate::charset::Stateful;

/// The encoding whose escape sequences stand in these ASCII bytes.
pub(crate) fn detect(raw: &[u8]) -> Option<Stateful> {
    let has = |needle: &[u8]| memmem::find(raw, needle).is_some();
    if has(b"\x1b$)C") && raw.contains(&0x0e) {
        return Some(Stateful::Iso2022Kr);
    }
    if [&b"\x1b$B"[..], b"\x1b$@", b"\x1b$(D", b"\x1b(J", b"\x1b(I"].iter().any(|escape| has(escape)) {
        return Some(Stateful::Iso2022Jp);
    }
    // `~{` … `~}` also stands in programs: there must be pairs of bytes of the ranges that hold characters in between.
    let open = memmem::find(raw, b"~{")?;
    let inside = raw.get(open + 2..)?;
    let inside = inside.get(..memmem::find(inside, b"~}")?)?;
    let pairs = inside.len() % 2 == 0 && !inside.is_empty();
    (pairs && inside.chunks_exact(2).all(|pair| matches!(pair, [0x21..=0x77, 0x21..=0x7e])))
        .then_some(Stateful::Hz)
}
