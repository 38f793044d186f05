//! Sign-in, token refresh, disconnect, and the client for calls to one company.

pub mod call_outcome;
pub mod callback;
pub mod client;
pub mod disconnect;
pub mod firm_connection;
pub mod refresh;
pub mod services;
pub mod sign_in;
pub mod token_endpoint;
pub mod verify;
