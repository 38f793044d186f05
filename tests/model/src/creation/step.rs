//! The steps of a creator.

/// The next step of a creator, with the minute at which the creator read its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    /// No creation is under way.
    Idle,
    /// Increments the counter of its minute.
    Count(usize),
    /// Has read the counter and writes it next. Only counters that can repeat a number have this step.
    Counted(usize, u8),
    /// Notes its turn.
    Note(usize),
    /// Reads the turn of the minute before.
    CheckBefore(usize),
    /// Reads the turn of the minute after.
    CheckAfter(usize),
    /// Withdraws its turn.
    Withdraw(usize),
    /// Reads the record once more before the creation.
    Look(usize),
    /// Creates the record by a swap.
    Swap(usize),
    /// Reads the record after the creation.
    Reread(usize),
    /// Changes the existing record.
    Change(usize),
}

impl Step {
    /// Returns the minute at which the creator began.
    pub(super) fn began_at(self) -> Option<usize> {
        match self {
            Self::Idle => None,
            Self::Count(minute)
            | Self::Counted(minute, _)
            | Self::Note(minute)
            | Self::CheckBefore(minute)
            | Self::CheckAfter(minute)
            | Self::Withdraw(minute)
            | Self::Look(minute)
            | Self::Swap(minute)
            | Self::Reread(minute)
            | Self::Change(minute) => Some(minute),
        }
    }
}
