//! The end of a run: nothing goes wrong any more, everything is told, and the schedule goes on for a day.

use crate::known;
use crate::story::Play;
use crate::{actions, people};
use bridge::desk::Mark;
use jiff::SignedDuration;
use simulation::firms::{FIRMS, firm_id};

/// Longer than any lease and any pause after a fault.
const BEYOND_LEASES: SignedDuration = SignedDuration::from_secs(150);

/// Runs of the schedule until nothing goes on by itself.
const RUNS: usize = 12;

/// A sign-in may meet records whose creator died.
const SIGN_INS: usize = 4;

/// More than a day, in runs of the schedule as far apart as each.
const DAY: usize = 9;
const APART: SignedDuration = SignedDuration::from_hours(3);

/// So many more of them until Intuit has sent everything again that was not accepted.
const AGAIN: usize = 9;

pub async fn come_to(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    world.calm();
    stage.intuit.borrow_mut().clear_injections();
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    world.sleep(BEYOND_LEASES).await;
    world.idle().await;
    sign_in_again(play).await;
    goes_on(play).await;
    people::put_in_order(play);
    ask_for_everything(play).await;
    goes_on(play).await;
    a_day_passes(play).await;
}

/// The schedule runs until it finds nothing that goes on by itself.
async fn goes_on(play: &Play) {
    let world = &play.stage.world;
    for _ in 0..RUNS {
        runs(play).await;
        if nothing_goes_on(play).await {
            return;
        }
        world.sleep(BEYOND_LEASES).await;
    }
}

async fn runs(play: &Play) {
    let world = &play.stage.world;
    world.join(play.stage.scheduled_refresh()).await;
    world.join(actions::scheduled_sync(&play.stage)).await;
}

/// What was lost on the way is found by the next day's question, whatever hour that is asked at.
async fn a_day_passes(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    for _ in 0..DAY {
        world.sleep(APART).await;
        world.join(actions::scheduled_sync(stage)).await;
    }
    for _ in 0..AGAIN {
        if stage.intuit.borrow().next_delivery_at().is_none() {
            break;
        }
        world.sleep(APART).await;
    }
    world.sleep(BEYOND_LEASES).await;
    goes_on(play).await;
}

async fn nothing_goes_on(play: &Play) -> bool {
    let waits = |mark: &Mark| matches!(mark, Mark::Held(_) | Mark::Failed | Mark::Conflict);
    for firm in FIRMS {
        let desk = known::desk(play, firm).await;
        if !desk.waiting.iter().all(|waiting| waits(&waiting.mark)) {
            return false;
        }
    }
    true
}

async fn ask_for_everything(play: &Play) {
    for firm in FIRMS {
        let asked = actions::press_sync_now(&play.stage, firm_id(firm));
        play.stage.world.join(asked).await;
    }
}

/// Under strict rotation a lost answer costs a connection: its person signs in again.
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
