//! What each refusal of QuickBooks means for a document: it waits, the firm waits, or a person acts.

use crate::clock::after;
use crate::company::{CallError, described};
use crate::connection::{Lapse, Standing, Trouble};
use crate::document::State;
use crate::reason::{Action, Hold, Reason};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use quickbooks::answer::Lost;
use quickbooks::{Failure, Fault, Meaning};

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
    /// The number is taken; whose it is must be looked up.
    NumberTaken(Reason),
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
        Failure::Faults { faults, .. } => faulted(failure, faults, date),
    }
}

fn faulted(failure: &Failure, faults: &[Fault], date: Date) -> Setback {
    if faults.iter().any(|fault| fault.code == "10200") {
        return Setback::Lost(Standing::Error(Trouble::CompanyReset));
    }
    let detail = faults.iter().find_map(Fault::detail).unwrap_or_default();
    match failure.meaning() {
        Some(Meaning::CompanySuspended) => {
            Setback::Lost(Standing::Error(Trouble::SubscriptionEnded))
        }
        Some(Meaning::BooksClosed) => Setback::Settle(State::Held(Hold::BooksClosed(date))),
        Some(Meaning::DuplicateRequest) => Setback::Unknown(described(failure)),
        Some(Meaning::Stale) => Setback::Settle(State::Conflict(Reason::new(
            "changed_in_quickbooks",
            Action::FixInQuickbooks,
            "Somebody changed it in QuickBooks after RIVET posted it. Choose which version to keep.",
        ))),
        Some(Meaning::DuplicateNumber) => Setback::NumberTaken(Reason::new(
            "duplicate_number",
            Action::FixInQuickbooks,
            format!("Another transaction in QuickBooks has this number. {detail}"),
        )),
        Some(Meaning::DuplicateName) => failed("duplicate_name", Action::FixInQuickbooks, detail),
        Some(Meaning::NotFound) => failed("not_found", Action::FixSettings, detail),
        Some(Meaning::Mapping) => failed("mapping", Action::FixSettings, detail),
        Some(Meaning::Rule) => failed("refused_by_quickbooks", Action::FixInQuickbooks, detail),
        Some(Meaning::Bug) | None => Setback::Settle(State::Failed(Reason::new(
            "unexpected_fault",
            Action::ContactSupport,
            format!("QuickBooks did not accept it: {}.", described(failure)),
        ))),
    }
}

/// The sentences for the failures that a person cures; QuickBooks' own words follow.
fn failed(code: &str, action: Action, detail: &str) -> Setback {
    let sentence = match code {
        "duplicate_name" => "QuickBooks has this name on another list entry.",
        "not_found" => "Something that it needs is gone from QuickBooks or inactive there.",
        "mapping" => "An account, item or class of the settings does not fit any more.",
        _ => "QuickBooks refused it by a rule of the books.",
    };
    Setback::Settle(State::Failed(Reason::new(
        code,
        action,
        format!("{sentence} {detail}"),
    )))
}
