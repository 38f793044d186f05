//! Compares the company's ledger with the expected balances.

use crate::story::{Balances, Names};
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::Simulator;
use std::collections::{BTreeMap, BTreeSet};

/// The QuickBooks ids of the accounts that the firm mapped.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// The contract revenue account.
    pub revenue: String,
    /// The receivables account.
    pub receivable: String,
    /// The retainage account.
    pub retainage: String,
    /// The account in which payments are deposited.
    pub deposits: String,
}

/// An expected balance beside the balance in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name of the balance.
    pub balance: String,
    /// The expected balance.
    pub expected: Decimal,
    /// The balance in the books.
    pub books: Decimal,
}

impl Row {
    /// Returns the balance in the books less the expected one: zero if they tie out.
    pub fn difference(&self) -> Decimal {
        self.books - self.expected
    }
}

/// A company whose books are compared.
pub struct Company<'a> {
    /// The simulated QuickBooks.
    pub simulator: &'a Simulator,
    /// QuickBooks' id of the company (`realmId`).
    pub realm: &'a str,
    /// The accounts that the firm mapped.
    pub accounts: &'a Accounts,
    /// The names of customers and classes in QuickBooks.
    pub names: &'a Names,
    /// True if the company tracks classes. Only then balances by project can be compared.
    pub tracks_classes: bool,
}

/// A balance that is compared by customer or by class.
struct Split {
    /// The name of the balance.
    balance: &'static str,
    by: By,
}

/// The list of QuickBooks by which a balance is split.
enum By {
    Customer,
    Class,
}

impl By {
    /// Returns QuickBooks' name of the list's entries.
    fn kind(&self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Class => "Class",
        }
    }
}

const RECEIVABLE: Split = Split {
    balance: "Receivable",
    by: By::Customer,
};

const RETAINAGE: Split = Split {
    balance: "Retainage",
    by: By::Class,
};

const REVENUE: Split = Split {
    balance: "Revenue",
    by: By::Class,
};

impl Company<'_> {
    /// Returns a row for each balance that is expected or in the books.
    pub fn tie_out(&self, expected: &Balances) -> Vec<Row> {
        let ledger = self.simulator.ledger(self.realm);
        let Accounts {
            revenue,
            receivable,
            retainage,
            deposits,
        } = self.accounts;
        let mut rows = vec![
            row(
                "Accounts Receivable",
                expected.totals.accounts_receivable,
                ledger.balance(receivable),
            ),
            row(
                "Retainage",
                expected.totals.retainage,
                ledger.balance(retainage),
            ),
            row(
                "Contract Revenue",
                expected.totals.revenue,
                -ledger.balance(revenue),
            ),
            row("Deposits", expected.deposits, ledger.balance(deposits)),
        ];
        let owed = self.with_jobs(ledger.by_customer(receivable));
        rows.extend(self.compare(&RECEIVABLE, &expected.receivable, &owed));
        if self.tracks_classes {
            let held = ledger.by_class(retainage);
            let earned = ledger
                .by_class(revenue)
                .into_iter()
                .map(|(id, sum)| (id, -sum));
            let earned = earned.collect();
            rows.extend(self.compare(&RETAINAGE, &expected.retainage, &held));
            rows.extend(self.compare(&REVENUE, &expected.revenue, &earned));
        }
        rows
    }

    /// Returns the balances of customers, each with those of its jobs.
    fn with_jobs(&self, by_customer: BTreeMap<String, Decimal>) -> BTreeMap<String, Decimal> {
        let customers = self.simulator.entities(self.realm, "Customer");
        let parent = |entity: &Value| {
            let parent = entity["ParentRef"]["value"].as_str()?;
            Some((entity["Id"].as_str()?.to_owned(), parent.to_owned()))
        };
        let parents: BTreeMap<String, String> = customers.filter_map(parent).collect();
        let mut balances: BTreeMap<String, Decimal> = BTreeMap::new();
        for (id, balance) in by_customer {
            let customer = parents.get(&id).unwrap_or(&id);
            *balances.entry(customer.clone()).or_default() += balance;
        }
        balances
    }

    /// Returns a row for each expected balance by customer or project, and for each other balance in the books.
    fn compare(
        &self,
        split: &Split,
        expected: &BTreeMap<String, Decimal>,
        books: &BTreeMap<String, Decimal>,
    ) -> Vec<Row> {
        let Split { balance, by } = split;
        let names = match by {
            By::Customer => &self.names.customers,
            By::Class => &self.names.classes,
        };
        let kind = by.kind();
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for (id, name) in names {
            let found = self.simulator.find(self.realm, kind, name);
            let balance_in_books = found
                .as_ref()
                .and_then(|id| books.get(id))
                .copied()
                .unwrap_or_default();
            seen.extend(found);
            let expected = expected.get(id).copied().unwrap_or_default();
            rows.push(row(
                &format!("{balance}, {name}"),
                expected,
                balance_in_books,
            ));
        }
        let unexpected = books.iter().filter(|(id, _)| !seen.contains(*id));
        let row_of = |(id, sum): (&String, &Decimal)| {
            row(&format!("{balance}, {kind} {id:?}"), Decimal::ZERO, *sum)
        };
        rows.extend(unexpected.map(row_of));
        rows
    }
}

fn row(what: &str, expected: Decimal, books: Decimal) -> Row {
    Row {
        balance: what.to_owned(),
        expected,
        books,
    }
}
