//! The report of a run over connections.

use serde::Serialize;

/// The report of a run, in numbers of connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueReport {
    /// Connections whose token was due, or that could not be visited.
    pub due: usize,
    /// Connections that got a new access token.
    pub refreshed: usize,
    /// Connections that need a person to sign in again.
    pub needs_reauthorization: usize,
    /// Connections that could not be refreshed now. The next run tries again.
    pub failed: usize,
    /// Connections that the run did not reach in time.
    pub remaining: usize,
}

/// The end of a visit, as the report counts it.
#[derive(Clone, Copy)]
pub(crate) enum VisitEnd {
    /// The connection has a new access token.
    Refreshed,
    /// The token was not due.
    NotDue,
    /// A person must sign in again.
    Revoked,
    /// The connection could not be refreshed now.
    Failed,
    /// The time was up.
    NotReached,
}

impl VisitEnd {
    /// Adds the visit to the report.
    pub(crate) fn count(self, report: &mut DueReport) {
        report.due += usize::from(!matches!(self, Self::NotDue));
        match self {
            Self::Refreshed => report.refreshed += 1,
            Self::Revoked => report.needs_reauthorization += 1,
            Self::Failed => report.failed += 1,
            Self::NotReached => report.remaining += 1,
            Self::NotDue => {}
        }
    }
}
