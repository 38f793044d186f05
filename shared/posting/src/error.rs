//! Why a document could not be finished now.

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

#[cfg(test)]
mod tests;

/// Why a document could not be finished now. Each variant is what a caller does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum PostingError {
    /// A record could not be read or written. The run ends.
    Store(StoreError),
    /// The document waits for this.
    Held(HoldReason),
    /// A person must act.
    Failed(Reason),
    /// QuickBooks and RIVET differ; a person decides.
    Conflict(Reason),
    /// Nothing was sent. Try again then.
    RetryAt(Timestamp),
    /// A write may have been carried out. Look it up before sending it again.
    OutcomeUnknown {
        /// What happened to the request or the answer.
        why: String,
        /// QuickBooks is not to be called before then.
        retry_at: Option<Timestamp>,
    },
    /// The connection does not work any more.
    ConnectionLost(ConnectionStatus),
    /// The access token was refused.
    TokenRejected,
    /// The number is taken, perhaps by ourselves.
    DuplicateNumber {
        /// What a person reads if no other number is free.
        reason: Reason,
        /// The transaction that has the number, if QuickBooks names it.
        taken_by: Option<Box<Duplicate>>,
    },
    /// The name of a customer, class or item is taken, perhaps by ourselves.
    DuplicateName(Reason),
    /// Something that the request refers to is gone or inactive.
    MissingReference(Reason),
    /// The request id was used before. What came of that is looked up.
    DuplicateRequestId(Reason),
}

impl PostingError {
    /// Returns what a failed call means for a document of this date.
    pub fn from_call(error: CallError, date: Date) -> Self {
        match error {
            CallError::Store(error) => Self::Store(error),
            CallError::RetryAt(at) | CallError::Throttled(at) => Self::RetryAt(at),
            CallError::OutcomeUnknown { why, retry_at } => Self::OutcomeUnknown { why, retry_at },
            CallError::ConnectionLost(status) => Self::ConnectionLost(status),
            CallError::TokenRejected => Self::TokenRejected,
            CallError::Refused(failure) => Self::from_refusal(&failure, date),
        }
    }

    /// Returns what a failed item of a batch means for a document of this date.
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

    /// Returns that a write may have been carried out.
    pub fn unknown(why: &str) -> Self {
        Self::OutcomeUnknown {
            why: why.to_owned(),
            retry_at: None,
        }
    }

    /// Returns whether QuickBooks cannot be called now, so that any other call fails alike. Nothing was sent.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::RetryAt(_) | Self::ConnectionLost(_) | Self::TokenRejected
        )
    }

    /// Returns whether a step was refused for what it is, so that it will not be carried out.
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

    /// Returns whether a step may have been carried out.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::OutcomeUnknown { .. } | Self::DuplicateRequestId(_)
        )
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

/// The failure of a call that concerns no document's date, such as a read.
impl From<CallError> for PostingError {
    fn from(error: CallError) -> Self {
        Self::from_call(error, Date::default())
    }
}
