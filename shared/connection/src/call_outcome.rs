//! What each refusal of QuickBooks means for a document: it waits, the firm waits, or a person acts.

pub mod fault_reasons;

use crate::call_outcome::fault_reasons::told;
use crate::client::{CallError, described};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use quickbooks::answer::MissingPermission;
use quickbooks::fault::Duplicate;
use quickbooks::{Failure, Fault, FaultMeaning};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};
use store::document::status::DocumentStatus;
use store::reason::Reason;
use store::reason::hold::HoldReason;

pub use crate::call_outcome::fault_reasons::TRACE;

/// Intuit's advice after a 429 that names no time.
const THROTTLED: SignedDuration = SignedDuration::from_secs(60);

/// Why a document could not be finished now.
#[derive(Clone, Debug)]
pub enum Setback {
    /// The document settles in this state; others go on.
    Settle(DocumentStatus),
    /// Nothing was sent; the company is not to be called before then.
    Later(Timestamp),
    /// The connection does not stand any more.
    Lost(ConnectionStatus),
    /// A write may have been carried out.
    Unknown(String),
    /// The access token was not accepted.
    Unauthorized,
    /// The number is taken; whose it is must be looked up. The fault may name what has it.
    NumberTaken(Reason, Option<Box<Duplicate>>),
    /// Something that was pointed to is gone or inactive.
    Missing(Reason),
    /// The request id was used before. What came of that is looked up; if nothing did, a person sees to it.
    Repeated(Reason),
}

impl Setback {
    /// Reads a failed call. `date` is the document's, for what concerns closed books.
    pub fn of(error: CallError, date: Date, now: Timestamp) -> Self {
        match error {
            CallError::NotSent(_) => Self::Later(after(now, THROTTLED)),
            CallError::Unknown(why) => Self::Unknown(why),
            CallError::Refused(failure) => refused(&failure, date, now),
        }
    }
}

fn refused(failure: &Failure, date: Date, now: Timestamp) -> Setback {
    match failure {
        Failure::Throttled {
            retry_after_seconds,
            ..
        } => {
            let wait =
                retry_after_seconds.map_or(THROTTLED, |s| SignedDuration::from_secs(i64::from(s)));
            Setback::Later(after(now, wait))
        }
        Failure::Unauthorized { .. } => Setback::Unauthorized,
        Failure::Forbidden { missing, .. } => {
            Setback::Lost(ConnectionStatus::NeedsReauthorization(match missing {
                MissingPermission::Grant => ReauthorizationReason::AccessRevoked,
                MissingPermission::Administrator => ReauthorizationReason::AdminRightsLost,
            }))
        }
        Failure::Unavailable { .. } | Failure::Unreadable { .. } => {
            Setback::Unknown(described(failure))
        }
        Failure::Faults { .. } => faulted(failure, date),
    }
}

fn faulted(failure: &Failure, date: Date) -> Setback {
    let reason = told(failure);
    match failure.meaning() {
        Some(FaultMeaning::CompanySuspended) => {
            Setback::Lost(ConnectionStatus::Error(CompanyError::SubscriptionEnded))
        }
        Some(FaultMeaning::CompanyReset) => {
            Setback::Lost(ConnectionStatus::Error(CompanyError::CompanyReset))
        }
        Some(FaultMeaning::BooksClosed) => {
            Setback::Settle(DocumentStatus::Held(HoldReason::BooksClosed(date)))
        }
        Some(FaultMeaning::Stale) => Setback::Settle(DocumentStatus::Conflict(reason)),
        Some(FaultMeaning::DuplicateRequest) => Setback::Repeated(reason),
        Some(FaultMeaning::DuplicateNumber) => {
            let named = failure
                .deciding_fault()
                .and_then(Fault::duplicate)
                .map(Box::new);
            Setback::NumberTaken(reason, named)
        }
        Some(FaultMeaning::Missing) => Setback::Missing(reason),
        Some(FaultMeaning::DuplicateName | FaultMeaning::Rule | FaultMeaning::Bug) | None => {
            Setback::Settle(DocumentStatus::Failed(reason))
        }
    }
}

impl Setback {
    /// Whether it says nothing of what was sent: other calls would have fared alike.
    pub fn is_wait(&self) -> bool {
        matches!(self, Self::Later(_) | Self::Lost(_) | Self::Unauthorized)
    }

    /// Whether QuickBooks refused a step for what it is: it will not be carried out.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Settle(_) | Self::NumberTaken(..) | Self::Missing(_)
        )
    }

    /// Whether a step may have been carried out.
    pub fn is_doubt(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::Repeated(_))
    }
}
