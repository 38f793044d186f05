//! The actions on postings. Each starts a task on a random instance.

use crate::posting::billing_events::Event;
use billing::{DocumentRef, FirmId, ParsedEvent};
use bridge::accept_event::accept;
use bridge::record_decision::record_decision;
use bridge::replace_settings::{Replacement, replace};
use connection::disconnect;
use jiff::SignedDuration;
use mapping::settings::Settings;
use simulation::deployment::{Deployment, REVOKE_ORIGIN};
use simulation::requests::{StartedRequest, claimant};
use simulation::world::{Place, TaskId};
use store::document::decision::{Decision, DecisionKind};

/// The most tries of a request. If none succeeds, our code is at fault.
const MAX_TRIES: usize = 60;

/// Sends an event as RIVET does, until a request succeeds.
pub fn send_event(at: &Deployment, event: Event) -> TaskId {
    let at = at.clone();
    let world = at.world.clone();
    world.spawn(Place::Outside, "event", async move {
        for _ in 0..MAX_TRIES {
            at.world.trace(|| format!("RIVET sends {}", event.name));
            let request = deliver_once(&at, &event);
            at.world.join(request.task).await;
            if request.result.take() == Some(true) {
                return;
            }
            let pause = at.world.span_up_to(SignedDuration::from_secs(40));
            at.world.sleep(pause).await;
        }
        at.world.fail(format!("{} never arrives", event.name));
    })
}

fn deliver_once(at: &Deployment, event: &Event) -> StartedRequest<bool> {
    let (services, mut entropy, world) = (at.services(), at.entropy(), at.world.clone());
    let body = event.body.clone();
    at.start("delivery", async move {
        let Ok(ParsedEvent::Known(event)) = billing::parse(body.as_bytes()) else {
            panic!("not an event: {body}");
        };
        let clock = || world.now();
        let accepted = accept(&services, event, &mut entropy, clock).await;
        world.trace(|| match &accepted {
            Ok(accepted) => format!("{:?}", accepted.outcome),
            Err(error) => error.to_string(),
        });
        accepted.is_ok()
    })
}

/// Changes the settings of a firm, until a request succeeds.
pub fn change_settings(
    at: &Deployment,
    firm: FirmId,
    change: impl Fn(&mut Settings) + Clone + 'static,
) -> TaskId {
    let (at, world) = (at.clone(), at.world.clone());
    world.spawn(Place::Outside, "office", async move {
        for _ in 0..MAX_TRIES {
            let request = save_settings(&at, firm.clone(), change.clone());
            at.world.join(request.task).await;
            if request.result.take() == Some(true) {
                return;
            }
            let pause = at.world.span_up_to(SignedDuration::from_secs(20));
            at.world.sleep(pause).await;
        }
        at.world
            .fail(format!("the settings of {firm} are never saved"));
    })
}

fn save_settings(
    at: &Deployment,
    firm: FirmId,
    change: impl Fn(&mut Settings) + 'static,
) -> StartedRequest<bool> {
    let (services, owner, world) = (at.services(), at.entropy().token(), at.world.clone());
    at.start("settings", async move {
        let Ok(before) = services.store.settings(&firm).await else {
            return false;
        };
        let mut settings = before.settings;
        change(&mut settings);
        world.trace(|| format!("{firm} wants {:?}", settings.sync));
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let saved = replace(&services, &firm, replacement, claimant(&owner, world.now())).await;
        world.trace(|| match &saved {
            Ok(_) => "saved".into(),
            Err(error) => error.to_string(),
        });
        saved.is_ok()
    })
}

/// Disconnects a firm.
pub fn disconnect(at: &Deployment, firm: FirmId) -> TaskId {
    let (services, owner, world) = (at.services(), at.entropy().token(), at.world.clone());
    at.start("disconnect", async move {
        let claimant = claimant(&owner, world.now());
        let ended = disconnect::disconnect(&services.auth(), &firm, REVOKE_ORIGIN, claimant).await;
        world.trace(|| format!("disconnected: {}", ended.is_ok()));
    })
    .task
}

/// Records the decision of a person on a document.
pub fn decide(at: &Deployment, firm: FirmId, document: DocumentRef, kind: DecisionKind) -> TaskId {
    let (services, world) = (at.services(), at.world.clone());
    let deciding = async move {
        let decision = Decision {
            kind,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: world.now(),
            conflict_seen_at: None,
        };
        let settled = record_decision(&services.store, &firm, &document, &decision).await;
        world.trace(|| format!("{kind:?} of {document}: {:?}", settled.err()));
    };
    at.start("decision", deciding).task
}
