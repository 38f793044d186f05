//! The OpenAPI description of the routes, made from the types of the answers and the table of operations.
//!
//! `functions/openapi.json` is the description as the component `status` serves it. After a change of a type or a route,
//! `cargo run -p openapi` writes it anew.

// Top first: a module uses only modules below it.
pub mod document;
pub mod parts;
pub mod operations;
pub mod operation;
pub mod parameter;
pub mod events;
pub mod wire;
pub mod examples;
pub mod routes;
pub mod validate;
