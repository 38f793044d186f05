//! Stories: the use cases in process against the simulator, and the real components over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

mod over_http;
mod support;
mod use_cases;
