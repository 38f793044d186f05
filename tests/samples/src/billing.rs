//! Sample billing of any size: the bodies of RIVET's events about projects, pay apps, payments and releases.

use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A sample project of a firm, with one customer. Projects and customers of different firms are different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// RIVET's id of the firm.
    pub firm: String,
    /// The number of the project within the firm, from 0.
    pub number: usize,
    /// The number of its customer within the firm, from 0.
    pub customer: usize,
}

/// The amounts of a pay app, in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The work completed.
    pub billed: Decimal,
    /// The part of `billed` that the customer withholds.
    pub retainage: Decimal,
}

/// The timestamp of every event. The newest event decides the firm's plan, and the plan never changes here.
const SENT: &str = "2026-03-02T15:00:00Z";

impl Figures {
    /// Returns figures that bill `cents` cents with 10 % retainage.
    #[must_use]
    pub fn with_ten_percent_retainage(cents: i64) -> Self {
        let billed = Decimal::new(cents, 2);
        let retainage = (billed / Decimal::TEN).round_dp(2);
        Self { billed, retainage }
    }

    /// Returns the amount that is due now: billed less retainage.
    #[must_use]
    pub fn net(self) -> Decimal {
        self.billed - self.retainage
    }
}

impl Project {
    /// Returns RIVET's id of the project.
    #[must_use]
    pub fn id(&self) -> String {
        format!("prj_{}", self.number)
    }

    /// Returns the project number. The numbers of its documents begin with it.
    #[must_use]
    pub fn project_number(&self) -> String {
        (1_000 + self.number).to_string()
    }

    /// Returns the name of its class in QuickBooks.
    #[must_use]
    pub fn class_name(&self) -> String {
        format!("{} Tower {}", self.project_number(), self.number)
    }

    /// Returns RIVET's id of its customer.
    #[must_use]
    pub fn customer_id(&self) -> String {
        format!("gc_{}", self.customer)
    }

    /// Returns the name of its customer.
    #[must_use]
    pub fn customer_name(&self) -> String {
        format!("Contractor {}", self.customer)
    }

    /// Returns RIVET's id of one of its documents, such as its third pay app.
    #[must_use]
    pub fn document_id(&self, kind: &str, number: usize) -> String {
        format!("{kind}_{}_{number}", self.number)
    }

    /// Returns a `project.created` event.
    #[must_use]
    pub fn created_event(&self) -> String {
        let data =
            json!({ "project": self.project_reference(), "customer": self.customer_reference() });
        self.event("project.created", data)
    }

    /// Returns a `pay_app.approved` event, or `pay_app.revised` from the second revision on.
    #[must_use]
    pub fn pay_app_event(&self, app: usize, revision: usize, figures: Figures) -> String {
        let kind = match revision {
            1 => "pay_app.approved",
            _ => "pay_app.revised",
        };
        let (billed, retainage) = (amount_text(figures.billed), amount_text(figures.retainage));
        let line = json!({
            "sov_item_id": "sov_1", "item_number": "01", "description": "Rough-in",
            "work_completed": billed, "materials_stored": "0.00", "retainage": retainage,
        });
        let (year, month) = (2_024 + (app - 1) / 12, (app - 1) % 12 + 1);
        let pay_app = json!({
            "id": self.document_id("pa", app), "revision": revision, "number": app, "currency": "USD",
            "period_start": format!("{year}-{month:02}-01"), "period_end": format!("{year}-{month:02}-28"),
            "project": self.project_reference(), "customer": self.customer_reference(), "lines": [line],
            "totals": { "billed": billed, "retainage": retainage, "net": amount_text(figures.net()) },
        });
        self.event(kind, json!({ "pay_app": pay_app }))
    }

    /// Returns a `pay_app.voided` event.
    #[must_use]
    pub fn pay_app_voided_event(&self, app: usize, revision: usize) -> String {
        let data = json!({
            "pay_app_id": self.document_id("pa", app), "revision": revision, "voided_on": "2030-06-30",
        });
        self.event("pay_app.voided", data)
    }

    /// Returns a `payment.recorded` event that pays a pay app.
    #[must_use]
    pub fn payment_event(&self, app: usize, amount: Decimal) -> String {
        let applied = json!({ "kind": "pay_app", "id": self.document_id("pa", app), "amount": amount_text(amount) });
        let payment = json!({
            "id": self.document_id("pay", app), "received_on": "2030-05-05", "amount": amount_text(amount),
            "reference": self.document_id("ACH", app), "customer": self.customer_reference(), "applied": [applied],
        });
        self.event("payment.recorded", json!({ "payment": payment }))
    }

    /// Returns a `payment.voided` event.
    #[must_use]
    pub fn payment_voided_event(&self, app: usize) -> String {
        let data = json!({ "payment_id": self.document_id("pay", app), "voided_on": "2030-05-20" });
        self.event("payment.voided", data)
    }

    /// Returns a `retainage.released` event. Each project has one release.
    #[must_use]
    pub fn release_event(&self, amount: Decimal) -> String {
        let release = json!({
            "id": self.document_id("rel", 1), "released_on": "2030-06-15", "amount": amount_text(amount),
            "project": self.project_reference(), "customer": self.customer_reference(),
        });
        self.event("retainage.released", json!({ "release": release }))
    }

    fn event(&self, kind: &str, mut data: Value) -> String {
        data["firm_id"] = self.firm.as_str().into();
        data["plan"] = "pro".into();
        json!({ "type": kind, "timestamp": SENT, "data": data }).to_string()
    }

    fn project_reference(&self) -> Value {
        json!({ "id": self.id(), "number": self.project_number(), "name": format!("Tower {}", self.number) })
    }

    fn customer_reference(&self) -> Value {
        json!({ "id": self.customer_id(), "name": self.customer_name() })
    }
}

fn amount_text(amount: Decimal) -> String {
    format!("{amount:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::ParsedEvent;

    #[test]
    fn sample_events_are_parsed_by_billing() {
        let project = Project {
            firm: "firm_1".into(),
            number: 2,
            customer: 3,
        };
        let figures = Figures::with_ten_percent_retainage(10_005);
        assert_eq!(
            (amount_text(figures.retainage), amount_text(figures.net())),
            ("10.00".into(), "90.05".into())
        );
        let events = [
            project.created_event(),
            project.pay_app_event(40, 1, figures),
            project.pay_app_event(40, 2, figures),
            project.pay_app_voided_event(40, 2),
            project.payment_event(40, figures.net()),
            project.payment_voided_event(40),
            project.release_event(figures.retainage),
        ];
        for event in events {
            let parsed = billing::parse(event.as_bytes());
            assert!(
                matches!(parsed, Ok(ParsedEvent::Known(_))),
                "{event}: {parsed:?}"
            );
        }
    }
}
