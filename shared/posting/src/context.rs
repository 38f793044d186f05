//! What a worker holds while it has the lease of a firm's queue: the client, the settings, and what it read once.

// Top first: a module uses only modules below it.
mod projects;
mod project_cache;
mod party_cache;

pub use crate::context::party_cache::{PartyCache, PartyKey};

use crate::context::project_cache::ProjectCache;
use crate::eligibility::Eligibility;
use crate::error::PostingError;
use billing::{FirmId, SubscriptionPlan};
use connection::client::CompanyClient;
use jiff::Timestamp;
use mapping::Settings;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::Store;
use store::activity::ActivityLog;
use store::document::DocumentRecord;
use store::matches::ItemCatalogue;
use store::queue::entry::QueueEntry;
use store::queue::rate_limiter::RateLimiter;
use store::reason::hold::HoldReason;
use store::schedule::read_quota::ReadQuota;
use store::settings::SettingsRecord;

/// What a worker holds while it has a firm's lease.
pub struct WorkerContext<'a, H, R> {
    /// Calls the firm's company.
    pub client: CompanyClient<'a, H, R>,
    /// The records.
    pub store: &'a Store<R>,
    /// The firm.
    pub firm: &'a FirmId,
    /// The firm's plan as the newest event said.
    pub plan: Option<SubscriptionPlan>,
    /// The firm's settings.
    pub settings: Settings,
    /// Accounts of the settings that do not fit any more, as paths.
    pub unfit_accounts: Vec<String>,
    /// The items that post to the accounts.
    pub items: ItemCatalogue,
    /// The customers, classes and items that were looked for in this run.
    pub parties: PartyCache,
    /// The newest activity of the firm before this run.
    pub log: ActivityLog,
    /// Whether the company's facts were read again in this run.
    has_refreshed_company: bool,
    reads_before: ReadQuota,
    projects: ProjectCache,
}

impl<'a, H: Http, R: Records> WorkerContext<'a, H, R> {
    /// Opens a context: loads the settings and the items.
    pub async fn open(
        client: CompanyClient<'a, H, R>,
        plan: Option<SubscriptionPlan>,
    ) -> Result<Self, StoreError> {
        let (store, firm) = (&client.services.store, client.firm);
        let SettingsRecord {
            settings,
            unfit_accounts,
            ..
        } = store.settings(firm).await?;
        let items = store.items(firm).await?;
        Ok(Self {
            client,
            store,
            firm,
            plan,
            settings,
            unfit_accounts,
            items,
            parties: PartyCache::default(),
            log: ActivityLog::default(),
            has_refreshed_company: false,
            reads_before: ReadQuota::default(),
            projects: ProjectCache::default(),
        })
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// Continues with the calls that earlier workers made.
    pub fn set_limiter(&mut self, limiter: RateLimiter) {
        self.reads_before = limiter.reads;
        self.client.limiter = limiter;
    }

    /// Returns how much was read of the company in this run. `None` if nothing was.
    pub fn reads_made(&self) -> Option<u32> {
        let reads = self.client.limiter.reads.since(self.reads_before);
        (reads > 0).then_some(reads)
    }

    /// Saves a document's record, which only the worker with the lease writes.
    pub async fn save_document(&self, record: &DocumentRecord) -> Result<(), StoreError> {
        self.ensure_lease()?;
        self.store.save_document(self.firm, record).await
    }

    /// Saves what is about to be sent for several documents.
    pub async fn save_batch_log(&self, entries: Vec<DocumentRecord>) -> Result<(), StoreError> {
        self.ensure_lease()?;
        self.store.save_batch_log(self.firm, entries).await
    }

    /// Returns an error once the lease has ended: another worker may have the queue and know better, so this one writes nothing.
    pub fn ensure_lease(&self) -> Result<(), StoreError> {
        if self.client.has_lease() {
            return Ok(());
        }
        Err(StoreError::Busy("queue".into()))
    }

    /// Returns the first reason to hold a document before QuickBooks is asked.
    pub fn hold_reason(&self, entry: &QueueEntry) -> Option<HoldReason> {
        let eligibility = Eligibility {
            plan: self.plan,
            connection: &self.client.connection,
            settings: &self.settings,
            unfit_accounts: &self.unfit_accounts,
            is_requested: entry.is_requested(),
        };
        eligibility.hold(entry)
    }

    /// Reads the company's facts again.
    pub async fn refresh_company(&mut self, now: Timestamp) -> Result<(), PostingError> {
        self.has_refreshed_company = true;
        Ok(self.client.refresh_company(now).await?)
    }

    /// Returns whether the company's facts were read again in this run.
    pub fn has_refreshed_company(&self) -> bool {
        self.has_refreshed_company
    }
}
