//! Draws the events of a project, and the balances that they lead to.

use super::*;

/// The amounts that a pay app or a release moves.
#[derive(Clone, Copy)]
struct Moved {
    /// Owed by the customer.
    receivable: Decimal,
    /// Held back.
    held: Decimal,
}

impl BillingGenerator<'_> {
    /// Draws a project. Its pay apps are either revised and voided, or paid and their retainage released: a paid pay app does not
    /// change.
    pub fn project(&mut self, project: &Project) {
        if self.chance.bool() {
            self.push(project, "project.created", json!({}));
        }
        let settled = self.chance.bool();
        let mut held = match settled {
            true => self.opening,
            false => Decimal::ZERO,
        };
        for app in 1..=self.chance.usize(self.apps.clone()) {
            if settled {
                held += self.paid_app(project, app);
            } else {
                self.revised_app(project, app);
            }
        }
        if held > Decimal::ONE && self.chance.bool() {
            self.release(project, held);
        }
    }

    fn paid_app(&mut self, project: &Project, app: usize) -> Decimal {
        let figures = self.figures(false);
        self.pay_app(project, (app, 1), figures);
        self.expect_app((project, app), figures);
        if self.chance.u8(..3) > 0 {
            self.payment(project, app, figures.net());
        }
        figures.retainage
    }

    fn revised_app(&mut self, project: &Project, app: usize) {
        let mut figures = self.figures(true);
        self.pay_app(project, (app, 1), figures);
        let revisions = self.chance.usize(1..=3);
        for revision in 2..=revisions {
            figures = self.figures(true);
            self.pay_app(project, (app, revision), figures);
        }
        if self.chance.u8(..3) == 0 {
            let void = json!({
                "pay_app_id": id(project, "pa", app), "revision": revisions, "voided_on": "2026-06-30",
            });
            self.push(project, "pay_app.voided", void);
        } else {
            self.expect_app((project, app), figures);
        }
    }

    /// Draws work of up to 10 000 with a tenth of retainage, or none. Some amounts are negative: more is taken back than billed.
    fn figures(&mut self, may_be_negative: bool) -> Figures {
        let negative = may_be_negative && self.chance.u8(..8) == 0;
        let cents = self.chance.i64(100..1_000_000);
        let billed = Decimal::new(if negative { -cents } else { cents }, 2);
        let tenth = (billed / Decimal::TEN).round_dp(2);
        let retainage = match self.chance.u8(..4) {
            0 => Decimal::ZERO,
            _ => tenth,
        };
        Figures { billed, retainage }
    }

    fn pay_app(&mut self, project: &Project, (app, revision): (usize, usize), figures: Figures) {
        let kind = if revision == 1 { "approved" } else { "revised" };
        let line = json!({
            "sov_item_id": "sov_1", "item_number": "01", "description": "Rough-in",
            "work_completed": text(figures.billed), "materials_stored": "0.00", "retainage": text(figures.retainage),
        });
        let pay_app = json!({
            "id": id(project, "pa", app), "revision": revision, "number": app,
            "period_start": format!("2026-0{app}-01"), "period_end": format!("2026-0{app}-28"), "currency": "USD",
            "project": of_project(project), "customer": of_customer(project), "lines": [line],
            "totals": {
                "billed": text(figures.billed), "retainage": text(figures.retainage), "net": text(figures.net()),
            },
        });
        let event = json!({ "pay_app": pay_app });
        self.push(project, &format!("pay_app.{kind}"), event);
    }

    fn payment(&mut self, project: &Project, app: usize, net: Decimal) {
        let amount = match self.chance.bool() {
            true => net,
            false => (net / Decimal::TWO).round_dp(2),
        };
        let id = id(project, "pay", app);
        let applied = json!([{ "kind": "pay_app", "id": self::id(project, "pa", app), "amount": text(amount) }]);
        let payment = json!({
            "id": id, "received_on": "2026-05-05", "amount": text(amount), "reference": format!("ACH {app}"),
            "customer": of_customer(project), "applied": applied,
        });
        self.push(project, "payment.recorded", json!({ "payment": payment }));
        if self.chance.u8(..4) == 0 {
            let void = json!({ "payment_id": id, "voided_on": "2026-05-20" });
            self.push(project, "payment.voided", void);
            return;
        }
        let effect = [-amount, Decimal::ZERO, Decimal::ZERO, amount];
        self.expect_effect(project, ("payment", &id), effect);
        let services = self.balances(project);
        *services.receivable.entry(customer(project)).or_default() -= amount;
        services.deposits += amount;
    }

    fn release(&mut self, project: &Project, held: Decimal) {
        let amount = (held / Decimal::TWO).round_dp(2);
        let release = json!({
            "id": id(project, "rel", 1), "released_on": "2026-06-15", "amount": text(amount),
            "project": of_project(project), "customer": of_customer(project),
        });
        self.push(project, "retainage.released", json!({ "release": release }));
        if self.chance.u8(..4) == 0 {
            let void = json!({ "release_id": id(project, "rel", 1), "voided_on": "2026-06-30" });
            self.push(project, "retainage.release_voided", void);
            return;
        }
        let released = Moved {
            receivable: amount,
            held: -amount,
        };
        let name = format!("retainage_release/{}", id(project, "rel", 1));
        self.expect(project, &name, released);
    }

    fn expect_app(&mut self, (project, app): (&Project, usize), figures: Figures) {
        let billed = Moved {
            receivable: figures.net(),
            held: figures.retainage,
        };
        let name = format!("pay_app/{}", id(project, "pa", app));
        self.expect(project, &name, billed);
    }

    /// Expects what a pay app or a release moves: A/R, retainage, and the rest revenue.
    fn expect(&mut self, project: &Project, document: &str, moved: Moved) {
        let Moved { receivable, held } = moved;
        let booked = match self.is_billed_on_release {
            true => Decimal::ZERO,
            false => held,
        };
        let earned = receivable + booked;
        let effect = [receivable, booked, -earned, Decimal::ZERO];
        let name = format!("{} {document}", project.firm);
        self.billing.documents.insert(name, effect);
        let balances = self.balances(project);
        *balances.receivable.entry(customer(project)).or_default() += receivable;
        *balances.retainage.entry(project_id(project)).or_default() += booked;
        *balances.held.entry(project_id(project)).or_default() += held;
        *balances.revenue.entry(project_id(project)).or_default() += earned;
    }

    fn expect_effect(&mut self, project: &Project, (kind, id): (&str, &str), effect: Effect) {
        let name = format!("{} {kind}/{id}", project.firm);
        self.billing.documents.insert(name, effect);
    }

    fn balances(&mut self, project: &Project) -> &mut Balances {
        self.billing.expected.get_mut(project.firm).unwrap()
    }

    fn push(&mut self, project: &Project, kind: &str, mut data: Value) {
        let plan = self.billing.plans.get_mut(project.firm).unwrap();
        if self.plans_change && self.chance.u8(..6) == 0 {
            *plan = match plan {
                SubscriptionPlan::Starter => SubscriptionPlan::Pro,
                _ => SubscriptionPlan::Starter,
            };
        }
        if kind == "project.created" {
            data["project"] = of_project(project);
            data["customer"] = of_customer(project);
        }
        let number = self.billing.events.len();
        let name = format!("{number} {kind} of {}", project_id(project));
        let about = (project.firm, *plan, number);
        self.billing.events.push(event(&name, kind, about, data));
    }
}
