#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| idv_fuzz::fuzz("picture", data));
