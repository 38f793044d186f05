//! What the world in process is connected to: Intuit, which is the simulator, and RIVET, which takes notifications.

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

/// The network: whatever is sent meets the simulator, or RIVET, at the present instant.
#[derive(Clone)]
pub struct ToSimulator {
    pub simulator: Rc<RefCell<Simulator>>,
    pub rivet: Rc<RefCell<Rivet>>,
    pub meanwhile: Rc<RefCell<Option<Meanwhile>>>,
}

/// What somebody does just before the next write to this path arrives.
pub type Meanwhile = (&'static str, Box<dyn FnOnce()>);

/// RIVET's end of the notifications.
#[derive(Default)]
pub struct Rivet {
    /// It answers 503.
    pub is_down: bool,
    /// How long it takes to answer.
    pub takes: SignedDuration,
    /// What it took, by `webhook-id`, in the order of arrival.
    pub told: Vec<(String, Value)>,
}

/// Where notifications go.
pub const RIVET: &str = "https://app.rivet.example";

impl Rivet {
    fn take(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        NOW.set(NOW.get() + self.takes);
        let mut answer = http::Response::new(Bytes::new());
        if self.is_down {
            *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            return answer;
        }
        let id = request.headers()["webhook-id"].to_str().unwrap();
        let body = serde_json::from_slice(request.body()).unwrap();
        self.told.push((id.to_owned(), body));
        answer
    }
}

impl Http for ToSimulator {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        if request.uri().to_string().starts_with(RIVET) {
            return Ok(self.rivet.borrow_mut().take(&request));
        }
        let is_due = |(path, _): &mut Meanwhile| {
            request.method() == http::Method::POST && request.uri().path().ends_with(*path)
        };
        let due = self.meanwhile.borrow_mut().take_if(is_due);
        if let Some((_, act)) = due {
            act();
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
