//! The transactions that a bookkeeper types into QuickBooks by hand.

use super::world::World;
use serde_json::{Value, json};

/// The customer of the usual bill, as it is called in QuickBooks.
pub const HARBOR: &str = "Harbor Builders";

/// A transaction that a bookkeeper types. The amount is decimal text.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    pub customer: &'a str,
    pub number: &'a str,
    pub amount: &'a str,
}

/// The usual bill, typed by hand.
pub const TYPED_BILL: Typed<'static> = Typed {
    customer: HARBOR,
    number: "1042-1",
    amount: "43650.00",
};

impl World {
    /// Returns the id of a customer, which is created if it is missing.
    pub fn customer_named(&self, name: &str) -> String {
        let known = self.simulator().find(&self.realm, "Customer", name);
        known.unwrap_or_else(|| self.enter("Customer", json!({ "DisplayName": name })))
    }

    /// Types an invoice and returns its id.
    pub fn type_invoice(&self, typed: Typed<'_>) -> String {
        self.type_form("Invoice", typed)
    }

    /// Types an invoice or a credit memo and returns its id.
    pub fn type_form(&self, kind: &str, typed: Typed<'_>) -> String {
        let customer = self.customer_named(typed.customer);
        let known = self.simulator().find(&self.realm, "Item", "Typed work");
        let item = known.unwrap_or_else(|| {
            let account = self.accounts().revenue;
            self.enter("Item", json!({ "Name": "Typed work", "Type": "Service", "IncomeAccountRef": { "value": account } }))
        });
        let line = json!({ "DetailType": "SalesItemLineDetail", "Amount": number(typed.amount),
            "SalesItemLineDetail": { "ItemRef": { "value": item } } });
        let form = json!({ "CustomerRef": { "value": customer }, "DocNumber": typed.number,
            "TxnDate": "2026-03-31", "Line": [line] });
        self.enter(kind, form)
    }

    /// Types a journal entry from retainage to A/R and returns its id.
    pub fn type_entry(&self, typed: Typed<'_>) -> String {
        let customer = self.customer_named(typed.customer);
        let accounts = self.accounts();
        let line = |account: &str, side: &str| {
            json!({ "DetailType": "JournalEntryLineDetail", "Amount": number(typed.amount),
                "JournalEntryLineDetail": { "PostingType": side, "AccountRef": { "value": account },
                    "Entity": { "Type": "Customer", "EntityRef": { "value": customer } } } })
        };
        let lines = [
            line(&accounts.receivable, "Debit"),
            line(&accounts.retainage, "Credit"),
        ];
        let entry = json!({ "DocNumber": typed.number, "TxnDate": "2026-06-15", "Line": lines });
        self.enter("JournalEntry", entry)
    }

    /// Types a check of a customer, applied to nothing, and returns its id.
    pub fn type_check(&self, customer: &str, amount: &str, date: &str) -> String {
        let customer = self.customer_named(customer);
        let check = json!({ "CustomerRef": { "value": customer }, "TotalAmt": number(amount), "TxnDate": date });
        self.enter("Payment", check)
    }

    /// Types a check that pays an invoice, and returns its id.
    pub fn type_check_for(&self, invoice: &str, amount: &str, date: &str) -> String {
        let customer = self.customer_named(HARBOR);
        let line = json!({ "Amount": number(amount),
            "LinkedTxn": [{ "TxnId": invoice, "TxnType": "Invoice" }] });
        let check = json!({ "CustomerRef": { "value": customer }, "TotalAmt": number(amount),
            "TxnDate": date, "Line": [line] });
        self.enter("Payment", check)
    }
}

/// Returns an amount as a JSON number, exactly as the text has it.
pub fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
