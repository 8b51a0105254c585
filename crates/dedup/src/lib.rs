//! Exact, near-duplicate and repeated-paragraph removal that names the document a duplicate lost to.
