//! Adds up the payments of a document.

use crate::observation::{Observation, Scan};
use crate::payments::applied::{
    AppliedShare, applied_share, is_linked, known_payment, loose_amount, payments_named,
    posted_share,
};
use billing::{DocumentKind, DocumentRef, Id};
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::document::payment::AppliedPayment;
use store::matches::ReturnedAmounts;

/// The object by which the customer owes a document: as RIVET posted it, and as it was read.
pub(crate) struct Receivable<'a> {
    pub(crate) posted: &'a PostedObject,
    pub(crate) found: &'a ObjectSnapshot,
}

/// The paid amount of a document, and the payments that make it up.
pub(crate) struct PaidAmounts {
    pub(crate) total: Decimal,
    /// The amount paid, by payments and by credits. Credits are not among the payments.
    pub(crate) paid: Decimal,
    /// The known payments, RIVET's own among them.
    pub(crate) payments: Vec<AppliedPayment>,
    /// The amount that RIVET recorded itself, even if a person took that payment off again.
    pub(crate) recorded: Decimal,
    /// The money of these payments that is not applied to anything.
    pub(crate) unapplied: Decimal,
}

impl PaidAmounts {
    /// Returns the amount that RIVET did not record. The amount is negative if a person took RIVET's payments off.
    pub(crate) fn paid_by_others(&self) -> Decimal {
        self.paid - self.recorded
    }
}

/// Returns the object by which the customer owes a document, if it was read and is not void.
pub(crate) fn receivable<'a>(
    scan: &'a Scan<'_>,
    record: &'a DocumentRecord,
) -> Option<Receivable<'a>> {
    let posted = record
        .active_objects()
        .find(|posted| posted.is_receivable())?;
    let observation = scan.observation_of(posted)?;
    let found = observation.found.as_ref();
    let found = found.filter(|found| !found.is_voided())?;
    Some(Receivable { posted, found })
}

/// Adds up the payments of a document.
///
/// # Errors
/// [`PostingError`] if a record could not be read.
pub(crate) async fn paid_amounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &DocumentRecord,
    owed: Receivable<'_>,
) -> Result<PaidAmounts, PostingError> {
    let again = returned_amounts(ctx, scan, record, &owed).await?;
    let Receivable { posted, found } = owed;
    let has_balance = found.balance.is_some();
    let invoice_total = found.total.filter(|_| has_balance);
    let mut amounts = PaidAmounts {
        total: invoice_total.unwrap_or(posted.posting.total()),
        paid: Decimal::ZERO,
        payments: Vec::new(),
        recorded: Decimal::ZERO,
        unapplied: Decimal::ZERO,
    };
    for id in payments_named(scan, record, found) {
        if has_come_back(ctx, scan, &id).await? {
            continue;
        }
        let recorded = recorded_share(ctx, scan, &id, found).await?;
        let recorded_amount = recorded.as_ref().map(|payment| payment.amount);
        amounts.recorded += recorded_amount.unwrap_or_default();
        let observation = scan.observation(Kind::Payment, &id);
        if let Some(payment) = observation.and_then(|payment| payment.found.as_ref())
            && applied_share(payment, found).is_none()
        {
            amounts.unapplied += loose_amount(record, payment);
        }
        let named = NamedPayment {
            id: &id,
            observation,
            recorded,
        };
        let share = named.share(record, found);
        if let Some(AppliedShare { payment, unapplied }) = share {
            amounts.unapplied += unapplied;
            amounts.payments.push(payment);
        }
    }
    let settled: Decimal = match found.balance {
        Some(balance) => amounts.total - balance - again.returned,
        None => amounts.payments.iter().map(|payment| payment.amount).sum(),
    };
    amounts.paid = settled + again.replaced;
    amounts.recorded += again.replaced;
    Ok(amounts)
}

/// A payment that may pay a document.
struct NamedPayment<'a> {
    id: &'a str,
    observation: Option<&'a Observation>,
    /// The share that RIVET posted, if the payment is its own.
    recorded: Option<AppliedPayment>,
}

impl NamedPayment<'_> {
    /// Returns the share of the payment that pays `found`, the object by which the customer owes the document.
    fn share(self, record: &DocumentRecord, found: &ObjectSnapshot) -> Option<AppliedShare> {
        let is_linked = is_linked(found, self.id);
        match self.observation {
            // If invoice and payment differ, the invoice is right, because its balance was read at the same time.
            Some(_) if !is_linked && found.balance.is_some() => None,
            Some(observation) => {
                let payment = observation.found.as_ref();
                payment.and_then(|payment| applied_share(payment, found))
            }
            None if is_linked => self
                .recorded
                .or_else(|| known_payment(record, self.id))
                .map(AppliedShare::fully_applied),
            None => None,
        }
    }
}

