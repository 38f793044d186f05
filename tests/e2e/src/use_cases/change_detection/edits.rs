//! What people do in QuickBooks to what RIVET posted.

use crate::support::world::World;
use serde_json::{Value, json};

/// Something that RIVET posted: for which document, and what it is in QuickBooks.
pub type Of = (&'static str, &'static str);

pub const BILL: Of = ("pa_1057_1", "Invoice");
pub const ENTRY: Of = ("pa_1057_1", "JournalEntry");
pub const NEXT_BILL: Of = ("pa_1057_2", "Invoice");
pub const CREDIT: Of = ("pa_1057_3", "CreditMemo");
pub const PAID_BILL: Of = ("pa_1042_1", "Invoice");
pub const RELEASE: Of = ("rel_1042_1", "JournalEntry");
pub const RELEASE_BILL: Of = ("rel_1042_1", "Invoice");
pub const OWN_PAYMENT: Of = ("pay_0001", "Payment");

impl World {
    /// Its id in QuickBooks.
    pub fn id(&self, (document, kind): Of) -> String {
        let view = self.view(document);
        let mut posted = view["quickbooks"].as_array().unwrap().iter();
        let object = posted.find(|object| object["type"] == kind);
        object.expect(kind)["id"].as_str().unwrap().to_owned()
    }

    /// As it stands in QuickBooks.
    pub fn standing(&self, of: Of) -> Value {
        let (id, simulator) = (self.id(of), self.simulator());
        let mut all = simulator.entities(&self.realm, of.1);
        all.find(|object| object["Id"] == *id).unwrap().clone()
    }

    pub fn change(&self, of: Of, change: Value) {
        let id = self.id(of);
        self.person(|person| person.edit(of.1, &id, change))
            .unwrap();
    }

    /// Changes the lines that say something; what QuickBooks adds to them it adds again.
    pub fn change_lines(&self, of: Of, change: impl FnOnce(&mut Vec<Value>)) {
        let mut lines = self.standing(of)["Line"].as_array().unwrap().clone();
        lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
        change(&mut lines);
        self.change(of, json!({ "Line": lines }));
    }

    /// The first line gets this amount.
    pub fn change_amount(&self, of: Of, amount: &str) {
        self.change_lines(of, |lines| lines[0]["Amount"] = number(amount));
    }

    /// Every line gets this amount.
    pub fn change_amounts(&self, of: Of, amount: &str) {
        self.change_lines(of, |lines| {
            lines
                .iter_mut()
                .for_each(|line| line["Amount"] = number(amount));
        });
    }

    /// Sets a field of the first line's details.
    pub fn change_detail(&self, of: Of, field: &str, to: Value) {
        self.change_lines(of, |lines| *detail(&mut lines[0], field) = to);
    }

    pub fn void(&self, of: Of) {
        let id = self.id(of);
        self.person(|person| person.void(of.1, &id)).unwrap();
    }

    pub fn delete(&self, of: Of) {
        let id = self.id(of);
        self.person(|person| person.delete(of.1, &id)).unwrap();
    }

    /// A reference to an entry of a list, which is made if there is none.
    pub fn named(&self, list: &str, name: &str) -> Value {
        let known = self.simulator().find(&self.realm, list, name);
        let revenue = self
            .simulator()
            .find(&self.realm, "Account", "Service Revenue");
        let id = known.unwrap_or_else(|| {
            let body = match list {
                "Customer" => json!({ "DisplayName": name }),
                "Item" => json!({ "Name": name, "Type": "Service", "IncomeAccountRef": { "value": revenue } }),
                _ => json!({ "Name": name }),
            };
            self.enter(list, body)
        });
        json!({ "value": id })
    }

    /// Somebody receives money: how much, and how much of it is for which of these. The payment's id.
    pub fn receives(&self, of: Of, amount: &str, applied: &[(Of, &str)]) -> String {
        let payment = json!({ "CustomerRef": self.payer(of), "TotalAmt": number(amount), "TxnDate": "2026-04-20",
            "Line": self.applied(applied) });
        self.enter("Payment", payment)
    }

    /// The lines of a payment: how much of it is for which of these.
    pub fn applied(&self, parts: &[(Of, &str)]) -> Value {
        let lines = parts.iter().map(|(of, amount)| {
            json!({ "Amount": number(amount), "LinkedTxn": [{ "TxnId": self.id(*of), "TxnType": of.1 }] })
        });
        lines.collect()
    }

    /// Sets the credit memo against the first pay app.
    pub fn credit(&self, amount: &str) {
        let ids = [CREDIT, BILL].map(|of| self.id(of));
        let amount = amount.parse().unwrap();
        self.person(|person| person.apply_credit(&ids[0], &ids[1], amount))
            .unwrap();
    }

    /// Takes a payment to the bank.
    pub fn deposit(&self, payment: &str) {
        let bank = self.named("Account", "Checking");
        let bank = bank["value"].as_str().unwrap();
        self.person(|person| person.deposit(payment, bank)).unwrap();
    }

    /// The id of an entry of a list.
    pub fn entry(&self, list: &str, name: &str) -> String {
        self.named(list, name)["value"].as_str().unwrap().to_owned()
    }

    pub fn rename(&self, list: &str, name: &str) {
        let (id, other) = (self.entry(list, name), format!("{name} (old)"));
        self.person(|person| person.rename(list, &id, &other))
            .unwrap();
    }

    /// Makes an entry of a list inactive, or active again.
    pub fn switch(&self, list: &str, name: &str, active: &[bool]) {
        let find = |name: &str| self.simulator().find(&self.realm, list, name);
        // What is not active says so in its name.
        let id = find(name)
            .or_else(|| find(&format!("{name} (deleted)")))
            .unwrap();
        for active in active {
            self.person(|person| person.set_active(list, &id, *active))
                .unwrap();
        }
    }

    pub fn merge(&self, list: &str, from: &str, into: &str) {
        let [from, into] = [from, into].map(|name| self.entry(list, name));
        self.person(|person| person.merge(list, &from, &into))
            .unwrap();
    }

    /// Whose it is.
    pub fn payer(&self, of: Of) -> Value {
        let object = self.standing(of);
        let entity = &object["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"];
        let named = [&object["CustomerRef"], entity];
        let payer = named.into_iter().find(|named| named.is_object());
        json!({ "value": payer.unwrap()["value"] })
    }
}

pub fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A field of a line's details, whichever kind of line it is.
pub fn detail<'a>(line: &'a mut Value, field: &str) -> &'a mut Value {
    let kind = line["DetailType"].as_str().unwrap().to_owned();
    &mut line[kind][field]
}
