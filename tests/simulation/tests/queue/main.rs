//! A queue with overflow pages behaves like a queue without, also if several workers use it at once.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

mod given;
mod model;
mod concurrency;
mod records;
mod object_index;
