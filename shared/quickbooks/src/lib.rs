//! Intuit's side of the wire as values: OAuth, the objects of QuickBooks Online's accounting API (v3, minor version 75),
//! its query language, its requests and its answers.
//!
//! A request is a function that returns an [`http::Request`]; an answer is a function that takes an [`http::Response`].
//! Nothing here sends, waits, looks at a clock or knows what is being billed, so each part can be read and tested alone.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod webhook;
pub mod oauth;
pub mod cdc;
pub mod batch;
pub mod answer;
mod failure;
mod fault_body;
pub mod fault;
pub mod request;
pub mod query;
pub mod entity;
#[cfg(test)]
mod request_text;

pub use entity::{Kind, Object, Reference, Standing};
pub use failure::{Failure, Lost};
pub use fault::{Fault, Meaning};
pub use oauth2;
pub use query::Query;
pub use request::{Company, Unsendable, Write};
