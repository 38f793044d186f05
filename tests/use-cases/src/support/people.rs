//! Edits of people in the company, and the present state of its books.

use super::world::World;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::Person;

impl World {
    /// Works in the company as a person.
    pub fn person<T>(&self, work: impl FnOnce(&mut Person<'_>) -> T) -> T {
        let mut simulator = self.simulator();
        work(&mut simulator.person(&self.realm).unwrap())
    }

    /// Creates an object as a person and returns its id.
    pub fn enter(&self, kind: &str, body: Value) -> String {
        self.person(|person| person.create(kind, body)).unwrap()
    }

    /// Returns the newest object of a kind.
    pub fn last(&self, kind: &str) -> Value {
        let simulator = self.simulator();
        let all = simulator.entities(&self.realm, kind);
        all.last().expect(kind).clone()
    }

    /// Returns the id of the newest object of a kind.
    pub fn last_id(&self, kind: &str) -> String {
        self.last(kind)["Id"].as_str().unwrap().to_owned()
    }

    /// Edits the newest object of a kind as a person.
    pub fn edit_last(&self, kind: &str, change: impl FnOnce(&mut Value)) {
        let (id, mut object) = (self.last_id(kind), self.last(kind));
        change(&mut object);
        self.person(|person| person.edit(kind, &id, object))
            .unwrap();
    }

    /// Voids the newest object of a kind as a person.
    pub fn void_last(&self, kind: &str) {
        let id = self.last_id(kind);
        self.person(|person| person.void(kind, &id)).unwrap();
    }

    /// Deletes the newest object of a kind as a person.
    pub fn delete_last(&self, kind: &str) {
        let id = self.last_id(kind);
        self.person(|person| person.delete(kind, &id)).unwrap();
    }

    /// Returns the balance of an account.
    pub fn balance(&self, account: &str) -> Decimal {
        self.simulator().ledger(&self.realm).balance(account)
    }

    /// Returns the number of objects of a kind.
    pub fn count(&self, kind: &str) -> usize {
        self.simulator().entities(&self.realm, kind).count()
    }

    /// Returns the numbers of invoices and of journal entries.
    pub fn invoices_and_entries(&self) -> (usize, usize) {
        (self.count("Invoice"), self.count("JournalEntry"))
    }
}
