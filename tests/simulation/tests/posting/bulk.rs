//! A lot that waits and is asked for at once: documents go out in rounds, and what goes wrong meets them there.

use crate::story::{Play, pause};
use crate::{actions, office, troubles};
use jiff::SignedDuration;
use mapping::settings::{Settings, SyncMode};
use simulation::Conditions;
use simulation::firms::{FIRMS, firm_id};

/// How often somebody asks for what waits before all comes to rest.
const TIMES: usize = 4;

/// Longer than the events of a run are sent again.
const ALL_ARRIVED: SignedDuration = SignedDuration::from_mins(10);

/// The firms post by hand only, and nothing goes wrong while the events come in.
pub async fn builds_up(play: &Play) {
    let world = &play.stage.world;
    world.suffer(Conditions::calm());
    for firm in FIRMS {
        let manual = |settings: &mut Settings| settings.sync.mode = SyncMode::Manual;
        let saved = actions::change_settings(&play.stage, firm_id(firm), manual);
        world.join(saved).await;
    }
}

/// Somebody presses Sync Now, the schedule goes on, and now it goes wrong.
pub async fn is_asked_for(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    world.sleep(ALL_ARRIVED).await;
    world.suffer(play.given.conditions);
    for _ in 0..TIMES {
        troubles::next(play);
        for firm in FIRMS {
            stage.press_sync_now(firm_id(firm));
        }
        world.sleep(pause(world)).await;
        stage.scheduled_sync();
        world.sleep(pause(world)).await;
    }
}

/// From now on everything is posted by itself.
pub async fn is_over(play: &Play) {
    for which in 0..FIRMS.len() {
        office::undo(play, which).await;
    }
}
