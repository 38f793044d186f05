//! Holding the company's ledger against what it should show.

use super::story::{Balances, Names};
use rust_decimal::Decimal;
use simulator::Simulator;
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that the firm chose, by their ids in QuickBooks.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Contract revenue.
    pub revenue: String,
    /// Accounts Receivable.
    pub receivable: String,
    /// Retainage.
    pub retainage: String,
    /// Where payments land.
    pub deposits: String,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is compared.
    pub what: String,
    /// What it should be.
    pub expected: Decimal,
    /// What the books say.
    pub books: Decimal,
}

impl Row {
    /// Zero if it ties out.
    pub fn difference(&self) -> Decimal {
        self.books - self.expected
    }
}

/// A company whose books are compared.
pub struct Company<'a> {
    /// QuickBooks.
    pub simulator: &'a Simulator,
    /// The company.
    pub realm: &'a str,
    /// The accounts.
    pub accounts: &'a Accounts,
    /// What things are called there.
    pub names: &'a Names,
    /// Whether projects can be told apart in its books.
    pub classes: bool,
}

impl Company<'_> {
    /// Every balance that is expected, and every one that is there, beside the other.
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
        let owed = ledger.by_customer(receivable);
        rows.extend(self.split(("Receivable", "Customer"), (&expected.receivable, owed)));
        if self.classes {
            let held = ledger.by_class(retainage);
            let earned = ledger
                .by_class(revenue)
                .into_iter()
                .map(|(id, sum)| (id, -sum));
            let earned = earned.collect();
            rows.extend(self.split(("Retainage", "Class"), (&expected.retainage, held)));
            rows.extend(self.split(("Revenue", "Class"), (&expected.revenue, earned)));
        }
        rows
    }

    /// One row for each that is expected, and one for each that is there but not expected.
    fn split(
        &self,
        (balance, kind): (&str, &str),
        (expected, books): (&BTreeMap<String, Decimal>, BTreeMap<String, Decimal>),
    ) -> Vec<Row> {
        let names = if kind == "Class" {
            &self.names.classes
        } else {
            &self.names.customers
        };
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for (id, name) in names {
            let found = self.simulator.find(self.realm, kind, name);
            let there = found
                .as_ref()
                .and_then(|id| books.get(id))
                .copied()
                .unwrap_or_default();
            seen.extend(found);
            let expected = expected.get(id).copied().unwrap_or_default();
            rows.push(row(&format!("{balance}, {name}"), expected, there));
        }
        let strangers = books.into_iter().filter(|(id, _)| !seen.contains(id));
        let stranger = |(id, sum)| row(&format!("{balance}, {kind} {id:?}"), Decimal::ZERO, sum);
        rows.extend(strangers.map(stranger));
        rows
    }
}

fn row(what: &str, expected: Decimal, books: Decimal) -> Row {
    Row {
        what: what.to_owned(),
        expected,
        books,
    }
}
