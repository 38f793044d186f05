//! A local host that runs the components of a `spin.toml` as Spin does.
//!
//! Wasmtime runs the components, hyper speaks HTTP, and SQLite, Redis or PostgreSQL keeps the values. The code here connects them.
//!
//! # As in Spin
//!
//! - The operations of the stores: the statements that Spin sends to SQLite, which decide the outcome of races, and the commands that
//!   it sends to Redis, those that Redis refuses too. A swap on Redis costs a connection, and one more since it is reported as lost.
//! - The reuse of instances, several requests of different callers at once, and work after an answer, which may be cut off.
//! - The connections to PostgreSQL: pools of 64 for each address, with the client and the pool that Spin uses. A component connects only to
//!   hosts that its block names.
//! - The denial of variables, stores and hosts that a component's block does not name.
//! - A host in `allowed_outbound_hosts` that is empty, as by an empty variable: it is ignored.
//!
//! # Otherwise than in Spin
//!
//! | here | in Spin |
//! |---|---|
//! | SQLite commits as fast as the disk; `--commit-ms` adds a time to each commit | as fast as the disk |
//! | an operation on SQLite waits on a thread of its own | it blocks a thread that runs components |
//! | operations on Redis take one of several connections, and a failed one is opened again by the next operation | they share one connection, which reconnects in the background |
//! | the keys of a store on Redis are listed by `KEYS *` | by `SCAN` through `spin:key-value@3`, by `KEYS *` through `wasi:keyvalue` |
//! | a statement of PostgreSQL may have `text` and `bytea` only, and TLS knows the certificate authorities of Mozilla | all types, and those of the system |
//! | the components of an app share a pool of connections to PostgreSQL | each has its own |
//! | a value of any size is read | a value above the limit of the host's memory is refused |
//! | the stores are verified at the start: `up` ends if a back end cannot keep records | nothing is verified |
//! | no calls between components (`http://*.spin.internal`), no stores but key-value, no triggers but HTTP | all of these |
//! | no telemetry, no TLS of its own, no runtime configuration file | all of these |

// Top first: a module uses only modules below it.
pub mod commands;
pub mod load;
mod guests;
pub mod demo;
mod server;
mod client;
mod app;
mod instances;
mod headers;
mod routes;
mod engine;
mod guest;
mod stdio;
mod logs;
mod bucket_key_value;
pub mod store_arguments;
mod key_value;
mod postgres;
mod variables;
mod hosts;
mod counts;
mod clock;
pub mod build;
mod manifest;

pub use app::{App, Options};
pub use clock::Clock;
pub use counts::Counts;
pub use instances::Reuse;
pub use key_value::{Bucket, Storage};
pub use logs::{Line, Logs};
pub use manifest::{Manifest, postgres_manifest};
pub use server::{Front, RunningApp};
pub use variables::from_environment;
