//! The network between our instances and Intuit or RIVET. The executor decides when each exchange arrives, and each may fail.

mod gateway;

use crate::observer::{Call, CallEnd, Observer};
use crate::world::{Place, World};
use bytes::Bytes;
use futures::channel::oneshot;
use futures::future::{Either, select};
use http::uri::Authority;
use http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use ports::http::{CallTimeout, Http, HttpError};
use simulator::{Commit, Reply, Simulator};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

/// The host that receives notifications. Every notification is accepted.
pub const RIVET: &str = "app.rivet.example";

/// The longest time to connect.
const CONNECT_TIMEOUT: SignedDuration = SignedDuration::from_secs(3);

/// The longest time to the first byte of the answer.
const FIRST_BYTE: SignedDuration = SignedDuration::from_secs(10);

/// The longest time to the last byte of the answer.
const WHOLE: SignedDuration = SignedDuration::from_secs(20);

/// A delayed request may be carried out this long after it was sent, even if its sender no longer waits. With [`USUAL`] added, no
/// call takes longer than 20 seconds.
const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(16);

/// The longest time in each direction of an exchange without a fault.
const USUAL: SignedDuration = SignedDuration::from_secs(4);

/// The network as one instance sees it.
#[derive(Clone)]
pub struct FaultyNetwork {
    world: World,
    intuit: Rc<RefCell<Simulator>>,
    observer: Rc<dyn Observer>,
}

/// The outcome of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Well,
    /// The answer is so slow that it may take the whole time of a call.
    Slow,
    /// The connection fails.
    NotSent,
    /// The request is lost before it is carried out.
    LostBefore,
    /// The request is carried out, and its answer is lost.
    LostAfter,
    /// The request is carried out late, perhaps after the sender stopped waiting.
    Late,
    /// The request is refused with status 503.
    Unavailable,
    /// The request is refused with status 429.
    Throttled,
    /// The request is carried out and answered with status 500.
    BrokenAfter,
    /// A gateway answers, before or after the request is carried out. The number chooses the answer.
    Gateway(usize, Commit),
}

const FAULTS: [Outcome; 8] = [
    Outcome::Slow,
    Outcome::NotSent,
    Outcome::LostBefore,
    Outcome::LostAfter,
    Outcome::Late,
    Outcome::Unavailable,
    Outcome::Throttled,
    Outcome::BrokenAfter,
];

type Answer = Response<Bytes>;

impl FaultyNetwork {
    /// Returns the network to `intuit`. `observer` sees each exchange.
    pub fn new(
        world: &World,
        intuit: &Rc<RefCell<Simulator>>,
        observer: &Rc<dyn Observer>,
    ) -> Self {
        Self {
            world: world.clone(),
            intuit: Rc::clone(intuit),
            observer: Rc::clone(observer),
        }
    }

    fn draw_outcome(&self) -> Outcome {
        let world = &self.world;
        if !world.has_fault(|conditions| &mut conditions.calls) {
            return Outcome::Well;
        }
        if world.conditions().has_outages && world.one_in(2) {
            let commit = world.pick(&[Commit::Before, Commit::After]);
            return Outcome::Gateway(world.below(gateway::ANSWERS), commit);
        }
        world.pick(&FAULTS)
    }

    /// Carries the request there and the answer back, whether or not the sender still waits.
    async fn carry(self, call: Rc<Call>, outcome: Outcome, answer: oneshot::Sender<Answer>) {
        if matches!(
            outcome,
            Outcome::Late | Outcome::LostBefore | Outcome::LostAfter
        ) {
            self.world.sleep(self.world.span_up_to(IN_FLIGHT)).await;
        }
        self.world.yield_point_within(USUAL).await;
        let found = match outcome {
            Outcome::LostBefore | Outcome::Gateway(_, Commit::Before) => None,
            Outcome::Unavailable => Some(refusal(StatusCode::SERVICE_UNAVAILABLE)),
            Outcome::Throttled => Some(refusal(StatusCode::TOO_MANY_REQUESTS)),
            _ => self.handle(&call),
        };
        self.world.yield_point_within(USUAL).await;
        if outcome == Outcome::Slow {
            self.world
                .sleep(self.world.span_up_to(WHOLE - USUAL * 3))
                .await;
        }
        if matches!(outcome, Outcome::LostBefore | Outcome::LostAfter) && self.world.one_in(2) {
            // The sender does not even learn that the connection broke.
            self.world.sleep(FIRST_BYTE).await;
        }
        let delivered = match outcome {
            Outcome::LostBefore | Outcome::LostAfter => None,
            Outcome::Gateway(number, _) => Some(gateway::answer(&call, number, self.world.now())),
            Outcome::BrokenAfter => Some(refusal(StatusCode::INTERNAL_SERVER_ERROR)),
            _ => found,
        };
        if let Some(delivered) = delivered {
            // The sender may have stopped waiting.
            let _ = answer.send(delivered);
        }
    }

