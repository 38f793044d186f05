//! Why a call that a worker made came to nothing.

use connection::call_outcome::Setback;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ports::records::StoreError;
use ports::time::after;
use quickbooks::Failure;

/// A call's failure: of the records, or of QuickBooks.
#[derive(Debug)]
pub enum Halt {
    /// The records failed; the whole stay ends.
    Broken(StoreError),
    /// QuickBooks did not do it.
    Setback(Setback),
}

/// A read has no outcome to be unsure of: it is simply tried again.
pub fn again(halt: Halt, now: Timestamp) -> Halt {
    match halt {
        Halt::Setback(Setback::Unknown(_)) => {
            Halt::Setback(Setback::Later(after(now, SignedDuration::from_secs(60))))
        }
        halt => halt,
    }
}

/// What was asked for is not in the answer.
pub fn unread(failure: Failure, now: Timestamp) -> Halt {
    let setback = Setback::of(failure.into(), Date::default(), now);
    again(Halt::Setback(setback), now)
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Broken(error)
    }
}
