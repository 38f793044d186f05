#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::api_answer(input));
