//! What a step changes.

use jiff::civil::Date;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// A transaction in QuickBooks as we last saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What it is.
    pub kind: TxnType,
    /// Its QuickBooks id.
    pub id: String,
    /// The version that the change is made to.
    pub sync_token: String,
    /// The day that it posts on now.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
}
