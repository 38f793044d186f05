//! Caches the records of customers' payments of a run. Each record is loaded once and saved once.

use billing::Id;
use store::matches::CustomerPayments;

/// The records of customers' payments that a run loaded.
#[derive(Default)]
pub(super) struct PaymentCache(pub(super) Vec<CachedPayments>);

/// The record of a customer's payments in the cache.
pub(super) struct CachedPayments {
    /// The customer, in RIVET.
    pub(super) customer: Id,
    /// The customer's payments, with the changes of this run.
    pub(super) payments: CustomerPayments,
    /// The cached record differs from the stored one.
    pub(super) is_changed: bool,
}
