//! Answers to looks that shared a call with other questions.

use crate::context::WorkerContext;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
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

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Takes the early answer to a query.
    pub(crate) fn take_early_answer(&mut self, query: &Query) -> Option<EarlyAnswer> {
        let mut answers = self.early_answers.iter();
        let at = answers.position(|answer| answer.query == *query)?;
        Some(self.early_answers.swap_remove(at))
    }
}
