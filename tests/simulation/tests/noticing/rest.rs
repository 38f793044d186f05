//! The end of a run: nothing goes wrong any more, everything is told, and the schedule goes on for a day.

use crate::people;
use crate::story::Play;
use jiff::SignedDuration;
use simulation::rest::BEYOND_LEASES;

/// More than a day, in runs of the schedule as far apart as each.
const DAY: usize = 9;
const APART: SignedDuration = SignedDuration::from_hours(3);

/// So many more of them until Intuit has sent everything again that was not accepted.
const AGAIN: usize = 9;

pub async fn come_to(play: &Play) {
    let stage = &play.stage;
    stage.quiets_down().await;
    stage.sign_in_again().await;
    stage.goes_on().await;
    people::put_in_order(play);
    stage.ask_for_everything().await;
    stage.goes_on().await;
    a_day_passes(play).await;
}

/// What was lost on the way is found by the next day's question, whatever hour that is asked at.
async fn a_day_passes(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    for _ in 0..DAY {
        world.sleep(APART).await;
        world.join(stage.scheduled_sync()).await;
    }
    for _ in 0..AGAIN {
        if stage.intuit.borrow().next_delivery_at().is_none() {
            break;
        }
        world.sleep(APART).await;
    }
    world.sleep(BEYOND_LEASES).await;
    stage.goes_on().await;
}
