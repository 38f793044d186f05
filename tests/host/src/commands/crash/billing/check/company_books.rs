//! Compares the transactions and lists of one company with the expected ones.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use simulator::{Entry, Operation, Simulator};

use super::super::expected::{
    DEPOSITS, Expected, RECEIVABLE, RETAINAGE, REVENUE, Transaction, TransactionKey,
};

/// The kinds of transactions that the components write.
const TRANSACTION_KINDS: [&str; 4] = ["Invoice", "CreditMemo", "JournalEntry", "Payment"];

const ACCOUNTS: [&str; 4] = [RECEIVABLE, RETAINAGE, REVENUE, DEPOSITS];

/// The books of one company at the end of a run.
pub(super) struct CompanyBooks<'a> {
    pub simulator: &'a Simulator,
    pub realm: &'a str,
}

impl CompanyBooks<'_> {
    /// Returns a violation for each transaction that is missing, duplicated, different from what was billed, or not billed.
    pub fn check_transactions(&self, expected: &Expected) -> Vec<String> {
        let mut found = self.find_transactions();
        remove_reversed_entries(&mut found);
        let mut violations = Vec::new();
        for (key, wanted) in &expected.transactions {
            let matching = found.remove(key).unwrap_or_default();
            match matching.as_slice() {
                [] if wanted.may_be_missing => {}
                [one]
                    if one.entries == wanted.entries
                        && (one.entries.is_empty() || one == wanted) => {}
                other => violations.push(format!("{key:?} is {other:?} and should be {wanted:?}")),
            }
        }
        violations.extend(
            found
                .iter()
                .map(|(key, other)| format!("{key:?} was not billed: {other:?}")),
        );
        violations
    }

    /// Returns the transactions in the books, by kind and number.
    fn find_transactions(&self) -> BTreeMap<TransactionKey, Vec<Transaction>> {
        let mut found = BTreeMap::<TransactionKey, Vec<Transaction>>::new();
        for kind in TRANSACTION_KINDS {
            for entity in self.simulator.entities(self.realm, kind) {
                let number = if kind == "Payment" {
                    "PaymentRefNum"
                } else {
                    "DocNumber"
                };
                let number = entity[number].as_str().unwrap_or_default();
                // The number of a release ends with a code for its id, which the expected number leaves out.
                let release = number.find("-REL-").map(|at| at + "-REL-".len());
                let number = number[..release.unwrap_or(number.len())].to_owned();
                let key = TransactionKey { kind, number };
                found
                    .entry(key)
                    .or_default()
                    .push(self.read_transaction(kind, entity));
            }
        }
        found
    }

    /// Returns the effect of an entity of QuickBooks on the books.
    fn read_transaction(&self, kind: &str, entity: &Value) -> Transaction {
        let mut found = Transaction::default();
        let (mut customers, mut classes) = (Vec::new(), Vec::new());
        for line in self
            .simulator
            .ledger(self.realm)
            .lines_of(kind, text(&entity["Id"]))
        {
            let Entry {
                account,
                amount,
                customer,
                class,
            } = &line.entry;
            let account = self.account_name(account);
            *found.entries.entry(account).or_default() += *amount;
            customers.extend(customer.as_ref().map(|id| self.entity_name("Customer", id)));
            if [REVENUE, RETAINAGE].contains(&account) {
                classes.push(
                    class
                        .as_ref()
                        .map(|id| self.entity_name("Class", id))
                        .unwrap_or_default(),
                );
            }
        }
        (found.customer, found.class) = (join_unique(customers), join_unique(classes));
        found
    }

    fn account_name(&self, id: &str) -> &'static str {
        let named = |name: &&&'static str| {
            self.simulator.find(self.realm, "Account", name).as_deref() == Some(id)
        };
        ACCOUNTS
            .iter()
            .find(named)
            .copied()
            .unwrap_or("another account")
    }

    fn entity_name(&self, kind: &str, id: &str) -> String {
        let field = if kind == "Customer" {
            "DisplayName"
        } else {
            "Name"
        };
        let mut entities = self.simulator.entities(self.realm, kind);
        let found = entities.find(|entity| entity["Id"] == id);
        found.map_or("?", |entity| text(&entity[field])).to_owned()
    }

    /// Returns a violation for each list with a wrong number of new entries, and for books that do not balance.
    pub fn check_lists(&self, expected: &Expected) -> Vec<String> {
        let names = &expected.names;
        let created = |kind: &str| {
            let changes = self.simulator.changes(self.realm).iter();
            changes
                .filter(|change| change.entity == kind && change.operation == Operation::Create)
                .count()
        };
        let wanted = [
            ("Customer", names.customers.len()),
            ("Class", names.classes.len()),
            ("Item", 1),
        ];
        let differing = wanted
            .into_iter()
            .filter(|(kind, wanted)| created(kind) != *wanted);
        let mut violations: Vec<_> = differing
            .map(|(kind, wanted)| {
                format!(
                    "{} entries of {kind} were created instead of {wanted}",
                    created(kind)
                )
            })
            .collect();
        let trial: Decimal = self
            .simulator
            .ledger(self.realm)
            .trial_balance()
            .values()
            .sum();
        if !trial.is_zero() {
            violations.push(format!("the trial balance is {trial} instead of zero"));
        }
        violations
    }
}

/// Removes each journal entry together with its reversal, if both cancel out. A pay app has such a pair after it was voided, and after
/// QuickBooks carried out its entry and refused its invoice: then both are posted again.
fn remove_reversed_entries(found: &mut BTreeMap<TransactionKey, Vec<Transaction>>) {
    let kind = "JournalEntry";
    let numbers: Vec<_> = found.keys().map(|key| key.number.clone()).collect();
    for number in numbers {
        let reversal = TransactionKey {
            kind,
            number: format!("{number}V"),
        };
        let entry = TransactionKey { kind, number };
        let mut reversals = found.remove(&reversal).unwrap_or_default();
        let mut entries = found.remove(&entry).unwrap_or_default();
        reversals.retain(|reversal| {
            let reversed = entries.iter().position(|entry| cancel_out(entry, reversal));
            reversed.map(|at| entries.remove(at)).is_none()
        });
        let left = [(reversal, reversals), (entry, entries)];
        found.extend(left.into_iter().filter(|(_, left)| !left.is_empty()));
    }
}

/// Returns whether two transactions together change no account of any class.
fn cancel_out(one: &Transaction, other: &Transaction) -> bool {
    let sides = |transaction: &Transaction, sign: Decimal| -> BTreeMap<_, _> {
        let entries = transaction.entries.iter();
        entries
            .map(|(account, amount)| (*account, sign * *amount))
            .collect()
    };
    one.class == other.class && sides(one, Decimal::ONE) == sides(other, Decimal::NEGATIVE_ONE)
}

/// Returns the distinct names, joined. A correct transaction has at most one.
fn join_unique(mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(" and ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
