//! The use cases of the operator: what is stuck or kept, over all firms, and the means to act on it.

// Top first: a module uses only modules below it.
pub mod dead_letters;
pub mod metrics;
pub mod uncertain;
pub mod keys;
pub mod key_report;
pub mod erase;
pub mod firm;
pub mod export;
mod doubt;
mod firms;
