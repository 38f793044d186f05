//! What happens to postings, each started on some instance.

use crate::billing_facts::Event;
use crate::given::{COMPANIES, FIRMS, firm_id};
use billing::{FirmId, Incoming, Plan, Role, session::Session};
use bridge::accept::accept;
use bridge::callback::{self, Arrival, Runway};
use bridge::connect;
use bridge::refresh::{Addresses, refresh_due};
use bridge::sync::{sync_due, sync_now};
use jiff::SignedDuration;
use simulation::deployment::{Deployment, REDIRECT, REVOKE, sign_in};
use simulation::world::{Place, TaskId};
use simulator::Decision;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

/// Instances of our components.
const INSTANCES: usize = 3;

/// RIVET gives up on an event after so many tries: by then it is our fault.
const TRIES: usize = 60;

/// What a task tells if it lives to its end.
type Told<T> = Rc<RefCell<Option<T>>>;

fn start<T: 'static>(
    at: &Deployment,
    name: &'static str,
    work: impl Future<Output = T> + 'static,
) -> (TaskId, Told<T>) {
    let instance = at.world.below(INSTANCES) as u8;
    let told = Told::default();
    let tell = Rc::clone(&told);
    let task = at.world.spawn(Place::Instance(instance), name, async move {
        let end = work.await;
        tell.borrow_mut().replace(end);
    });
    (task, told)
}

/// RIVET sends an event until it is told that it arrived.
pub fn send(at: &Deployment, event: Event) -> TaskId {
    let at = at.clone();
    let world = at.world.clone();
    world.spawn(Place::Outside, "event", async move {
        for _ in 0..TRIES {
            at.world.note(|| format!("RIVET sends {}", event.name));
            let (task, told) = deliver(&at, &event);
            at.world.join(task).await;
            if told.take() == Some(true) {
                return;
            }
            let pause = at.world.up_to(SignedDuration::from_secs(40));
            at.world.sleep(pause).await;
        }
        at.world.broken(format!("{} never arrives", event.name));
    })
}

fn deliver(at: &Deployment, event: &Event) -> (TaskId, Told<bool>) {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    let body = event.body.clone();
    start(at, "delivery", async move {
        let Ok(Incoming::Known(event)) = billing::parse(body.as_bytes()) else {
            panic!("not an event: {body}");
        };
        let clock = || world.now();
        let accepted = accept(&books, event, &mut entropy, clock).await;
        world.note(|| match &accepted {
            Ok(accepted) => format!("{:?}", accepted.outcome),
            Err(error) => error.to_string(),
        });
        accepted.is_ok()
    })
}

/// The schedule calls for postings.
pub fn scheduled_sync(at: &Deployment) -> TaskId {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    start(at, "scheduled sync", async move {
        let clock = || world.now();
        let report = sync_due(&books, &mut entropy, clock).await;
        world.note(|| format!("{report:?}"));
    })
    .0
}

/// The schedule calls for connections.
pub fn scheduled_refresh(at: &Deployment) -> TaskId {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    start(at, "scheduled refresh", async move {
        let addresses = Addresses {
            revoke_origin: REVOKE,
            receiver: None,
        };
        let clock = || world.now();
        let report = refresh_due(&books.grants(), &addresses, &mut entropy, clock).await;
        world.note(|| format!("{report:?}"));
    })
    .0
}

/// The office presses Sync Now.
pub fn press_sync_now(at: &Deployment, firm: FirmId) -> TaskId {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    start(at, "sync now", async move {
        let clock = || world.now();
        let user = "usr_17".parse().unwrap();
        let synced = sync_now(&books, (&firm, None, &user), &mut entropy, clock).await;
        world.note(|| format!("{synced:?}"));
    })
    .0
}

/// A person connects a firm, the whole way.
pub async fn connect(at: &Deployment, which: usize) {
    let (books, mut entropy) = (at.books(), at.entropy());
    let session = Session {
        user: "usr_17".parse().unwrap(),
        firm: firm_id(FIRMS[which]),
        role: Role::Owner,
        plan: Plan::Pro,
        name: None,
    };
    let (store, now) = (&books.store, at.world.now());
    let ticket = connect::issue(store, &session, &mut entropy, now).await;
    let ticket = ticket.unwrap().ticket;
    let departed = connect::depart(store, &sign_in(), &ticket, (&mut entropy, now)).await;
    let departure = departed.unwrap().unwrap();
    at.intuit.borrow_mut().set_now(now);
    let (url, realm) = (&departure.authorize_url, COMPANIES[which]);
    let consented = at
        .intuit
        .borrow_mut()
        .consent(url, realm, Decision::Connect);
    let back = consented.unwrap();
    let value = |name: &str| {
        let mut pairs = back.query_pairs();
        let found = pairs.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let arrival = Arrival {
        state: value("state"),
        code: value("code"),
        realm_id: value("realmId"),
        error: None,
        browser: Some(departure.browser),
    };
    let runway = Runway {
        redirect_uri: REDIRECT,
        revoke_origin: REVOKE,
    };
    let by = (entropy.token(), at.world.now());
    let landed = callback::land(&books, &runway, &arrival, (&by.0, by.1)).await;
    at.world.note(|| format!("{landed:?}"));
}
