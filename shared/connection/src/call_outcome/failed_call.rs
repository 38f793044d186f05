//! Converts failed calls into errors: a refusal, a missing answer, and a request that could not be built.

use crate::call_outcome::call_error::CallError;
use crate::call_outcome::trace_id::with_trace_id;
use jiff::{SignedDuration, Timestamp};
use ports::http::HttpError;
use ports::time::after;
use quickbooks::answer::MissingPermission;
use quickbooks::{Failure, FaultMeaning, Unsendable};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};

/// The pause after a 429 that names no time, as Intuit advises.
const DEFAULT_PAUSE: SignedDuration = SignedDuration::from_secs(60);

impl CallError {
    /// Returns the error of a failure. The wait after a 429 begins at `now`.
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
                Self::Throttled {
                    why: with_trace_id(&failure),
                    retry_at: after(now, pause.unwrap_or(DEFAULT_PAUSE)),
                }
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

    /// Returns the error of a missing answer.
    pub fn from_http(error: HttpError, now: Timestamp) -> Self {
        match error {
            HttpError::NotSent(_) => Self::RetryAt(after(now, DEFAULT_PAUSE)),
            HttpError::Unknown(why) => Self::unknown(&why),
        }
    }

    /// Returns the error of a request that could not be built and was not sent.
    pub fn from_unsendable(_: &Unsendable, now: Timestamp) -> Self {
        Self::RetryAt(after(now, DEFAULT_PAUSE))
    }
}
