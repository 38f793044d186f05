//! Reads the books of a company: all transactions since a day, once, and later only what changed.
//!
//! The answers are kept. A copy of up to a minute is shown without a read, and one of up to ten minutes where QuickBooks may not be
//! asked. Reads have the pace of settings pages.

// Top first: a module uses only modules below it.
mod balances;
mod changes;
mod own_transactions;
mod transaction_pages;
mod rows;

use crate::books::rows::RowReader;
use billing::FirmId;
use bridge::error::Error;
use bridge::setting_options::list_reader::{ListReader, Use, failure};
use connection::client::CompanyClient;
use connection::client::deadlines::Deadlines;
use connection::services::Services;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use std::collections::BTreeSet;
use store::Claimant;
use store::books_copy::{BooksCopy, LoadedCopy};
use store::subledger::TransactionFigures;

/// The time for which a copy is shown without another question.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

/// The time for which an old copy is better than none.
const USABLE: SignedDuration = SignedDuration::from_mins(10);

/// The time that a read of the books may take.
const LONGEST: SignedDuration = SignedDuration::from_mins(1);

/// The reads of a first look, and of a later one, if each list fits on a page.
const FIRST_READS: u32 = 7;
const LATER_READS: u32 = 4;

/// The parts of the books that a comparison needs.
pub(crate) struct Needed<'a> {
    /// The first day of RIVET's postings.
    pub since: Date,
    /// The accounts whose lines are compared. Those of Accounts Receivable are added.
    pub accounts: BTreeSet<String>,
    /// The customers whose balances are compared.
    pub customers: BTreeSet<String>,
    /// The transactions that RIVET posted.
    pub own: Vec<&'a TransactionFigures>,
}

/// The books as they were read.
pub(crate) struct PresentBooks {
    /// The balances and transactions.
    pub loaded: LoadedCopy,
    /// The reads that were made for this request.
    pub reads: u32,
}

/// Returns the books of the firm's company.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::TooManyRequests`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub(crate) async fn present<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    needed: &Needed<'_>,
    claimant: Claimant<'_>,
) -> Result<PresentBooks, Error> {
    let mut reader = ListReader::open(services, firm, Use::Page, claimant).await?;
    let store = &services.store;
    let kept = store.books_copy(firm, reader.connected_at()).await?;
    let is_fresh = |kept: &mut LoadedCopy| is_younger(&kept.copy, FRESH, claimant.now);
    let mut kept = kept.filter(|kept| covers(&kept.copy, needed));
    if let Some(kept) = kept.take_if(is_fresh) {
        return Ok(unread(kept));
    }
    let permits = match kept {
        Some(_) => LATER_READS,
        None => FIRST_READS,
    };
    if let Err(error) = reader.take_permits(permits).await {
        let is_refused = matches!(error, Error::TooManyRequests(_));
        let usable = kept.filter(|kept| is_refused && is_younger(&kept.copy, USABLE, claimant.now));
        return usable.map(unread).ok_or(error);
    }
    let now = claimant.now;
    let clock = || now;
    let deadlines = deadlines(&clock);
    let mut read = BooksReader {
        client: CompanyClient::open(services, firm, claimant.owner, deadlines).await?,
        needed,
        rows: RowReader::of(&needed.accounts, &store.items(firm).await?),
        now,
    };
    let found = read.present(kept).await;
    let reads = read.client.limiter.reads.this_month(now);
    let beyond = reads.saturating_sub(permits);
    store.count_list_reads(firm, beyond, now).await?;
    let mut loaded = found?;
    loaded.copy.connected_at = reader.connected_at();
    loaded.copy.reads = reads;
    store.save_books_copy(firm, &loaded).await?;
    Ok(PresentBooks { loaded, reads })
}

/// Returns the deadlines of a read that begins now. It needs no lease.
fn deadlines<'a>(clock: &'a dyn Fn() -> Timestamp) -> Deadlines<'a> {
    let until = after(clock(), LONGEST);
    Deadlines {
        lease_ends_at: until,
        calls_end_at: until,
        clock,
    }
}

/// Returns whether the copy has all that is needed.
fn covers(copy: &BooksCopy, needed: &Needed<'_>) -> bool {
    let has_accounts = needed
        .accounts
        .iter()
        .all(|account| copy.has_account(account));
    has_accounts && copy.since.is_some_and(|since| since <= needed.since)
}

fn is_younger(copy: &BooksCopy, age: SignedDuration, now: Timestamp) -> bool {
    copy.read_at
        .is_some_and(|at| at <= now && now.duration_since(at) < age)
}

fn unread(loaded: LoadedCopy) -> PresentBooks {
    PresentBooks { loaded, reads: 0 }
}

/// Reads the books of one company.
struct BooksReader<'a, H, R> {
    client: CompanyClient<'a, H, R>,
    needed: &'a Needed<'a>,
    rows: RowReader,
    now: Timestamp,
}

impl<H: Http, R: Records> BooksReader<'_, H, R> {
    /// Brings a copy up to date, or makes a new one.
    async fn present(&mut self, kept: Option<LoadedCopy>) -> Result<LoadedCopy, Error> {
        let now = self.now;
        let found = self.read_balances().await;
        let balances = found.map_err(|error| failure(error, now))?;
        let changed = match kept {
            Some(kept) => self.changed(kept).await?,
            None => None,
        };
        let mut loaded = match changed {
            Some(changed) => changed,
            None => self.all_transactions().await?,
        };
        let copy = &mut loaded.copy;
        (copy.accounts, copy.customers) = (balances.accounts, balances.customers);
        copy.read_at = Some(now);
        self.read_own(&mut loaded).await?;
        Ok(loaded)
    }
}
