//! Whether the reason that a waiting document gives is true.

use crate::story::Play;
use billing::SubscriptionPlan;
use mapping::settings::{Settings, SyncMode};
use simulation::firms::{FIRMS, firm_id};
use store::connection::Connection;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;

/// What there is to know of a firm at rest.
struct Known<'a> {
    play: &'a Play,
    which: usize,
    desk: Queue,
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
        desk: records.queue(&firm).await.unwrap_or_default(),
        settings: records.settings(&firm).await.unwrap().settings,
        connection: records.connection(&firm).await.unwrap(),
        asked,
    };
    for waiting in &known.desk.entries {
        if !known.is_true(&waiting.state) {
            let (document, mark) = (&waiting.document, &waiting.state);
            let what = format!("{document} of {firm} waits without reason: {mark:?}");
            play.stage.world.broken(what);
        }
    }
}

impl Known<'_> {
    fn is_true(&self, mark: &EntryState) -> bool {
        match mark {
            EntryState::Held(hold) => self.holds(hold),
            EntryState::Failed => self.play.refused.get(),
            // Nobody changed anything in QuickBooks.
            EntryState::Conflict => false,
            EntryState::Pending { .. } | EntryState::Uncertain(_) => false,
        }
    }

    fn holds(&self, hold: &HoldReason) -> bool {
        let sync = &self.settings.sync;
        match hold {
            HoldReason::Manual => sync.mode == SyncMode::Manual,
            HoldReason::Paused => sync.mode == SyncMode::Paused,
            HoldReason::BeforeStartDate(day) => sync.start_date == Some(*day),
            HoldReason::NotConnected => self.connection.usable_grant().is_none(),
            HoldReason::PlanNotEligible => {
                self.play.facts.plans[FIRMS[self.which]] == SubscriptionPlan::Starter
            }
            HoldReason::BooksClosed(day) if self.asked => {
                self.play.closed.get()[self.which].is_some_and(|through| *day <= through)
            }
            HoldReason::BooksClosed(_) => self.play.given.holds,
            HoldReason::WaitingFor(document) => self.desk.entry_for(document).is_some(),
            HoldReason::RetainageExceeded { held, needed } => {
                held < needed && self.desk.entries.len() > 1
            }
            HoldReason::SettingsIncomplete(_)
            | HoldReason::CustomerUnmatched(_)
            | HoldReason::CustomerInactive(_)
            | HoldReason::ClassInactive(_)
            | HoldReason::ItemInactive
            | HoldReason::PaymentsApplied => false,
        }
    }
}
