//! Caches the records of customers' payments of a run. Each record is loaded once and saved once.

use billing::{FirmId, Id};
use ports::records::{Records, StoreError};
use store::Store;
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

impl PaymentCache {
    /// Loads the record of a customer's payments, if the run has not loaded it yet. Returns its place.
    pub(super) async fn load<R: Records>(
        &mut self,
        store: &Store<R>,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<usize, StoreError> {
        let mut known = self.0.iter();
        if let Some(at) = known.position(|cached| cached.customer == *customer) {
            return Ok(at);
        }
        let payments = store.customer_payments(firm, customer).await?;
        self.0.push(CachedPayments {
            customer: customer.clone(),
            payments,
            is_changed: false,
        });
        Ok(self.0.len() - 1)
    }
}
