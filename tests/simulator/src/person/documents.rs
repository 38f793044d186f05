use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Person, refusal};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::write::{self, Context};
use crate::{Error, json as fields, money};

/// A document that a person types.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The id of the customer.
    pub customer: &'a str,
    /// The number of a bill, credit or entry, or the reference of a payment.
    pub number: &'a str,
    /// The date, such as `2026-03-31`.
    pub date: &'a str,
    /// The amount.
    pub amount: Decimal,
}

/// The accounts of an entry that a person types, by id.
#[derive(Clone, Copy, Debug)]
pub struct EntryAccounts<'a> {
    /// The account that is debited.
    pub debit: &'a str,
    /// The account that is credited.
    pub credit: &'a str,
}

/// Documents that a person types or copies.
impl Person<'_> {
    /// Opens a Project of a customer and returns its id. Only the web page can make one.
    ///
    /// # Errors
    /// As [`Person::create`].
    pub fn open_project(&mut self, customer: &str, name: &str) -> Result<String, Error> {
        let body = json!({
            "DisplayName": name, "Job": true, "ParentRef": {"value": customer}, "BillWithParent": true,
        });
        let id = self.create("Customer", body)?;
        if let Some(company) = self.company()
            && let Some(project) = company.records.get_mut(Kind::Customer, &id)
        {
            fields::set(project, "IsProject", true);
        }
        Ok(id)
    }

    /// Enters an `Invoice` or a `CreditMemo` of one line on the item *Services* and returns its id.
    ///
    /// # Errors
    /// As [`Person::create`].
    pub fn bill(&mut self, kind: &str, typed: &Typed<'_>) -> Result<String, Error> {
        let item = self.default_item()?;
        let body = json!({
            "DocNumber": typed.number, "TxnDate": typed.date, "CustomerRef": {"value": typed.customer},
            "Line": [{
                "DetailType": "SalesItemLineDetail", "Amount": money::json(typed.amount),
                "SalesItemLineDetail": {"ItemRef": {"value": item}},
            }],
        });
        self.create(kind, body)
    }

    /// Enters a journal entry of two lines that both name the customer, and returns its id.
    ///
    /// # Errors
    /// As [`Person::create`].
    pub fn post_entry(
        &mut self,
        typed: &Typed<'_>,
        accounts: EntryAccounts<'_>,
    ) -> Result<String, Error> {
        let line = |posting: &str, account: &str| {
            json!({
                "DetailType": "JournalEntryLineDetail", "Amount": money::json(typed.amount),
                "JournalEntryLineDetail": {
                    "PostingType": posting, "AccountRef": {"value": account},
                    "Entity": {"Type": "Customer", "EntityRef": {"value": typed.customer}},
                },
            })
        };
        let lines = [
            line("Debit", accounts.debit),
            line("Credit", accounts.credit),
        ];
        let body = json!({"DocNumber": typed.number, "TxnDate": typed.date, "Line": lines});
        self.create("JournalEntry", body)
    }

    /// Enters a payment on account, which is applied to nothing, and returns its id.
    ///
    /// # Errors
    /// As [`Person::create`].
    pub fn receive(&mut self, typed: &Typed<'_>) -> Result<String, Error> {
        let body = json!({
            "PaymentRefNum": typed.number, "TxnDate": typed.date, "CustomerRef": {"value": typed.customer},
            "TotalAmt": money::json(typed.amount),
        });
        self.create("Payment", body)
    }

    /// Copies an `Invoice`, `CreditMemo` or `JournalEntry`, as *Copy* in the web pages does, and returns the id of the copy.
    /// The copy has the lines, customer and private note of the original, the next number and the date of today.
    ///
    /// # Errors
    /// As [`Person::edit`].
    pub fn copy(&mut self, kind: &str, id: &str) -> Result<String, Error> {
        let parsed = super::parse_kind(kind)?;
        self.address(parsed, id)?;
        let company = self.company();
        let original = company.and_then(|company| {
            let mut copy = company.records.get(parsed, id)?.clone();
            copy.insert("DocNumber".to_owned(), company.next_number().into());
            Some(copy)
        });
        let mut copy = original.unwrap_or_default();
        for field in ["Id", "SyncToken", "TxnDate", "DueDate", "sparse"] {
            copy.remove(field);
        }
        self.create(kind, Value::Object(copy))
    }

    /// Creates a project below a customer and returns its id. A project is a job with `IsProject`.
    ///
    /// # Errors
    /// As [`Person::create`].
    pub fn add_project(&mut self, parent: &str, name: &str) -> Result<String, Error> {
        let body = json!({
            "DisplayName": name, "Job": true, "BillWithParent": true, "ParentRef": {"value": parent},
        });
        let id = self.create("Customer", body)?;
        let project = self
            .company()
            .and_then(|company| company.records.get_mut(Kind::Customer, &id));
        if let Some(project) = project {
            crate::json::set(project, "IsProject", true);
        }
        Ok(id)
    }

    fn default_item(&mut self) -> Result<String, Error> {
        let context = Context {
            now: self.simulator.now,
            switches: &self.simulator.switches,
        };
        let company = self.simulator.companies.get_mut(&self.realm);
        let item = company.and_then(|company| write::default_item(company, &context));
        item.ok_or_else(|| refusal(Fault::item_needed()))
    }
}
