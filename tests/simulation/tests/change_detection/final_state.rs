//! The end of a run: nothing goes wrong any more, everything is told, and the schedule goes on for a day.

use crate::manual_edits;
use crate::scenario::Run;
use jiff::SignedDuration;
use simulation::final_state::AFTER_LEASES;

/// More than a day, in runs of the schedule as far apart as each.
const DAY: usize = 9;
const APART: SignedDuration = SignedDuration::from_hours(3);

/// So many more of them until Intuit has sent everything again that was not accepted.
const AGAIN: usize = 9;

pub async fn settle(run: &Run) {
    let deployment = &run.deployment;
    deployment.end_faults().await;
    deployment.reconnect_firms().await;
    deployment.run_schedule_until_settled().await;
    manual_edits::restore_lists(run);
    deployment.sync_all_firms().await;
    deployment.run_schedule_until_settled().await;
    pass_one_day(run).await;
}

/// What was lost on the way is found by the next day's question, whatever hour that is asked at.
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
