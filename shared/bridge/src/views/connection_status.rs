//! The status of a connection, as answers and notifications name it.

use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};
use store::reason::{Action, Reason};

/// The status of a connection, as answers and notifications name it.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentStatus {
    /// `connected`, `disconnected`, `needs_reauthorization` or `error`.
    pub status: &'static str,
    /// The reason, for every status but `connected`.
    pub reason: Option<Reason>,
}

/// Returns the status of a connection and its reason.
pub fn current_status(status: ConnectionStatus) -> CurrentStatus {
    let (status, reason) = match status {
        ConnectionStatus::Connected => ("connected", None),
        ConnectionStatus::Disconnected => ("disconnected", Some(disconnected())),
        ConnectionStatus::NeedsReauthorization(reason) => {
            ("needs_reauthorization", Some(reauthorization(reason)))
        }
        ConnectionStatus::Error(error) => ("error", Some(company_error(error))),
    };
    CurrentStatus { status, reason }
}

fn disconnected() -> Reason {
    let message = "No QuickBooks company is connected. New billing waits until one is.";
    Reason::new("not_connected", Action::Connect, message)
}

fn reauthorization(reason: ReauthorizationReason) -> Reason {
    let (code, message) = match reason {
        ReauthorizationReason::GrantRefused => (
            "grant_refused",
            "QuickBooks no longer accepts the connection. Sign in again; nothing is lost.",
        ),
        ReauthorizationReason::GrantExpired => (
            "grant_expired",
            "The connection has reached QuickBooks' time limit. Sign in again; nothing is lost.",
        ),
        ReauthorizationReason::AccessRevoked => (
            "access_revoked",
            "RIVET was disconnected inside QuickBooks. Sign in again to go on.",
        ),
        ReauthorizationReason::AdminRightsLost => (
            "admin_rights_lost",
            "The person who connected is no longer an admin there. An admin must sign in, or make that person an admin again.",
        ),
    };
    Reason::new(code, Action::Reconnect, message)
}

fn company_error(error: CompanyError) -> Reason {
    match error {
        CompanyError::SubscriptionEnded => Reason::new(
            "subscription_ended",
            Action::Reconnect,
            "The QuickBooks subscription has ended or was not paid. Renew it there. RIVET then goes on within a day by itself, or at \
             once after Sync Now or Reconnect.",
        ),
        CompanyError::CompanyReset => Reason::new(
            "company_reset",
            Action::ContactSupport,
            "The QuickBooks company was reset, so what was posted is gone from it.",
        ),
        CompanyError::Unavailable => Reason::new(
            "quickbooks_unavailable",
            Action::ContactSupport,
            "QuickBooks has not been answering for a day. RIVET keeps trying, nothing is lost, and nobody has to sign in again.",
        ),
    }
}
