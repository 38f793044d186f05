//! The waits for other writers of the same record.
//!
//! A request that meets another writer pauses before it reads again, because a commit takes its time, however many reads are made. The
//! pauses grow, so that many waiting requests do not keep the store busy with reads.

use jiff::SignedDuration;

/// The shortest pause.
const STEP: SignedDuration = SignedDuration::from_millis(10);

/// The number of steps in the longest pause.
const LONGEST: u32 = 10;

/// The pauses of a request. Together they last some 2.5 s, because Intuit waits 3 s for the answer to a webhook.
const PAUSES: u32 = 30;

/// The waits of one request for other writers.
#[derive(Default)]
pub(super) struct Patience {
    pauses: u32,
}

impl Patience {
    /// Returns the next pause. `None` once the request has waited long enough.
    pub(super) fn next_pause(&mut self) -> Option<SignedDuration> {
        if self.pauses == PAUSES {
            return None;
        }
        self.pauses += 1;
        Some(STEP * self.pauses.min(LONGEST).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_within_three_seconds() {
        let mut patience = Patience::default();
        let pauses: Vec<_> = std::iter::from_fn(|| patience.next_pause()).collect();
        assert!(pauses.is_sorted());
        assert_eq!(pauses[..2], [STEP, STEP * 2]);
        let total: SignedDuration = pauses.iter().sum();
        assert_eq!(total, SignedDuration::from_millis(2550));
    }
}
