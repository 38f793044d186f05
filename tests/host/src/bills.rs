//! Billing by the thousand: projects whose pay apps, releases and payments are told as RIVET tells them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A project of a firm, with one customer. Equal numbers of different firms have nothing in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// RIVET's id of the firm.
    pub firm: String,
    /// Counted from 0 within the firm.
    pub number: usize,
    /// The customer, counted likewise.
    pub customer: usize,
}

/// What a pay app bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Work done.
    pub billed: Decimal,
    /// What of it is held back.
    pub retainage: Decimal,
}

/// The instant of every event: the newest names the firm's plan, and that never changes here.
const SENT: &str = "2026-03-02T15:00:00Z";

impl Figures {
    /// Work of so many cents, a tenth of it held back.
    #[must_use]
    pub fn with_a_tenth_held(cents: i64) -> Self {
        let billed = Decimal::new(cents, 2);
        let retainage = (billed / Decimal::TEN).round_dp(2);
        Self { billed, retainage }
    }

    /// What is due.
    #[must_use]
    pub fn net(self) -> Decimal {
        self.billed - self.retainage
    }
}

impl Project {
    /// RIVET's id.
    #[must_use]
    pub fn id(&self) -> String {
        format!("prj_{}", self.number)
    }

    /// Its number, which documents are numbered after.
    #[must_use]
    pub fn label(&self) -> String {
        (1_000 + self.number).to_string()
    }

    /// What its class is called in QuickBooks.
    #[must_use]
    pub fn class(&self) -> String {
        format!("{} Tower {}", self.label(), self.number)
    }

    /// RIVET's id of its customer.
    #[must_use]
    pub fn customer_id(&self) -> String {
        format!("gc_{}", self.customer)
    }

    /// What its customer is called.
    #[must_use]
    pub fn customer_name(&self) -> String {
        format!("Contractor {}", self.customer)
    }

    /// RIVET's id of something of it, such as its third pay app.
    #[must_use]
    pub fn part(&self, kind: &str, number: usize) -> String {
        format!("{kind}_{}_{number}", self.number)
    }

    /// `project.created`.
    #[must_use]
    pub fn created(&self) -> String {
        let data = json!({ "project": self.named(), "customer": self.payer() });
        self.event("project.created", data)
    }

    /// `pay_app.approved`, or `pay_app.revised` from the second revision on.
    #[must_use]
    pub fn pay_app(&self, (app, revision): (usize, usize), figures: Figures) -> String {
        let kind = match revision {
            1 => "pay_app.approved",
            _ => "pay_app.revised",
        };
        let (billed, retainage) = (text(figures.billed), text(figures.retainage));
        let line = json!({
            "sov_item_id": "sov_1", "item_number": "01", "description": "Rough-in",
            "work_completed": billed, "materials_stored": "0.00", "retainage": retainage,
        });
        let (year, month) = (2_024 + (app - 1) / 12, (app - 1) % 12 + 1);
        let pay_app = json!({
            "id": self.part("pa", app), "revision": revision, "number": app, "currency": "USD",
            "period_start": format!("{year}-{month:02}-01"), "period_end": format!("{year}-{month:02}-28"),
            "project": self.named(), "customer": self.payer(), "lines": [line],
            "totals": { "billed": billed, "retainage": retainage, "net": text(figures.net()) },
        });
        self.event(kind, json!({ "pay_app": pay_app }))
    }

    /// `pay_app.voided`.
    #[must_use]
    pub fn pay_app_voided(&self, (app, revision): (usize, usize)) -> String {
        let data = json!({
            "pay_app_id": self.part("pa", app), "revision": revision, "voided_on": "2030-06-30",
        });
        self.event("pay_app.voided", data)
    }

    /// `payment.recorded` for a pay app.
    #[must_use]
    pub fn payment(&self, app: usize, amount: Decimal) -> String {
        let applied =
            json!({ "kind": "pay_app", "id": self.part("pa", app), "amount": text(amount) });
        let payment = json!({
            "id": self.part("pay", app), "received_on": "2030-05-05", "amount": text(amount),
            "reference": self.part("ACH", app), "customer": self.payer(), "applied": [applied],
        });
        self.event("payment.recorded", json!({ "payment": payment }))
    }

    /// `payment.voided`.
    #[must_use]
    pub fn payment_voided(&self, app: usize) -> String {
        let data = json!({ "payment_id": self.part("pay", app), "voided_on": "2030-05-20" });
        self.event("payment.voided", data)
    }

    /// `retainage.released`, once for each project.
    #[must_use]
    pub fn released(&self, amount: Decimal) -> String {
        let release = json!({
            "id": self.part("rel", 1), "released_on": "2030-06-15", "amount": text(amount),
            "project": self.named(), "customer": self.payer(),
        });
        self.event("retainage.released", json!({ "release": release }))
    }

    fn event(&self, kind: &str, mut data: Value) -> String {
        data["firm_id"] = self.firm.as_str().into();
        data["plan"] = "pro".into();
        json!({ "type": kind, "timestamp": SENT, "data": data }).to_string()
    }

    fn named(&self) -> Value {
        json!({ "id": self.id(), "number": self.label(), "name": format!("Tower {}", self.number) })
    }

    fn payer(&self) -> Value {
        json!({ "id": self.customer_id(), "name": self.customer_name() })
    }
}

fn text(amount: Decimal) -> String {
    format!("{amount:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::ParsedEvent;

    #[test]
    fn every_event_is_one_that_is_understood() {
        let project = Project {
            firm: "firm_1".into(),
            number: 2,
            customer: 3,
        };
        let figures = Figures::with_a_tenth_held(10_005);
        assert_eq!(
            (text(figures.retainage), text(figures.net())),
            ("10.00".into(), "90.05".into())
        );
        let events = [
            project.created(),
            project.pay_app((40, 1), figures),
            project.pay_app((40, 2), figures),
            project.pay_app_voided((40, 2)),
            project.payment(40, figures.net()),
            project.payment_voided(40),
            project.released(figures.retainage),
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
