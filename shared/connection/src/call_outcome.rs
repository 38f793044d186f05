//! The meaning of a failed call, and the words for each fault of QuickBooks.

// Top first: a module uses only modules below it.
mod failed_call;

mod call_error;
pub mod fault_reasons;
mod trace_id;

pub use crate::call_outcome::call_error::CallError;
pub use crate::call_outcome::trace_id::with_trace_id;
