#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod finding;
mod functions;
pub mod graph;
mod inherent;
pub mod marks;
pub mod report;
pub mod repository;
pub mod rules;
mod syntax;
