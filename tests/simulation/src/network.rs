//! The way to Intuit and to RIVET: each exchange is in flight until the executor lets it arrive, and anything may become of it.

use crate::witness::{End, Sent, Witness};
use crate::world::{Place, World};
use bytes::Bytes;
use futures::channel::oneshot;
use futures::future::{Either, select};
use http::uri::Authority;
use http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use ports::http::{CallTimeout, Http, HttpError};
use simulator::{Reply, Simulator};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

/// Where notifications go; whatever comes there is taken.
pub const RIVET: &str = "app.rivet.example";

/// To connect.
const CONNECT: SignedDuration = SignedDuration::from_secs(3);

/// To the first byte of the answer.
const FIRST_BYTE: SignedDuration = SignedDuration::from_secs(10);

/// To its last byte.
const WHOLE: SignedDuration = SignedDuration::from_secs(20);

/// A request that is in trouble may be carried out this long after it was sent, whoever still waits for it; with
/// [`USUAL`] on top no call outlasts 20 seconds.
const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(16);

/// Each way of an exchange that goes well.
const USUAL: SignedDuration = SignedDuration::from_secs(4);

/// One instance's way out.
#[derive(Clone)]
pub struct Wire {
    world: World,
    intuit: Rc<RefCell<Simulator>>,
    witness: Rc<dyn Witness>,
}

/// What becomes of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Well,
    /// Answered, but so slowly that it takes all the time that a call has.
    Slow,
    /// No connection.
    NotSent,
    /// Neither carried out nor answered.
    LostBefore,
    /// Carried out, and the answer lost.
    LostAfter,
    /// Carried out, perhaps only when nobody waits any more.
    Late,
    /// Turned away at the door.
    Unavailable,
    /// Turned away as one too many.
    Throttled,
    /// Carried out and answered as an error.
    BrokenAfter,
}

const TROUBLES: [Fate; 8] = [
    Fate::Slow,
    Fate::NotSent,
    Fate::LostBefore,
    Fate::LostAfter,
    Fate::Late,
    Fate::Unavailable,
    Fate::Throttled,
    Fate::BrokenAfter,
];

type Answer = Response<Bytes>;

impl Wire {
    /// The way to `intuit`, watched by `witness`.
    pub fn new(world: &World, intuit: &Rc<RefCell<Simulator>>, witness: &Rc<dyn Witness>) -> Self {
        Self {
            world: world.clone(),
            intuit: Rc::clone(intuit),
            witness: Rc::clone(witness),
        }
    }

    fn fate(&self) -> Fate {
        if self.world.goes_wrong(|conditions| &mut conditions.calls) {
            return self.world.pick(&TROUBLES);
        }
        Fate::Well
    }

    /// Goes its way whether or not anybody still waits for it.
    async fn carry(self, call: Rc<Sent>, fate: Fate, answer: oneshot::Sender<Answer>) {
        if matches!(fate, Fate::Late | Fate::LostBefore | Fate::LostAfter) {
            self.world.sleep(self.world.up_to(IN_FLIGHT)).await;
        }
        self.world.turn_within(USUAL).await;
        let found = match fate {
            Fate::LostBefore => None,
            Fate::Unavailable => Some(refusal(StatusCode::SERVICE_UNAVAILABLE)),
            Fate::Throttled => Some(refusal(StatusCode::TOO_MANY_REQUESTS)),
            _ => self.ask(&call),
        };
        self.world.turn_within(USUAL).await;
        if fate == Fate::Slow {
            self.world.sleep(self.world.up_to(WHOLE - USUAL * 3)).await;
        }
        if matches!(fate, Fate::LostBefore | Fate::LostAfter) && self.world.one_in(2) {
            // Nothing is heard any more, not even that the connection is gone.
            self.world.sleep(FIRST_BYTE).await;
        }
        let delivered = match fate {
            Fate::LostBefore | Fate::LostAfter => None,
            Fate::BrokenAfter => Some(refusal(StatusCode::INTERNAL_SERVER_ERROR)),
            _ => found,
        };
        if let Some(delivered) = delivered {
            // Nobody may wait for it any more.
            let _ = answer.send(delivered);
        }
    }

    fn ask(&self, call: &Sent) -> Option<Answer> {
        if call.request.uri().authority().map(Authority::as_str) == Some(RIVET) {
            let answer = Response::new(Bytes::new());
            self.witness.handled(call, &answer);
            return Some(answer);
        }
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.world.now());
        let answer = match intuit.handle(call.request.clone()) {
            Reply::Answer(answer) | Reply::Slow { answer, .. } => answer,
            Reply::Dropped => return None,
        };
        drop(intuit);
        self.world
            .note(|| format!("call {} is carried out: {}", call.id, answer.status()));
        self.witness.handled(call, &answer);
        Some(answer)
    }

    async fn exchange(&self, call: &Rc<Sent>, fate: Fate) -> Result<Answer, HttpError> {
        if fate == Fate::NotSent {
            self.world.sleep(self.world.up_to(CONNECT)).await;
            return Err(HttpError::NotSent("connection refused".into()));
        }
        let (answer, waits) = oneshot::channel();
        let carry = self.clone().carry(Rc::clone(call), fate, answer);
        self.world.spawn(Place::Outside, "call", carry);
        let patience = if fate == Fate::Slow {
            WHOLE
        } else {
            FIRST_BYTE
        };
        let asked = call.request.extensions().get::<CallTimeout>();
        let patience = asked.map_or(patience, |asked| asked.0.min(patience));
        let patience = pin!(self.world.sleep(patience));
        match select(waits, patience).await {
            Either::Left((Ok(answer), _)) => Ok(answer),
            Either::Left((Err(_), _)) => Err(HttpError::Unknown("connection reset".into())),
            Either::Right(_) => Err(HttpError::Unknown("timeout".into())),
        }
    }
}

impl Http for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Answer, HttpError> {
        self.world.turn().await;
        let (fate, world) = (self.fate(), &self.world);
        let call = Rc::new(Sent {
            id: world.id(),
            by: world.current(),
            request,
        });
        world.note(|| {
            format!(
                "call {} to {}: {fate:?}",
                call.id,
                call.request.uri().path()
            )
        });
        self.witness.sent(&call);
        let mut open = Open {
            wire: self,
            call: Some(Rc::clone(&call)),
        };
        let answer = self.exchange(&call, fate).await;
        open.call = None;
        let end = answer.as_ref().map_or(End::Unanswered, End::Answered);
        self.witness.over(&call, end);
        world.note(|| match &answer {
            Ok(answer) => format!("call {} is answered: {}", call.id, answer.status()),
            Err(error) => format!("call {}: {error}", call.id),
        });
        self.world.turn().await;
        answer
    }

    async fn pause(&self, span: SignedDuration) {
        self.world.sleep(span).await;
    }
}

/// Tells the witness if whoever waits for the answer dies.
struct Open<'a> {
    wire: &'a Wire,
    call: Option<Rc<Sent>>,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(call) = &self.call {
            self.wire.witness.over(call, End::Died);
        }
    }
}

fn refusal(status: StatusCode) -> Answer {
    let mut answer = Response::new(Bytes::from_static(b"<html></html>"));
    *answer.status_mut() = status;
    answer
}
