//! The actions on connections. Each starts a task on a random instance.

use crate::connections::invariants::Invariants;
use billing::FirmId;
use connection::callback::CallbackResult;
use connection::confirm::ConfirmResult;
use connection::disconnect;
use connection::refresh::{RefreshResult, refresh};
use connection::verify::verify_grant;
use jiff::SignedDuration;
use simulation::deployment::{Deployment, REVOKE_ORIGIN};
use simulation::requests::{OWNER, claimant, session};
use simulation::world::TaskId;

/// The longest time that a person looks at a page.
const LONGEST_LOOK: SignedDuration = SignedDuration::from_secs(20);

/// Refreshes as a call does that needs a token valid for at least `margin`.
pub fn refresh_on_demand(at: &Deployment, firm: FirmId, margin: SignedDuration) -> TaskId {
    let (services, owner, world) = (at.services(), at.entropy().token(), at.world.clone());
    let refreshing = async move {
        let claimant = claimant(&owner, world.now());
        let refreshed = refresh(&services.auth(), &firm, margin, claimant).await;
        world.trace(|| match refreshed {
            Ok(RefreshResult::Valid(_)) => "the token is fresh".into(),
            Ok(RefreshResult::Revoked(now)) => format!("lapsed: {:?}", now.status),
            Ok(RefreshResult::Deferred(_)) => "later".into(),
            Err(error) => error.to_string(),
        });
    };
    at.start("refresh", refreshing).task
}

/// Disconnects a firm.
pub fn disconnect(at: &Deployment, firm: FirmId) -> TaskId {
    let (services, owner, world) = (at.services(), at.entropy().token(), at.world.clone());
    let disconnecting = async move {
        let claimant = claimant(&owner, world.now());
        let end = disconnect::disconnect(&services.auth(), &firm, REVOKE_ORIGIN, claimant).await;
        world.trace(|| match end {
            Ok(_) => "disconnected".into(),
            Err(error) => error.to_string(),
        });
    };
    at.start("disconnect", disconnecting).task
}

/// Verifies a company, as after a person disconnected the app at Intuit.
pub fn verify_company(at: &Deployment, realm: &'static str) -> TaskId {
    let (services, owner, world) = (at.services(), at.entropy().token(), at.world.clone());
    let looking = async move {
        let verified = verify_grant(&services.auth(), realm, claimant(&owner, world.now())).await;
        world.trace(|| format!("{verified:?}"));
    };
    at.start("verification", looking).task
}

/// A person who connects a firm to a company.
#[derive(Clone)]
pub struct Person {
    pub firm: FirmId,
    pub realm: &'static str,
    /// True if the browser loads the callback page twice.
    pub reloads_callback: bool,
    /// The way in which the offer of a new company is answered.
    pub confirming: Confirming,
}

/// The way in which the offer of a new company is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirming {
    /// The person confirms.
    Once,
    /// The person presses the button twice.
    Twice,
    /// Another person opened the link, and confirms with another session.
    Somebody,
    /// The person closes the page.
    Never,
}

/// The answer to a request of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInAnswer {
    Landed(CallbackResult),
    Confirmed(ConfirmResult),
}

/// Connects a firm to a company. Returns each answer of a callback or a confirmation.
pub async fn connect(
    at: &Deployment,
    invariants: &Invariants,
    person: Person,
) -> Vec<SignInAnswer> {
    let world = &at.world;
    let firm = person.firm.to_string();
    let Some(redirect) = at.open_connect_link(person.firm.clone()).await else {
        return Vec::new();
    };
    world.sleep(world.span_up_to(LONGEST_LOOK)).await;
    let params = at.approve(redirect, person.realm);
    let code = params.code.as_deref().unwrap_or_default();
    invariants.record_code(code, (&firm, person.realm));
    let mut requests = vec![at.handle_callback(params.clone())];
    if person.reloads_callback {
        world
            .sleep(world.span_up_to(world.pick(&[LONGEST_LOOK, SignedDuration::ZERO])))
            .await;
        requests.push(at.handle_callback(params));
    }
    let mut answers = Vec::new();
    for request in requests {
        world.join(request.task).await;
        let landed = request.result.take().flatten();
        if let Some(CallbackResult::Unconfirmed(value)) = &landed {
            answers.extend(confirm(at, invariants, (&person, value)).await);
        }
        answers.extend(landed.map(SignInAnswer::Landed));
    }
    answers
}

/// Answers the offer of a new company.
async fn confirm(
    at: &Deployment,
    invariants: &Invariants,
    (person, value): (&Person, &str),
) -> Vec<SignInAnswer> {
    let (world, firm) = (&at.world, &person.firm);
    let user = match person.confirming {
        Confirming::Never => return Vec::new(),
        Confirming::Somebody => "usr_99",
        Confirming::Once | Confirming::Twice => OWNER,
    };
    world.sleep(world.span_up_to(LONGEST_LOOK)).await;
    if user == OWNER {
        invariants.record_confirmation(firm);
    }
    let mut requests = vec![at.confirm(session(firm.clone(), user), value.to_owned())];
    if person.confirming == Confirming::Twice {
        world
            .sleep(world.span_up_to(world.pick(&[LONGEST_LOOK, SignedDuration::ZERO])))
            .await;
        requests.push(at.confirm(session(firm.clone(), user), value.to_owned()));
    }
    let mut answers = Vec::new();
    for request in requests {
        world.join(request.task).await;
        let confirmed = request.result.take().flatten();
        answers.extend(confirmed.map(SignInAnswer::Confirmed));
    }
    answers
}