    fn handle(&self, call: &Call) -> Option<Answer> {
        if call.request.uri().authority().map(Authority::as_str) == Some(RIVET) {
            let answer = Response::new(Bytes::new());
            self.observer.on_handled(call, &answer);
            return Some(answer);
        }
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.world.now());
        let reply = intuit.handle(call.request.clone());
        drop(intuit);
        let (Reply::Answer(answer) | Reply::Slow { answer, .. }) = reply else {
            self.observer.on_dropped(call);
            return None;
        };
        self.world
            .trace(|| format!("call {} is carried out: {}", call.id, answer.status()));
        self.observer.on_handled(call, &answer);
        Some(answer)
    }

    async fn exchange(&self, call: &Rc<Call>, outcome: Outcome) -> Result<Answer, HttpError> {
        if outcome == Outcome::NotSent {
            self.world
                .sleep(self.world.span_up_to(CONNECT_TIMEOUT))
                .await;
            return Err(HttpError::NotSent("connection refused".into()));
        }
        let (answer, received) = oneshot::channel();
        let carry = self.clone().carry(Rc::clone(call), outcome, answer);
        self.world.spawn(Place::Outside, "call", carry);
        let timeout = if outcome == Outcome::Slow {
            WHOLE
        } else {
            FIRST_BYTE
        };
        let requested = call.request.extensions().get::<CallTimeout>();
        let timeout = requested.map_or(timeout, |requested| requested.0.min(timeout));
        let timeout = pin!(self.world.sleep(timeout));
        match select(received, timeout).await {
            Either::Left((Ok(answer), _)) => Ok(answer),
            Either::Left((Err(_), _)) => Err(HttpError::Unknown("connection reset".into())),
            Either::Right(_) => Err(HttpError::Unknown("timeout".into())),
        }
    }
}

impl Http for FaultyNetwork {
    async fn send(&self, request: Request<Bytes>) -> Result<Answer, HttpError> {
        self.world.yield_point().await;
        let (outcome, world) = (self.draw_outcome(), &self.world);
        let call = Rc::new(Call {
            id: world.next_id(),
            by: world.current(),
            request,
        });
        world.trace(|| {
            format!(
                "call {} to {}: {outcome:?}",
                call.id,
                call.request.uri().path()
            )
        });
        self.observer.on_sent(&call);
        let mut open = OpenCall {
            network: self,
            call: Some(Rc::clone(&call)),
        };
        let answer = self.exchange(&call, outcome).await;
        open.call = None;
        let end = answer
            .as_ref()
            .map_or(CallEnd::Unanswered, CallEnd::Answered);
        self.observer.on_ended(&call, end);
        world.trace(|| match &answer {
            Ok(answer) => format!("call {} is answered: {}", call.id, answer.status()),
            Err(error) => format!("call {}: {error}", call.id),
        });
        self.world.yield_point().await;
        answer
    }

    async fn pause(&self, span: SignedDuration) {
        self.world.sleep(span).await;
    }
}

/// Tells the observer if the sender crashes before the answer arrives.
struct OpenCall<'a> {
    network: &'a FaultyNetwork,
    call: Option<Rc<Call>>,
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        if let Some(call) = &self.call {
            self.network.observer.on_ended(call, CallEnd::CallerDied);
        }
    }
}

fn refusal(status: StatusCode) -> Answer {
    let mut answer = Response::new(Bytes::from_static(b"<html></html>"));
    *answer.status_mut() = status;
    answer
}
