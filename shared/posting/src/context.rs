//! One worker's stay at a firm's desk: what it read once, and its calls to the company.

pub mod calls;
pub mod project_cache;
pub mod queries;

use crate::context::project_cache::ProjectCache;
pub use crate::error::{Halt, again, unread};
pub use connection::client::deadlines::Deadlines;

use crate::eligibility::Eligibility;
use billing::{FirmId, SubscriptionPlan};
use connection::call_outcome::Setback;
use connection::client::ApiRequest;
use connection::client::company_info::company;
use connection::refresh::{RefreshResult, ensure_access_token};
use connection::services::Services;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{CompanyPreferences, PostedObject, Settings};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity;
use quickbooks::request::Write;
use store::Claimant;
use store::activity::ActivityLog;
use store::connection::{Connection, ConnectionStatus};
use store::document::DocumentRecord;
use store::inbox::change::PendingChange;
use store::matches::ItemCatalogue;
use store::object_index::entry::IndexEntry;
use store::queue::rate_limiter::RateLimiter;
use store::schedule::read_quota::ReadQuota;
use store::settings::SettingsRecord;

/// A worker's stay.
pub struct WorkerContext<'a, H, R> {
    pub bridge: &'a Services<H, R>,
    pub firm: &'a FirmId,
    pub owner: &'a str,
    pub plan: Option<SubscriptionPlan>,
    pub connection: Connection,
    pub settings: Settings,
    /// Accounts of the settings that fit no longer.
    pub unfit: Vec<String>,
    pub items: ItemCatalogue,
    /// What was found of customers and projects in this stay, or why not.
    pub found: Vec<(String, Result<String, Setback>)>,
    /// What was done at the desk before.
    pub log: ActivityLog,
    /// How fast the company was called.
    pub pace: RateLimiter,
    /// QuickBooks asked to be left alone until then, in the middle of something.
    pub quiet_until: Option<Timestamp>,
    /// Customers that were matched in this stay, for the register.
    pub matched: Vec<IndexEntry>,
    /// What RIVET wrote of a document, while what QuickBooks has of it is taken over for a decision.
    pub written: Option<Vec<PostedObject>>,
    /// What is to be looked at again although nobody told of it.
    pub again: Vec<PendingChange>,
    /// The company was asked about itself in this stay.
    pub rechecked: bool,
    /// What had been read of the company when it began.
    read_before: ReadQuota,
    projects: ProjectCache,
    hours: Deadlines<'a>,
}

