//! What stories are told in.

pub mod documents;
pub mod dying;
pub mod network;
pub mod people;
pub mod schedule;
pub mod story;
pub mod timer;
pub mod trouble;
pub mod world;
