//! An instance: its place in a refresh and its memory.

use crate::record::{ClaimedRefresh, Token};
use crate::update::Update;

/// An instance of the components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance {
    /// The place of the instance in its refresh.
    pub step: Step,
    /// The memory of the instance.
    pub refresh: ClaimedRefresh,
}

/// The place of an instance in its refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// No refresh is under way.
    Idle,
    /// The instance lost a swap and reads the record next.
    Read(Update),
    /// The instance has read and decided, and swaps next.
    Swap {
        /// The update that the instance swaps in.
        update: Update,
        /// True if nobody has written since the instance read.
        is_current: bool,
    },
    /// The instance has swapped, and reads back next, whatever the store reported.
    Check {
        /// The update that the instance swapped in.
        update: Update,
        /// The number of later writes. None if the swap wrote nothing or too many writes followed.
        later_writes: Option<u8>,
    },
    /// The instance waits for the answer to a request.
    Call(Call),
    /// The instance uses the new access token before it saves. Only one deviation does this.
    Use,
    /// Intuit refused the token, and the instance reads the record next.
    Reread,
}

/// A request to the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// The request is not sent yet, or on its way.
    Out(Duration),
    /// Intuit carried out the request and returns this token, or refuses. The answer is on its way.
    Back(Duration, Option<Token>),
}

/// The time that a call has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duration {
    /// Less than the longest call may take.
    Short,
    /// As long as a call may take.
    Full,
}

impl Instance {
    pub(crate) const IDLE: Self = Self {
        step: Step::Idle,
        refresh: ClaimedRefresh {
            age: 0,
            generation: 0,
            token: 0,
            previous: None,
            is_interrupted: false,
            sent_count: 0,
            sent_token: 0,
            new_token: 0,
        },
    };

    /// Returns whether the instance may still send or save a token by its claim.
    pub fn is_owner(&self) -> bool {
        matches!(
            self.step,
            Step::Call(_)
                | Step::Use
                | Step::Reread
                | Step::Read(Update::Save)
                | Step::Swap {
                    update: Update::Save,
                    ..
                }
                | Step::Check {
                    update: Update::Save,
                    ..
                }
        )
    }

    /// Returns whether a request of the instance may reach Intuit.
    pub fn is_sending(&self) -> bool {
        matches!(self.step, Step::Call(_))
    }
}
