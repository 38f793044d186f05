//! Whether the reason that a waiting document gives is true.

use crate::story::Play;
use billing::Plan;
use mapping::settings::{Settings, SyncMode};
use simulation::firms::{FIRMS, firm_id};
use store::connection::Connection;
use store::queue::Desk;
use store::queue::entry::Mark;
use store::reason::hold::Hold;

/// What there is to know of a firm at rest.
struct Known<'a> {
    play: &'a Play,
    which: usize,
    desk: Desk,
    settings: Settings,
    connection: Connection,
    /// Somebody has just asked for everything, so that QuickBooks was asked anew too.
    asked: bool,
}

/// Every document of a firm that waits says why, and that is so.
pub async fn of_all(play: &Play, which: usize, asked: bool) {
    let (records, firm) = (play.stage.records(), firm_id(FIRMS[which]));
    let known = Known {
        play,
        which,
        desk: records.desk(&firm).await.unwrap_or_default(),
        settings: records.settings(&firm).await.unwrap().settings,
        connection: records.connection(&firm).await.unwrap(),
        asked,
    };
    for waiting in &known.desk.waiting {
        if !known.is_true(&waiting.mark) {
            let (document, mark) = (&waiting.document, &waiting.mark);
            let what = format!("{document} of {firm} waits without reason: {mark:?}");
            play.stage.world.broken(what);
        }
    }
}

impl Known<'_> {
    fn is_true(&self, mark: &Mark) -> bool {
        match mark {
            Mark::Held(hold) => self.holds(hold),
            Mark::Failed => self.play.refused.get(),
            // Nobody changed anything in QuickBooks.
            Mark::Conflict => false,
            Mark::Pending { .. } | Mark::Uncertain(_) => false,
        }
    }

    fn holds(&self, hold: &Hold) -> bool {
        let sync = &self.settings.sync;
        match hold {
            Hold::Manual => sync.mode == SyncMode::Manual,
            Hold::Paused => sync.mode == SyncMode::Paused,
            Hold::BeforeStartDate(day) => sync.start_date == Some(*day),
            Hold::NotConnected => self.connection.usable().is_none(),
            Hold::PlanNotEligible => self.play.facts.plans[FIRMS[self.which]] == Plan::Starter,
            Hold::BooksClosed(day) if self.asked => {
                self.play.closed.get()[self.which].is_some_and(|through| *day <= through)
            }
            Hold::BooksClosed(_) => self.play.given.holds,
            Hold::WaitingFor(document) => self.desk.waiting_for(document).is_some(),
            Hold::RetainageExceeded { held, needed } => {
                held < needed && self.desk.waiting.len() > 1
            }
            Hold::SettingsIncomplete(_)
            | Hold::CustomerUnmatched(_)
            | Hold::CustomerInactive(_)
            | Hold::ClassInactive(_)
            | Hold::ItemInactive
            | Hold::PaymentsApplied => false,
        }
    }
}
