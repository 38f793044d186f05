//! The answer to a claim of a refresh.

use crate::connection::Connection;

/// The answer to a claim of a refresh, with the connection after the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshClaimAnswer {
    /// The connection after the claim.
    pub connection: Box<Connection>,
    /// The result of the claim.
    pub result: RefreshClaimResult,
}

/// The result of a claim of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshClaimResult {
    /// The claim was made.
    Ours(PreviousRefresh),
    /// There is nothing to refresh: not due, or no grant.
    NotDue,
    /// Another run or request refreshes now.
    Busy,
}

/// The end of the refresh before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviousRefresh {
    /// The refresh saved its answer or released its claim.
    Reported,
    /// The claim expired. The refresh may have used the refresh token.
    Interrupted,
}
