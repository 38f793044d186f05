//! The knowledge about the customers and jobs that a plan names.

use std::collections::BTreeMap;

use billing::{DocumentRef, Id};

/// The knowledge about the customers and jobs that a plan names, beside the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    /// The side that the document was posted for, or the pay app whose retainage it releases. `None` if nothing was posted yet.
    pub posted_for: Option<BilledSide>,
    /// The project of each paid document that was posted for a job. Filled only where QuickBooks takes no payment of a customer for its
    /// jobs, so that each job gets a payment of its own.
    pub paid_jobs: BTreeMap<DocumentRef, Id>,
    /// ISO 4217 code of the customer's currency, if a document told it. Only in companies that use several currencies.
    pub currency: Option<String>,
}

/// The side of a customer that a document was posted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BilledSide {
    /// The customer itself.
    Customer,
    /// A job of the customer.
    Job,
}
