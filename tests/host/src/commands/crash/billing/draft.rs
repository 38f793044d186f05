//! One firm's billing: its events, and beside each what follows from it.

use rust_decimal::Decimal;

use super::expected::{DEPOSITS, Expected, Key, RECEIVABLE, RETAINAGE, REVENUE, Transaction};
use crate::bills::{Figures, Project};

/// Projects of one customer.
const PROJECTS: usize = 3;

/// A firm's billing as it is drawn.
pub(super) struct Draft<'a> {
    chance: &'a mut fastrand::Rng,
    pub expected: Expected,
    /// The bodies of a project's events, in order.
    pub events: Vec<String>,
}

impl<'a> Draft<'a> {
    pub fn new(chance: &'a mut fastrand::Rng) -> Self {
        Self {
            chance,
            expected: Expected::default(),
            events: Vec::new(),
        }
    }

    /// Pay apps that are changed or taken back, or pay apps that are paid and whose retainage is released: never both, as
    /// what was paid is not changed any more.
    pub fn project(&mut self, firm: &str, number: usize, apps: usize) {
        let project = Project {
            firm: firm.to_owned(),
            number,
            customer: number / PROJECTS,
        };
        let names = &mut self.expected.names;
        names.classes.insert(project.id(), project.class());
        names
            .customers
            .insert(project.customer_id(), project.customer_name());
        if self.chance.bool() {
            self.events.push(project.created());
            self.document("project", project.id(), "posted");
        }
        let settled = self.chance.bool();
        let mut held = Decimal::ZERO;
        for app in 1..=apps {
            held += match settled {
                true => self.paid_app(&project, app),
                false => self.unsteady_app(&project, app),
            };
        }
        if settled && self.chance.u8(..4) > 0 {
            self.release(&project, (held / Decimal::TWO).round_dp(2));
        }
    }

    fn paid_app(&mut self, project: &Project, app: usize) -> Decimal {
        let figures = self.figures();
        self.events.push(project.pay_app((app, 1), figures));
        self.stands(project, app, figures);
        if self.chance.u8(..3) == 0 {
            self.payment(project, app, figures.net());
        }
        figures.retainage
    }

    fn unsteady_app(&mut self, project: &Project, app: usize) -> Decimal {
        let mut figures = self.figures();
        self.events.push(project.pay_app((app, 1), figures));
        let revisions = 1 + self.chance.usize(..4).saturating_sub(1);
        for revision in 2..=revisions {
            figures = self.figures();
            self.events.push(project.pay_app((app, revision), figures));
        }
        if self.chance.u8(..8) > 0 {
            self.stands(project, app, figures);
            return figures.retainage;
        }
        self.events.push(project.pay_app_voided((app, revisions)));
        self.document("pay_app", project.part("pa", app), "voided");
        let number = format!("{}-{app}", project.label());
        self.taken_back(("Invoice", number));
        Decimal::ZERO
    }

    /// Work of up to 10 000 and a tenth of it held back.
    fn figures(&mut self) -> Figures {
        Figures::with_a_tenth_held(self.chance.i64(1_000..1_000_000))
    }

    fn stands(&mut self, project: &Project, app: usize, figures: Figures) {
        let (net, Figures { billed, retainage }) = (figures.net(), figures);
        let number = format!("{}-{app}", project.label());
        self.document("pay_app", project.part("pa", app), "posted");
        self.transaction(
            project,
            ("JournalEntry", format!("{number}R")),
            [(RETAINAGE, retainage), (REVENUE, -retainage)],
        );
        self.transaction(
            project,
            ("Invoice", number),
            [(RECEIVABLE, net), (REVENUE, -net)],
        );
        let balances = &mut self.expected.balances;
        *balances
            .receivable
            .entry(project.customer_id())
            .or_default() += net;
        *balances.retainage.entry(project.id()).or_default() += retainage;
        *balances.revenue.entry(project.id()).or_default() += billed;
        balances.totals.accounts_receivable += net;
        balances.totals.retainage += retainage;
        balances.totals.revenue += billed;
    }

    fn payment(&mut self, project: &Project, app: usize, net: Decimal) {
        let amount = match self.chance.bool() {
            true => net,
            false => (net / Decimal::TWO).round_dp(2),
        };
        self.events.push(project.payment(app, amount));
        let (id, key) = (
            project.part("pay", app),
            ("Payment", project.part("ACH", app)),
        );
        if self.chance.u8(..6) == 0 {
            self.events.push(project.payment_voided(app));
            self.document("payment", id, "voided");
            return self.taken_back(key);
        }
        self.document("payment", id, "posted");
        self.transaction(project, key, [(DEPOSITS, amount), (RECEIVABLE, -amount)]);
        let balances = &mut self.expected.balances;
        *balances
            .receivable
            .entry(project.customer_id())
            .or_default() -= amount;
        balances.totals.accounts_receivable -= amount;
        balances.deposits += amount;
    }

    fn release(&mut self, project: &Project, amount: Decimal) {
        self.events.push(project.released(amount));
        self.document("retainage_release", project.part("rel", 1), "posted");
        let key = ("JournalEntry", format!("{}-REL-", project.label()));
        self.transaction(project, key, [(RECEIVABLE, amount), (RETAINAGE, -amount)]);
        let balances = &mut self.expected.balances;
        *balances
            .receivable
            .entry(project.customer_id())
            .or_default() += amount;
        *balances.retainage.entry(project.id()).or_default() -= amount;
        balances.totals.accounts_receivable += amount;
        balances.totals.retainage -= amount;
    }

    fn document(&mut self, kind: &'static str, id: String, state: &'static str) {
        self.expected.documents.push((kind, id, state));
    }

    fn transaction(&mut self, project: &Project, key: Key, entries: [(&'static str, Decimal); 2]) {
        let entries = entries.into_iter().filter(|(_, amount)| !amount.is_zero());
        let transaction = Transaction {
            entries: entries.collect(),
            customer: project.customer_name(),
            // Money received belongs to a customer, not to a project.
            class: if key.0 == "Payment" {
                String::new()
            } else {
                project.class()
            },
            may_be_missing: false,
        };
        self.expected.transactions.insert(key, transaction);
    }

    /// It may be there and do nothing. The entries beside an invoice are another matter: both stand and cancel out.
    fn taken_back(&mut self, key: Key) {
        let nothing = Transaction {
            may_be_missing: true,
            ..Transaction::default()
        };
        self.expected.transactions.insert(key, nothing);
    }
}
