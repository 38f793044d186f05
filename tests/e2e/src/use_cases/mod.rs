//! The use cases in process, against the simulator.

mod batching;
mod catch_up;
mod change_detection;
mod comparison;
mod conflicts;
mod connecting;
mod disconnecting;
mod duplicate_numbers;
mod failures;
mod matching;
mod notifications;
mod posting;
mod scale;
mod webhook_intake;
