//! Any line is a record or an error with its place inside the line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tamis_core::Document;

fuzz_target!(|line: &[u8]| {
    if let Err(error) = tamis_io::read_record(line, &mut Document::default()) {
        assert!(error.offset <= line.len() as u64);
    }
});
