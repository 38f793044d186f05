//! Reads objects of QuickBooks, and caches them for one scan.

// Top first: a module uses only modules below it.
pub(crate) mod read_objects;
mod scan_state;
mod others_seen;
mod object;

pub(crate) use crate::observation::object::{ObjectKey, Observation, pays};
pub(crate) use crate::observation::scan_state::Scan;
