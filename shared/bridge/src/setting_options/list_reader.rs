//! Reads lists of the company at the pace of settings pages.

use billing::FirmId;
use connection::call_outcome::CallError;
use connection::call_outcome::fault_reasons::reason_for;
use connection::client::CompanyClient;
use connection::client::deadlines::Deadlines;
use connection::services::Services;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use quickbooks::Query;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::Resource;
use quickbooks::query::MAX_RESULTS;
use store::Claimant;
use store::connection::Connection;
use store::rate_limiter::Permit;
use store::setting_lists::{Age, SettingList, SettingOption};

use crate::error::Error;

/// The most pages of one list that are read.
const MAX_PAGES: u32 = 5;

/// The most waits for a permit of one request. Each is at most a second.
const MAX_WAITS: u32 = 4;

/// The use of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The list is shown on a settings page. The pace of its reads is limited.
    Page,
    /// New settings are checked against the list. Each change of the settings is a limit of its own.
    Check,
}

/// Reads lists of one company.
pub struct ListReader<'a, H, R> {
    services: &'a Services<H, R>,
    firm: &'a FirmId,
    list_use: Use,
    claimant: Claimant<'a>,
    connection: Connection,
    /// The number of permits that were given and not used yet.
    permits: u32,
}

impl<'a, H: Http, R: Records> ListReader<'a, H, R> {
    /// Opens a reader, if the firm has a usable connection.
    pub async fn open(
        services: &'a Services<H, R>,
        firm: &'a FirmId,
        list_use: Use,
        claimant: Claimant<'a>,
    ) -> Result<Self, Error> {
        let connection = services.store.connection(firm).await?;
        if connection.usable_grant().is_none() {
            return Err(Error::NotConnected(connection.status));
        }
        Ok(Self {
            services,
            firm,
            list_use,
            claimant,
            connection,
            permits: 0,
        })
    }

    /// Returns the list if it is kept, or takes a permit to read it. Several requests for one list wait for the first one's answer.
    pub async fn kept_or_permit(
        &mut self,
        name: &str,
    ) -> Result<Option<Vec<SettingOption>>, Error> {
        let (store, now) = (&self.services.store, self.claimant.now);
        let mut seconds = 1;
        for _ in 0..MAX_WAITS {
            let lists = store.setting_lists(self.firm).await?;
            if let Some(kept) = lists.find(self.connection.connected_at, name, Age::Fresh, now) {
                return Ok(Some(kept.options.clone()));
            }
            match store
                .acquire_list_reads(self.firm, 1, self.claimant.now)
                .await?
            {
                Permit::Now => {
                    self.permits += 1;
                    return Ok(None);
                }
                Permit::Soon(span) => self.wait(span).await,
                Permit::Later(at) => {
                    seconds = seconds_until(at, self.claimant.now);
                    break;
                }
            }
        }
        let lists = store.setting_lists(self.firm).await?;
        let usable = lists.find(self.connection.connected_at, name, Age::Usable, now);
        let usable = usable.ok_or(Error::TooManyRequests(seconds))?;
        Ok(Some(usable.options.clone()))
    }

    /// Waits, and moves the time of the request on.
    async fn wait(&mut self, span: SignedDuration) {
        self.services.http.pause(span).await;
        self.claimant.now = after(self.claimant.now, span);
    }

    /// Keeps lists for later requests.
    pub async fn keep(&self, lists: &[SettingList]) -> Result<(), Error> {
        let store = &self.services.store;
        let kept = store.keep_setting_lists(
            self.firm,
            self.connection.connected_at,
            lists,
            self.claimant.now,
        );
        Ok(kept.await?)
    }

    /// Reads the rows of a list that are wanted, page by page.
    pub async fn read_all<T: Resource>(
        &mut self,
        query: &Query,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        for page in 0..MAX_PAGES {
            let query = query.clone().start_position(page * MAX_RESULTS + 1);
            let rows: Vec<T> = self.read_page(&query).await?;
            let is_last = rows.len() < MAX_RESULTS as usize;
            found.extend(rows.into_iter().filter(&is_wanted));
            if is_last {
                break;
            }
        }
        Ok(found)
    }

    /// Reads one page, in at most a minute.
    pub async fn read_page<T: Resource>(&mut self, query: &Query) -> Result<Vec<T>, Error> {
        self.take_permit(1).await?;
        let Claimant { owner, now } = self.claimant;
        let clock = || now;
        let deadlines = a_minute(&clock);
        let mut client = CompanyClient::open(self.services, self.firm, owner, deadlines).await?;
        let found = client.query_resources(query, now).await;
        found.map_err(|error| failure(error, now))
    }

    /// Reads what several queries find in one call, in at most a minute. Each query counts as a read.
    pub async fn read_together(
        &mut self,
        queries: &[BatchItem<Query>],
    ) -> Result<BatchAnswers, Error> {
        let reads = u32::try_from(queries.len()).unwrap_or(u32::MAX);
        self.take_permit(reads).await?;
        let Claimant { owner, now } = self.claimant;
        let clock = || now;
        let deadlines = a_minute(&clock);
        let mut client = CompanyClient::open(self.services, self.firm, owner, deadlines).await?;
        let found = client.read_together(queries, now).await;
        found.map_err(|error| failure(error, now))
    }

    /// Returns the time of the sign-in whose company is read.
    pub fn connected_at(&self) -> Option<Timestamp> {
        self.connection.connected_at
    }

    /// Takes permits for several reads that follow one another. Waits for them if the wait is short.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`], or the store fails.
    pub async fn take_permits(&mut self, reads: u32) -> Result<(), Error> {
        let store = &self.services.store;
        for _ in 0..MAX_WAITS {
            let now = self.claimant.now;
            match store.acquire_list_reads(self.firm, reads, now).await? {
                Permit::Now => return Ok(()),
                Permit::Soon(span) => self.wait(span).await,
                Permit::Later(at) => return Err(Error::TooManyRequests(seconds_until(at, now))),
            }
        }
        Err(Error::TooManyRequests(1))
    }

    /// Takes a permit for one call with this many reads. Waits for it if the wait is short.
    async fn take_permit(&mut self, reads: u32) -> Result<(), Error> {
        let (store, now) = (&self.services.store, self.claimant.now);
        if self.list_use == Use::Check {
            return Ok(store.count_list_read(self.firm, now).await?);
        }
        if self.permits > 0 {
            self.permits -= 1;
            return Ok(());
        }
        self.take_permits(reads).await
    }
}

/// Returns the deadlines of a request that may call for a minute.
fn a_minute(clock: &dyn Fn() -> Timestamp) -> Deadlines<'_> {
    let until = after(clock(), SignedDuration::from_mins(1));
    Deadlines {
        lease_ends_at: until,
        calls_end_at: until,
        clock,
    }
}

/// Returns the whole seconds until a time, 1 to 3600.
fn seconds_until(at: Timestamp, now: Timestamp) -> u32 {
    let seconds = at.duration_since(now).as_secs().clamp(1, 3600);
    u32::try_from(seconds).unwrap_or(60)
}

/// Returns the failure of a use case whose read failed.
pub fn failure(error: CallError, now: Timestamp) -> Error {
    match error {
        CallError::Store(error) => error.into(),
        CallError::ConnectionLost(status) => Error::NotConnected(status),
        CallError::RetryAt(at)
        | CallError::Throttled { retry_at: at, .. }
        | CallError::Unread { retry_at: at, .. } => Error::Throttled(seconds_until(at, now)),
        CallError::Refused(failure) => Error::QuickBooks(reason_for(&failure).message),
        error => Error::QuickBooks(error.to_string()),
    }
}
