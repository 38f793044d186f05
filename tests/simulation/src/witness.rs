//! Who watches a run from outside the code under test.

use crate::world::TaskId;
use bytes::Bytes;
use http::{Request, Response};

/// Sees everything that passes the two seams. A scenario keeps its promises in one of these.
pub trait Witness {
    /// A task begins an exchange.
    fn sent(&self, call: &Sent) {
        let _ = call;
    }

    /// Intuit has done what was asked, whether its answer arrives or not.
    fn handled(&self, call: &Sent, answer: &Response<Bytes>) {
        let _ = (call, answer);
    }

    /// The exchange is over for the one who began it.
    fn over(&self, call: &Sent, end: End<'_>) {
        let _ = (call, end);
    }

    /// A value was written; `by` is the task that did.
    fn written(&self, key: &str, value: &[u8], by: TaskId) {
        let _ = (key, value, by);
    }

    /// The store told this task that it failed.
    fn store_failed(&self, by: TaskId) {
        let _ = by;
    }
}

/// Watches nothing: what is promised is asked when all is at rest.
pub struct Nobody;

impl Witness for Nobody {}

/// An exchange.
pub struct Sent {
    /// Tells it from all others.
    pub id: u64,
    /// Who began it.
    pub by: TaskId,
    /// What was asked.
    pub request: Request<Bytes>,
}

/// How an exchange ended for the one who began it.
#[derive(Clone, Copy)]
pub enum End<'a> {
    /// This answer was delivered.
    Answered(&'a Response<Bytes>),
    /// No answer, and the one who asked knows it.
    Unanswered,
    /// The one who asked died.
    Died,
}
