//! What happens to connections, each started on some instance.

use crate::promises::Promises;
use billing::FirmId;
use connection::callback::CallbackResult;
use connection::disconnect;
use connection::refresh::{RefreshResult, refresh};
use connection::verify::verify_grant;
use jiff::SignedDuration;
use simulation::deployment::{Deployment, REVOKE};
use simulation::world::TaskId;
use store::Claimant;

/// The longest that a person looks at a page.
const PATIENCE: SignedDuration = SignedDuration::from_secs(20);

/// A call needs a token that is good for so long.
pub fn on_demand(at: &Deployment, firm: FirmId, margin: SignedDuration) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let refreshing = async move {
        let (owner, now) = (owner.as_str(), world.now());
        let claimant = Claimant { owner, now };
        let refreshed = refresh(&books.auth(), &firm, margin, claimant).await;
        world.note(|| match refreshed {
            Ok(RefreshResult::Valid(_)) => "the token is fresh".into(),
            Ok(RefreshResult::Revoked(now)) => format!("lapsed: {:?}", now.status),
            Ok(RefreshResult::Deferred(_)) => "later".into(),
            Err(error) => error.to_string(),
        });
    };
    at.start("refresh", refreshing).0
}

/// The office disconnects.
pub fn disconnect(at: &Deployment, firm: FirmId) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let disconnecting = async move {
        let (owner, now) = (owner.as_str(), world.now());
        let claimant = Claimant { owner, now };
        let end = disconnect::disconnect(&books.auth(), &firm, REVOKE, claimant).await;
        world.note(|| match end {
            Ok(_) => "disconnected".into(),
            Err(error) => error.to_string(),
        });
    };
    at.start("disconnect", disconnecting).0
}

/// A browser comes from Intuit and says that a company was disconnected there.
pub fn look_again(at: &Deployment, realm: &'static str) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    let looking = async move {
        let (owner, now) = (owner.as_str(), world.now());
        let claimant = Claimant { owner, now };
        let verified = verify_grant(&books.auth(), realm, claimant).await;
        world.note(|| format!("{verified:?}"));
    };
    at.start("verification", looking).0
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
pub async fn connect(at: &Deployment, promises: &Promises, person: Person) -> Vec<CallbackResult> {
    let world = &at.world;
    let firm = person.firm.to_string();
    let Some(departure) = at.depart(person.firm).await else {
        return Vec::new();
    };
    world.sleep(world.up_to(PATIENCE)).await;
    let arrival = at.agree(departure, person.realm);
    let code = arrival.code.as_deref().unwrap_or_default();
    promises.code_given(code, (&firm, person.realm));
    let mut landings = vec![at.land(arrival.clone())];
    if person.hasty {
        world
            .sleep(world.up_to(world.pick(&[PATIENCE, SignedDuration::ZERO])))
            .await;
        landings.push(at.land(arrival));
    }
    let mut landed = Vec::new();
    for (task, told) in landings {
        world.join(task).await;
        landed.extend(told.take().flatten());
    }
    landed
}
