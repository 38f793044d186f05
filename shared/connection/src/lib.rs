//! Keeps the connection of a firm to its QuickBooks company, and calls that company.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod sign_in;
pub mod callback;
pub mod confirm;
pub mod disconnect;
pub mod verify;
mod establish;
pub mod give_back;
pub mod client;
pub mod refresh;
pub mod call_outcome;
pub mod idempotency_key;
mod token_endpoint;
pub mod services;
pub mod firm_connection;
