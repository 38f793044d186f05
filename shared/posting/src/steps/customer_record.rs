//! Keeps what a document says of its customer: the amounts that a payment applies, and the currency.

use crate::context::WorkerContext;
use billing::{DocumentKind, Id};
use mapping::{PostedObject, Posting};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::matches::PaidShare;

/// Sets the amounts that a payment of RIVET's applies to documents. The record is saved with those of the projects.
pub async fn set_paid_shares<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    let is_payment = record.reference.kind == DocumentKind::Payment;
    let Some(posted) = record.posted.first().filter(|_| is_payment) else {
        return Ok(());
    };
    let payment = &record.reference.id;
    ctx.change_payments(posted.posting.customer(), |payments| {
        let is_new_by_job = record.is_by_job && !payments.is_by_job;
        payments.is_by_job |= record.is_by_job;
        payments.set_shares(payment, paid_shares(payment, &record.posted)) || is_new_by_job
    })
    .await
}

/// Sets the currency of a document's customer, in a company that uses several currencies. The record is saved with those of the projects.
pub async fn set_currency<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    let Some(posted) = record.billed_object() else {
        return Ok(());
    };
    let Some(currency) = posted.posting.currency() else {
        return Ok(());
    };
    ctx.change_payments(posted.posting.customer(), |payments| {
        let is_new = payments.currency.as_deref() != Some(currency);
        payments.currency = Some(currency.to_owned());
        is_new
    })
    .await
}

/// Returns the shares of a payment document. Of a payment that came back, the shares say how much is open again.
fn paid_shares(payment: &Id, posted: &[PostedObject]) -> Vec<PaidShare> {
    let mut shares = Vec::new();
    for one in posted {
        let Posting::Payment(receipt) = &one.posting else {
            continue;
        };
        let has_come_back = mapping::returned_entry(one, posted).is_some();
        if !one.is_active && !has_come_back {
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
                at: one.written_at,
                amount: share.amount,
                returned: returned.filter(|returned| !returned.is_zero()),
                replaces: share.returned.clone(),
            });
        }
    }
    shares
}
