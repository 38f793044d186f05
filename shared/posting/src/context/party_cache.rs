//! Caches the customers, classes and items that a worker searched, with the results.

use crate::error::PostingError;
use billing::Id;
use jiff::Timestamp;
use quickbooks::Kind;
use std::fmt;
use store::object_index::entry::{IndexEntry, Subject};
use store::reason::hold::address_suggestion;

/// The key of a party that a document names and that has an id in QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyKey {
    /// A customer of RIVET.
    Customer(Id),
    /// The job of a project.
    Job(Id),
    /// The class of a project.
    Class(Id),
    /// The service item that posts to an account.
    Item(String),
}

/// The search results of one run. New matches stay here until their index entries are saved with the next result.
#[derive(Default)]
pub struct PartyCache {
    found: Vec<FoundParty>,
    unindexed: Vec<IndexEntry>,
    suggestions: Vec<Suggestion>,
    currencies: Vec<CustomerCurrency>,
}

/// The currency of a customer in QuickBooks.
struct CustomerCurrency {
    customer: Id,
    currency: String,
}

/// A customer in QuickBooks that has the e-mail address of a new customer, but another name.
struct Suggestion {
    new: Id,
    name: String,
}

struct FoundParty {
    key: PartyKey,
    result: Result<String, PostingError>,
}

impl PartyCache {
    /// Returns the id of a party, or the error of its search. `None` if the party was not searched.
    pub fn get(&self, key: &PartyKey) -> Option<&Result<String, PostingError>> {
        let mut found = self.found.iter();
        let found = found.find(|found| found.key == *key);
        found.map(|found| &found.result)
    }

    /// Adds the result of a search.
    pub fn add(&mut self, key: PartyKey, result: Result<String, PostingError>) {
        self.found.push(FoundParty { key, result });
    }

    /// Adds the name of a customer in QuickBooks that has the e-mail address of a new customer.
    pub fn add_suggestion(&mut self, new: &Id, name: String) {
        let new = new.clone();
        self.suggestions.push(Suggestion { new, name });
    }

    /// Returns the sentence about the customer in QuickBooks that has the e-mail address of a customer made in this run. Empty if there is
    /// none.
    pub fn suggestion(&self, customer: &Id) -> String {
        let mut suggestions = self.suggestions.iter();
        let found = suggestions.find(|suggestion| suggestion.new == *customer);
        found.map_or_else(String::new, |found| address_suggestion(&found.name) + " ")
    }

    /// Adds the currency of a customer in QuickBooks, if it is known.
    pub fn add_currency_of(&mut self, customer: &Id, currency: Option<String>) {
        let customer = customer.clone();
        let known = currency.map(|currency| CustomerCurrency { customer, currency });
        self.currencies.extend(known);
    }

    /// Returns the currency of a customer in QuickBooks, if it is known.
    pub fn currency(&self, customer: &Id) -> Option<&str> {
        let mut known = self.currencies.iter();
        let known = known.find(|known| known.customer == *customer);
        known.map(|known| known.currency.as_str())
    }

    /// Forgets the failed searches, so that they are made again.
    pub fn forget_failures(&mut self) {
        self.found.retain(|found| found.result.is_ok());
    }

    /// Forgets all items.
    pub fn forget_items(&mut self) {
        let is_item = |found: &FoundParty| matches!(found.key, PartyKey::Item(_));
        self.found.retain(|found| !is_item(found));
    }

    /// Adds a new match of a customer, or of a project's job, whose index entry is still to be saved.
    pub fn add_match(&mut self, subject: Subject, quickbooks_id: &str, now: Timestamp) {
        self.unindexed.push(IndexEntry {
            kind: Kind::Customer,
            id: quickbooks_id.to_owned(),
            subject,
            version: String::from("0"),
            at: now.as_second(),
        });
    }

    /// Takes the index entries of new matches for saving.
    pub fn take_unindexed(&mut self) -> Vec<IndexEntry> {
        std::mem::take(&mut self.unindexed)
    }
}

impl fmt::Display for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer {id}"),
            Self::Job(id) => write!(f, "job {id}"),
            Self::Class(id) => write!(f, "class {id}"),
            Self::Item(account) => write!(f, "item {account}"),
        }
    }
}
