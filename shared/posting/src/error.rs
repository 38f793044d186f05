//! The errors that keep a document from being finished now.

use connection::call_outcome::fault_reasons::reason_for;
use connection::call_outcome::{CallError, with_trace_id};
use jiff::Timestamp;
use jiff::civil::Date;
use ports::records::StoreError;
use quickbooks::fault::Duplicate;
use quickbooks::{Failure, Fault, FaultMeaning};
use store::connection::ConnectionStatus;
use store::reason::Reason;
use store::reason::hold::HoldReason;

mod lookup_error;

#[cfg(test)]
mod tests;

pub use crate::error::lookup_error::LookupError;

/// The reason why a document could not be finished now. Each variant tells the caller how to continue.
#[derive(Clone, Debug, PartialEq)]
pub enum PostingError {
    /// The store could not read or write a record. The run ends.
    Store(StoreError),
    /// The document is held for a reason.
    Held(HoldReason),
    /// A person must act.
    Failed(Reason),
    /// QuickBooks and RIVET differ; a person decides.
    Conflict(Reason),
    /// The request was not sent. The worker tries again at this instant.
    RetryAt(Timestamp),
    /// A read got no proper answer, or QuickBooks asked for a pause. Nothing was changed, and the worker tries again.
    Unread {
        /// The failure of the request or the answer.
        why: String,
        /// The instant before which no call to QuickBooks helps.
        retry_at: Timestamp,
    },
    /// QuickBooks may have carried out a write. The write is looked up before it is sent again.
    OutcomeUnknown {
        /// The failure of the request or the answer.
        why: String,
        /// The instant before which no call to QuickBooks is allowed.
        retry_at: Option<Timestamp>,
    },
    /// A look-up did not tell whether QuickBooks carried a step out. The look-up is repeated, and the step is not sent before.
    StillUnknown(LookupError),
    /// A look-up did not tell whether QuickBooks created a party.
    PartyUnknown {
        /// The party, such as `the customer "Turner Bay"`.
        party: String,
        /// The failure of the look-up.
        error: LookupError,
    },
    /// A step certainly does not stand, because its object is gone or void. The document is planned again, under other request ids.
    PlanAgain,
    /// The connection no longer works.
    ConnectionLost(ConnectionStatus),
    /// The access token was refused.
    TokenRejected,
    /// The number is taken, perhaps by RIVET itself.
    DuplicateNumber {
        /// The reason that a person reads if no other number is free.
        reason: Reason,
        /// The transaction that has the number, if QuickBooks names it.
        taken_by: Option<Box<Duplicate>>,
    },
    /// The name of a customer, class or item is taken, perhaps by RIVET itself.
    DuplicateName(Reason),
    /// A party or object to which the request refers is gone or inactive.
    MissingReference(Reason),
    /// The request id was used before. The result of that request is looked up.
    DuplicateRequestId(Reason),
}

impl PostingError {
    /// Returns the error of a failed call, for a document of this date.
    pub fn from_call(error: CallError, date: Date) -> Self {
        match error {
            CallError::Store(error) => Self::Store(error),
            CallError::RetryAt(at) => Self::RetryAt(at),
            CallError::Unread { why, retry_at } | CallError::Throttled { why, retry_at } => {
                Self::Unread { why, retry_at }
            }
            CallError::OutcomeUnknown { why, retry_at } => Self::OutcomeUnknown { why, retry_at },
            CallError::ConnectionLost(status) => Self::ConnectionLost(status),
            CallError::TokenRejected => Self::TokenRejected,
            CallError::Refused(failure) => Self::from_refusal(&failure, date),
        }
    }

    /// Returns the error of a failed batch item, for a document of this date.
    pub fn from_failure(failure: Failure, date: Date, now: Timestamp) -> Self {
        Self::from_call(CallError::from_failure(failure, now), date)
    }

    fn from_refusal(failure: &Failure, date: Date) -> Self {
        if let Failure::Unavailable { .. } | Failure::Unreadable { .. } = failure {
            return Self::unknown(&with_trace_id(failure));
        }
        let reason = reason_for(failure);
        match failure.meaning() {
            Some(FaultMeaning::BooksClosed) => Self::Held(HoldReason::BooksClosed(date)),
            Some(FaultMeaning::Stale) => Self::Conflict(reason),
            Some(FaultMeaning::DuplicateRequest) => Self::DuplicateRequestId(reason),
            Some(FaultMeaning::DuplicateNumber) => {
                let taken_by = failure.deciding_fault().and_then(Fault::duplicate);
                let taken_by = taken_by.map(Box::new);
                Self::DuplicateNumber { reason, taken_by }
            }
            Some(FaultMeaning::Missing) => Self::MissingReference(reason),
            Some(FaultMeaning::DuplicateName) => Self::DuplicateName(reason),
            Some(
                FaultMeaning::CompanySuspended
                | FaultMeaning::CompanyReset
                | FaultMeaning::Rule
                | FaultMeaning::Bug,
            )
            | None => Self::Failed(reason),
        }
    }

    /// Returns the error of a write that QuickBooks may have carried out.
    pub fn unknown(why: &str) -> Self {
        Self::OutcomeUnknown {
            why: why.to_owned(),
            retry_at: None,
        }
    }

    /// Returns whether QuickBooks cannot be called now, so that every further call would fail too.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::RetryAt(_)
            | Self::Unread { .. }
            | Self::ConnectionLost(_)
            | Self::TokenRejected => true,
            Self::StillUnknown(error) | Self::PartyUnknown { error, .. } => {
                error.pause_until().is_some()
            }
            _ => false,
        }
    }

    /// Returns whether QuickBooks refused a step for its content and will not carry it out.
    pub fn is_refused(&self) -> bool {
        matches!(
            self,
            Self::Held(_)
                | Self::Failed(_)
                | Self::Conflict(_)
                | Self::DuplicateNumber { .. }
                | Self::DuplicateName(_)
                | Self::MissingReference(_)
        )
    }

    /// Returns whether QuickBooks may have carried out a step.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::OutcomeUnknown { .. } | Self::DuplicateRequestId(_) | Self::StillUnknown(_)
        )
    }

    /// Returns the failure of a sending that QuickBooks did not answer clearly. `None` for every other error.
    pub fn unanswered_sending(&self) -> Option<&str> {
        match self {
            Self::OutcomeUnknown { why, .. } => Some(why),
            _ => None,
        }
    }

    /// Returns the error that decides about a document with several failed steps. An unknown outcome comes first, because the document
    /// must be looked up. A refusal comes next, because a person must act. A wait comes last.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        let rank = |error: &Self| (error.is_outcome_unknown(), error.is_refused());
        if rank(&self) >= rank(&other) {
            self
        } else {
            other
        }
    }
}

impl From<LookupError> for PostingError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Store(error) => Self::Store(error),
            error => Self::StillUnknown(error),
        }
    }
}

impl From<StoreError> for PostingError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<HoldReason> for PostingError {
    fn from(hold: HoldReason) -> Self {
        Self::Held(hold)
    }
}

/// Converts the failure of a call without a document's date, such as a read.
impl From<CallError> for PostingError {
    fn from(error: CallError) -> Self {
        Self::from_call(error, Date::default())
    }
}
