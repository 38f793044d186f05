//! The report of a run over connections.

use jiff::Timestamp;
use serde::Serialize;
use store::run_counters::RunCounters;

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

/// The end of a visit that reached the connection, and the instant of the next one.
pub(crate) struct VisitResult {
    pub(crate) end: VisitEnd,
    pub(crate) next_visit_at: Option<Timestamp>,
}

impl VisitResult {
    /// The result of a visit at a firm that was erased.
    pub(crate) const WITHOUT_WORK: Self = Self {
        end: VisitEnd::NotDue,
        next_visit_at: None,
    };
}

impl VisitEnd {
    /// Returns the visit as the due index counts it.
    pub(crate) fn counters(self) -> RunCounters {
        let mut counters = RunCounters::default();
        match self {
            Self::Refreshed => counters.refreshed = 1,
            Self::Revoked => counters.needs_reauthorization = 1,
            Self::Failed => counters.failed = 1,
            Self::NotDue | Self::NotReached => {}
        }
        counters
    }

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
