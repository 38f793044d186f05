//! People who work in a company by hand, past the API.

mod attempt;
mod documents;
mod edit;
mod items;
mod merge;
mod payments;
mod settings;

use serde_json::{Value, json};

use crate::changes::Actor;
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::json::Object;
use crate::kind::Kind;
use crate::write::{self, Context, Merge, Verb, WriteRequest};
use crate::{Error, Simulator, json};

pub use documents::{EntryAccounts, Typed};
pub use edit::Edit;
pub use items::History;

/// A person who works in a company through the QuickBooks web pages, past the API and its limits. A person may post
/// into closed books, because the page asks for the password. Every other rule is the same as for the API.
#[derive(Debug)]
pub struct Person<'a> {
    simulator: &'a mut Simulator,
    realm: String,
}

impl<'a> Person<'a> {
    pub(crate) fn new(simulator: &'a mut Simulator, realm: &str) -> Result<Self, Error> {
        if !simulator.companies.contains_key(realm) {
            return Err(Error::UnknownCompany(realm.to_owned()));
        }
        Ok(Self {
            simulator,
            realm: realm.to_owned(),
        })
    }

    /// Adds an entity of any kind (also `Account`, `Vendor`, `Employee`, `Deposit`) and returns its id.
    ///
    /// # Errors
    /// [`Error::UnknownKind`], [`Error::Refused`].
    pub fn create(&mut self, kind: &str, body: Value) -> Result<String, Error> {
        let kind = parse_kind(kind)?;
        let answer = self.write(kind, Verb::Save, body)?;
        Ok(write::answered_id(kind, &answer))
    }

    /// Changes the given fields of an entity and leaves its other fields.
    ///
    /// # Errors
    /// [`Error::UnknownKind`], [`Error::UnknownEntity`], [`Error::Refused`].
    pub fn edit(&mut self, kind: &str, id: &str, changes: Value) -> Result<(), Error> {
        let kind = parse_kind(kind)?;
        let mut body = self.address(kind, id)?;
        if let Value::Object(changes) = changes {
            body.extend(changes);
        }
        json::set(&mut body, "sparse", true);
        self.write(kind, Verb::Save, Value::Object(body)).map(drop)
    }

    /// Voids an `Invoice`, `Payment`, `CreditMemo` or `JournalEntry`.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn void(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        self.remove(kind, id, Verb::Void)
    }

    /// Deletes a transaction.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn delete(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        self.remove(kind, id, Verb::Delete)
    }

    /// Gives a customer, vendor, employee, item, class or account another name.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn rename(&mut self, kind: &str, id: &str, name: &str) -> Result<(), Error> {
        let field = parse_kind(kind)?.name_field();
        self.edit(kind, id, json!({ field: name }))
    }

    /// Makes a list entity inactive, or active again.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn set_active(&mut self, kind: &str, id: &str, active: bool) -> Result<(), Error> {
        self.edit(kind, id, json!({ "Active": active }))
    }

    /// Merges one customer into another: the transactions of `from` move, and the id of `from` is gone.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn merge_customers(&mut self, from: &str, into: &str) -> Result<(), Error> {
        self.merge("Customer", from, into)
    }

    /// Merges one customer, vendor, item, class or account into another of the same type.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn merge(&mut self, kind: &str, from: &str, into: &str) -> Result<(), Error> {
        let kind = parse_kind(kind)?;
        self.address(kind, from)?;
        self.address(kind, into)?;
        let now = self.simulator.now;
        let outcome = match self.company() {
            Some(company) => merge::merge(company, now, &Merge { kind, from, into }),
            None => Ok(()),
        };
        self.simulator.queue_change_events(&self.realm);
        outcome.map_err(refusal)
    }

    /// Gives an account another type, such as `Income` with `ServiceFeeIncome`.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn retype_account(&mut self, id: &str, kind: &str, subtype: &str) -> Result<(), Error> {
        let changes = json!({"AccountType": kind, "AccountSubType": subtype});
        self.edit("Account", id, changes)
    }

    /// Sends an invoice to the customer.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn email(&mut self, invoice: &str, address: &str) -> Result<(), Error> {
        let mut body = self.address(Kind::Invoice, invoice)?;
        json::set(&mut body, "sparse", true);
        json::set(&mut body, "EmailStatus", "EmailSent");
        json::set(&mut body, "BillEmail", json!({ "Address": address }));
        self.write(Kind::Invoice, Verb::Email, Value::Object(body))
            .map(drop)
    }

    fn company(&mut self) -> Option<&mut CompanyState> {
        let now = self.simulator.now;
        let lag = self.simulator.switches.index_lag;
        let company = self.simulator.companies.get_mut(&self.realm)?;
        company.records.begin_request(now, lag);
        Some(company)
    }

    fn remove(&mut self, kind: &str, id: &str, verb: Verb) -> Result<(), Error> {
        let kind = parse_kind(kind)?;
        let body = self.address(kind, id)?;
        self.write(kind, verb, Value::Object(body)).map(drop)
    }

    /// Returns the fields that address an entity in its present version: `Id` and `SyncToken`.
    fn address(&mut self, kind: Kind, id: &str) -> Result<Object, Error> {
        let entity = self
            .company()
            .and_then(|company| company.records.get(kind, id))
            .ok_or_else(|| Error::UnknownEntity {
                kind: kind.name().to_owned(),
                id: id.to_owned(),
            })?;
        let fields = ["Id", "SyncToken"];
        Ok(fields
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), entity.get(*name)?.clone())))
            .collect())
    }

    fn write(&mut self, kind: Kind, verb: Verb, body: Value) -> Result<Value, Error> {
        let Value::Object(body) = body else {
            return Err(refusal(Fault::unreadable("body")));
        };
        let context = Context {
            now: self.simulator.now,
            switches: &self.simulator.switches,
        };
        let request = WriteRequest {
            verb,
            ..WriteRequest::new_save(kind, body, Actor::Person)
        };
        let company = self.simulator.companies.get_mut(&self.realm);
        let company = company.ok_or_else(|| Error::UnknownCompany(self.realm.clone()))?;
        company
            .records
            .begin_request(context.now, context.switches.index_lag);
        let outcome = write::write(company, &context, &request).map_err(refusal);
        self.simulator.queue_change_events(&self.realm);
        outcome
    }
}

/// Finds a kind by its name.
fn parse_kind(kind: &str) -> Result<Kind, Error> {
    Kind::from_name(kind).ok_or_else(|| Error::UnknownKind(kind.to_owned()))
}

fn refusal(fault: Fault) -> Error {
    Error::Refused {
        code: fault.code,
        detail: fault.detail,
    }
}

#[cfg(test)]
mod tests;
