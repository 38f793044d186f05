//! The catch-up that an inbox asks for, and the part of it that a scan has processed.

use crate::inbox::change::{PendingChange, millisecond, to_millisecond};
use crate::inbox::others_changes::OthersChanges;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A request to read all changes since a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatchUp {
    /// The earliest time of a change that may be missed. A worker whose cursor is earlier asks from its cursor on.
    #[serde(serialize_with = "to_millisecond", deserialize_with = "millisecond")]
    pub since: Timestamp,
    /// The number of requests so far. An answer to an earlier request may lack what this one is about.
    pub asked: u32,
}

/// The part of an inbox that a scan has processed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The changes that are finished, as they were when the worker read them.
    pub done: Vec<PendingChange>,
    /// Changes to process again, although the company did not announce them.
    pub again: Vec<PendingChange>,
    /// The catch-up that was answered.
    pub caught_up: Option<CatchUp>,
    /// The new cursor: all changes before this time were processed.
    pub cursor: Option<Timestamp>,
    /// The next page of the object index. `None` if there is nothing left to sweep.
    pub sweep: Option<u32>,
    /// The newest changes of transactions that are not RIVET's.
    pub others: OthersChanges,
}
