//! Intuit's side of the wire as values: OAuth 2.0, webhooks, and the objects, query language, requests and answers of
//! QuickBooks Online's accounting API (v3, minor version 75).
//!
//! A request is a function that returns an [`http::Request`]. An answer is a function that takes an [`http::Response`]. Nothing
//! here sends, waits, reads a clock or knows billing, so each part can be read and tested alone.
//!
//! A comment names the outside rule that it rests on: an RFC, or a page of Intuit's developer documentation by its title.
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
pub mod company_facts;
pub mod entity;
mod inactive_name;
mod day;
#[cfg(test)]
mod request_text;

pub use entity::{Kind, Object, ObjectSnapshot, Reference};
pub use failure::{Failure, MissingPermission};
pub use fault::{Fault, FaultMeaning};
pub use oauth2;
pub use query::Query;
pub use request::{Company, Unsendable, Write};
