//! A queue with overflow pages behaves like a queue without, also if several workers use it at once.

mod given;
mod model;
mod concurrency;
mod late_writes;
mod records;
mod waits;
mod object_index;
