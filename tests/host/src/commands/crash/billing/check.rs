//! What must be true in the end: every document stands once, as it was billed, and every balance is right to the cent.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use simulator::{Entry, Operation, Simulator};

use super::expected::{DEPOSITS, Expected, Key, RECEIVABLE, RETAINAGE, REVENUE, Transaction};
use super::run::Run;
use crate::demo::site::Site as _;
use crate::demo::tie_out::Company;

/// Kinds of transactions that we write.
const TRANSACTIONS: [&str; 4] = ["Invoice", "CreditMemo", "JournalEntry", "Payment"];

const ACCOUNTS: [&str; 4] = [RECEIVABLE, RETAINAGE, REVENUE, DEPOSITS];

impl Run {
    /// Looks at each firm; the host is up.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        for place in 0..self.expected.len() {
            let name = self.deliveries.firms[place].0.clone();
            let mut wrong = self.documents(place).await?;
            let books = Books {
                simulator: &self.world.simulator(),
                realm: &self.deliveries.firms[place].1,
            };
            let expected = &self.expected[place];
            wrong.extend(books.transactions(expected));
            wrong.extend(books.lists(expected));
            let company = Company {
                simulator: books.simulator,
                realm: books.realm,
                accounts: &self.accounts[place],
                names: &expected.names,
                classes: true,
            };
            let rows = company.tie_out(&expected.balances).into_iter();
            let off = rows.filter(|row| !row.difference().is_zero());
            wrong.extend(off.map(|row| {
                format!(
                    "{} is {} and should be {}",
                    row.what, row.books, row.expected
                )
            }));
            self.violations
                .extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
        }
        Ok(())
    }

    /// Documents that do not stand as they should.
    async fn documents(&self, place: usize) -> anyhow::Result<Vec<String>> {
        let (mut wrong, firm) = (Vec::new(), self.firm(place));
        for (kind, id, state) in &self.expected[place].documents {
            let document = firm.document(kind, id).await?;
            if document["state"] != **state {
                let (found, reason) = (&document["state"], &document["reason"]);
                wrong.push(format!(
                    "{kind} {id} is {found} and should be {state}: {reason}"
                ));
            }
        }
        Ok(wrong)
    }
}

/// A company as it stands.
struct Books<'a> {
    simulator: &'a Simulator,
    realm: &'a str,
}

impl Books<'_> {
    /// Transactions that are missing, there twice, not as they should be, or of nothing that was billed.
    fn transactions(&self, expected: &Expected) -> Vec<String> {
        let mut found = self.found();
        let mut wrong = Vec::new();
        for (key, wanted) in &expected.transactions {
            let there = found.remove(key).unwrap_or_default();
            match there.as_slice() {
                [] if wanted.may_be_missing => {}
                [one]
                    if one.entries == wanted.entries
                        && (one.entries.is_empty() || one == wanted) => {}
                there => wrong.push(format!("{key:?} is {there:?} and should be {wanted:?}")),
            }
            if wanted.may_be_missing && key.0 == "Invoice" {
                wrong.extend(reversed(&mut found, &key.1));
            }
        }
        wrong.extend(
            found
                .iter()
                .map(|(key, there)| format!("{key:?} is of nothing that was billed: {there:?}")),
        );
        wrong
    }

    fn found(&self) -> BTreeMap<Key, Vec<Transaction>> {
        let mut found = BTreeMap::<Key, Vec<Transaction>>::new();
        for kind in TRANSACTIONS {
            for entity in self.simulator.entities(self.realm, kind) {
                let number = if kind == "Payment" {
                    "PaymentRefNum"
                } else {
                    "DocNumber"
                };
                let number = entity[number].as_str().unwrap_or_default();
                // What follows stands for the release's id.
                let release = number.find("-REL-").map(|at| at + "-REL-".len());
                let number = &number[..release.unwrap_or(number.len())];
                let there = found.entry((kind, number.to_owned())).or_default();
                there.push(self.transaction(kind, entity));
            }
        }
        found
    }

    fn transaction(&self, kind: &str, entity: &Value) -> Transaction {
        let mut found = Transaction::default();
        let (mut customers, mut classes) = (Vec::new(), Vec::new());
        for line in self
            .simulator
            .ledger(self.realm)
            .of(kind, text(&entity["Id"]))
        {
            let Entry {
                account,
                amount,
                customer,
                class,
            } = &line.entry;
            let account = self.account(account);
            *found.entries.entry(account).or_default() += *amount;
            customers.extend(customer.as_ref().map(|id| self.name("Customer", id)));
            if [REVENUE, RETAINAGE].contains(&account) {
                classes.push(
                    class
                        .as_ref()
                        .map(|id| self.name("Class", id))
                        .unwrap_or_default(),
                );
            }
        }
        (found.customer, found.class) = (only(customers), only(classes));
        found
    }

    fn account(&self, id: &str) -> &'static str {
        let named = |name: &&&'static str| {
            self.simulator.find(self.realm, "Account", name).as_deref() == Some(id)
        };
        ACCOUNTS
            .iter()
            .find(named)
            .copied()
            .unwrap_or("another account")
    }

    fn name(&self, kind: &str, id: &str) -> String {
        let field = if kind == "Customer" {
            "DisplayName"
        } else {
            "Name"
        };
        let mut entities = self.simulator.entities(self.realm, kind);
        let found = entities.find(|entity| entity["Id"] == id);
        found.map_or("?", |entity| text(&entity[field])).to_owned()
    }

    /// Lists with something that nobody needs, and books that do not balance.
    fn lists(&self, expected: &Expected) -> Vec<String> {
        let names = &expected.names;
        let made = |kind: &str| {
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
        let off = wanted
            .into_iter()
            .filter(|(kind, wanted)| made(kind) != *wanted);
        let mut wrong: Vec<_> = off
            .map(|(kind, wanted)| {
                format!("{} of {kind} were made and should be {wanted}", made(kind))
            })
            .collect();
        let trial: Decimal = self
            .simulator
            .ledger(self.realm)
            .trial_balance()
            .values()
            .sum();
        if !trial.is_zero() {
            wrong.push(format!("the trial balance is {trial}"));
        }
        wrong
    }
}

/// Of a pay app that was taken back both entries stand, or none, and they cancel out.
fn reversed(found: &mut BTreeMap<Key, Vec<Transaction>>, number: &str) -> Option<String> {
    let mut take = |end: &str| {
        found
            .remove(&("JournalEntry", format!("{number}{end}")))
            .unwrap_or_default()
    };
    let (entries, reversals) = (take("R"), take("RV"));
    let both: Vec<_> = entries.iter().chain(&reversals).collect();
    let on = |account| {
        both.iter()
            .filter_map(|one| one.entries.get(account))
            .sum::<Decimal>()
    };
    let once = entries.len() == reversals.len() && entries.len() < 2;
    let cancels = ACCOUNTS.iter().all(|account| on(account).is_zero());
    (!once || !cancels).then(|| format!("entries of {number}, which is void: {both:?}"))
}

/// The only name among these, if there is only one.
fn only(mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(" and ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
