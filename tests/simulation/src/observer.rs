//! Observes a run from outside the code under test.

use crate::world::TaskId;
use bytes::Bytes;
use http::{Request, Response};

/// Sees everything that passes the two seams. A scenario checks in its observer what must hold at every moment.
pub trait Observer {
    /// Is called when a task starts an exchange.
    fn on_sent(&self, call: &Call) {
        let _ = call;
    }

    /// Is called when Intuit has carried out a request, whether or not its answer arrives.
    fn on_handled(&self, call: &Call, answer: &Response<Bytes>) {
        let _ = (call, answer);
    }

    /// Is called when Intuit has dropped a request without an answer, whether or not it carried the request out.
    fn on_dropped(&self, call: &Call) {
        let _ = call;
    }

    /// Is called when the exchange has ended for its sender.
    fn on_ended(&self, call: &Call, end: CallEnd<'_>) {
        let _ = (call, end);
    }

    /// Is called when a task has written a value.
    fn on_written(&self, key: &str, value: &[u8], by: TaskId) {
        let _ = (key, value, by);
    }

    /// Is called when the store has reported a failure to a task.
    fn on_store_failure(&self, by: TaskId) {
        let _ = by;
    }
}

/// Observes nothing, for scenarios that check only the final state.
pub struct NoObserver;

impl Observer for NoObserver {}

/// An exchange with Intuit or RIVET.
pub struct Call {
    /// The number of the exchange, unique in the run.
    pub id: u64,
    /// The task that sent the request.
    pub by: TaskId,
    /// The request.
    pub request: Request<Bytes>,
}

/// The end of an exchange, as its sender sees it.
#[derive(Clone, Copy)]
pub enum CallEnd<'a> {
    /// The answer arrived.
    Answered(&'a Response<Bytes>),
    /// No answer arrived, and the sender knows.
    Unanswered,
    /// The sender crashed.
    CallerDied,
}
