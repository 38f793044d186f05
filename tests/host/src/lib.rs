//! A local host that runs the components of a `spin.toml` as Spin does.
//!
//! Wasmtime runs the components, hyper speaks HTTP and SQLite keeps the values. The code here connects them.

// Top first: a module uses only modules below it.
pub mod commands;
pub mod load;
pub mod demo;
mod server;
mod client;
mod app;
mod instances;
mod headers;
mod routes;
mod engine;
mod guest;
mod variables;
mod stdio;
mod logs;
mod bucket_key_value;
mod key_value;
mod hosts;
mod counts;
mod clock;
pub mod build;
mod manifest;

pub use app::{App, Options, Storage};
pub use clock::Clock;
pub use counts::Counts;
pub use instances::Reuse;
pub use key_value::Bucket;
pub use logs::{Line, Logs};
pub use manifest::Manifest;
pub use server::{Front, RunningApp};
pub use variables::from_environment;
