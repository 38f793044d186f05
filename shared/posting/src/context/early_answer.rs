//! Answers to looks that shared a call with other questions.

use jiff::Timestamp;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;

/// The answer to a look that shared a call with other questions. The look that needs it takes it.
pub(crate) struct EarlyAnswer {
    /// The query for the first page.
    pub(crate) query: Query,
    /// The rows.
    pub(crate) rows: Vec<ObjectSnapshot>,
    /// The time of the call.
    pub(crate) asked_at: Timestamp,
}
