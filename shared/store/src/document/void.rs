//! A void in RIVET.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A void in RIVET.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Void {
    /// Revisions up to this one are void.
    pub revision: u32,
    /// The day on which it is undone in the books.
    #[serde(deserialize_with = "json::day")]
    pub voided_on: Date,
}
