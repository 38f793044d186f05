use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::kind::Kind;

/// The journal of one company. Amounts are signed: a debit is positive, a credit negative.
#[derive(Clone, Debug)]
pub struct Ledger {
    journal: BTreeMap<Transaction, Vec<Line>>,
    balances: BTreeMap<String, Decimal>,
    /// By account, then by customer; the empty text is no customer.
    by_customer: BTreeMap<String, BTreeMap<String, Decimal>>,
}

/// What a journal line belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transaction {
    /// As Intuit spells it, such as `JournalEntry`.
    pub kind: &'static str,
    pub id: String,
}

/// One posted line with its transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub transaction: Transaction,
    pub date: Date,
    pub entry: Entry,
}

/// One side of a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Id of the account.
    pub account: String,
    /// Debit positive, credit negative.
    pub amount: Decimal,
    /// Id of the customer, if the line names one.
    pub customer: Option<String>,
    /// Id of the class, if the line names one.
    pub class: Option<String>,
}

impl Ledger {
    pub(crate) const fn new() -> Self {
        Self {
            journal: BTreeMap::new(),
            balances: BTreeMap::new(),
            by_customer: BTreeMap::new(),
        }
    }

    /// Balance of an account by id; zero if nothing was ever posted to it.
    pub fn balance(&self, account: &str) -> Decimal {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// Balances of an account by customer id. Lines that name none are under the empty text.
    pub fn by_customer(&self, account: &str) -> BTreeMap<String, Decimal> {
        self.by_customer.get(account).cloned().unwrap_or_default()
    }

    /// Balances of an account by class id. Lines that name none are under the empty text.
    pub fn by_class(&self, account: &str) -> BTreeMap<String, Decimal> {
        let mut sums = BTreeMap::new();
        for line in self.lines().filter(|line| line.entry.account == account) {
            let class = line.entry.class.clone().unwrap_or_default();
            *sums.entry(class).or_default() += line.entry.amount;
        }
        sums
    }

    /// Balance of an account in one class.
    pub fn class_balance(&self, account: &str, class: &str) -> Decimal {
        self.by_class(account)
            .get(class)
            .copied()
            .unwrap_or_default()
    }

    /// Balance of an account with one customer.
    pub fn customer_balance(&self, account: &str, customer: &str) -> Decimal {
        self.by_customer
            .get(account)
            .and_then(|customers| customers.get(customer))
            .copied()
            .unwrap_or_default()
    }

    /// Each account that was ever posted to, with its balance. The balances of honest books sum to zero.
    pub fn trial_balance(&self) -> &BTreeMap<String, Decimal> {
        &self.balances
    }

    /// Every line of every live transaction.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.journal.values().flatten()
    }

    /// The lines of one transaction; empty if it is void, deleted or unknown.
    pub fn of(&self, kind: &str, id: &str) -> &[Line] {
        let transaction = Kind::named(kind).map(|kind| Transaction {
            kind: kind.name(),
            id: id.to_owned(),
        });
        transaction
            .and_then(|transaction| self.journal.get(&transaction))
            .map_or(&[], Vec::as_slice)
    }

    /// Replaces what the transaction posted before.
    pub(crate) fn post(&mut self, transaction: &Transaction, date: Date, entries: Vec<Entry>) {
        self.withdraw(transaction);
        let lines: Vec<Line> = entries
            .into_iter()
            .filter(|entry| !entry.amount.is_zero())
            .map(|entry| Line {
                transaction: transaction.clone(),
                date,
                entry,
            })
            .collect();
        for line in &lines {
            self.add(&line.entry, line.entry.amount);
        }
        if !lines.is_empty() {
            self.journal.insert(transaction.clone(), lines);
        }
    }

    pub(crate) fn withdraw(&mut self, transaction: &Transaction) {
        for line in self.journal.remove(transaction).unwrap_or_default() {
            self.add(&line.entry, -line.entry.amount);
        }
    }

    /// Moves every line of one customer to another, as a merge does.
    pub(crate) fn move_customer(&mut self, from: &str, to: &str) {
        for customers in self.by_customer.values_mut() {
            if let Some(moved) = customers.remove(from) {
                *customers.entry(to.to_owned()).or_default() += moved;
            }
        }
        for line in self.journal.values_mut().flatten() {
            if line.entry.customer.as_deref() == Some(from) {
                line.entry.customer = Some(to.to_owned());
            }
        }
    }

