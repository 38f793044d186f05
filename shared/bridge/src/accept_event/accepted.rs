//! The answer to an event.

/// The answer to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The kind of the event's subject: a document kind or `customer`.
    pub subject_kind: &'static str,
    /// RIVET's id of the event's subject.
    pub subject_id: String,
    /// The outcome of the event.
    pub outcome: Outcome,
}

/// The outcome of an event, as the answer names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The document was posted or voided.
    Posted,
    /// The document waits for a worker.
    Queued,
    /// The document waits for a person or an outside change.
    Held,
    /// The event was accepted before.
    Duplicate,
    /// The event needs no posting.
    Ignored,
}
