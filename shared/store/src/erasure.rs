//! The mark that a firm is or was erased. The name is a digest, so the mark says nothing about the firm.
//!
//! The mark stays for good: what arrives for the firm later is refused, and cannot bring a part of the firm back.

pub mod operations;

use crate::loose_pages::QUIET;
use jiff::Timestamp;
use ports::records::Record;
use ports::time::after;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The erasure of one firm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The time of the command. `None` only in a record that is being created.
    #[serde(deserialize_with = "json::optional_instant")]
    pub began_at: Option<Timestamp>,
    /// The time at which nothing was left.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub finished_at: Option<Timestamp>,
    /// The removed records by kind.
    #[serde(default)]
    pub removed: BTreeMap<String, u64>,
}

impl Erasure {
    /// Returns the time from which records are removed: requests and runs that began before the mark are over by then.
    pub fn removes_from(&self) -> Timestamp {
        after(self.began_at.unwrap_or(Timestamp::UNIX_EPOCH), QUIET)
    }
}

impl Record for Erasure {
    const KIND: &'static str = "erasure";
}
