//! The meaning of a failed call, and the words for each fault of QuickBooks.

// Top first: a module uses only modules below it.

pub mod fault_reasons;

use jiff::{SignedDuration, Timestamp};
use ports::http::HttpError;
use ports::records::StoreError;
use ports::time::after;
use quickbooks::answer::MissingPermission;
use quickbooks::{Failure, FaultMeaning, Unsendable};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};

/// Intuit advises to wait this long after a 429 that names no time.
const DEFAULT_PAUSE: SignedDuration = SignedDuration::from_secs(60);

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
    /// Returns what a failure means for the caller. `now` is when the wait after a 429 begins.
    pub fn from_failure(failure: Failure, now: Timestamp) -> Self {
        if failure.may_have_happened() {
            let why = with_trace_id(&failure);
            return Self::OutcomeUnknown {
                why,
                retry_at: None,
            };
        }
        match &failure {
            Failure::Throttled {
                retry_after_seconds,
                ..
            } => {
                let pause = retry_after_seconds.map(|s| SignedDuration::from_secs(i64::from(s)));
                Self::Throttled(after(now, pause.unwrap_or(DEFAULT_PAUSE)))
            }
            Failure::Unauthorized { .. } => Self::TokenRejected,
            Failure::Forbidden { missing, .. } => {
                Self::ConnectionLost(ConnectionStatus::NeedsReauthorization(match missing {
                    MissingPermission::Grant => ReauthorizationReason::AccessRevoked,
                    MissingPermission::Administrator => ReauthorizationReason::AdminRightsLost,
                }))
            }
            Failure::Unavailable { .. } | Failure::Unreadable { .. } => Self::Refused(failure),
            Failure::Faults { .. } => match failure.meaning() {
                Some(FaultMeaning::CompanySuspended) => {
                    Self::ConnectionLost(ConnectionStatus::Error(CompanyError::SubscriptionEnded))
                }
                Some(FaultMeaning::CompanyReset) => {
                    Self::ConnectionLost(ConnectionStatus::Error(CompanyError::CompanyReset))
                }
                _ => Self::Refused(failure),
            },
        }
    }

    /// Returns what a missing answer means for the caller.
    pub fn from_http(error: HttpError, now: Timestamp) -> Self {
        match error {
            HttpError::NotSent(_) => Self::RetryAt(after(now, DEFAULT_PAUSE)),
            HttpError::Unknown(why) => Self::unknown(&why),
        }
    }

    /// Returns what it means that a request could not be built: it was not sent.
    pub fn from_unsendable(_: &Unsendable, now: Timestamp) -> Self {
        Self::RetryAt(after(now, DEFAULT_PAUSE))
    }

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

/// Returns the failure with Intuit's trace id, which their support asks for.
pub fn with_trace_id(failure: &Failure) -> String {
    match failure.tid() {
        Some(tid) => format!("{failure} (intuit_tid {tid})"),
        None => failure.to_string(),
    }
}
