//! RIVET's side: what its documents come to, whether they are posted or not.

// Top first: a module uses only modules below it.
pub(crate) mod loading;
mod unfinished;
mod unposted;

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use mapping::{Holder, RetainageShare};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use store::reason::Reason;
use store::subledger::transaction_figures::PaidDocument;
use store::subledger::{AccountUse, Balances, DocumentFigures};

/// The documents of RIVET's, and their amounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct RivetSide {
    /// The documents.
    pub documents: Vec<RivetDocument>,
    /// The projects of the documents.
    pub projects: BTreeMap<Id, RivetProject>,
    /// The customers of the documents.
    pub customers: BTreeMap<Id, RivetCustomer>,
    /// The accounts that RIVET posted to, and those of the settings.
    pub accounts: BTreeMap<String, AccountUse>,
    /// The first day of a posting.
    pub since: Option<Date>,
}

/// A document of RIVET's.
#[derive(Clone, Debug)]
pub(crate) struct RivetDocument {
    /// The transactions that were posted for the document.
    pub figures: DocumentFigures,
    /// The project. A payment has none.
    pub project: Option<Id>,
    /// The retainage that its posted transactions hold, by day and holder.
    pub shares: Vec<RetainageShare>,
    /// The state of an unfinished document.
    pub state: Option<UnfinishedState>,
    /// The newest revision or void, if it is not posted.
    pub unposted: Option<Unposted>,
}

/// A revision or void that is not posted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unposted {
    /// The amounts of the document once it is posted.
    pub balances: Balances,
    /// The amount that the document bills.
    pub billed: Decimal,
    /// The retainage that the document will withhold, or release if negative, wherever it is kept.
    pub withheld: Decimal,
    /// The total of its first transaction.
    pub total: Decimal,
    /// The day.
    pub date: Option<Date>,
    /// The number, or the payer's reference of a payment.
    pub number: String,
    /// The documents that a payment will pay.
    pub paid: Vec<PaidDocument>,
}

/// The state of an unfinished document, as its status names it.
#[derive(Clone, Debug, PartialEq)]
pub struct UnfinishedState {
    /// The stable name of the state.
    pub name: &'static str,
    /// The reason, if there is one.
    pub reason: Option<Reason>,
}

/// A project of RIVET's.
#[derive(Clone, Debug, Default)]
pub(crate) struct RivetProject {
    /// The firm's own project number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The customer that was billed first.
    pub customer: Option<Id>,
    /// The class in QuickBooks.
    pub class: Option<String>,
    /// The retainage that was held before RIVET.
    pub opening: Decimal,
    /// The part of it that an account holds.
    pub opening_on_account: Decimal,
}

/// A customer of RIVET's.
#[derive(Clone, Debug, Default)]
pub(crate) struct RivetCustomer {
    /// The name.
    pub name: String,
    /// The matching customer in QuickBooks.
    pub quickbooks_id: Option<String>,
    /// ISO 4217 code of the currency in which the customer is billed. `None` if it is the company's own.
    pub currency: Option<String>,
}

impl RivetDocument {
    /// Returns the retainage that the document holds, wherever it is kept.
    pub fn retained(&self) -> Decimal {
        match &self.unposted {
            Some(unposted) => unposted.withheld,
            None => self.shares.iter().map(|share| share.amount).sum(),
        }
    }

    /// Returns the documents that a payment pays.
    pub fn paid(&self) -> Vec<&PaidDocument> {
        if let Some(unposted) = &self.unposted {
            return unposted.paid.iter().collect();
        }
        let transactions = self.figures.transactions.iter();
        let active = transactions.filter(|figures| figures.counts());
        active.flat_map(|figures| &figures.paid).collect()
    }

    /// Returns the amount that the document bills.
    pub fn billed(&self) -> Decimal {
        let kept = self
            .shares
            .iter()
            .filter(|share| share.holder == Holder::Rivet);
        match &self.unposted {
            Some(unposted) => unposted.billed,
            None => {
                self.figures.balances().revenue + kept.map(|share| share.amount).sum::<Decimal>()
            }
        }
    }
}

impl RivetSide {
    /// Returns the projects by document.
    pub fn projects_of(&self) -> BTreeMap<&DocumentRef, &Id> {
        let documents = self.documents.iter();
        let known = documents.filter_map(|document| {
            let project = document.project.as_ref()?;
            Some((&document.figures.document, project))
        });
        known.collect()
    }

    /// Returns the first customer that counts for a customer: customers of one match count as one.
    pub fn canonical(&self, customer: &Id) -> Id {
        let matched = |id: &Id| self.customers.get(id)?.quickbooks_id.clone();
        let Some(own) = matched(customer) else {
            return customer.clone();
        };
        let mut ids = self.customers.keys();
        let first = ids.find(|id| matched(id).as_ref() == Some(&own));
        first.unwrap_or(customer).clone()
    }
}
