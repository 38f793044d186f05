//! What must hold once nothing goes wrong any more and nothing is due: what waits says truly why, and once the reasons are gone
//! everything is posted, once, and the books are right.

use crate::billing_facts;
use crate::story::Play;
use crate::{actions, bookkeeper, books, bulk, meddled, office, truth};
use billing::Plan;
use bridge::desk::{Desk, Mark};
use jiff::SignedDuration;
use simulation::firms::{FIRMS, firm_id};
use std::collections::BTreeMap;

/// Longer than any lease and any pause after a fault.
const BEYOND_LEASES: SignedDuration = SignedDuration::from_secs(150);

/// Runs of the schedule until nothing goes on by itself.
const RUNS: usize = 12;

/// A sign-in may meet records whose creator died.
const SIGN_INS: usize = 4;

pub async fn come_to(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    world.calm();
    stage.intuit.borrow_mut().clear_injections();
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    if !play.given.holds {
        // Under strict rotation a lost answer costs a connection: its person signs in again.
        sign_in_again(play).await;
    }
    if play.given.backlog {
        bulk::is_over(play).await;
    }
    goes_on(play).await;
    if play.given.people {
        return people_are_done(play).await;
    }
    reasons(play, false).await;
    if play.given.holds {
        ask_for_everything(play).await;
        goes_on(play).await;
        reasons(play, true).await;
        cure(play).await;
    }
    if play.given.holds || play.refused.get() {
        ask_for_everything(play).await;
        goes_on(play).await;
    }
    for firm in FIRMS {
        if let Some(waiting) = desk(play, firm).await.waiting.first() {
            let (document, mark) = (&waiting.document, &waiting.mark);
            world.broken(format!("{document} of {firm} never ends: {mark:?}"));
        }
    }
}

/// Customers are active again, somebody tries everything again and decides about some of what differs.
async fn people_are_done(play: &Play) {
    bookkeeper::reactivates(play);
    ask_for_everything(play).await;
    goes_on(play).await;
    for which in 0..FIRMS.len() {
        if play.stage.world.one_in(2) {
            bookkeeper::decides(play, which);
            play.stage.world.idle().await;
        }
    }
    goes_on(play).await;
}

/// The schedule runs until it finds nothing that goes on by itself.
async fn goes_on(play: &Play) {
    let world = &play.stage.world;
    for _ in 0..RUNS {
        world.join(play.stage.scheduled_refresh()).await;
        world.join(actions::scheduled_sync(&play.stage)).await;
        if nothing_goes_on(play).await {
            return;
        }
        world.sleep(BEYOND_LEASES).await;
    }
}

async fn nothing_goes_on(play: &Play) -> bool {
    let waits = |mark: &Mark| matches!(mark, Mark::Held(_) | Mark::Failed | Mark::Conflict);
    for firm in FIRMS {
        let desk = desk(play, firm).await;
        if !desk.waiting.iter().all(|waiting| waits(&waiting.mark)) {
            return false;
        }
    }
    true
}

async fn desk(play: &Play, firm: &str) -> Desk {
    let desk = play.stage.records().desk(&firm_id(firm)).await;
    desk.unwrap_or_default()
}

async fn reasons(play: &Play, asked: bool) {
    for which in 0..FIRMS.len() {
        truth::of_all(play, which, asked).await;
    }
}

async fn ask_for_everything(play: &Play) {
    for firm in FIRMS {
        let asked = actions::press_sync_now(&play.stage, firm_id(firm));
        play.stage.world.join(asked).await;
    }
}

/// Whatever made documents wait is undone.
async fn cure(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    for which in 0..FIRMS.len() {
        office::undo(play, which).await;
    }
    sign_in_again(play).await;
    for firm in FIRMS {
        if play.facts.plans[firm] == Plan::Starter {
            let upgrade = billing_facts::upgrade(&play.facts, firm);
            world.join(actions::send(stage, upgrade)).await;
        }
    }
}

async fn sign_in_again(play: &Play) {
    let stage = &play.stage;
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

pub async fn check(play: &Play) {
    let stage = &play.stage;
    for (which, firm) in FIRMS.iter().enumerate() {
        if play.given.people {
            let found = meddled::check(play, which).await;
            let found = found.and(books::each_object_has_one_document(stage, which));
            if let Err(what) = found {
                stage.world.broken(format!("{firm}: {what}"));
            }
            continue;
        }
        let expected = &play.facts.expected[firm];
        let found = books::compare(stage, which, (expected, play.given.ways))
            .and(books::each_object_has_one_document(stage, which))
            .and(books::retainage_is_known(stage, which, expected));
        if let Err(what) = found {
            stage.world.broken(format!("{firm}: {what}"));
        }
    }
    if play.given.people {
        return;
    }
    let mut states = BTreeMap::new();
    for event in &play.facts.events {
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
