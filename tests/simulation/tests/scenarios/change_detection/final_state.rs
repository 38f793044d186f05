//! The final state of a run: faults end, all webhooks are delivered, and the schedule runs for a day.

use crate::change_detection::manual_edits;
use crate::change_detection::scenario::Run;
use jiff::{SignedDuration, Timestamp};
use simulation::final_state::AFTER_LEASES;
use simulation::firms::COMPANIES;
use simulator::Actor;

/// The runs of the schedule in a bit more than a day.
const DAY: usize = 9;
const APART: SignedDuration = SignedDuration::from_hours(3);

/// The most further pauses until Intuit has repeated every delivery that was not accepted.
const AGAIN: usize = 9;

/// Ends all faults and runs the schedule until every document has its final state.
pub async fn settle(run: &Run) {
    let deployment = &run.deployment;
    deployment.end_faults().await;
    deployment.reconnect_firms().await;
    deployment.run_schedule_until_settled().await;
    manual_edits::restore_lists(run);
    deployment.sync_all_firms().await;
    deployment.run_schedule_until_settled().await;
    let before = run.deployment.world.now();
    pass_one_day(run).await;
    // The night may release documents, which are posted after its question.
    if was_posted_since(run, before) {
        pass_one_day(run).await;
    }
}

/// Returns whether RIVET wrote to a company since this time.
fn was_posted_since(run: &Run, since: Timestamp) -> bool {
    let intuit = run.deployment.intuit.borrow();
    COMPANIES.iter().any(|realm| {
        let mut changes = intuit.changes(realm).iter().rev();
        changes.any(|change| change.by == Actor::Api && change.changed_at >= since)
    })
}

/// Lets a day pass: the next daily query finds the changes whose webhooks were lost.
async fn pass_one_day(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    for _ in 0..DAY {
        world.sleep(APART).await;
        world.join(deployment.scheduled_sync()).await;
    }
    for _ in 0..AGAIN {
        if deployment.intuit.borrow().next_delivery_at().is_none() {
            break;
        }
        world.sleep(APART).await;
    }
    world.sleep(AFTER_LEASES).await;
    deployment.run_schedule_until_settled().await;
}
