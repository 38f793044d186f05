//! Intuit's trace id of a failed call.

use quickbooks::Failure;

/// Returns the failure with Intuit's trace id, which Intuit's support asks for.
pub fn with_trace_id(failure: &Failure) -> String {
    match failure.tid() {
        Some(tid) => format!("{failure} (intuit_tid {tid})"),
        None => failure.to_string(),
    }
}
