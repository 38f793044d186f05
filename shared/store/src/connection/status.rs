//! The status of a connection.

use serde::{Deserialize, Serialize};

/// The status of a connection, according to the latest answers of Intuit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// No company is connected.
    #[default]
    Disconnected,
    /// Calls succeed.
    Connected,
    /// Intuit no longer honours the grant; a person must sign in again.
    NeedsReauthorization(ReauthorizationReason),
    /// The company itself cannot be used.
    Error(CompanyError),
}

/// The reason why a grant is no longer honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReauthorizationReason {
    /// The token endpoint refused the refresh token: expired, revoked or rotated away.
    GrantRefused,
    /// The lifetime that Intuit gives a grant is over.
    GrantExpired,
    /// A call was refused with a fresh token: the company was disconnected inside QuickBooks.
    AccessRevoked,
    /// The person who connected is no longer an admin of the company (Intuit: fault 120).
    AdminRightsLost,
}

/// The reason why a company cannot be used although the grant is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyError {
    /// The QuickBooks subscription has ended or lapsed (Intuit: fault 6190).
    SubscriptionEnded,
    /// The data of the company was reset (Intuit: fault 10200). No known id exists any more.
    CompanyReset,
}
