//! What each refusal of QuickBooks means for a document: it waits, the firm waits, or a person acts.

mod told;

use crate::clock::after;
use crate::company::{CallError, described};
use crate::connection::{Lapse, Standing, Trouble};
use crate::document::State;
use crate::reason::{Hold, Reason};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use quickbooks::answer::Lost;
use quickbooks::fault::Duplicate;
use quickbooks::{Failure, Fault, Meaning};
use told::told;

pub(crate) use told::TRACE;

/// Intuit's advice after a 429 that names no time.
const THROTTLED: SignedDuration = SignedDuration::from_secs(60);

/// How long to wait before an unknown outcome is looked up: a request that is still being carried out
/// on the other side has ended by then.
pub(crate) const SETTLE: SignedDuration = SignedDuration::from_secs(30);

/// Why a document could not be finished now.
#[derive(Clone, Debug)]
pub(crate) enum Setback {
    /// The document settles in this state; others go on.
    Settle(State),
    /// Nothing was sent; the company is not to be called before then.
    Later(Timestamp),
    /// The connection does not stand any more.
    Lost(Standing),
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
    pub(crate) fn of(error: CallError, date: Date, now: Timestamp) -> Self {
        match error {
            CallError::NotSent(_) => Self::Later(after(now, THROTTLED)),
            CallError::Unknown(why) => Self::Unknown(why),
            CallError::Refused(failure) => refused(&failure, date, now),
        }
    }
}

fn refused(failure: &Failure, date: Date, now: Timestamp) -> Setback {
    match failure {
        Failure::Throttled { retry_after, .. } => {
            let wait = retry_after.map_or(THROTTLED, |s| SignedDuration::from_secs(i64::from(s)));
            Setback::Later(after(now, wait))
        }
        Failure::Unauthorized { .. } => Setback::Unauthorized,
        Failure::Forbidden { lost, .. } => {
            Setback::Lost(Standing::NeedsReauthorization(match lost {
                Lost::Grant => Lapse::AccessRevoked,
                Lost::Administrator => Lapse::AdminRightsLost,
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
        Some(Meaning::CompanySuspended) => {
            Setback::Lost(Standing::Error(Trouble::SubscriptionEnded))
        }
        Some(Meaning::CompanyReset) => Setback::Lost(Standing::Error(Trouble::CompanyReset)),
        Some(Meaning::BooksClosed) => Setback::Settle(State::Held(Hold::BooksClosed(date))),
        Some(Meaning::Stale) => Setback::Settle(State::Conflict(reason)),
        Some(Meaning::DuplicateRequest) => Setback::Repeated(reason),
        Some(Meaning::DuplicateNumber) => {
            let named = failure.decisive().and_then(Fault::duplicate).map(Box::new);
            Setback::NumberTaken(reason, named)
        }
        Some(Meaning::Missing) => Setback::Missing(reason),
        Some(Meaning::DuplicateName | Meaning::Rule | Meaning::Bug) | None => {
            Setback::Settle(State::Failed(reason))
        }
    }
}
