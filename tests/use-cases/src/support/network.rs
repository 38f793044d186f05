//! The network of the world in process. Intuit is the simulator; RIVET receives notifications.

use super::request_ids::SentChanges;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use ports::http::{Http, HttpError};
use serde_json::Value;
use simulator::{Reply, Simulator};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

thread_local! {
    /// The time of this thread's world.
    pub static NOW: Cell<Timestamp> = const { Cell::new(Timestamp::UNIX_EPOCH) };
}

/// A network that passes each request to the simulator or to RIVET at the present instant.
#[derive(Clone)]
pub struct SimulatedNetwork {
    pub simulator: Rc<RefCell<Simulator>>,
    pub rivet: Rc<RefCell<Rivet>>,
    pub before_write: Rc<RefCell<Option<BeforeWrite>>>,
    pub sent_changes: Rc<RefCell<SentChanges>>,
}

/// An action that runs just before the next write to a path arrives.
pub struct BeforeWrite {
    /// The end of the path.
    pub path: &'static str,
    pub action: Box<dyn FnOnce()>,
}

/// RIVET's end of the notifications.
#[derive(Clone, Default)]
pub struct Rivet {
    /// RIVET answers 503.
    pub is_down: bool,
    /// The time until RIVET answers.
    pub answer_delay: SignedDuration,
    /// The accepted notifications, in the order of arrival.
    pub notifications: Vec<Notification>,
}

/// A notification that RIVET accepted.
#[derive(Clone)]
pub struct Notification {
    /// The header `webhook-id`.
    pub id: String,
    pub body: Value,
}

/// The origin that receives notifications.
pub const RIVET: &str = "https://app.rivet.example";

impl Rivet {
    fn accept(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        NOW.set(NOW.get() + self.answer_delay);
        let mut answer = http::Response::new(Bytes::new());
        if self.is_down {
            *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            return answer;
        }
        let id = request.headers()["webhook-id"].to_str().unwrap();
        self.notifications.push(Notification {
            id: id.to_owned(),
            body: serde_json::from_slice(request.body()).unwrap(),
        });
        answer
    }
}

impl Http for SimulatedNetwork {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        if request.uri().to_string().starts_with(RIVET) {
            return Ok(self.rivet.borrow_mut().accept(&request));
        }
        self.sent_changes.borrow_mut().check(&request);
        let is_due = |before: &mut BeforeWrite| {
            request.method() == http::Method::POST && request.uri().path().ends_with(before.path)
        };
        let due = self.before_write.borrow_mut().take_if(is_due);
        if let Some(before) = due {
            (before.action)();
        }
        match self.simulator.borrow_mut().handle(request) {
            Reply::Answer(answer) => Ok(answer),
            Reply::Slow { after, answer } if after < SignedDuration::from_secs(10) => Ok(answer),
            Reply::Slow { .. } => Err(HttpError::Unknown("timeout".into())),
            Reply::Dropped => Err(HttpError::Unknown("connection reset".into())),
        }
    }

    async fn pause(&self, span: SignedDuration) {
        NOW.set(NOW.get() + span);
        self.simulator.borrow_mut().set_now(NOW.get());
    }
}
