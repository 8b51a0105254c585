//! Normalise unicode: NFC, spaces, quotes, control characters, lines.
