#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::intuit_webhook(input));
