//! Finds the payments of an invoice or journal entry, and the amount that each of them pays.

use crate::observation::{Scan, pays};
use billing::DocumentKind;
use mapping::{PostedObject, Posting};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::document::payment::AppliedPayment;

/// The share of one payment that pays an invoice or journal entry.
pub(crate) struct AppliedShare {
    /// The payment, with the amount that it pays there.
    pub(crate) payment: AppliedPayment,
    /// The money of the payment that is not applied to anything.
    pub(crate) unapplied: Decimal,
}

impl AppliedShare {
    /// Returns the share of a payment whose money is all applied.
    pub(crate) fn fully_applied(payment: AppliedPayment) -> Self {
        let unapplied = Decimal::ZERO;
        Self { payment, unapplied }
    }
}

/// Returns the ids of the payments that may pay `found`. Either `found` links the payment, the record knows it, or the payment was read and
/// names `found`.
pub(crate) fn payments_named(
    scan: &Scan<'_>,
    record: &DocumentRecord,
    found: &ObjectSnapshot,
) -> Vec<String> {
    let linked = found.links.iter().filter(|link| link.kind == Kind::Payment);
    let known = record.payment.iter().flat_map(|payment| &payment.payments);
    let target = (found.kind, found.id.clone());
    let read = scan.observations.iter().filter(|observation| {
        observation.kind == Kind::Payment
            && (pays(observation).any(|paid| paid == target) || is_own(scan, &observation.id))
    });
    let named = linked.map(|link| &link.id);
    let named = named.chain(known.map(|payment| &payment.id));
    let mut ids: Vec<String> = Vec::new();
    for id in named.chain(read.map(|observation| &observation.id)) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// Returns whether an object links this payment.
pub(crate) fn is_linked(found: &ObjectSnapshot, id: &str) -> bool {
    let mut links = found.links.iter();
    links.any(|link| link.kind == Kind::Payment && link.id == id)
}

/// Returns a payment as the document's record knows it.
pub(crate) fn known_payment(record: &DocumentRecord, id: &str) -> Option<AppliedPayment> {
    let mut known = record.payment.iter().flat_map(|payment| &payment.payments);
    known.find(|payment| payment.id == id).cloned()
}

/// Returns the share of a read payment that pays `found`. `None` if the payment pays nothing of it.
pub(crate) fn applied_share(
    payment: &ObjectSnapshot,
    found: &ObjectSnapshot,
) -> Option<AppliedShare> {
    let links = payment.links.iter();
    let links = links.filter(|link| (link.kind, &link.id) == (found.kind, &found.id));
    let amount: Decimal = links.filter_map(|link| link.amount).sum();
    if payment.is_voided() || amount.is_zero() {
        return None;
    }
    Some(AppliedShare {
        payment: AppliedPayment {
            id: payment.id.clone(),
            date: payment.date,
            amount,
            is_credit: payment.total.is_some_and(|total| total.is_zero()),
        },
        unapplied: payment.unapplied_amount.unwrap_or_default(),
    })
}

/// Returns the money of a known payment that came loose: the payment paid the document before, and is not applied to it now.
pub(crate) fn loose_amount(record: &DocumentRecord, payment: &ObjectSnapshot) -> Decimal {
    let known = known_payment(record, &payment.id);
    let before = known.map_or(Decimal::ZERO, |known| known.amount);
    before.min(payment.unapplied_amount.unwrap_or_default())
}

/// Returns whether RIVET posted this payment.
pub(crate) fn is_own(scan: &Scan<'_>, payment: &str) -> bool {
    let mut documents = scan.documents_of(Kind::Payment, payment);
    documents.any(|document| document.kind == DocumentKind::Payment)
}

/// Returns the share of one of RIVET's payments that pays `found`, as RIVET posted it.
pub(crate) fn posted_share(
    posted: &PostedObject,
    found: &ObjectSnapshot,
) -> Option<AppliedPayment> {
    let Posting::Payment(receipt) = &posted.posting else {
        return None;
    };
    let shares = receipt.applied.iter().filter(|share| {
        let target = posted.ids.targets.get(&share.document);
        target.is_some_and(|(kind, id)| kind.kind() == Some(found.kind) && *id == found.id)
    });
    Some(AppliedPayment {
        id: posted.id.clone(),
        date: Some(receipt.date),
        amount: shares.map(|share| share.amount).sum(),
        is_credit: receipt.total.is_zero(),
    })
}
