//! Reads and changes the records of customers' payments in a run. Each record is loaded once and saved once.

use crate::context::WorkerContext;
use billing::Id;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::matches::CustomerPayments;

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Returns the payments of a customer.
    pub async fn customer_payments(
        &mut self,
        customer: &Id,
    ) -> Result<&CustomerPayments, StoreError> {
        let at = self.payments.load(self.store, self.firm, customer).await?;
        Ok(&self.payments.0[at].payments)
    }

    /// Changes the record of a customer's payments if `change` says so. The record is saved with those of the projects.
    pub(crate) async fn change_payments(
        &mut self,
        customer: &Id,
        change: impl FnOnce(&mut CustomerPayments) -> bool,
    ) -> Result<(), StoreError> {
        let at = self.payments.load(self.store, self.firm, customer).await?;
        let cached = &mut self.payments.0[at];
        cached.is_changed |= change(&mut cached.payments);
        Ok(())
    }

    pub(super) async fn save_payments(&mut self) -> Result<(), StoreError> {
        for at in 0..self.payments.0.len() {
            if self.payments.0[at].is_changed {
                self.ensure_lease()?;
                let cached = &mut self.payments.0[at];
                let (customer, payments) = (&cached.customer, &mut cached.payments);
                self.store
                    .save_customer_payments(self.firm, customer, payments)
                    .await?;
                cached.is_changed = false;
            }
        }
        Ok(())
    }
}
