//! A store that is set back to an earlier state.

use super::world::World;
use bridge::restored::{Restored, restored};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The kinds of objects that RIVET makes.
const MADE: [&str; 7] = [
    "Invoice",
    "CreditMemo",
    "JournalEntry",
    "Payment",
    "Customer",
    "Class",
    "Item",
];

/// The content of the store at a time.
pub struct Snapshot {
    content: BTreeMap<String, Vec<u8>>,
    at: Timestamp,
}

/// The books of a company: the number of its objects, and the balances of its accounts.
#[derive(Debug, PartialEq, Eq)]
pub struct CompanyState {
    counts: [usize; MADE.len()],
    balances: BTreeMap<String, Decimal>,
}

impl World {
    /// Returns a copy of the store. A minute passes.
    pub fn snapshot(&self) -> Snapshot {
        let snapshot = Snapshot {
            content: self.memory.content(),
            at: self.now(),
        };
        self.advance(SignedDuration::from_mins(1));
        snapshot
    }

    /// Puts a copy of the store back, and Intuit forgets all request ids. The operator has not told of it yet.
    pub fn put_back(&self, snapshot: &Snapshot) {
        self.memory.set_back(snapshot.content.clone());
        self.person(|person| person.forget_request_ids());
        self.advance(SignedDuration::from_mins(1));
    }

    /// Tells RIVET that the store was set back.
    pub fn tell_of_restore(&self, snapshot: &Snapshot) -> Restored {
        let store = &self.services.store;
        block_on(restored(store, snapshot.at, self.now())).unwrap()
    }

    /// Puts a copy of the store back and tells RIVET. Three minutes later, QuickBooks lists everything that was posted before.
    pub fn set_back(&self, snapshot: &Snapshot) {
        self.put_back(snapshot);
        self.tell_of_restore(snapshot);
        self.advance(SignedDuration::from_mins(3));
    }

    /// Returns what the company has.
    pub fn company_state(&self) -> CompanyState {
        CompanyState {
            counts: MADE.map(|kind| self.count(kind)),
            balances: self.simulator().ledger(&self.realm).trial_balance().clone(),
        }
    }
}
