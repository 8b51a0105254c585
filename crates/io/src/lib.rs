//! Sources and sinks: directories, JSONL, compressed streams, shards, atomic files, journal.
