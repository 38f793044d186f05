//! The use cases in process, against the simulator.

mod comparing;
mod conflicts;
mod connecting;
mod ending;
mod failures;
mod gaps;
mod matching;
mod noticing;
mod numbers;
mod posting;
mod receiving;
mod scale;
mod telling;
mod together;
