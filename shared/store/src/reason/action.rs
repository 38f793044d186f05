//! The actions that reasons ask for.

use serde::{Deserialize, Serialize};

/// The one action to take about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Connect a company.
    Connect,
    /// Sign in at Intuit again.
    Reconnect,
    /// Complete or correct the settings.
    FixSettings,
    /// Correct something in QuickBooks, then retry.
    FixInQuickbooks,
    /// Choose which version to keep.
    Decide,
    /// Correct the document in RIVET.
    FixDocument,
    /// Press Sync Now or Retry.
    SyncNow,
    /// Move to a plan that includes QuickBooks.
    UpgradePlan,
    /// Do nothing: the document continues by itself.
    Wait,
    /// Ask RIVET.
    ContactSupport,
}
