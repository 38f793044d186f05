//! A void in RIVET.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A void in RIVET.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Void {
    /// The last revision that is void.
    pub revision: u32,
    /// The day of the reversal in the books, if the document's own day is in closed books.
    #[serde(deserialize_with = "json::day")]
    pub voided_on: Date,
}
