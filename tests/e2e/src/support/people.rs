//! What people do by hand in the company, and what stands there.

use super::world::World;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::Person;

impl World {
    pub fn person<T>(&self, does: impl FnOnce(&mut Person<'_>) -> T) -> T {
        let mut simulator = self.simulator();
        does(&mut simulator.person(&self.realm).unwrap())
    }

    /// Somebody enters something of a kind; its id.
    pub fn enter(&self, kind: &str, body: Value) -> String {
        self.person(|person| person.create(kind, body)).unwrap()
    }

    /// What was entered or posted last of a kind.
    pub fn last(&self, kind: &str) -> Value {
        let simulator = self.simulator();
        let all = simulator.entities(&self.realm, kind);
        all.last().expect(kind).clone()
    }

    pub fn last_id(&self, kind: &str) -> String {
        self.last(kind)["Id"].as_str().unwrap().to_owned()
    }

    /// Somebody opens the last of a kind, changes it and saves it.
    pub fn edit_last(&self, kind: &str, change: impl FnOnce(&mut Value)) {
        let (id, mut object) = (self.last_id(kind), self.last(kind));
        change(&mut object);
        self.person(|person| person.edit(kind, &id, object))
            .unwrap();
    }

    pub fn void_last(&self, kind: &str) {
        let id = self.last_id(kind);
        self.person(|person| person.void(kind, &id)).unwrap();
    }

    pub fn delete_last(&self, kind: &str) {
        let id = self.last_id(kind);
        self.person(|person| person.delete(kind, &id)).unwrap();
    }

    /// What an account comes to.
    pub fn balance(&self, account: &str) -> Decimal {
        self.simulator().ledger(&self.realm).balance(account)
    }

    /// How many of a kind there are.
    pub fn count(&self, kind: &str) -> usize {
        self.simulator().entities(&self.realm, kind).count()
    }

    /// How many invoices and journal entries there are.
    pub fn invoices_and_entries(&self) -> (usize, usize) {
        (self.count("Invoice"), self.count("JournalEntry"))
    }
}
