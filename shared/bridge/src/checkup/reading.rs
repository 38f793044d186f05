//! Reads what a company says about itself: up to four reads in one call.

use crate::checkup::own_facts::own_facts;
use crate::error::Error;
use crate::setting_options::list_reader::{ListReader, Use};
use billing::FirmId;
use connection::services::Services;
use jiff::Timestamp;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::Account;
use quickbooks::query::{Field, MAX_RESULTS, Order};
use quickbooks::{Failure, Kind, Query};
use store::Claimant;
use store::company_facts::{AccountFact, CompanyFacts, FactsBasis, ItemFact, KeptFacts};
use store::connection::Connection;
use store::inbox::Inbox;
use store::matches::ItemCatalogue;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::settings::SettingsRecord;

/// The most Accounts Receivable accounts that are kept.
const MAX_RECEIVABLE: usize = 50;

/// RIVET's records that say what the company is asked for.
pub(super) struct FirmRecords {
    pub(super) connection: Connection,
    pub(super) settings: SettingsRecord,
    pub(super) items: ItemCatalogue,
    pub(super) inbox: Inbox,
}

impl FirmRecords {
    /// Returns the state of the records, as kept facts name it.
    pub(super) fn basis(&self) -> FactsBasis {
        let mut items: Vec<String> = self.items.by_account.values().cloned().collect();
        items.sort_unstable();
        items.dedup();
        FactsBasis {
            connected_at: self.connection.connected_at,
            settings_version: self.settings.version,
            changes_of_facts: self.inbox.changes_of_facts,
            items,
        }
    }

    /// Returns whether an account is one of the settings or of RIVET's items.
    fn is_used(&self, account: &str) -> bool {
        let accounts = &self.settings.settings.accounts;
        let mut chosen = AccountPurpose::ALL
            .iter()
            .filter_map(|purpose| purpose.chosen_account(accounts));
        chosen.any(|chosen| chosen == account) || self.items.by_account.contains_key(account)
    }
}

/// Returns the kept facts if they are current, or reads them. If the company may not be asked now, older facts are better than none.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::TooManyRequests`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub(super) async fn current_facts<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    records: &FirmRecords,
    claimant: Claimant<'_>,
) -> Result<KeptFacts, Error> {
    let basis = records.basis();
    let kept = services.store.company_facts(firm).await?;
    if kept.is_current(&basis, claimant.now) {
        return Ok(kept);
    }
    let before = own_facts(&services.store, firm).await?;
    let mut reader = ListReader::open(services, firm, Use::Page, claimant).await?;
    let mut facts = match read(&mut reader, records).await {
        Err(Error::TooManyRequests(_)) if kept.is_usable(&basis) => return Ok(kept),
        facts => facts?,
    };
    let after = own_facts(&services.store, firm).await?;
    let is_posting = is_posting(&services.store.queue(firm).await?, claimant.now);
    facts.own = Some(after).filter(|after| *after == before && !is_posting);
    let read = KeptFacts {
        basis,
        read_at: Some(claimant.now),
        facts,
    };
    services.store.keep_company_facts(firm, &read).await?;
    Ok(read)
}

/// Returns whether a document may be in the books that RIVET's records do not have yet.
fn is_posting(queue: &Queue, now: Timestamp) -> bool {
    let lease = queue.lease.as_ref();
    let mut entries = queue.entries.iter();
    lease.is_some_and(|lease| lease.expires_at > now)
        || entries.any(|entry| matches!(entry.state, EntryState::Uncertain(_)))
}

/// Reads the facts. What the company does not answer is missing from them.
async fn read<H: Http, R: Records>(
    reader: &mut ListReader<'_, H, R>,
    records: &FirmRecords,
) -> Result<CompanyFacts, Error> {
    let items = records.basis().items;
    let answers = reader.read_together(&queries(&items)).await?;
    let accounts = answers.resources::<Account>(ACCOUNTS);
    Ok(CompanyFacts {
        info: first(answers.resources(COMPANY)),
        preferences: first(answers.resources(PREFERENCES)),
        accounts: accounts
            .ok()
            .filter(|all| is_whole(all))
            .map(|all| used_accounts(&all, records)),
        items: match items.is_empty() {
            true => Some(Vec::new()),
            false => item_facts(&answers),
        },
        own: None,
    })
}

