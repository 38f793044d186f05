//! The sums of a comparison.

use crate::comparison::balance_pair::Pair;
use crate::comparison::entry::Entry;
use crate::rivet_side::{RivetDocument, RivetSide};
use billing::{DocumentKind, DocumentRef, Id};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use store::subledger::Balances;

/// The sums of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// The sums by account, in the company's own currency.
    pub accounts: Pair<Balances>,
    /// The sums by customer, in the customer's currency.
    pub customers: BTreeMap<Id, Pair<Balances>>,
    /// The sums by project.
    pub projects: BTreeMap<Id, ProjectTotals>,
}

/// The projects by document.
pub(super) type ProjectsOf<'a> = BTreeMap<&'a DocumentRef, &'a Id>;

/// The sums of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProjectTotals {
    /// The amount that pay apps bill.
    pub billed: Decimal,
    /// The amount that payments pay of its documents, by RIVET's record and as RIVET noticed it in QuickBooks.
    pub paid: Decimal,
    /// The retainage that its documents hold, wherever it is kept.
    pub retained: Decimal,
    /// The figures on the compared accounts.
    pub balances: Pair<Balances>,
}

impl Totals {
    /// Adds an entry.
    pub(super) fn add(&mut self, entry: &Entry) {
        self.accounts.add(entry.home());
        if let Some(customer) = &entry.customer {
            let sums = self.customers.entry(customer.clone()).or_default();
            sums.add(entry.balances);
        }
        if let Some(project) = &entry.project {
            let project = self.projects.entry(project.clone()).or_default();
            project.balances.add(entry.balances);
        }
    }

    /// Adds what a document bills, withholds and pays.
    pub(super) fn add_document(&mut self, document: &RivetDocument, projects: &ProjectsOf<'_>) {
        if let Some(project) = &document.project {
            let sums = self.projects.entry(project.clone()).or_default();
            sums.paid += document.figures.paid_by_others;
            sums.retained += document.retained();
            if document.figures.document.kind == DocumentKind::PayApp {
                sums.billed += document.billed();
            }
        }
        for share in document.paid() {
            if let Some(project) = projects.get(&share.document) {
                self.projects.entry((*project).clone()).or_default().paid += share.amount;
            }
        }
    }

    /// Adds the customers and projects without entries.
    pub(super) fn add_parties(&mut self, rivet: &RivetSide) {
        for customer in rivet.customers.keys() {
            self.customers.entry(rivet.canonical(customer)).or_default();
        }
        for (id, project) in &rivet.projects {
            let sums = self.projects.entry(id.clone()).or_default();
            sums.retained += project.opening;
        }
    }
}
