//! The reasons why a call did not do what it should.

use jiff::{SignedDuration, Timestamp};
use ports::records::StoreError;
use ports::time::after;
use quickbooks::{Failure, FaultMeaning};
use store::connection::{ConnectionStatus, ReauthorizationReason};

/// Why a call did not do what it should.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// QuickBooks answered that it will not do this, and nothing was changed.
    #[error("{0}")]
    Refused(Failure),
    /// The request certainly was not sent. Try again then.
    #[error("QuickBooks was not asked, and is asked again at {0}")]
    RetryAt(Timestamp),
    /// QuickBooks asks for a pause until then. A batch may have met the limit halfway.
    #[error("QuickBooks asks for a pause until {0}")]
    Throttled(Timestamp),
    /// A write may have been carried out.
    #[error("the outcome is unknown: {why}")]
    OutcomeUnknown {
        /// The fate of the request or the answer, as far as it is known.
        why: String,
        /// QuickBooks is not to be called before then.
        retry_at: Option<Timestamp>,
    },
    /// The connection does not work any more.
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
    /// Returns that a write may have been carried out.
    pub fn unknown(why: &str) -> Self {
        Self::OutcomeUnknown {
            why: why.to_owned(),
            retry_at: None,
        }
    }

    /// Returns the error of a read. A read has no outcome to be unsure of, so it is tried again after `delay`.
    pub fn of_read(self, now: Timestamp, delay: SignedDuration) -> Self {
        match self {
            Self::OutcomeUnknown { .. }
            | Self::Refused(Failure::Unavailable { .. } | Failure::Unreadable { .. }) => {
                Self::RetryAt(after(now, delay))
            }
            error => error,
        }
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

    /// Returns whether QuickBooks has no such object, or one that is referred to is gone.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.meaning() == Some(FaultMeaning::Missing))
    }
}
