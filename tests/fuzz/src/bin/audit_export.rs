#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| idv_fuzz::fuzz("audit_export", data));
