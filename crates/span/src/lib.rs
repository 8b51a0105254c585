//! Byte spans, edits and the segment map that ties clean text to raw bytes.
