//! Stories: the use cases in process against the simulator, and the real components over HTTP.

mod over_http;
mod support;
mod use_cases;
