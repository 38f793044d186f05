//! Generates one firm's billing: its events, and the final state that they must lead to.

use rust_decimal::Decimal;

use super::expected::{
    DEPOSITS, Expected, ExpectedDocument, RECEIVABLE, RETAINAGE, REVENUE, Side, Transaction,
    TransactionKey,
};
use samples::billing::{Figures, Project};

/// The number of projects of each customer.
const PROJECTS_PER_CUSTOMER: usize = 3;

/// Generates the projects of one firm.
pub(super) struct Generator<'a> {
    random: &'a mut fastrand::Rng,
    pub expected: Expected,
    /// The bodies of the events, in order. The caller takes them after each project.
    pub events: Vec<String>,
}

impl<'a> Generator<'a> {
    pub fn new(random: &'a mut fastrand::Rng) -> Self {
        Self {
            random,
            expected: Expected::default(),
            events: Vec::new(),
        }
    }

    /// Adds a project. Its pay apps are either revised and voided, or paid and followed by a release: RIVET does not change
    /// a pay app that was paid.
    pub fn add_project(&mut self, firm: &str, number: usize, apps: usize) {
        let project = Project {
            firm: firm.to_owned(),
            number,
            customer: number / PROJECTS_PER_CUSTOMER,
        };
        let names = &mut self.expected.names;
        names.classes.insert(project.id(), project.class_name());
        names
            .customers
            .insert(project.customer_id(), project.customer_name());
        if self.random.bool() {
            self.events.push(project.created_event());
            self.expect_document("project", project.id(), "posted");
        }
        let is_paid = self.random.bool();
        let mut held = Decimal::ZERO;
        for app in 1..=apps {
            held += match is_paid {
                true => self.add_paid_app(&project, app),
                false => self.add_revised_app(&project, app),
            };
        }
        if is_paid && self.random.u8(..4) > 0 {
            self.add_release(&project, (held / Decimal::TWO).round_dp(2));
        }
    }

    /// Adds a pay app that may be paid, and returns its retainage.
    fn add_paid_app(&mut self, project: &Project, app: usize) -> Decimal {
        let figures = self.figures();
        self.events.push(project.pay_app_event(app, 1, figures));
        self.expect_app(project, app, figures);
        if self.random.u8(..3) == 0 {
            self.add_payment(project, app, figures.net());
        }
        figures.retainage
    }

    /// Adds a pay app that may be revised and voided, and returns the retainage that remains.
    fn add_revised_app(&mut self, project: &Project, app: usize) -> Decimal {
        let mut figures = self.figures();
        self.events.push(project.pay_app_event(app, 1, figures));
        let revisions = 1 + self.random.usize(..4).saturating_sub(1);
        for revision in 2..=revisions {
            figures = self.figures();
            self.events
                .push(project.pay_app_event(app, revision, figures));
        }
        if self.random.u8(..8) > 0 {
            self.expect_app(project, app, figures);
            return figures.retainage;
        }
        self.events
            .push(project.pay_app_voided_event(app, revisions));
        self.expect_document("pay_app", project.document_id("pa", app), "voided");
        let number = format!("{}-{app}", project.project_number());
        self.expect_voided("Invoice", number);
        Decimal::ZERO
    }

    /// Draws an amount of up to 10 000 dollars with 10 % retainage.
    fn figures(&mut self) -> Figures {
        Figures::with_ten_percent_retainage(self.random.i64(1_000..1_000_000))
    }

    fn expect_app(&mut self, project: &Project, app: usize, figures: Figures) {
        let (net, Figures { billed, retainage }) = (figures.net(), figures);
        let number = format!("{}-{app}", project.project_number());
        self.expect_document("pay_app", project.document_id("pa", app), "posted");
        let entry = TransactionKey {
            kind: "JournalEntry",
            number: format!("{number}R"),
        };
        let sides = [side(RETAINAGE, retainage), side(REVENUE, -retainage)];
        self.expect_transaction(project, entry, sides);
        let invoice = TransactionKey {
            kind: "Invoice",
            number,
        };
        self.expect_transaction(
            project,
            invoice,
            [side(RECEIVABLE, net), side(REVENUE, -net)],
        );
        self.add_receivable(project, net);
        let balances = &mut self.expected.balances;
        *balances.retainage.entry(project.id()).or_default() += retainage;
        *balances.revenue.entry(project.id()).or_default() += billed;
        balances.totals.retainage += retainage;
        balances.totals.revenue += billed;
    }

    fn add_payment(&mut self, project: &Project, app: usize, net: Decimal) {
        let amount = match self.random.bool() {
            true => net,
            false => (net / Decimal::TWO).round_dp(2),
        };
        self.events.push(project.payment_event(app, amount));
        let (id, reference) = (
            project.document_id("pay", app),
            project.document_id("ACH", app),
        );
        if self.random.u8(..6) == 0 {
            self.events.push(project.payment_voided_event(app));
            self.expect_document("payment", id, "voided");
            return self.expect_voided("Payment", reference);
        }
        self.expect_document("payment", id, "posted");
        let key = TransactionKey {
            kind: "Payment",
            number: reference,
        };
        let sides = [side(DEPOSITS, amount), side(RECEIVABLE, -amount)];
        self.expect_transaction(project, key, sides);
        self.add_receivable(project, -amount);
        self.expected.balances.deposits += amount;
    }

    fn add_release(&mut self, project: &Project, amount: Decimal) {
        self.events.push(project.release_event(amount));
        self.expect_document("retainage_release", project.document_id("rel", 1), "posted");
        let key = TransactionKey {
            kind: "JournalEntry",
            number: format!("{}-REL-", project.project_number()),
        };
        let sides = [side(RECEIVABLE, amount), side(RETAINAGE, -amount)];
        self.expect_transaction(project, key, sides);
        self.add_receivable(project, amount);
        let balances = &mut self.expected.balances;
        *balances.retainage.entry(project.id()).or_default() -= amount;
        balances.totals.retainage -= amount;
    }

    fn add_receivable(&mut self, project: &Project, amount: Decimal) {
        let balances = &mut self.expected.balances;
        *balances
            .receivable
            .entry(project.customer_id())
            .or_default() += amount;
        balances.totals.accounts_receivable += amount;
    }

    fn expect_document(&mut self, kind: &'static str, id: String, state: &'static str) {
        let document = ExpectedDocument { kind, id, state };
        self.expected.documents.push(document);
    }

    fn expect_transaction(&mut self, project: &Project, key: TransactionKey, sides: [Side; 2]) {
        let sides = sides.into_iter().filter(|side| !side.amount.is_zero());
        let transaction = Transaction {
            entries: sides.map(|side| (side.account, side.amount)).collect(),
            customer: project.customer_name(),
            // A payment belongs to a customer, not to a project.
            class: if key.kind == "Payment" {
                String::new()
            } else {
                project.class_name()
            },
            may_be_missing: false,
        };
        self.expected.transactions.insert(key, transaction);
    }

    /// Expects a voided transaction: it is missing or has no entries. The journal entries beside a voided invoice are
    /// checked apart, as both remain and cancel out.
    fn expect_voided(&mut self, kind: &'static str, number: String) {
        let without_entries = Transaction {
            may_be_missing: true,
            ..Transaction::default()
        };
        let key = TransactionKey { kind, number };
        self.expected.transactions.insert(key, without_entries);
    }
}

fn side(account: &'static str, amount: Decimal) -> Side {
    Side { account, amount }
}
