//! Edits by people in QuickBooks of objects that RIVET posted.

use crate::support::world::World;
use serde_json::{Value, json};

/// An object that RIVET posted: its document and its kind in QuickBooks.
#[derive(Clone, Copy)]
pub struct ObjectRef {
    pub document: &'static str,
    pub kind: &'static str,
}

pub const INVOICE: ObjectRef = ObjectRef {
    document: "pa_1057_1",
    kind: "Invoice",
};
pub const ENTRY: ObjectRef = ObjectRef {
    document: "pa_1057_1",
    kind: "JournalEntry",
};
pub const NEXT_INVOICE: ObjectRef = ObjectRef {
    document: "pa_1057_2",
    kind: "Invoice",
};
pub const CREDIT_MEMO: ObjectRef = ObjectRef {
    document: "pa_1057_3",
    kind: "CreditMemo",
};
pub const PAID_INVOICE: ObjectRef = ObjectRef {
    document: "pa_1042_1",
    kind: "Invoice",
};
pub const RELEASE: ObjectRef = ObjectRef {
    document: "rel_1042_1",
    kind: "JournalEntry",
};
pub const RELEASE_INVOICE: ObjectRef = ObjectRef {
    document: "rel_1042_1",
    kind: "Invoice",
};
pub const RIVET_PAYMENT: ObjectRef = ObjectRef {
    document: "pay_0001",
    kind: "Payment",
};

impl World {
    /// Returns the id of an object in QuickBooks.
    pub fn object_id(&self, ObjectRef { document, kind }: ObjectRef) -> String {
        let view = self.view(document);
        let mut posted = view["quickbooks"].as_array().unwrap().iter();
        let object = posted.find(|object| object["type"] == kind);
        object.expect(kind)["id"].as_str().unwrap().to_owned()
    }

    /// Returns an object as it is in QuickBooks.
    pub fn object(&self, of: ObjectRef) -> Value {
        let (id, simulator) = (self.object_id(of), self.simulator());
        let mut objects = simulator.entities(&self.realm, of.kind);
        objects.find(|object| object["Id"] == *id).unwrap().clone()
    }

    pub fn change_object(&self, of: ObjectRef, change: Value) {
        let id = self.object_id(of);
        self.person(|person| person.edit(of.kind, &id, change))
            .unwrap();
    }

    /// Changes the lines without the subtotals, which QuickBooks adds again.
    pub fn change_lines(&self, of: ObjectRef, change: impl FnOnce(&mut Vec<Value>)) {
        let mut lines = self.object(of)["Line"].as_array().unwrap().clone();
        lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
        change(&mut lines);
        self.change_object(of, json!({ "Line": lines }));
    }

    /// Sets the amount of the first line.
    pub fn change_amount(&self, of: ObjectRef, amount: &str) {
        self.change_lines(of, |lines| lines[0]["Amount"] = number(amount));
    }

    /// Sets the amount of every line.
    pub fn change_amounts(&self, of: ObjectRef, amount: &str) {
        self.change_lines(of, |lines| {
            lines
                .iter_mut()
                .for_each(|line| line["Amount"] = number(amount));
        });
    }

    /// Sets a field of the first line's details.
    pub fn change_detail(&self, of: ObjectRef, field: &str, to: Value) {
        self.change_lines(of, |lines| *detail(&mut lines[0], field) = to);
    }

    pub fn void_object(&self, of: ObjectRef) {
        let id = self.object_id(of);
        self.person(|person| person.void(of.kind, &id)).unwrap();
    }

    pub fn delete_object(&self, of: ObjectRef) {
        let id = self.object_id(of);
        self.person(|person| person.delete(of.kind, &id)).unwrap();
    }

