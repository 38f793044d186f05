//! What happens to postings, each started on some instance.

use crate::billing_facts::Event;
use billing::{DocumentRef, FirmId, ParsedEvent};
use bridge::accept_event::accept;
use bridge::record_decision::record_decision;
use bridge::replace_settings::{Replacement, replace};
use connection::disconnect;
use jiff::SignedDuration;
use mapping::settings::Settings;
use simulation::deployment::{Deployment, REVOKE};
use simulation::requests::Told;
use simulation::world::{Place, TaskId};
use store::Claimant;
use store::document::decision::{Decision, DecisionKind};

/// RIVET gives up on an event after so many tries: by then it is our fault.
const TRIES: usize = 60;

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
    at.start("delivery", async move {
        let Ok(ParsedEvent::Known(event)) = billing::parse(body.as_bytes()) else {
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

/// The office saves its settings, again until it is told that they are saved.
pub fn change_settings(
    at: &Deployment,
    firm: FirmId,
    change: impl Fn(&mut Settings) + Clone + 'static,
) -> TaskId {
    let (at, world) = (at.clone(), at.world.clone());
    world.spawn(Place::Outside, "office", async move {
        for _ in 0..TRIES {
            let (task, told) = save_settings(&at, firm.clone(), change.clone());
            at.world.join(task).await;
            if told.take() == Some(true) {
                return;
            }
            let pause = at.world.up_to(SignedDuration::from_secs(20));
            at.world.sleep(pause).await;
        }
        at.world
            .broken(format!("the settings of {firm} are never saved"));
    })
}

fn save_settings(
    at: &Deployment,
    firm: FirmId,
    change: impl Fn(&mut Settings) + 'static,
) -> (TaskId, Told<bool>) {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    at.start("settings", async move {
        let Ok(before) = books.store.settings(&firm).await else {
            return false;
        };
        let mut settings = before.settings;
        change(&mut settings);
        world.note(|| format!("{firm} wants {:?}", settings.sync));
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let claimant = store::Claimant {
            owner: &owner,
            now: world.now(),
        };
        let saved = replace(&books, &firm, replacement, claimant).await;
        world.note(|| match &saved {
            Ok(_) => "saved".into(),
            Err(error) => error.to_string(),
        });
        saved.is_ok()
    })
}

/// The office disconnects.
pub fn disconnect(at: &Deployment, firm: FirmId) -> TaskId {
    let (books, owner, world) = (at.books(), at.entropy().token(), at.world.clone());
    at.start("disconnect", async move {
        let (owner, now) = (owner.as_str(), world.now());
        let claimant = Claimant { owner, now };
        let ended = disconnect::disconnect(&books.auth(), &firm, REVOKE, claimant).await;
        world.note(|| format!("disconnected: {}", ended.is_ok()));
    })
    .0
}

/// A person decides about a document.
pub fn decide(at: &Deployment, firm: FirmId, document: DocumentRef, act: DecisionKind) -> TaskId {
    let (books, world) = (at.books(), at.world.clone());
    let deciding = async move {
        let decision = Decision {
            kind: act,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: world.now(),
            conflict_seen_at: None,
        };
        let settled = record_decision(&books.store, &firm, &document, &decision).await;
        world.note(|| format!("{act:?} of {document}: {:?}", settled.err()));
    };
    at.start("decision", deciding).0
}
