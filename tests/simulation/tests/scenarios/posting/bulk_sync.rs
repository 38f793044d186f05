//! Builds up a backlog and syncs it at once: documents are posted in batches, and the faults happen during these batches.

use crate::posting::injected_faults::inject_next;
use crate::posting::scenario::{Run, pause};
use crate::posting::{actions, firm_actions};
use jiff::SignedDuration;
use mapping::settings::{Settings, SyncMode};
use simulation::Conditions;
use simulation::firms::{FIRMS, firm_id};

/// The number of Sync Now requests before the faults end.
const TIMES: usize = 4;

/// Longer than RIVET repeats the events of a run.
const ALL_ARRIVED: SignedDuration = SignedDuration::from_mins(10);

/// Sets both firms to manual mode, and lets the events arrive without faults.
pub async fn prepare(run: &Run) {
    let world = &run.deployment.world;
    world.set_conditions(Conditions::without_faults());
    for firm in FIRMS {
        let manual = |settings: &mut Settings| settings.sync.mode = SyncMode::Manual;
        let saved = actions::change_settings(&run.deployment, firm_id(firm), manual);
        world.join(saved).await;
    }
}

/// Presses Sync Now and runs the schedule, with faults.
pub async fn sync_repeatedly(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    world.sleep(ALL_ARRIVED).await;
    world.set_conditions(run.given.conditions);
    for _ in 0..TIMES {
        inject_next(&run.deployment, &run.faults);
        for firm in FIRMS {
            deployment.press_sync_now(firm_id(firm));
        }
        world.sleep(pause(world)).await;
        deployment.scheduled_sync();
        world.sleep(pause(world)).await;
    }
}

/// Sets both firms back to automatic mode.
pub async fn restore_automatic_mode(run: &Run) {
    for which in 0..FIRMS.len() {
        firm_actions::undo(run, which).await;
    }
}
