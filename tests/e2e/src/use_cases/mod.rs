//! The use cases in process, against the simulator.

mod connecting;
mod failures;
mod posting;