/// Returns what came back of a document's payments and was paid again, also in this run. QuickBooks shows both on the entries of these payments.
async fn returned_amounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &DocumentRecord,
    Receivable { posted, found }: &Receivable<'_>,
) -> Result<ReturnedAmounts, PostingError> {
    let links = found.links.iter();
    let linked = links.filter(|link| link.kind == Kind::Payment);
    let applied: Vec<&DocumentRef> = linked
        .flat_map(|link| scan.documents_of(Kind::Payment, &link.id))
        .collect();
    let is_applied = |payment: &Id| applied.iter().any(|document| document.id == *payment);
    let customer = posted.posting.customer();
    let payments = ctx.customer_payments(customer).await?;
    Ok(payments.returned_amounts(&record.reference, is_applied))
}

/// Returns whether one of RIVET's own payments came back.
async fn has_come_back<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    id: &str,
) -> Result<bool, PostingError> {
    for document in scan.documents_of(Kind::Payment, id) {
        if document.kind != DocumentKind::Payment {
            continue;
        }
        let record = ctx.store.document(ctx.firm, document).await?;
        let posted = record.map_or_else(Vec::new, |record| record.posted);
        let is_reversed = |posted: &PostedObject| posted.is_reversed && posted.id == id;
        if posted.iter().any(PostedObject::is_returned_payment) && posted.iter().any(is_reversed) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the share of one of RIVET's own payments, according to the payment's record.
async fn recorded_share<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    id: &str,
    found: &ObjectSnapshot,
) -> Result<Option<AppliedPayment>, PostingError> {
    for document in scan.documents_of(Kind::Payment, id) {
        if document.kind != DocumentKind::Payment {
            continue;
        }
        let record = ctx.store.document(ctx.firm, document).await?;
        let mut active = record.iter().flat_map(|record| record.active_objects());
        if let Some(posted) = active.find(|posted| posted.id == id) {
            return Ok(posted_share(posted, found));
        }
    }
    Ok(None)
}

/// Returns whether RIVET was not notified of the paid amount.
///
/// An amount that RIVET knows is not new, whoever paid it. Before the first look at a document, RIVET knows only its own payments.
pub(crate) fn is_news(record: &DocumentRecord, amounts: &PaidAmounts) -> bool {
    let observed = record.observed.as_ref();
    let before = observed.map_or(Decimal::ZERO, |observed| observed.paid_by_others);
    let known = record.payment.as_ref();
    let is_known = known.is_some_and(|known| known.paid == amounts.paid);
    before != amounts.paid_by_others() && !is_known
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use store::document::payment::PaymentState;

    /// Returns whether it is news that `paid` is paid, `recorded` of it by RIVET, after `before` by others was known.
    fn news(known: Option<i64>, before: i64, paid: i64, recorded: i64) -> bool {
        let reference = DocumentRef {
            kind: DocumentKind::PayApp,
            id: "pa_1".parse().unwrap(),
        };
        let mut record = DocumentRecord::new(reference, Timestamp::UNIX_EPOCH);
        record.observed.get_or_insert_default().paid_by_others = before.into();
        record.payment = known.map(|known| PaymentState {
            total: 100.into(),
            paid: known.into(),
            balance: (100 - known).into(),
            payments: Vec::new(),
        });
        let amounts = PaidAmounts {
            total: 100.into(),
            paid: paid.into(),
            payments: Vec::new(),
            recorded: recorded.into(),
            unapplied: Decimal::ZERO,
        };
        is_news(&record, &amounts)
    }

    #[test]
    fn known_amount_is_never_news() {
        assert!(news(None, 0, 40, 0), "paid by others");
        assert!(!news(None, 0, 40, 40), "paid by RIVET");
        assert!(news(None, 0, 0, 40), "RIVET's payment was taken off");
        assert!(news(Some(40), 0, 0, 40), "and was known before");
        assert!(
            !news(Some(40), 40, 40, 40),
            "RIVET's lost payment shows later"
        );
        assert!(!news(Some(40), 40, 40, 0));
        assert!(!news(Some(40), 40, 60, 20), "RIVET's payment on top");
        assert!(news(Some(40), 40, 60, 0), "others' payment on top");
    }
}
