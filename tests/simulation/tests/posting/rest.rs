//! What must hold once nothing goes wrong any more and nothing is due: everything is posted, once, and the books are right.

use crate::actions;
use crate::billing_facts::Billing;
use crate::books;
use crate::given::Ways;
use bridge::desk::Desk;
use jiff::SignedDuration;
use simulation::deployment::Deployment;
use simulation::firms::{FIRMS, firm_id};
use std::collections::BTreeMap;

/// Longer than any lease and any pause after a fault.
const BEYOND_LEASES: SignedDuration = SignedDuration::from_secs(150);

/// Runs of the schedule until nothing waits.
const RUNS: usize = 12;

/// A sign-in may meet records whose creator died.
const SIGN_INS: usize = 4;

pub async fn come_to(stage: &Deployment) {
    let world = &stage.world;
    world.calm();
    stage.intuit.borrow_mut().clear_injections();
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    for _ in 0..RUNS {
        world.join(stage.scheduled_refresh()).await;
        sign_in_again(stage).await;
        world.join(actions::scheduled_sync(stage)).await;
        if all_done(stage).await {
            return;
        }
        world.sleep(BEYOND_LEASES).await;
    }
    for firm in FIRMS {
        let desk = stage
            .records()
            .desk(&firm_id(firm))
            .await
            .unwrap_or_default();
        if let Some(waiting) = desk.waiting.first() {
            let (document, mark) = (&waiting.document, &waiting.mark);
            world.broken(format!("{document} of {firm} never ends: {mark:?}"));
        }
    }
}

/// Under strict rotation a lost answer costs a connection: its person signs in again.
async fn sign_in_again(stage: &Deployment) {
    for (which, firm) in FIRMS.iter().enumerate() {
        for _ in 0..SIGN_INS {
            let connection = stage.records().connection(&firm_id(firm)).await;
            if connection.is_ok_and(|connection| connection.usable().is_some()) {
                break;
            }
            actions::connect(stage, which).await;
            stage.world.sleep(BEYOND_LEASES).await;
        }
    }
}

async fn all_done(stage: &Deployment) -> bool {
    for firm in FIRMS {
        let desk: Result<Desk, _> = stage.records().desk(&firm_id(firm)).await;
        if desk.is_ok_and(|desk| !desk.waiting.is_empty()) {
            return false;
        }
    }
    true
}

pub async fn check(stage: &Deployment, facts: &Billing, ways: Ways) {
    for (which, firm) in FIRMS.iter().enumerate() {
        let expected = &facts.expected[firm];
        let found = books::compare(stage, which, (expected, ways))
            .and(books::each_object_has_one_document(stage, which));
        if let Err(what) = found {
            stage.world.broken(format!("{firm}: {what}"));
        }
    }
    let mut states = BTreeMap::new();
    for event in &facts.events {
        let state = books::state_of(stage, event).await;
        if let Some((document, state)) = state {
            states.insert(document, state);
        }
    }
    let unfinished = states
        .iter()
        .find(|(_, state)| !matches!(state.as_str(), "posted" | "voided" | "skipped"));
    if let Some((document, state)) = unfinished {
        stage.world.broken(format!("{document} ends as {state}"));
    }
}
