//! The transaction that a step changes.

use jiff::civil::Date;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// A transaction in QuickBooks in the version that RIVET last saw. It is part of a step's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The transaction type.
    pub kind: TxnType,
    /// The QuickBooks id.
    pub id: String,
    /// The version that the step changes (Intuit: `SyncToken`). QuickBooks refuses the change if it has a newer one.
    pub sync_token: String,
    /// The day that the transaction posts on before the change.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
}
