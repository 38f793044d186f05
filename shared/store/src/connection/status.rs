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
    /// The company refuses the app (Intuit: fault 3100), or for days every new token: the company was disconnected inside QuickBooks.
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
    /// QuickBooks has not answered for a day. RIVET goes on calling it.
    Unavailable,
}

impl ConnectionStatus {
    /// Returns whether the company may be called.
    pub fn allows_calls(self) -> bool {
        match self {
            Self::Connected | Self::Error(CompanyError::Unavailable) => true,
            Self::Disconnected
            | Self::NeedsReauthorization(_)
            | Self::Error(CompanyError::SubscriptionEnded | CompanyError::CompanyReset) => false,
        }
    }

    /// Returns whether the same grant may work again after somebody mended the cause at Intuit. RIVET then looks again.
    pub fn may_be_mended(self) -> bool {
        match self {
            Self::Error(CompanyError::SubscriptionEnded | CompanyError::CompanyReset)
            | Self::NeedsReauthorization(
                ReauthorizationReason::AccessRevoked | ReauthorizationReason::AdminRightsLost,
            ) => true,
            Self::Connected
            | Self::Disconnected
            | Self::NeedsReauthorization(
                ReauthorizationReason::GrantRefused | ReauthorizationReason::GrantExpired,
            )
            | Self::Error(CompanyError::Unavailable) => false,
        }
    }
}
