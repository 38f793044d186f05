//! The context of a worker that has the lease of a firm's queue: the client, the settings, and the cached records.

// Top first: a module uses only modules below it.
mod projects;
mod customer_payments;
mod watch;
mod invoice_order;
mod early_answer;
mod payment_cache;
mod project_cache;
mod party_cache;

pub(crate) use crate::context::early_answer::EarlyAnswer;
pub use crate::context::invoice_order::InvoiceOrder;
pub use crate::context::party_cache::{PartyCache, PartyKey};
pub use crate::context::watch::{LookedFor, Watch};

use crate::context::payment_cache::PaymentCache;
use crate::context::project_cache::ProjectCache;
use crate::eligibility::Eligibility;
use crate::error::{LookupError, PostingError};
use crate::work_item::WorkItem;
use billing::{FirmId, SubscriptionPlan};
use connection::call_outcome::CallError;
use connection::client::CompanyClient;
use jiff::Timestamp;
use mapping::{CompanyPreferences, Held, NO_PAYMENT, Parties, PlanInputs, Settings};
use ports::http::Http;
use ports::records::{Records, StoreError};
use std::collections::BTreeSet;
use store::Store;
use store::activity::ActivityLog;
use store::document::DocumentRecord;
use store::matches::ItemCatalogue;
use store::rate_limiter::RateLimiter;
use store::reason::hold::HoldReason;
use store::restore::Restore;
use store::schedule::read_quota::ReadQuota;
use store::settings::{SettingsRecord, release_form};

/// The context of a worker while it has the lease of a firm's queue.
pub struct WorkerContext<'a, H, R> {
    /// The client that calls the firm's company.
    pub client: CompanyClient<'a, H, R>,
    /// The store.
    pub store: &'a Store<R>,
    /// The firm.
    pub firm: &'a FirmId,
    /// The firm's subscription plan according to the newest event.
    pub plan: Option<SubscriptionPlan>,
    /// The firm's settings.
    pub settings: Settings,
    /// The settings paths of accounts that are no longer suitable.
    pub unfit_accounts: Vec<String>,
    /// The ids of the company's active Accounts Receivable accounts.
    pub receivables: BTreeSet<String>,
    /// The items that post to the firm's accounts.
    pub items: ItemCatalogue,
    /// The customers, classes and items that this run searched.
    pub parties: PartyCache,
    /// The firm's newest activity before this run.
    pub log: ActivityLog,
    /// The times of the restores, if the store was set back.
    pub restore: Option<Restore>,
    /// The time of the firm's last posting, in this run or before.
    pub last_posted_at: Option<Timestamp>,
    /// The run asks for the company's facts at most once, unless a document needs them.
    has_refreshed_company: bool,
    /// The time at which this run last read the company's facts. `None` if it did not, or QuickBooks did not tell them.
    company_read_at: Option<Timestamp>,
    /// The run checks the items at most once before it posts on them.
    pub(crate) has_checked_items: bool,
    /// The order in which a pay app's invoice and entry are sent.
    pub invoice_order: InvoiceOrder,
    reads_before: ReadQuota,
    projects: ProjectCache,
    payments: PaymentCache,
    /// The time at which syncing was last resumed after a pause.
    pub(crate) resumed_at: Option<Timestamp>,
    /// The knowledge about the changes of others. `None` until a document needs it.
    pub(crate) watch: Option<Watch>,
    /// The answers to looks that shared a call with the searches of parties.
    pub(crate) early_answers: Vec<EarlyAnswer>,
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
            receivables,
            resumed_at,
            ..
        } = store.settings(firm).await?;
        let items = store.items(firm).await?;
        let restore = store.restore().await?;
        Ok(Self {
            client,
            store,
            firm,
            plan,
            settings,
            unfit_accounts,
            receivables,
            items,
            parties: PartyCache::default(),
            log: ActivityLog::default(),
            restore,
            last_posted_at: None,
            has_refreshed_company: false,
            company_read_at: None,
            has_checked_items: false,
            invoice_order: InvoiceOrder::default(),
            reads_before: ReadQuota::default(),
            projects: ProjectCache::default(),
            payments: PaymentCache::default(),
            resumed_at,
            watch: None,
            early_answers: Vec::new(),
        })
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// Sets the rate limiter, which counts the calls of earlier workers.
    pub fn set_limiter(&mut self, limiter: RateLimiter) {
        self.reads_before = limiter.reads;
        self.client.limiter = limiter;
    }

    /// Returns the number of metered reads in this run. `None` if there was no read.
    pub fn reads_made(&self) -> Option<u32> {
        let reads = self.client.limiter.reads.since(self.reads_before);
        (reads > 0).then_some(reads)
    }

    /// Saves a document's record. Only the worker with the lease writes it.
    pub async fn save_document(&self, record: &DocumentRecord) -> Result<(), StoreError> {
        self.ensure_lease()?;
        self.store.save_document(self.firm, record).await
    }

    /// Saves the records of several documents before their steps are sent.
    pub async fn save_batch_log(&self, entries: Vec<DocumentRecord>) -> Result<(), StoreError> {
        self.ensure_lease()?;
        self.store.save_batch_log(self.firm, entries).await
    }

    /// Returns an error if the lease has ended. Another worker may then hold the lease and newer state, so this worker must not write.
    pub fn ensure_lease(&self) -> Result<(), StoreError> {
        if self.client.has_lease() {
            return Ok(());
        }
        Err(StoreError::Busy("queue".into()))
    }

    /// Returns the first reason to hold a document before any call to QuickBooks.
    pub fn hold_reason(&self, item: &WorkItem) -> Option<HoldReason> {
        let entry = &item.entry;
        let eligibility = Eligibility {
            plan: self.plan,
            connection: &self.client.connection,
            settings: &self.settings,
            unfit_accounts: &self.unfit_accounts,
            is_requested: entry.is_requested(),
        };
        eligibility.hold(entry, item.record.posting_day)
    }

    /// Returns the facts that a plan depends on, beside the document.
    pub fn plan_inputs<'i>(
        &'i self,
        preferences: &'i CompanyPreferences,
        held: &'i Held,
        parties: &'i Parties,
    ) -> PlanInputs<'i> {
        PlanInputs {
            settings: &self.settings,
            preferences,
            held,
            release_form: release_form(&self.receivables),
            parties,
            payment: &NO_PAYMENT,
        }
    }

    /// Returns the error of a look-up that failed. Saves a lost connection, because the look-up's error does not tell of it.
    pub async fn lookup_error(&mut self, error: CallError, now: Timestamp) -> LookupError {
        if let CallError::ConnectionLost(status) = error
            && let Err(error) = self.client.set_connection_status(status, now).await
        {
            return error.into();
        }
        LookupError::from_call(error)
    }

    /// Reads the company's facts again.
    pub async fn refresh_company(&mut self, now: Timestamp) -> Result<(), PostingError> {
        self.has_refreshed_company = true;
        self.client.refresh_company(now).await?;
        self.company_read_at = Some(now);
        Ok(())
    }

    /// Begins the check of the items before documents are posted on them. Returns whether this is the first one of the run.
    pub fn begin_item_check(&mut self) -> bool {
        !std::mem::replace(&mut self.has_checked_items, true)
    }

    /// Returns whether this run has asked for the company's facts, answered or not.
    pub fn has_refreshed_company(&self) -> bool {
        self.has_refreshed_company
    }

    /// Returns the time at which this run last read the company's facts. `None` if it did not, or QuickBooks did not tell them.
    pub fn company_read_at(&self) -> Option<Timestamp> {
        self.company_read_at
    }
}
