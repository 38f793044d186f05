//! The final state of a run, without faults: each document that is held states the true reason, and once the reasons are gone each
//! document is posted once and the ledger is correct.

use crate::posting::scenario::Run;
use crate::posting::{
    actions, billing_events, bulk_sync, firm_actions, hold_reasons, item_edits, ledger_checks,
    manual_edits, posting_with_edits,
};
use billing::SubscriptionPlan;
use simulation::firms::{FIRMS, firm_id};
use std::collections::BTreeMap;
use store::connection::ConnectionStatus;
use store::document::decision::DecisionKind;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;

/// The most runs of the schedule until nothing waits, once QuickBooks has answered for a document after an outage. Documents that depend on
/// one another, and look-ups that wait for the index, take some. A store that was set back takes more.
const MAX_RUNS_AFTER_OUTAGE: usize = 8;

/// The most rounds of decisions: a decided document may let the next one be held.
const MOST_DECISIONS: usize = 12;

/// Ends all faults and runs the schedule until each document has its final state.
pub async fn settle(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    deployment.end_faults().await;
    if !run.given.has_firm_actions {
        check_connected(run).await;
        deployment.reconnect_firms().await;
    }
    if run.given.has_backlog {
        bulk_sync::restore_automatic_mode(run).await;
    }
    let runs = deployment.run_schedule_until_settled().await;
    let is_late = runs > MAX_RUNS_AFTER_OUTAGE && !run.given.is_restored;
    if run.given.has_long_outage && is_late && hold_reasons::are_lookups_answered(run).await {
        world.fail(format!(
            "documents wait for {runs} runs after QuickBooks was well again"
        ));
    }
    if run.given.has_manual_edits {
        return resolve_conflicts(run).await;
    }
    check_hold_reasons(run, false).await;
    if run.given.has_firm_actions {
        deployment.sync_all_firms().await;
        deployment.run_schedule_until_settled().await;
        check_hold_reasons(run, true).await;
        undo_holds(run).await;
    }
    if run.given.has_firm_actions || run.faults.has_refusal() {
        deployment.sync_all_firms().await;
        deployment.run_schedule_until_settled().await;
    }
    post_anyway(run).await;
    for firm in FIRMS {
        if let Some(entry) = deployment.queue(firm).await.entries.first() {
            let (document, state) = (&entry.document, &entry.state);
            world.fail(format!("{document} of {firm} never ends: {state:?}"));
        }
    }
}

/// Decides that documents are posted anyway: those that would take more retainage back than a project holds, because pay apps may be negative,
/// and those of which RIVET forgot that it voided the earlier form.
async fn post_anyway(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    for _ in 0..MOST_DECISIONS {
        let mut is_decided = false;
        for (which, firm) in FIRMS.into_iter().enumerate() {
            for entry in deployment.queue(firm).await.entries {
                let hold = match &entry.state {
                    EntryState::Held(hold) => hold,
                    _ => continue,
                };
                let is_taken_back = matches!(hold, HoldReason::RetainageExceeded { is_taken_back, .. } if *is_taken_back);
                if is_taken_back || hold_reasons::names_own_voids(run, which, hold) {
                    let anyway = DecisionKind::PostAnyway;
                    let deciding =
                        actions::decide(deployment, firm_id(firm), entry.document, anyway);
                    world.join(deciding).await;
                    is_decided = true;
                }
            }
        }
        if !is_decided {
            return;
        }
        deployment.run_schedule_until_settled().await;
    }
}

/// Checks that no firm is asked to sign in again: only people end a connection, and under strict rotation a lost answer.
async fn check_connected(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    // A restored refresh token may be spent.
    if run.given.methods.has_strict_rotation || run.given.is_restored {
        return;
    }
    for firm in FIRMS {
        let connection = deployment.direct_store().connection(&firm_id(firm)).await;
        let is_asked = connection.is_ok_and(|connection| {
            matches!(connection.status, ConnectionStatus::NeedsReauthorization(_))
        });
        if is_asked {
            world.fail(format!(
                "{firm} is asked to reconnect although nobody ended its grant"
            ));
        }
    }
}

/// Reactivates all customers, syncs everything again and decides some of the conflicts.
async fn resolve_conflicts(run: &Run) {
    manual_edits::reactivate_customers(run);
    item_edits::undo(run);
    let lag = run.given.behaviour.index_lag;
    run.deployment.world.sleep(lag).await;
    run.deployment.sync_all_firms().await;
    run.deployment.run_schedule_until_settled().await;
    for which in 0..FIRMS.len() {
        if run.deployment.world.one_in(2) {
            manual_edits::decide_conflict(run, which);
            run.deployment.world.wait_for_instances().await;
        }
    }
    run.deployment.run_schedule_until_settled().await;
}

async fn check_hold_reasons(run: &Run, asked: bool) {
    for which in 0..FIRMS.len() {
        hold_reasons::check_firm(run, which, asked).await;
    }
}

/// Undoes everything that holds documents.
async fn undo_holds(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    for which in 0..FIRMS.len() {
        firm_actions::undo(run, which).await;
    }
    deployment.reconnect_firms().await;
    for firm in FIRMS {
        if run.billing_events.plans[firm] == SubscriptionPlan::Starter {
            let upgrade = billing_events::upgrade(&run.billing_events, firm);
            world.join(actions::send_event(deployment, upgrade)).await;
        }
    }
}

/// Checks the owners of all transactions. RIVET need not know those of a document that was made and voided between a copy of the store and
/// its restore: the ledgers show that they cancel out.
fn check_owners(run: &Run, which: usize) -> Result<(), String> {
    match run.given.is_restored {
        true => Ok(()),
        false => ledger_checks::check_owners(&run.deployment, which, &run.copies_of_deleted(which)),
    }
}

/// Checks the ledgers and the records of both firms.
pub async fn check(run: &Run) {
    let deployment = &run.deployment;
    for (which, firm) in FIRMS.iter().enumerate() {
        let lost = deployment.lost_keys(firm).await;
        if !lost.is_empty() {
            deployment.world.fail(format!("nothing leads to {lost:?}"));
        }
        if let Err(what) = ledger_checks::check_closed_books(deployment, which) {
            deployment.world.fail(format!("{firm}: {what}"));
        }
        if run.given.has_manual_edits {
            let found = posting_with_edits::check(run, which).await;
            let copies = run.copies_of_deleted(which);
            let found = found.and(ledger_checks::check_owners(deployment, which, &copies));
            if let Err(what) = found {
                deployment.world.fail(format!("{firm}: {what}"));
            }
            continue;
        }
        let expected = &run.billing_events.expected[firm];
        let found = ledger_checks::check_balances(deployment, which, expected, run.given.methods)
            .and(check_owners(run, which))
            .and(ledger_checks::check_days(deployment, which))
            .and(ledger_checks::check_retainage(deployment, which, expected));
        if let Err(what) = found {
            deployment.world.fail(format!("{firm}: {what}"));
        }
    }
    if run.given.has_manual_edits {
        return;
    }
    let mut states = BTreeMap::new();
    for event in &run.billing_events.events {
        let state = ledger_checks::document_status(deployment, event).await;
        if let Some((document, state)) = state {
            states.insert(document, state);
        }
    }
    let unfinished = states
        .iter()
        .find(|(_, state)| !matches!(state.as_str(), "posted" | "voided" | "skipped"));
    if let Some((document, state)) = unfinished {
        deployment.world.fail(format!("{document} ends as {state}"));
    }
}