    /// Returns a reference to a list entry. Creates the entry if it is missing.
    pub fn list_reference(&self, list: &str, name: &str) -> Value {
        let existing = self.simulator().find(&self.realm, list, name);
        let revenue = self
            .simulator()
            .find(&self.realm, "Account", "Service Revenue");
        let id = existing.unwrap_or_else(|| {
            let body = match list {
                "Customer" => json!({ "DisplayName": name }),
                "Item" => json!({ "Name": name, "Type": "Service", "IncomeAccountRef": { "value": revenue } }),
                _ => json!({ "Name": name }),
            };
            self.enter(list, body)
        });
        json!({ "value": id })
    }

    /// Enters a payment by the customer of `of`, applied to these objects, and returns its id.
    pub fn enter_payment(
        &self,
        of: ObjectRef,
        amount: &str,
        applied: &[(ObjectRef, &str)],
    ) -> String {
        let payment = json!({ "CustomerRef": self.customer_of(of), "TotalAmt": number(amount), "TxnDate": "2026-04-20",
            "Line": self.payment_lines(applied) });
        self.enter("Payment", payment)
    }

    /// Returns the lines of a payment that is applied to these objects.
    pub fn payment_lines(&self, parts: &[(ObjectRef, &str)]) -> Value {
        let lines = parts.iter().map(|(of, amount)| {
            json!({ "Amount": number(amount), "LinkedTxn": [{ "TxnId": self.object_id(*of), "TxnType": of.kind }] })
        });
        lines.collect()
    }

    /// Moves a sales form to a new job of its customer.
    pub fn move_to_job(&self, of: ObjectRef, job: &str) {
        let body = json!({ "DisplayName": job, "Job": true, "ParentRef": self.customer_of(of) });
        let job = self.enter("Customer", body);
        self.change_object(of, json!({ "CustomerRef": { "value": job } }));
    }

    /// Applies the credit memo to the first pay app.
    pub fn apply_credit_memo(&self, amount: &str) {
        let ids = [CREDIT_MEMO, INVOICE].map(|of| self.object_id(of));
        let amount = amount.parse().unwrap();
        self.person(|person| person.apply_credit(&ids[0], &ids[1], amount))
            .unwrap();
    }

    /// Deposits a payment.
    pub fn deposit(&self, payment: &str) {
        let bank = self.list_reference("Account", "Checking");
        let bank = bank["value"].as_str().unwrap();
        self.person(|person| person.deposit(payment, bank)).unwrap();
    }

    /// Returns the id of a list entry.
    pub fn list_id(&self, list: &str, name: &str) -> String {
        self.list_reference(list, name)["value"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn rename_in_list(&self, list: &str, name: &str) {
        let (id, other) = (self.list_id(list, name), format!("{name} (old)"));
        self.person(|person| person.rename(list, &id, &other))
            .unwrap();
    }

    /// Makes a list entry inactive or active, once for each value.
    pub fn toggle_active(&self, list: &str, name: &str, active: &[bool]) {
        let find = |name: &str| self.simulator().find(&self.realm, list, name);
        // QuickBooks adds `(deleted)` to the name of an inactive entry.
        let id = find(name)
            .or_else(|| find(&format!("{name} (deleted)")))
            .unwrap();
        for active in active {
            self.person(|person| person.set_active(list, &id, *active))
                .unwrap();
        }
    }

    pub fn merge_in_list(&self, list: &str, from: &str, into: &str) {
        let [from, into] = [from, into].map(|name| self.list_id(list, name));
        self.person(|person| person.merge(list, &from, &into))
            .unwrap();
    }

    /// Returns a reference to the customer of an object.
    pub fn customer_of(&self, of: ObjectRef) -> Value {
        let object = self.object(of);
        let entity = &object["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"];
        let references = [&object["CustomerRef"], entity];
        let customer = references
            .into_iter()
            .find(|reference| reference.is_object());
        json!({ "value": customer.unwrap()["value"] })
    }
}

/// Returns a JSON number with exactly these digits.
pub fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Returns a field in the details of a line of any kind.
pub fn detail<'a>(line: &'a mut Value, field: &str) -> &'a mut Value {
    let kind = line["DetailType"].as_str().unwrap().to_owned();
    &mut line[kind][field]
}
