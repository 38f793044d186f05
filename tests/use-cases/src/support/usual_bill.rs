//! The usual bill: pay app 1 of Harbor Point Tower for Harbor Builders, its release and its payment.
//!
//! Work 48 500.00, retainage 4 850.00, net 43 650.00, of 2026-03-31, number `1042-1`.

use super::world::World;
use bridge::accept_event::Outcome;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The id of the usual bill.
pub const BILL: &str = "pa_1";

/// The figures of a pay app, as decimal text.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub billed: &'static str,
    pub retainage: &'static str,
}

/// The figures of the usual bill.
pub const USUAL: Figures = Figures {
    billed: "48500.00",
    retainage: "4850.00",
};

impl World {
    /// Delivers the usual bill.
    pub fn bill(&self) -> Outcome {
        self.bill_with(|_| {})
    }

    /// Delivers the usual bill with a changed `pay_app`.
    pub fn bill_with(&self, change: impl FnOnce(&mut Value)) -> Outcome {
        let mut bill = pay_app(1, USUAL);
        change(&mut bill);
        self.deliver_pay_app("pay_app.approved", &bill)
    }

    /// Delivers pay app `number`, with the id `pa_{number}`.
    pub fn bill_next(&self, number: u32, figures: Figures) -> Outcome {
        self.deliver_pay_app("pay_app.approved", &pay_app(number, figures))
    }

    /// Delivers revision 2 of the usual bill with these figures.
    pub fn revise_bill(&self, figures: Figures) -> Outcome {
        let mut bill = pay_app(1, figures);
        bill["revision"] = json!(2);
        self.deliver_pay_app("pay_app.revised", &bill)
    }

    /// Delivers the void of a pay app.
    pub fn void_bill(&self, id: &str, voided_on: &str) -> Outcome {
        let data = json!({ "pay_app_id": id, "revision": 1, "voided_on": voided_on });
        self.deliver_data("pay_app.voided", data)
    }

    /// Delivers a retainage release of this amount, with the id `rel_{number}`, of 2026-06-15.
    pub fn release(&self, number: u32, amount: &str) -> Outcome {
        let release = json!({
            "id": format!("rel_{number}"), "released_on": "2026-06-15", "amount": amount,
            "project": project(), "customer": customer(),
        });
        self.deliver_data("retainage.released", json!({ "release": release }))
    }

    /// Delivers a payment of one document's amount, with the id `pay_{document}`, of 2026-04-28.
    pub fn pay(&self, document: &str, amount: &str) -> Outcome {
        let kind = if document.starts_with("rel") {
            "retainage_release"
        } else {
            "pay_app"
        };
        let payment = json!({
            "id": format!("pay_{document}"), "received_on": "2026-04-28", "amount": amount,
            "reference": "ACH 88213", "customer": customer(),
            "applied": [{ "kind": kind, "id": document, "amount": amount }],
        });
        self.deliver_data("payment.recorded", json!({ "payment": payment }))
    }

    /// Delivers an event about a `pay_app`.
    pub fn deliver_pay_app(&self, event: &str, pay_app: &Value) -> Outcome {
        self.deliver_data(event, json!({ "pay_app": pay_app }))
    }

    /// Delivers an event with this data for the world's firm.
    pub fn deliver_data(&self, event: &str, data: Value) -> Outcome {
        self.deliver(&self.event_text(event, data))
    }

    /// Returns the body of an event with this data for the world's firm.
    pub fn event_text(&self, event: &str, mut data: Value) -> String {
        data["firm_id"] = self.firm.as_ref().into();
        data["plan"] = "pro".into();
        json!({ "type": event, "timestamp": self.now().to_string(), "data": data }).to_string()
    }
}

/// Returns the `pay_app` of pay app `number`, with one line.
pub fn pay_app(number: u32, figures: Figures) -> Value {
    let amount = |text: &str| -> Decimal { text.parse().unwrap() };
    let net = amount(figures.billed) - amount(figures.retainage);
    let line = json!({
        "sov_item_id": "sov_1", "item_number": "01", "description": "Underground rough-in",
        "work_completed": figures.billed, "materials_stored": "0.00", "retainage": figures.retainage,
    });
    json!({
        "id": format!("pa_{number}"), "revision": 1, "number": number, "currency": "USD",
        "period_start": "2026-03-01", "period_end": "2026-03-31", "payment_terms_days": 30,
        "project": project(), "customer": customer(), "lines": [line],
        "totals": { "billed": figures.billed, "retainage": figures.retainage, "net": net.to_string() },
    })
}

/// Returns the project of the usual bill.
pub fn project() -> Value {
    json!({ "id": "prj_1042", "number": "1042", "name": "Harbor Point Tower" })
}

/// Returns the customer of the usual bill.
pub fn customer() -> Value {
    json!({ "id": "gc_1", "name": "Harbor Builders" })
}