impl<'a, H: Http, R: Records> WorkerContext<'a, H, R> {
    /// Opens it: a fresh token, the settings, the items.
    pub async fn open(
        bridge: &'a Services<H, R>,
        (firm, owner): (&'a FirmId, &'a str),
        plan: Option<SubscriptionPlan>,
        hours: Deadlines<'a>,
    ) -> Result<WorkerContext<'a, H, R>, StoreError> {
        let now = (hours.clock)();
        let connection = if hours.allow_a_refresh(now) {
            let (RefreshResult::Valid(connection)
            | RefreshResult::Revoked(connection)
            | RefreshResult::Deferred(connection)) =
                ensure_access_token(&bridge.auth(), firm, Claimant { owner, now }).await?;
            *connection
        } else {
            bridge.store.connection(firm).await?
        };
        let SettingsRecord {
            settings,
            unfit_accounts: unfit,
            ..
        } = bridge.store.settings(firm).await?;
        let items = bridge.store.items(firm).await?;
        Ok(Self {
            bridge,
            firm,
            owner,
            plan,
            connection,
            settings,
            unfit,
            items,
            found: Vec::new(),
            log: ActivityLog::default(),
            pace: RateLimiter::default(),
            quiet_until: None,
            matched: Vec::new(),
            written: None,
            again: Vec::new(),
            rechecked: false,
            read_before: ReadQuota::default(),
            projects: ProjectCache::default(),
            hours,
        })
    }

    /// The time. A document may take several calls, and what follows from the last one is not reckoned from when it was begun.
    pub fn now(&self) -> Timestamp {
        (self.hours.clock)()
    }

    /// Calls the company as fast as others did before.
    pub fn go_on_at(&mut self, pace: RateLimiter) {
        self.read_before = pace.reads;
        self.pace = pace;
    }

    /// How much was read of the company in this stay, if anything.
    pub fn was_read(&self) -> Option<u32> {
        let reads = self.pace.reads.since(self.read_before);
        (reads > 0).then_some(reads)
    }

    /// Keeps a document's record, which only the worker at the desk writes.
    pub async fn keep(&self, record: &DocumentRecord) -> Result<(), StoreError> {
        self.still_here()?;
        Ok(self.bridge.store.save_document(self.firm, record).await?)
    }

    /// Keeps what is about to be sent for several documents.
    pub async fn keep_journal(&self, entries: Vec<DocumentRecord>) -> Result<(), StoreError> {
        self.still_here()?;
        Ok(self.bridge.store.save_batch_log(self.firm, entries).await?)
    }

    /// A worker that was held up beyond its lease writes nothing any more: another may have its seat, and know better.
    pub fn still_here(&self) -> Result<(), StoreError> {
        if self.now() < self.hours.until {
            return Ok(());
        }
        Err(StoreError::Busy("desk".into()).into())
    }

    pub fn situation(&self, forced: bool) -> Eligibility<'_> {
        Eligibility {
            plan: self.plan,
            connection: &self.connection,
            settings: &self.settings,
            unfit: &self.unfit,
            forced,
        }
    }

    /// How the company keeps its books, as read when it was connected or checked last.
    pub fn books(&self) -> CompanyPreferences {
        self.connection
            .company
            .as_ref()
            .map(|company| company.books.clone())
            .unwrap_or_default()
    }

    /// The company's id; empty if none is connected.
    pub fn realm(&self) -> &str {
        let company = self.connection.company.as_ref();
        company.map_or("", |company| &company.realm_id)
    }

    /// Makes independent changes and look-ups in one call, and learns from it how large the next one may be.
    pub async fn batch(
        &mut self,
        (items, request_id): (&[BatchItem], &str),
        now: Timestamp,
    ) -> Result<BatchAnswers, Halt> {
        let (began, ask) = (self.now(), ApiRequest::Batch(items, request_id));
        let answer = self.ask(ask, (Date::default(), now)).await;
        let took = self.now().duration_since(began);
        // Without an answer it was too much at once; if it was refused as a whole, something in it is at fault. That look-ups went
        // well says nothing of changes.
        let refused = |halt: &Halt| matches!(halt, Halt::Setback(setback) if !setback.is_wait());
        let answered = !answer.as_ref().is_err_and(refused);
        if ask.changes_several() || !answered {
            self.pace.record_batch(took, answered);
        }
        let answers = BatchAnswers::of(answer?);
        answers.map_err(|failure| Halt::Setback(Setback::of(failure.into(), Date::default(), now)))
    }

    /// Makes a change. `date` is the document's.
    pub async fn write(
        &mut self,
        (change, request_id): (&Write, &str),
        date: Date,
        now: Timestamp,
    ) -> Result<entity::ObjectSnapshot, Halt> {
        let answer = self
            .ask(ApiRequest::Write(change, request_id), (date, now))
            .await?;
        answer
            .snapshot()
            .map_err(|failure| Halt::Setback(Setback::of(failure.into(), date, now)))
    }

    /// Asks the company about itself again: its books may have been reopened or its preferences changed.
    pub async fn recheck(&mut self, now: Timestamp) -> Result<(), Halt> {
        self.rechecked = true;
        let info = self.read(ApiRequest::CompanyInfo, now).await?;
        let preferences = self.read(ApiRequest::Preferences, now).await?;
        let company = company(self.realm(), (&info, &preferences), now);
        let company =
            company.map_err(|error| Halt::Setback(Setback::of(error, Date::default(), now)))?;
        self.connection = self.bridge.store.save_company(self.firm, &company).await?;
        Ok(())
    }

    /// Notes that the connection does not stand any more.
    pub async fn lose(
        &mut self,
        standing: ConnectionStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let generation = self
            .connection
            .grant
            .as_ref()
            .map_or(0, |grant| grant.generation);
        let noted = self
            .bridge
            .store
            .set_connection_status(self.firm, generation, standing, now)
            .await?;
        self.connection = Connection {
            status: standing,
            ..noted
        };
        Ok(())
    }
}
