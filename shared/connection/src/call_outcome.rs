//! The meaning of a failed call, and the words for each fault of QuickBooks.

// Top first: a module uses only modules below it.
mod failed_call;

mod call_error;
pub mod fault_reasons;

pub use crate::call_outcome::call_error::CallError;
pub use crate::call_outcome::failed_call::with_trace_id;
