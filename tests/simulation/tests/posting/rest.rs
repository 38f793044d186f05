//! What must hold once nothing goes wrong any more and nothing is due: what waits says truly why, and once the reasons are gone
//! everything is posted, once, and the books are right.

use crate::billing_facts;
use crate::story::Play;
use crate::{actions, bookkeeper, books, bulk, meddled, office, truth};
use billing::SubscriptionPlan;
use simulation::firms::FIRMS;
use std::collections::BTreeMap;

pub async fn come_to(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    stage.quiets_down().await;
    if !play.given.holds {
        stage.sign_in_again().await;
    }
    if play.given.backlog {
        bulk::is_over(play).await;
    }
    stage.goes_on().await;
    if play.given.people {
        return people_are_done(play).await;
    }
    reasons(play, false).await;
    if play.given.holds {
        stage.ask_for_everything().await;
        stage.goes_on().await;
        reasons(play, true).await;
        cure(play).await;
    }
    if play.given.holds || play.refused.get() {
        stage.ask_for_everything().await;
        stage.goes_on().await;
    }
    for firm in FIRMS {
        if let Some(waiting) = stage.desk(firm).await.entries.first() {
            let (document, mark) = (&waiting.document, &waiting.state);
            world.broken(format!("{document} of {firm} never ends: {mark:?}"));
        }
    }
}

/// Customers are active again, somebody tries everything again and decides about some of what differs.
async fn people_are_done(play: &Play) {
    bookkeeper::reactivates(play);
    play.stage.ask_for_everything().await;
    play.stage.goes_on().await;
    for which in 0..FIRMS.len() {
        if play.stage.world.one_in(2) {
            bookkeeper::decides(play, which);
            play.stage.world.idle().await;
        }
    }
    play.stage.goes_on().await;
}

async fn reasons(play: &Play, asked: bool) {
    for which in 0..FIRMS.len() {
        truth::of_all(play, which, asked).await;
    }
}

/// Whatever made documents wait is undone.
async fn cure(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    for which in 0..FIRMS.len() {
        office::undo(play, which).await;
    }
    stage.sign_in_again().await;
    for firm in FIRMS {
        if play.facts.plans[firm] == SubscriptionPlan::Starter {
            let upgrade = billing_facts::upgrade(&play.facts, firm);
            world.join(actions::send(stage, upgrade)).await;
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
