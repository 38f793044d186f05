//! What happens to connections, each started on some instance.

use crate::promises::Promises;
use billing::webhook::Secrets;
use billing::{FirmId, Plan, Role, session::Session};
use bridge::callback::{self, Arrival, Landing, Runway};
use bridge::connect::{self, Departure};
use bridge::disconnect;
use bridge::notify::Receiver;
use bridge::refresh::{Addresses, Refreshed, refresh, refresh_due};
use bridge::verify::verify;
use jiff::SignedDuration;
use simulation::deployment::{Deployment, REDIRECT, REVOKE, sign_in};
use simulation::network::RIVET;
use simulation::world::{Place, TaskId};
use simulator::Decision;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

/// Instances of our components.
const INSTANCES: usize = 3;

/// The longest that a person looks at a page.
const PATIENCE: SignedDuration = SignedDuration::from_secs(20);

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

/// The schedule calls.
pub fn scheduled_run(at: &Deployment) -> TaskId {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    start(at, "scheduled run", async move {
        let clock = || world.now();
        let receiver = Receiver {
            origin: format!("https://{RIVET}"),
            secrets: Secrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==").unwrap(),
        };
        let addresses = Addresses {
            revoke_origin: REVOKE,
            receiver: Some(&receiver),
        };
        let report = refresh_due(&books.grants(), &addresses, &mut entropy, clock).await;
        world.note(|| format!("{report:?}"));
    })
    .0
}

/// A call needs a token that is good for so long.
pub fn on_demand(at: &Deployment, firm: FirmId, margin: SignedDuration) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let refreshing = async move {
        let wanted = (margin, world.now());
        let refreshed = refresh(&books.grants(), &firm, &owner, wanted).await;
        world.note(|| match refreshed {
            Ok(Refreshed::Fresh(_)) => "the token is fresh".into(),
            Ok(Refreshed::Lapsed(now)) => format!("lapsed: {:?}", now.standing),
            Ok(Refreshed::Later(_)) => "later".into(),
            Err(error) => error.to_string(),
        });
    };
    start(at, "refresh", refreshing).0
}

/// The office disconnects.
pub fn disconnect(at: &Deployment, firm: FirmId) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let disconnecting = async move {
        let by = (owner.as_str(), world.now());
        let end = disconnect::disconnect(&books.grants(), &firm, REVOKE, by).await;
        world.note(|| match end {
            Ok(_) => "disconnected".into(),
            Err(error) => error.to_string(),
        });
    };
    start(at, "disconnect", disconnecting).0
}

/// A browser comes from Intuit and says that a company was disconnected there.
pub fn look_again(at: &Deployment, realm: &'static str) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let looking = async move {
        let verified = verify(&books.grants(), realm, (&owner, world.now())).await;
        world.note(|| format!("{verified:?}"));
    };
    start(at, "verification", looking).0
}

/// A person who connects a firm to a company.
#[derive(Clone)]
pub struct Person {
    pub firm: FirmId,
    pub realm: &'static str,
    /// Loads the page on which the browser lands twice.
    pub hasty: bool,
}

/// The whole way through Intuit; where the browser landed, if it did.
pub async fn connect(at: &Deployment, promises: &Promises, person: Person) -> Vec<Landing> {
    let world = &at.world;
    let firm = person.firm.to_string();
    let Some(departure) = depart(at, person.firm).await else {
        return Vec::new();
    };
    world.sleep(world.up_to(PATIENCE)).await;
    at.intuit.borrow_mut().set_now(world.now());
    let consented =
        at.intuit
            .borrow_mut()
            .consent(&departure.authorize_url, person.realm, Decision::Connect);
    let back = consented.expect("the person is an admin and the page is sound");
    let value = |name: &str| {
        back.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let arrival = Arrival {
        state: value("state"),
        code: value("code"),
        realm_id: value("realmId"),
        error: None,
        browser: Some(departure.browser),
    };
    let code = arrival.code.as_deref().unwrap_or_default();
    promises.code_given(code, (&firm, person.realm));
    let mut landings = vec![land(at, arrival.clone())];
    if person.hasty {
        world
            .sleep(world.up_to(world.pick(&[PATIENCE, SignedDuration::ZERO])))
            .await;
        landings.push(land(at, arrival));
    }
    let mut landed = Vec::new();
    for (task, told) in landings {
        world.join(task).await;
        landed.extend(told.take().flatten());
    }
    landed
}

async fn depart(at: &Deployment, firm: FirmId) -> Option<Departure> {
    let (books, mut entropy, world) = (at.books(), at.entropy(), at.world.clone());
    let departing = async move {
        let session = Session {
            user: "usr_17".parse().unwrap(),
            firm,
            role: Role::Owner,
            plan: Plan::Pro,
            name: None,
        };
        let issued = connect::issue(&books.store, &session, &mut entropy, world.now()).await;
        let ticket = issued.ok()?.ticket;
        let now = (&mut entropy, world.now());
        let departed = connect::depart(&books.store, &sign_in(), &ticket, now).await;
        departed.ok()?.ok()
    };
    let (task, told) = start(at, "departure", departing);
    at.world.join(task).await;
    told.take().flatten()
}

fn land(at: &Deployment, arrival: Arrival) -> (TaskId, Told<Option<Landing>>) {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let landing = async move {
        let runway = Runway {
            redirect_uri: REDIRECT,
            revoke_origin: REVOKE,
        };
        let landed = callback::land(&books, &runway, &arrival, (&owner, world.now())).await;
        world.note(|| format!("lands: {landed:?}"));
        landed.ok()
    };
    start(at, "landing", landing)
}
