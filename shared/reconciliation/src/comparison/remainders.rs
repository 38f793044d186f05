//! The parts of balances in QuickBooks that no listed transaction explains, and the retainage that was held before RIVET.

use crate::comparison::balance_pair::Pair;
use crate::comparison::company_books::CompanyBooks;
use crate::comparison::documents::ComparedDocument;
use crate::comparison::entry::Entry;
use crate::comparison::totals::Totals;
use crate::comparison::wording;
use crate::rivet_side::{RivetProject, RivetSide};
use billing::Id;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use store::subledger::{AccountUse, Balances};

/// The amounts that were taken from RIVET's own records because the copy of the books lags, less those that the copy shows.
#[derive(Default)]
pub(super) struct Lag {
    receivable: BTreeMap<Id, Decimal>,
    retainage: Decimal,
}

impl Lag {
    /// Adds what the comparison of a document is ahead of the copy.
    pub(super) fn add(&mut self, compared: &ComparedDocument) {
        self.retainage += compared.retainage_ahead;
        if let Some(owner) = &compared.owner {
            *self.receivable.entry(owner.clone()).or_default() += compared.ahead.receivable;
        }
    }
}

/// Returns an entry for the retainage that each project held before RIVET. QuickBooks has it in the balance of the account.
pub(super) fn openings(rivet: &RivetSide, books: &CompanyBooks<'_>) -> Vec<Entry> {
    let projects = rivet.projects.iter();
    let with_opening = projects.filter(|(_, project)| !project.opening_on_account.is_zero());
    let owner = |project: &RivetProject| Some(rivet.canonical(project.customer.as_ref()?));
    let entries = with_opening.map(|(id, project)| Entry {
        customer: owner(project),
        project: Some(id.clone()),
        rate: owner(project).and_then(|owner| books.rate_of(&owner)),
        balances: Pair::agreed(retainage(project.opening_on_account)),
        ..Entry::default()
    });
    entries.collect()
}

/// Returns the entries of all balances that have an unexplained part.
pub(super) fn entries(
    rivet: &RivetSide,
    books: &CompanyBooks<'_>,
    totals: &Totals,
    lag: &Lag,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (customer, balance) in customer_balances(books) {
        let counted = totals.customers.get(&customer).copied().unwrap_or_default();
        let ahead = lag.receivable.get(&customer).copied().unwrap_or_default();
        let rest = Remainder {
            amount: balance - counted.quickbooks.receivable,
            ahead,
        };
        if let Some(amount) = rest.unexplained() {
            entries.push(of_customer(rivet, books, &customer, amount));
        }
    }
    if let Some(balance) = retainage_balance(books) {
        let rest = Remainder {
            amount: balance - totals.accounts.quickbooks.retainage,
            ahead: lag.retainage,
        };
        entries.extend(rest.unexplained().map(|amount| of_account(books, amount)));
    }
    entries
}

/// The part of a balance that no transaction explains.
struct Remainder {
    amount: Decimal,
    /// The amount that the balance may not have yet, because it was read before the transactions were written.
    ahead: Decimal,
}

impl Remainder {
    fn unexplained(&self) -> Option<Decimal> {
        let is_lag = (self.amount + self.ahead).is_zero();
        let is_explained = self.amount.is_zero() || is_lag;
        (!is_explained).then_some(self.amount)
    }
}

fn of_customer(
    rivet: &RivetSide,
    books: &CompanyBooks<'_>,
    customer: &Id,
    amount: Decimal,
) -> Entry {
    let known = rivet.customers.get(customer);
    let name = known.map_or("the customer", |known| known.name.as_str());
    let owned = books.owners.iter().find(|(_, owner)| *owner == customer);
    Entry {
        customer: Some(customer.clone()),
        rate: books.rate_of(customer),
        amount: from_quickbooks(amount),
        balances: Pair {
            rivet: Balances::default(),
            quickbooks: Balances {
                receivable: amount,
                ..Balances::default()
            },
        },
        place: owned.map(|(id, _)| ["customerdetail?nameId=", id].concat()),
        sentence: wording::remainder(name, &since(books), amount),
        ..Entry::default()
    }
}

fn of_account(books: &CompanyBooks<'_>, amount: Decimal) -> Entry {
    let mut accounts = books.loaded.copy.accounts.iter();
    let account = accounts.find(|account| books.use_of(&account.id) == Some(AccountUse::Retainage));
    let name = account.map_or("the retainage account", |account| account.name.as_str());
    Entry {
        amount: from_quickbooks(amount),
        balances: Pair {
            rivet: Balances::default(),
            quickbooks: retainage(amount),
        },
        place: account.map(|account| ["register?accountId=", &account.id].concat()),
        sentence: wording::remainder(name, &since(books), amount),
        ..Entry::default()
    }
}

/// Returns the balances of RIVET's customers with their jobs.
fn customer_balances(books: &CompanyBooks<'_>) -> BTreeMap<Id, Decimal> {
    let mut balances = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for known in &books.loaded.copy.customers {
        if let Some(owner) = books
            .owners
            .get(&known.id)
            .filter(|_| seen.insert(&known.id))
        {
            *balances.entry(owner.clone()).or_default() += known.balance;
        }
    }
    balances
}

/// Returns the balance of the retainage accounts. `None` if there is no such account.
fn retainage_balance(books: &CompanyBooks<'_>) -> Option<Decimal> {
    let accounts = books.loaded.copy.accounts.iter();
    let used = accounts.filter(|account| books.use_of(&account.id) == Some(AccountUse::Retainage));
    let balances: Vec<Decimal> = used.map(|account| account.balance).collect();
    (!balances.is_empty()).then(|| balances.into_iter().sum())
}

fn since(books: &CompanyBooks<'_>) -> String {
    let since = books.loaded.copy.since;
    since.map_or_else(|| "RIVET".to_owned(), |since| since.to_string())
}

fn retainage(amount: Decimal) -> Balances {
    Balances {
        retainage: amount,
        ..Balances::default()
    }
}

fn from_quickbooks(amount: Decimal) -> Pair<Decimal> {
    Pair {
        rivet: Decimal::ZERO,
        quickbooks: amount,
    }
}