    /// Moves every line of one account to another.
    pub(crate) fn move_account(&mut self, from: &str, to: &str) {
        if let Some(moved) = self.balances.remove(from) {
            *self.balances.entry(to.to_owned()).or_default() += moved;
        }
        let customers = self.by_customer.remove(from).unwrap_or_default();
        let slot = self.by_customer.entry(to.to_owned()).or_default();
        for (customer, moved) in customers {
            *slot.entry(customer).or_default() += moved;
        }
        for line in self.journal.values_mut().flatten() {
            if line.entry.account == from {
                to.clone_into(&mut line.entry.account);
            }
        }
    }

    /// Moves every line of one class to another.
    pub(crate) fn move_class(&mut self, from: &str, to: &str) {
        for line in self.journal.values_mut().flatten() {
            if line.entry.class.as_deref() == Some(from) {
                line.entry.class = Some(to.to_owned());
            }
        }
    }

    fn add(&mut self, entry: &Entry, amount: Decimal) {
        let customer = entry.customer.clone().unwrap_or_default();
        let account = entry.account.clone();
        *self.balances.entry(account.clone()).or_default() += amount;
        let customers = self.by_customer.entry(account).or_default();
        *customers.entry(customer).or_default() += amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(account: &str, cents: i64, customer: &str, class: &str) -> Entry {
        Entry {
            account: account.to_owned(),
            amount: Decimal::new(cents, 2),
            customer: Some(customer.to_owned()),
            class: Some(class.to_owned()),
        }
    }

    fn invoice() -> Transaction {
        Transaction {
            kind: "Invoice",
            id: "7".to_owned(),
        }
    }

    fn posted() -> Ledger {
        let mut ledger = Ledger::new();
        let date = "2026-03-31".parse().unwrap();
        let entries = vec![
            entry("84", 4_365_000, "24", ""),
            entry("79", -4_850_000, "24", "c1"),
            entry("91", 485_000, "24", "c1"),
            entry("99", 0, "24", "c1"),
        ];
        ledger.post(&invoice(), date, entries);
        ledger
    }

    #[test]
    fn balances_are_told_by_account_customer_and_class() {
        let ledger = posted();
        assert_eq!(ledger.balance("84"), Decimal::new(4_365_000, 2));
        assert_eq!(
            ledger.customer_balance("84", "24"),
            Decimal::new(4_365_000, 2)
        );
        assert_eq!(ledger.class_balance("91", "c1"), Decimal::new(485_000, 2));
        assert_eq!(ledger.class_balance("91", "c2"), Decimal::ZERO);
        assert_eq!(ledger.balance("1"), Decimal::ZERO);
    }

    #[test]
    fn lines_of_nothing_are_not_kept() {
        assert_eq!(posted().lines().count(), 3);
        assert_eq!(posted().of("Invoice", "7").len(), 3);
    }

    #[test]
    fn posting_again_replaces_and_withdrawing_leaves_nothing() {
        let mut ledger = posted();
        let date = "2026-04-01".parse().unwrap();
        ledger.post(
            &invoice(),
            date,
            vec![entry("84", 100, "24", ""), entry("79", -100, "24", "c1")],
        );
        assert_eq!(ledger.balance("84"), Decimal::new(100, 2));
        assert_eq!(ledger.balance("91"), Decimal::ZERO);
        ledger.withdraw(&invoice());
        assert_eq!(ledger.lines().count(), 0);
        assert!(ledger.trial_balance().values().all(Decimal::is_zero));
    }

    #[test]
    fn a_merge_moves_the_lines_of_a_customer() {
        let mut ledger = posted();
        ledger.move_customer("24", "25");
        assert_eq!(
            ledger.customer_balance("84", "25"),
            Decimal::new(4_365_000, 2)
        );
        assert_eq!(ledger.customer_balance("84", "24"), Decimal::ZERO);
    }

    #[test]
    fn the_trial_balance_sums_to_zero() {
        assert_eq!(
            posted().trial_balance().values().sum::<Decimal>(),
            Decimal::ZERO
        );
    }
}
