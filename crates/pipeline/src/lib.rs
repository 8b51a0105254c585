//! The list of stages; pipeline files with diagnostics that point at the line; in-file tests; schema.
