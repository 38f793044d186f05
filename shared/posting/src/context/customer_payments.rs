//! Reads and changes the records of customers' payments in a run. Each record is loaded once and saved once.

use crate::context::WorkerContext;
use crate::context::payment_cache::CachedPayments;
use billing::{DocumentKind, Id};
use mapping::{PostedObject, Posting};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::matches::{CustomerPayments, PaidShare, PaymentLook};
use store::subledger::Party;

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Returns the payments of a customer.
    pub async fn customer_payments(
        &mut self,
        customer: &Id,
    ) -> Result<&CustomerPayments, StoreError> {
        let at = self.load_payments(customer).await?;
        Ok(&self.payments.0[at].payments)
    }

    /// Sets the last look at the payments of a customer.
    pub async fn set_payment_look(
        &mut self,
        customer: &Id,
        look: PaymentLook,
    ) -> Result<(), StoreError> {
        let at = self.load_payments(customer).await?;
        let cached = &mut self.payments.0[at];
        (cached.payments.look, cached.is_changed) = (Some(look), true);
        Ok(())
    }

    /// Sets the amounts that a payment of RIVET's applies to documents. The record is saved with those of the projects.
    pub async fn set_paid_shares(&mut self, record: &DocumentRecord) -> Result<(), StoreError> {
        let is_payment = record.reference.kind == DocumentKind::Payment;
        let Some(posted) = record.posted.first().filter(|_| is_payment) else {
            return Ok(());
        };
        let customer = posted.posting.customer().clone();
        let at = self.load_payments(&customer).await?;
        let cached = &mut self.payments.0[at];
        let payment = &record.reference.id;
        let shares = paid_shares(payment, &record.posted);
        cached.is_changed |= cached.payments.set_shares(payment, shares);
        if record.is_by_job && !cached.payments.is_by_job {
            (cached.payments.is_by_job, cached.is_changed) = (true, true);
        }
        Ok(())
    }

    /// Sets the currency of a document's customer, in a company that uses several currencies. The record is saved with those of the projects.
    pub async fn set_currency(&mut self, record: &DocumentRecord) -> Result<(), StoreError> {
        let Some(posted) = record.billed_object() else {
            return Ok(());
        };
        let customer = posted.posting.customer().clone();
        if let Some(currency) = posted.posting.currency().map(str::to_owned) {
            let at = self.load_payments(&customer).await?;
            let cached = &mut self.payments.0[at];
            if cached.payments.currency.as_deref() != Some(&currency) {
                (cached.payments.currency, cached.is_changed) = (Some(currency), true);
            }
        }
        Ok(())
    }

    /// Changes the record of a customer's payments if `change` says so. The record is saved with those of the projects.
    pub(crate) async fn change_payments(
        &mut self,
        customer: &Id,
        change: impl FnOnce(&mut CustomerPayments) -> bool,
    ) -> Result<(), StoreError> {
        let at = self.load_payments(customer).await?;
        let cached = &mut self.payments.0[at];
        cached.is_changed |= change(&mut cached.payments);
        Ok(())
    }

    pub(super) async fn save_payments(&mut self) -> Result<(), StoreError> {
        for at in 0..self.payments.0.len() {
            if self.payments.0[at].is_changed {
                self.ensure_lease()?;
                let cached = &mut self.payments.0[at];
                let owner = Party::Customer(cached.customer.clone());
                let figures = &mut cached.payments.figures;
                self.store.spill_figures(self.firm, &owner, figures).await?;
                let (customer, payments) = (&cached.customer, &cached.payments);
                self.store
                    .save_customer_payments(self.firm, customer, payments)
                    .await?;
                cached.is_changed = false;
            }
        }
        Ok(())
    }

    async fn load_payments(&mut self, customer: &Id) -> Result<usize, StoreError> {
        let mut known = self.payments.0.iter();
        if let Some(at) = known.position(|cached| cached.customer == *customer) {
            return Ok(at);
        }
        let payments = self.store.customer_payments(self.firm, customer).await?;
        self.payments.0.push(CachedPayments {
            customer: customer.clone(),
            payments,
            is_changed: false,
        });
        Ok(self.payments.0.len() - 1)
    }
}

/// Returns the shares of a payment document. Of a payment that came back, the shares say how much is open again.
fn paid_shares(payment: &Id, posted: &[PostedObject]) -> Vec<PaidShare> {
    let entries = posted.iter().filter(|posted| posted.is_returned_payment());
    // Of several payments for jobs, nobody can say which entry stands for which document.
    let is_returned = entries.count() == 1;
    let mut shares = Vec::new();
    for posted in posted {
        let Posting::Payment(receipt) = &posted.posting else {
            continue;
        };
        let has_come_back = is_returned && posted.is_reversed;
        if !posted.is_active && !has_come_back {
            continue;
        }
        // Of a payment that used credits too, only the money came back.
        let mut money = receipt.total;
        for share in receipt.applied.iter().chain(&receipt.credits) {
            let returned = has_come_back.then(|| share.amount.min(money));
            money -= returned.unwrap_or_default();
            shares.push(PaidShare {
                payment: payment.clone(),
                document: share.document.clone(),
                at: posted.written_at,
                amount: share.amount,
                returned: returned.filter(|returned| !returned.is_zero()),
                replaces: share.returned.clone(),
            });
        }
    }
    shares
}
