use jiff::civil::Date;
use serde_json::Value;

use crate::{ClassTracking, Error, Simulator};

/// Somebody who works in a company through the QuickBooks web pages, past the API and its limits. A person may post
/// into closed books (the page asks for the password) and is otherwise held to the same rules.
#[derive(Debug)]
pub struct Person<'a> {
    simulator: &'a mut Simulator,
    realm: String,
}

impl<'a> Person<'a> {
    pub(crate) fn new(simulator: &'a mut Simulator, realm: &str) -> Result<Self, Error> {
        if !simulator.ledgers.contains_key(realm) {
            return Err(Error::UnknownCompany(realm.to_owned()));
        }
        Ok(Self {
            simulator,
            realm: realm.to_owned(),
        })
    }

    /// Adds an entity of any kind (also `Account`, `Vendor`, `Employee`) and gives its id.
    ///
    /// # Errors
    /// [`Error::UnknownKind`], [`Error::Refused`].
    pub fn create(&mut self, kind: &str, body: Value) -> Result<String, Error> {
        let _ = body;
        Err(self.unknown(kind, ""))
    }

    /// Changes the given fields of an entity and leaves the others.
    ///
    /// # Errors
    /// [`Error::UnknownKind`], [`Error::UnknownEntity`], [`Error::Refused`].
    pub fn edit(&mut self, kind: &str, id: &str, changes: Value) -> Result<(), Error> {
        let _ = changes;
        Err(self.unknown(kind, id))
    }

    /// Voids an `Invoice` or a `Payment`.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn void(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        Err(self.unknown(kind, id))
    }

    /// Deletes a transaction.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn delete(&mut self, kind: &str, id: &str) -> Result<(), Error> {
        Err(self.unknown(kind, id))
    }

    /// Gives a customer, vendor, employee, item, class or account another name.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn rename(&mut self, kind: &str, id: &str, name: &str) -> Result<(), Error> {
        let _ = name;
        Err(self.unknown(kind, id))
    }

    /// Makes a list entity inactive, or active again.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn set_active(&mut self, kind: &str, id: &str, active: bool) -> Result<(), Error> {
        let _ = active;
        Err(self.unknown(kind, id))
    }

    /// Merges one customer into another: its transactions move, its id is gone.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn merge_customers(&mut self, from: &str, into: &str) -> Result<(), Error> {
        let _ = into;
        Err(self.unknown("Customer", from))
    }

    /// Takes a payment that lies in an account to the bank: a `Deposit`, after which the payment cannot be changed.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn deposit(&mut self, payment: &str, bank_account: &str) -> Result<String, Error> {
        let _ = bank_account;
        Err(self.unknown("Payment", payment))
    }

    /// Closes the books up to and including this date, or opens them.
    pub fn close_books(&mut self, until: Option<Date>) {
        let _ = until;
    }

    pub fn set_class_tracking(&mut self, tracking: ClassTracking) {
        let _ = tracking;
    }

    pub fn set_custom_numbers(&mut self, on: bool) {
        let _ = on;
    }

    pub fn set_warn_duplicate_numbers(&mut self, on: bool) {
        let _ = on;
    }

    pub fn set_auto_apply_credit(&mut self, on: bool) {
        let _ = on;
    }

    /// Disconnects the app from inside QuickBooks: every token for the company is dead.
    pub fn disconnect_app(&mut self) {}

    /// Takes the admin rights of the person who connected away, or gives them back.
    pub fn set_admin(&mut self, admin: bool) {
        let _ = admin;
    }

    /// Lets the subscription end, or renews it.
    pub fn set_subscribed(&mut self, subscribed: bool) {
        let _ = subscribed;
    }

    /// QuickBooks forgets all `requestid`s of the company.
    pub fn forget_request_ids(&mut self) {}

    fn unknown(&self, kind: &str, id: &str) -> Error {
        let _ = (&self.simulator, &self.realm);
        Error::UnknownEntity {
            kind: kind.to_owned(),
            id: id.to_owned(),
        }
    }
}
