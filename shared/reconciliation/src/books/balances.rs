//! Reads the balances of accounts, customers and jobs.

use crate::books::BooksReader;
use connection::call_outcome::CallError;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::{Account, CustomerBalance};
use quickbooks::query::{Field, MAX_RESULTS, Order};
use quickbooks::{Kind, Query};
use store::books_copy::{KeptAccount, KeptCustomer};

/// The customers that one query names.
const NAMED: usize = 500;

/// The most pages of jobs.
const MAX_PAGES: u32 = 20;

/// The ids of the queries in their batch.
const ACCOUNTS: &str = "accounts";
const JOBS: &str = "jobs";

/// The balances of the compared accounts and customers.
pub(super) struct FoundBalances {
    pub(super) accounts: Vec<KeptAccount>,
    pub(super) customers: Vec<KeptCustomer>,
}

impl<H: Http, R: Records> BooksReader<'_, H, R> {
    /// Reads the balances, in one call if there are not too many customers and jobs.
    pub(super) async fn read_balances(&mut self) -> Result<FoundBalances, CallError> {
        let ids: Vec<&String> = self.needed.customers.iter().collect();
        let mut queries = vec![item(ACCOUNTS, accounts()), item(JOBS, jobs(1))];
        let named = ids.chunks(NAMED).enumerate();
        queries.extend(named.map(|(at, ids)| item(&at.to_string(), customers(ids))));
        let answers = self.client.read_together(&queries, self.now).await?;
        let accounts = self.kept_accounts(read(&answers, ACCOUNTS, self.now)?);
        let mut found: Vec<CustomerBalance> = Vec::new();
        for query in &queries[2..] {
            found.extend(read::<CustomerBalance>(&answers, &query.id, self.now)?);
        }
        let mut page: Vec<CustomerBalance> = read(&answers, JOBS, self.now)?;
        for number in 1..MAX_PAGES {
            let is_last = page.len() < MAX_RESULTS as usize;
            found.append(&mut page);
            if is_last {
                break;
            }
            let next = jobs(number * MAX_RESULTS + 1);
            page = self.client.query_resources(&next, self.now).await?;
        }
        found.append(&mut page);
        Ok(FoundBalances {
            accounts,
            customers: kept_customers(found),
        })
    }

    /// Returns the accounts whose lines are compared. An account that the company does not have is kept without a name.
    fn kept_accounts(&mut self, found: Vec<Account>) -> Vec<KeptAccount> {
        let receivable = AccountPurpose::AccountsReceivable.account_types();
        let mut kept = Vec::new();
        for account in found {
            let id = account.id.unwrap_or_default();
            let kind = account.account_type.as_deref().unwrap_or_default();
            let is_receivable = receivable.contains(&kind);
            if is_receivable {
                self.rows.add_account(&id);
            }
            if self.rows.has_account(&id) {
                kept.push(KeptAccount {
                    id,
                    name: account
                        .fully_qualified_name
                        .or(account.name)
                        .unwrap_or_default(),
                    is_receivable,
                    balance: account.current_balance.unwrap_or_default(),
                });
            }
        }
        for id in &self.needed.accounts {
            if !kept.iter().any(|account| account.id == *id) {
                kept.push(KeptAccount {
                    id: id.clone(),
                    name: String::new(),
                    is_receivable: false,
                    balance: Default::default(),
                });
            }
        }
        kept
    }
}

/// Reads the rows that a query of a batch found.
fn read<T: quickbooks::entity::Resource>(
    answers: &BatchAnswers,
    id: &str,
    now: jiff::Timestamp,
) -> Result<Vec<T>, CallError> {
    let rows = answers.resources(id);
    rows.map_err(|failure| CallError::from_failure(failure, now))
}

/// Returns the customers and jobs once each. A job may be named by a document, too.
fn kept_customers(found: Vec<CustomerBalance>) -> Vec<KeptCustomer> {
    let mut kept: Vec<KeptCustomer> = Vec::new();
    for customer in found {
        kept.push(KeptCustomer {
            id: customer.id,
            parent: customer
                .parent_ref
                .map(|parent| parent.value)
                .unwrap_or_default(),
            balance: customer.balance.unwrap_or_default(),
        });
    }
    kept.sort_by(|one, other| one.id.cmp(&other.id));
    kept.dedup_by(|one, other| one.id == other.id);
    kept
}

fn item(id: &str, operation: Query) -> BatchItem<Query> {
    BatchItem {
        id: id.to_owned(),
        operation,
    }
}

fn accounts() -> Query {
    let purposes = [
        AccountPurpose::AccountsReceivable,
        AccountPurpose::Retainage,
        AccountPurpose::ContractRevenue,
    ];
    let types = purposes
        .iter()
        .flat_map(|purpose| purpose.account_types())
        .copied();
    Query::from(Kind::Account)
        .filter(Field::AccountType.is_in(types))
        .active_and_inactive()
}

fn customers(ids: &[&String]) -> Query {
    Query::from(Kind::Customer)
        .filter(Field::Id.is_in(ids.iter().map(|id| id.as_str())))
        .active_and_inactive()
}

fn jobs(start: u32) -> Query {
    Query::from(Kind::Customer)
        .only_jobs()
        .active_and_inactive()
        .order_by(Field::DisplayName, Order::Ascending)
        .start_position(start)
}
