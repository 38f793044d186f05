//! The ranges of ids on a page of the object index.

use quickbooks::Kind;

/// The lowest and the highest id of a sequence on a page.
///
/// In practice ids are numbers that grow with time. An id that is no number has the span of all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) sequence: Kind,
    pub(super) low: u64,
    pub(super) high: u64,
}

impl Span {
    /// Returns the span of one object.
    pub(super) fn of(kind: Kind, id: &str) -> Self {
        let number = id.parse().ok();
        Self {
            sequence: sequence(kind),
            low: number.unwrap_or(u64::MIN),
            high: number.unwrap_or(u64::MAX),
        }
    }

    /// Reads the word of a span.
    pub(super) fn read(word: &str) -> Option<Self> {
        let (sequence, ids) = word.split_once(':')?;
        let (low, high) = ids.split_once('-')?;
        Some(Self {
            sequence: Kind::from_name(sequence)?,
            low: low.parse().ok()?,
            high: high.parse().ok()?,
        })
    }

    /// Returns the span as one word, `invoice:145-1203`.
    pub(super) fn write(&self) -> String {
        let (sequence, low, high) = (self.sequence.path(), self.low, self.high);
        format!("{sequence}:{low}-{high}")
    }

    /// Returns whether the span covers all of another one.
    pub(super) fn contains(&self, other: Self) -> bool {
        self.sequence == other.sequence && self.low <= other.low && other.high <= self.high
    }
}

/// Returns the kind that stands for all kinds of its sequence: transactions share one, each list has its own.
fn sequence(kind: Kind) -> Kind {
    match kind {
        Kind::CreditMemo | Kind::JournalEntry | Kind::Payment => Kind::Invoice,
        other => other,
    }
}
