//! The errors of a call to QuickBooks.

use crate::call_outcome::trace_id::with_trace_id;
use jiff::{SignedDuration, Timestamp};
use ports::records::StoreError;
use ports::time::after;
use quickbooks::{Failure, FaultMeaning};
use store::connection::{ConnectionStatus, ReauthorizationReason};

/// The error of a call to QuickBooks.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// QuickBooks refused the request and changed nothing.
    #[error("{0}")]
    Refused(Failure),
    /// The request certainly was not sent. The caller may try again at this instant.
    #[error("QuickBooks was not asked, and is asked again at {0}")]
    RetryAt(Timestamp),
    /// A read got no proper answer. It changed nothing, so the caller may ask again at this instant.
    #[error("QuickBooks gave no proper answer: {why}")]
    Unread {
        /// The failure of the request or the answer.
        why: String,
        /// The instant of the next attempt.
        retry_at: Timestamp,
    },
    /// QuickBooks asks for a pause. A batch may have met the limit halfway.
    #[error("{why} until {retry_at}")]
    Throttled {
        /// The answer in words.
        why: String,
        /// The instant of the next attempt.
        retry_at: Timestamp,
    },
    /// QuickBooks may have carried out a write.
    #[error("the outcome is unknown: {why}")]
    OutcomeUnknown {
        /// The failure of the request or the answer.
        why: String,
        /// The instant before which no call to QuickBooks is allowed.
        retry_at: Option<Timestamp>,
    },
    /// The connection no longer works.
    #[error("the company is not connected any more")]
    ConnectionLost(ConnectionStatus),
    /// The access token was refused, and nothing was changed.
    #[error("QuickBooks does not accept the access token")]
    TokenRejected,
    /// A record could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CallError {
    /// Returns the error of a write that QuickBooks may have carried out.
    pub fn unknown(why: &str) -> Self {
        Self::OutcomeUnknown {
            why: why.to_owned(),
            retry_at: None,
        }
    }

    /// Returns the error of a read. A read changes nothing, so an unknown outcome becomes a retry after `delay`.
    pub fn of_read(self, now: Timestamp, delay: SignedDuration) -> Self {
        let why = match self {
            Self::OutcomeUnknown { why, .. } => why,
            Self::Refused(failure @ (Failure::Unavailable { .. } | Failure::Unreadable { .. })) => {
                with_trace_id(&failure)
            }
            error => return error,
        };
        let retry_at = after(now, delay);
        Self::Unread { why, retry_at }
    }

    /// Returns whether the token does not belong to the company (fault 3100, or 3200 for a token of this minute).
    pub fn is_mismatch(&self) -> bool {
        let revoked = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
        match self {
            Self::TokenRejected => true,
            Self::ConnectionLost(status) => *status == revoked,
            _ => false,
        }
    }

    /// Returns whether the object is gone, or an object to which the request refers.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.meaning() == Some(FaultMeaning::Missing))
    }
}