/// The ids of the queries in their batch.
const COMPANY: &str = "company";
const PREFERENCES: &str = "prefs";
const ACCOUNTS: &str = "accounts";
const ITEMS: &str = "items";

/// Returns the queries. Without items of RIVET's there are three.
fn queries(items: &[String]) -> Vec<BatchItem<Query>> {
    let accounts = Query::from(Kind::Account).active_and_inactive();
    let accounts = accounts.order_by(Field::Name, Order::Ascending);
    let mut all = vec![
        item(COMPANY, Query::from(Kind::CompanyInfo)),
        item(PREFERENCES, Query::from(Kind::Preferences)),
        item(ACCOUNTS, accounts),
    ];
    if !items.is_empty() {
        let by_id = Field::Id.is_in(items.iter().map(String::as_str));
        let query = Query::from(Kind::Item).active_and_inactive().filter(by_id);
        all.push(item(ITEMS, query));
    }
    all
}

fn item(id: &str, query: Query) -> BatchItem<Query> {
    BatchItem {
        id: id.to_owned(),
        operation: query,
    }
}

/// Returns the only row of an answer, if there is one.
fn first<T>(rows: Result<Vec<T>, Failure>) -> Option<T> {
    rows.ok()?.into_iter().next()
}

/// Returns whether a page has all accounts. Only the edition Advanced allows more than 250.
fn is_whole(page: &[Account]) -> bool {
    page.len() < MAX_RESULTS as usize
}

/// Returns the accounts that the checks look at.
fn used_accounts(all: &[Account], records: &FirmRecords) -> Vec<AccountFact> {
    let facts: Vec<AccountFact> = all.iter().filter_map(AccountFact::of).collect();
    let is_receivable = |fact: &&AccountFact| {
        AccountPurpose::AccountsReceivable.fits(fact.kind.as_deref(), None)
            && !records.is_used(&fact.id)
    };
    let receivable = facts.iter().filter(is_receivable).take(MAX_RECEIVABLE);
    let used = facts.iter().filter(|fact| records.is_used(&fact.id));
    used.chain(receivable).cloned().collect()
}

fn item_facts(answers: &BatchAnswers) -> Option<Vec<ItemFact>> {
    let rows = answers.list_entries(ITEMS, Kind::Item).ok()?;
    Some(rows.into_iter().map(ItemFact::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, kind: &str) -> Account {
        Account {
            id: Some(id.into()),
            name: Some(id.into()),
            account_type: Some(kind.into()),
            ..Account::default()
        }
    }

    fn records() -> FirmRecords {
        let mut settings = SettingsRecord::default();
        settings.settings.accounts.contract_revenue = Some("79".into());
        let mut items = ItemCatalogue::default();
        items.by_account.insert("79".into(), "8".into());
        items.by_account.insert("91".into(), "7".into());
        FirmRecords {
            connection: Connection::default(),
            settings,
            items,
            inbox: Inbox::default(),
        }
    }

    #[test]
    fn company_is_asked_with_four_queries() {
        let statements: Vec<String> = queries(&["7".to_owned(), "8".to_owned()])
            .iter()
            .map(|item| item.operation.to_string())
            .collect();
        assert_eq!(
            statements,
            [
                "select * from CompanyInfo maxresults 1000",
                "select * from Preferences maxresults 1000",
                "select * from Account where Active in (true, false) orderby Name asc maxresults 1000",
                "select * from Item where Active in (true, false) and Id in ('7', '8') maxresults 1000",
            ]
        );
        assert_eq!(queries(&[]).len(), 3);
    }

    #[test]
    fn only_used_accounts_are_kept() {
        let chart = [
            account("79", "Income"),
            account("80", "Income"),
            account("84", "Accounts Receivable"),
            account("91", "Other Current Asset"),
            account("92", "Other Current Asset"),
        ];
        let kept = used_accounts(&chart, &records());
        let ids: Vec<&str> = kept.iter().map(|fact| fact.id.as_str()).collect();
        assert_eq!(ids, ["79", "91", "84"]);
    }

    #[test]
    fn basis_names_items_in_order() {
        assert_eq!(records().basis().items, ["7", "8"]);
    }
}
