//! Checks whether each held document states the true reason.

use crate::posting::scenario::Run;
use billing::SubscriptionPlan;
use mapping::settings::{Settings, SyncMode};
use quickbooks::entity::TxnType;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulator::Actor;
use store::connection::Connection;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::reason::found_transaction::FoundTransaction;
use store::reason::hold::HoldReason;

/// The state of a firm at the end of a run.
struct FirmState<'a> {
    run: &'a Run,
    which: usize,
    queue: Queue,
    settings: Settings,
    connection: Connection,
    /// True if QuickBooks was asked again, because a person has just pressed Sync Now.
    is_synced: bool,
}

/// Checks the stated reason of every document in the queue of a firm.
pub async fn check_firm(run: &Run, which: usize, is_synced: bool) {
    let (records, firm) = (run.deployment.direct_store(), firm_id(FIRMS[which]));
    let state = FirmState {
        run,
        which,
        queue: records.queue(&firm).await.unwrap_or_default(),
        settings: records.settings(&firm).await.unwrap().settings,
        connection: records.connection(&firm).await.unwrap(),
        is_synced,
    };
    for entry in &state.queue.entries {
        if !state.is_justified(&entry.state) {
            let (document, state) = (&entry.document, &entry.state);
            let record = records.document(&firm, document).await.unwrap_or_default();
            let status = record.map(|record| record.status);
            let what = format!("{document} of {firm} waits without reason: {state:?}, {status:?}");
            run.deployment.world.fail(what);
        }
    }
}

/// Returns whether QuickBooks answers the look-ups of all firms.
pub async fn are_lookups_answered(run: &Run) -> bool {
    let records = run.deployment.direct_store();
    for (which, firm) in FIRMS.iter().enumerate() {
        let connection = records.connection(&firm_id(firm)).await.unwrap();
        if !is_answered(run, which, &connection) {
            return false;
        }
    }
    true
}

/// Returns whether a document is held for forms that RIVET itself voided, beside the entries that it took back. A revision was to replace
/// them, the store was set back, and nobody can tell any more who voided them.
pub fn names_own_voids(run: &Run, which: usize, hold: &HoldReason) -> bool {
    let HoldReason::AlreadyInQuickbooks(found) = hold else {
        return false;
    };
    let intuit = run.deployment.intuit.borrow();
    let is_own = |found: &FoundTransaction| {
        let kind = format!("{:?}", found.kind);
        let mut changes = intuit.changes(COMPANIES[which]).iter().rev();
        let last = changes.find(|change| change.entity == kind && change.id == found.id);
        last.is_some_and(|last| last.by == Actor::Api)
    };
    // A void form is zero. An entry that was taken back keeps its amount.
    let (entries, forms): (Vec<_>, Vec<_>) = found
        .iter()
        .partition(|found| found.kind == TxnType::JournalEntry);
    let are_void = forms.iter().all(|form| form.amount.is_zero());
    let are_undone = !forms.is_empty() && are_void && entries.len() % 2 == 0;
    run.given.is_restored && are_undone && found.iter().all(is_own)
}

/// Returns whether QuickBooks answers the look-ups of a firm, which need a connection and a subscription.
fn is_answered(run: &Run, which: usize, connection: &Connection) -> bool {
    run.subscribed.get()[which] && connection.usable_grant().is_some()
}

impl FirmState<'_> {
    fn is_justified(&self, state: &EntryState) -> bool {
        match state {
            EntryState::Held(hold) => self.is_hold_justified(hold),
            EntryState::Failed => self.run.faults.has_refusal(),
            // In these runs no person changes anything in QuickBooks.
            EntryState::Conflict => false,
            EntryState::Uncertain(_) => !is_answered(self.run, self.which, &self.connection),
            EntryState::Pending { .. } => false,
        }
    }

    fn is_hold_justified(&self, hold: &HoldReason) -> bool {
        let sync = &self.settings.sync;
        match hold {
            HoldReason::Manual => sync.mode == SyncMode::Manual,
            HoldReason::Paused => sync.mode == SyncMode::Paused,
            HoldReason::BeforeStartDate(day) => sync.start_date == Some(*day),
            HoldReason::CountryNotSupported(_) => false,
            HoldReason::NotConnected => {
                self.connection.usable_grant().is_none() || self.run.lapsed.get()[self.which]
            }
            HoldReason::PlanNotEligible => {
                self.run.billing_events.plans[FIRMS[self.which]] == SubscriptionPlan::Starter
            }
            HoldReason::BooksClosed(day) if self.is_synced => {
                self.run.closed.get()[self.which].is_some_and(|through| *day <= through)
            }
            HoldReason::BooksClosed(_) => self.run.given.has_firm_actions,
            HoldReason::WaitingFor(document) => self.queue.entry_for(document).is_some(),
            HoldReason::RetainageExceeded {
                held,
                needed,
                is_taken_back,
            } => held < needed && (*is_taken_back || self.queue.entries.len() > 1),
            HoldReason::AlreadyInQuickbooks(_) => names_own_voids(self.run, self.which, hold),
            // Nothing in these runs gives another reason.
            _ => false,
        }
    }
}
