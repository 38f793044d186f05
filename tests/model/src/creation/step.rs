//! Where a creator is.

/// What a creator does next, and the minute at which it read its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Idle,
    Count(usize),
    /// Has read the counter and is about to write it: only where two may draw the same number.
    Counted(usize, u8),
    Note(usize),
    Before(usize),
    After(usize),
    TakeBack(usize),
    Look(usize),
    Swap(usize),
    Again(usize),
    Change(usize),
}

impl Step {
    /// The minute at which a creator that is at it began.
    pub(super) fn began(self) -> Option<usize> {
        match self {
            Self::Idle => None,
            Self::Count(began)
            | Self::Counted(began, _)
            | Self::Note(began)
            | Self::Before(began)
            | Self::After(began)
            | Self::TakeBack(began)
            | Self::Look(began)
            | Self::Swap(began)
            | Self::Again(began)
            | Self::Change(began) => Some(began),
        }
    }
}
