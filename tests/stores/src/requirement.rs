//! The requirements, and the phases in which each is played.

/// A requirement of a back end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// An absent key.
    Absent,
    /// Reads after writes.
    Reads,
    /// Long values of any bytes.
    LongValues,
    /// Keys that differ little.
    Keys,
    /// A swap on an absent key.
    SwapOnAbsent,
    /// A swap on a key that exists.
    SwapOnPresent,
    /// A swap that decides to write nothing.
    SwapThatKeeps,
    /// A counter.
    Counter,
    /// Several writers of one record.
    Writers,
    /// Several creators of one record.
    Creators,
    /// Several writers that lose answers.
    LostAnswers,
}

/// A phase of a requirement. They follow each other in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// One client prepares the record.
    Prepare,
    /// The clients play at the same time. The number of a client counts from 0.
    Play(usize),
    /// One client checks what is there, and removes it.
    Check,
}

/// The clients of the requirements that take several.
const SEVERAL: usize = 6;

impl Requirement {
    /// All requirements.
    pub const ALL: [Self; 11] = [
        Self::Absent,
        Self::Reads,
        Self::LongValues,
        Self::Keys,
        Self::SwapOnAbsent,
        Self::SwapOnPresent,
        Self::SwapThatKeeps,
        Self::Counter,
        Self::Writers,
        Self::Creators,
        Self::LostAnswers,
    ];

    /// Returns the name, of lower-case letters and hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Reads => "reads",
            Self::LongValues => "long-values",
            Self::Keys => "keys",
            Self::SwapOnAbsent => "swap-on-absent",
            Self::SwapOnPresent => "swap-on-present",
            Self::SwapThatKeeps => "swap-that-keeps",
            Self::Counter => "counter",
            Self::Writers => "writers",
            Self::Creators => "creators",
            Self::LostAnswers => "lost-answers",
        }
    }

    /// Returns the requirement with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Returns the requirement as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Absent => "An absent key reads as none, and its removal is no error.",
            Self::Reads => "Each write is read back at once, and so is a removal.",
            Self::LongValues => "A value of 64 KB with any bytes comes back unchanged.",
            Self::Keys => "Keys of 200 characters that differ in one of them are different.",
            Self::SwapOnAbsent => "A swap on an absent key begins with none and writes.",
            Self::SwapOnPresent => "A swap begins with the latest value and writes.",
            Self::SwapThatKeeps => "A swap may decide to write nothing.",
            Self::Counter => "A counter begins at 0 and adds what it is told.",
            Self::Writers => "Of writers at the same time, each change is kept once.",
            Self::Creators => "Of creators at the same time, none removes another's change.",
            Self::LostAnswers => {
                "A change whose answer was lost and that is repeated is kept once."
            }
        }
    }

    /// Returns the number of clients that play at the same time.
    pub fn clients(self) -> usize {
        match self {
            Self::Writers | Self::Creators | Self::LostAnswers => SEVERAL,
            _ => 1,
        }
    }
}
