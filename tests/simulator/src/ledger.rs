use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::kind::Kind;

/// The double-entry ledger of one company: a journal and its balances.
///
/// Amounts are signed: a debit is positive, a credit is negative.
#[derive(Clone, Debug)]
pub struct Ledger {
    journal: BTreeMap<Transaction, Vec<Line>>,
    balances: BTreeMap<String, Decimal>,
    /// Balances by account, then by customer. The empty text is no customer.
    by_customer: BTreeMap<String, BTreeMap<String, Decimal>>,
}

/// The transaction that a journal line belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transaction {
    /// The kind in Intuit's spelling, such as `JournalEntry`.
    pub kind: &'static str,
    /// The id of the transaction.
    pub id: String,
}

/// A posted line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The transaction that posted the line.
    pub transaction: Transaction,
    /// The date of the transaction.
    pub date: Date,
    /// The account, amount, customer and class.
    pub entry: Entry,
}

/// A debit or credit of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The id of the account.
    pub account: String,
    /// The signed amount: a debit is positive, a credit is negative.
    pub amount: Decimal,
    /// The id of the customer, if the line names one.
    pub customer: Option<String>,
    /// The id of the class, if the line names one.
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

    /// Returns the balance of an account by id, or zero if nothing was posted to the account.
    pub fn balance(&self, account: &str) -> Decimal {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// Returns the balances of an account by customer id. Lines without a customer are under the empty text.
    pub fn by_customer(&self, account: &str) -> BTreeMap<String, Decimal> {
        self.by_customer.get(account).cloned().unwrap_or_default()
    }

    /// Returns the balances of an account by class id. Lines without a class are under the empty text.
    pub fn by_class(&self, account: &str) -> BTreeMap<String, Decimal> {
        let mut sums = BTreeMap::new();
        for line in self.lines().filter(|line| line.entry.account == account) {
            let class = line.entry.class.clone().unwrap_or_default();
            *sums.entry(class).or_default() += line.entry.amount;
        }
        sums
    }

    /// Returns the balance of an account in one class.
    pub fn class_balance(&self, account: &str, class: &str) -> Decimal {
        self.by_class(account)
            .get(class)
            .copied()
            .unwrap_or_default()
    }

    /// Returns the balance of an account with one customer.
    pub fn customer_balance(&self, account: &str, customer: &str) -> Decimal {
        self.by_customer
            .get(account)
            .and_then(|customers| customers.get(customer))
            .copied()
            .unwrap_or_default()
    }

    /// Returns the balance of each account with postings, by account id. The balances sum to zero.
    pub fn trial_balance(&self) -> &BTreeMap<String, Decimal> {
        &self.balances
    }

    /// Returns every line of every live transaction.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.journal.values().flatten()
    }

    /// Returns the lines of one transaction. A void, deleted or unknown transaction has none.
    pub fn lines_of(&self, kind: &str, id: &str) -> &[Line] {
        let transaction = Kind::from_name(kind).map(|kind| Transaction {
            kind: kind.name(),
            id: id.to_owned(),
        });
        transaction
            .and_then(|transaction| self.journal.get(&transaction))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns whether a line names the customer.
    pub(crate) fn has_customer(&self, customer: &str) -> bool {
        let is_named = |line: &Line| line.entry.customer.as_deref() == Some(customer);
        self.lines().any(is_named)
    }

    /// Posts the entries of a transaction in place of its earlier ones.
    pub(crate) fn post(&mut self, transaction: &Transaction, date: Date, entries: Vec<Entry>) {
        self.unpost(transaction);
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

    /// Removes the lines of a transaction.
    pub(crate) fn unpost(&mut self, transaction: &Transaction) {
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

    /// Moves every line of one account to another, as a merge does.
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

    /// Moves every line of one class to another, as a merge does.
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

    fn ledger_with_invoice() -> Ledger {
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
    fn balances_are_kept_by_account_customer_class() {
        let ledger = ledger_with_invoice();
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
    fn zero_lines_are_dropped() {
        assert_eq!(ledger_with_invoice().lines().count(), 3);
        assert_eq!(ledger_with_invoice().lines_of("Invoice", "7").len(), 3);
    }

    #[test]
    fn posting_replaces_and_unposting_removes_lines() {
        let mut ledger = ledger_with_invoice();
        let date = "2026-04-01".parse().unwrap();
        ledger.post(
            &invoice(),
            date,
            vec![entry("84", 100, "24", ""), entry("79", -100, "24", "c1")],
        );
        assert_eq!(ledger.balance("84"), Decimal::new(100, 2));
        assert_eq!(ledger.balance("91"), Decimal::ZERO);
        ledger.unpost(&invoice());
        assert_eq!(ledger.lines().count(), 0);
        assert!(ledger.trial_balance().values().all(Decimal::is_zero));
    }

    #[test]
    fn customer_merge_moves_lines_and_balances() {
        let mut ledger = ledger_with_invoice();
        ledger.move_customer("24", "25");
        assert_eq!(
            ledger.customer_balance("84", "25"),
            Decimal::new(4_365_000, 2)
        );
        assert_eq!(ledger.customer_balance("84", "24"), Decimal::ZERO);
    }

    #[test]
    fn trial_balance_sums_to_zero() {
        assert_eq!(
            ledger_with_invoice()
                .trial_balance()
                .values()
                .sum::<Decimal>(),
            Decimal::ZERO
        );
    }
}
