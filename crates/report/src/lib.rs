//! Ledger, provenance, report, verify, explain, gates.
