#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod report;
pub mod marks;
pub mod rules;
mod functions;
mod inherent;
pub mod graph;
pub mod repository;
mod syntax;
pub mod finding;
