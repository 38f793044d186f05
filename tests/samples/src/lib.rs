//! Sample firms, their billing, and the checks of their books. The host, the use cases and the components over HTTP share them.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod tie_out;
pub mod year;
pub mod story;
pub mod billing;
pub mod connected_firms;
pub mod call_counts;
