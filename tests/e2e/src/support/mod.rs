//! What stories are told in.

pub mod story;
pub mod timer;
pub mod world;
