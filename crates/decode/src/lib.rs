//! Bytes to text: byte order marks, declared and detected encodings, mojibake, refusal of what is not text.
