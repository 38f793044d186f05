//! The description of the API, as the repository has it.

use platform::{Answer, Call};
use ports::entropy::digest;

/// The OpenAPI description of all routes. The tests write it from the types.
const DESCRIPTION: &str = include_str!("../../openapi.json");

/// Answers with the description. A caller that has it is told so.
pub fn show(call: &Call<'_>) -> Answer {
    let version = digest(DESCRIPTION);
    let known = call.header("if-none-match").unwrap_or_default();
    let answer = if known.contains(&format!("\"{version}\"")) {
        Answer::empty(304)
    } else {
        Answer::bytes("application/json", DESCRIPTION)
    };
    answer.etag(&version).header("cache-control", "no-cache")
}
