//! The default world of the use-case tests, and what they do in it.

pub mod connections;
pub mod crashing_store;
pub mod documents;
pub mod polling;
pub mod network;
pub mod people;
pub mod request_ids;
pub mod restores;
pub mod saved_world;
pub mod schedule;
pub mod settings;
pub mod bookkeeper;
pub mod usual_bill;
pub mod events;
pub mod timer;
pub mod faults;
pub mod lost_answers;
pub mod world;
