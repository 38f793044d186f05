//! Reads `.deploy` and `spin.toml`, so that tests can hold one against the other.
//!
//! The tests are in `tests/`, one file for each way to run rivet-books.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
mod known_fields;
mod manifest;
mod documents;
mod schema;
mod tools;

pub use documents::{document, documents, file, root};
pub use known_fields::lost_fields;
pub use manifest::{Manifest, Variable};
pub use schema::violations;
pub use tools::{Ran, run};
