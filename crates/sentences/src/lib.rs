//! Split text into sentences.
