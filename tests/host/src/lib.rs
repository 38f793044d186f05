//! A local host that runs the components of a `spin.toml` as Spin does.
//!
//! Wasmtime runs the components, hyper speaks HTTP and SQLite keeps the values. The code here connects them.

mod app;
pub mod sample_billing;
pub mod build;
pub mod call_counts;
mod client;
mod clock;
pub mod commands;
mod counts;
pub mod connected_firms;
pub mod demo;
mod engine;
mod guest;
mod headers;
mod hosts;
mod instances;
mod key_value;
pub mod load;
mod logs;
mod manifest;
mod routes;
mod server;
mod stdio;
mod variables;

pub use app::{App, Options, Storage};
pub use clock::Clock;
pub use counts::Counts;
pub use instances::Reuse;
pub use key_value::Bucket;
pub use logs::{Line, Logs};
pub use manifest::Manifest;
pub use server::RunningApp;
pub use variables::from_environment;
