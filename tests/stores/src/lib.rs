//! The suite of requirements for a back end: records can be kept only on a store that meets them all.
//!
//! The suite knows a back end by [`platform::store::KeyValue`] alone. Natively it judges the simulated back ends of `simulation`, which
//! behave as the documentation of the real ones says. Inside WebAssembly the component `judge` of `tests/host/guests` plays it
//! on the back ends of the local host: `cargo run -- check-store --store STORE`.
//!
//! Each [`Requirement`] is played in phases, by one or several clients. The clients of a phase run at the same time, each in a task or
//! request of its own. What the store reports of a swap is judged nowhere, because records never believe it.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
mod play;
mod concurrent;
mod alone;
mod tally;
mod client;
mod requirement;

pub use play::play;
pub use requirement::{Phase, Requirement};
