//! The connection and the settings of a firm, which may hold a document.

use billing::FirmId;
use futures::future::try_join;
use jiff::civil::Date;
use ports::records::{Records, StoreError};
use posting::eligibility::Eligibility;
use store::Store;
use store::connection::Connection;
use store::queue::PlanStatus;
use store::queue::entry::{EntryState, QueueEntry};
use store::settings::SettingsRecord;

/// The connection and the settings of a firm.
pub(super) struct FirmFacts {
    connection: Connection,
    settings: SettingsRecord,
}

impl FirmFacts {
    /// Reads the connection and the settings.
    pub async fn load<R: Records>(store: &Store<R>, firm: &FirmId) -> Result<Self, StoreError> {
        let (connection, settings) = try_join(store.connection(firm), store.settings(firm)).await?;
        Ok(Self {
            connection,
            settings,
        })
    }

    /// Marks the entry as held if a reason holds the document before any call to QuickBooks. `posting_day` is the open day on which the
    /// document is posted in place of its own one, if it is.
    pub fn hold_if_ineligible(
        &self,
        entry: &mut QueueEntry,
        posting_day: Option<Date>,
        plan: PlanStatus,
    ) {
        let eligibility = Eligibility {
            plan: Some(plan.plan),
            connection: &self.connection,
            settings: &self.settings.settings,
            unfit_accounts: &self.settings.unfit_accounts,
            is_requested: false,
        };
        if let Some(hold) = eligibility.hold(entry, posting_day) {
            entry.state = EntryState::Held(hold);
        }
    }
}
