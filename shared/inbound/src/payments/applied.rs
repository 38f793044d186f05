//! The payments of something that a customer owes.

use crate::scan::observation::pays;
use crate::scan::snapshot::Scan;
use mapping::{PostedObject, Posting};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::document::payment::AppliedPayment;

/// The payments that say that they pay something of it, that it says so of, or that did.
pub fn payments_named(
    round: &Scan<'_>,
    record: &DocumentRecord,
    found: &ObjectSnapshot,
) -> Vec<String> {
    let linked = found.links.iter().filter(|link| link.kind == Kind::Payment);
    let known = record.payment.iter().flat_map(|payment| &payment.payments);
    let target = (found.kind, found.id.clone());
    let seen = round.seen.iter().filter(|seen| {
        seen.kind == Kind::Payment
            && (pays(seen).any(|paid| paid == target) || is_own(round, &seen.id))
    });
    let named = linked.map(|link| &link.id);
    let named = named.chain(known.map(|part| &part.id));
    let mut ids: Vec<String> = Vec::new();
    for id in named.chain(seen.map(|seen| &seen.id)) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

pub fn is_linked(found: &ObjectSnapshot, id: &str) -> bool {
    let mut links = found.links.iter();
    links.any(|link| link.kind == Kind::Payment && link.id == id)
}

pub fn known(record: &DocumentRecord, id: &str) -> Option<AppliedPayment> {
    let mut known = record.payment.iter().flat_map(|payment| &payment.payments);
    known.find(|part| part.id == id).cloned()
}

/// What a payment pays of it as it was seen, and what of it is applied to nothing.
pub fn applied(
    payment: &ObjectSnapshot,
    found: &ObjectSnapshot,
) -> Option<(AppliedPayment, Decimal)> {
    let pays = payment
        .links
        .iter()
        .filter(|link| (link.kind, &link.id) == (found.kind, &found.id));
    let amount: Decimal = pays.filter_map(|link| link.amount).sum();
    let part = AppliedPayment {
        id: payment.id.clone(),
        date: payment.date,
        amount,
    };
    let is_paid = !payment.is_voided() && !amount.is_zero();
    is_paid.then(|| (part, payment.unapplied_amount.unwrap_or_default()))
}

pub fn is_own(round: &Scan<'_>, payment: &str) -> bool {
    let mut documents = round.documents(Kind::Payment, payment);
    documents.any(|document| document.kind == billing::DocumentKind::Payment)
}

/// What one of RIVET's payments pays of it.
pub fn part(posted: &PostedObject, found: &ObjectSnapshot) -> Option<AppliedPayment> {
    let Posting::Payment(receipt) = &posted.posting else {
        return None;
    };
    let pays = receipt.applied.iter().filter(|share| {
        let target = posted.ids.targets.get(&share.document);
        target.is_some_and(|(kind, id)| kind.kind() == Some(found.kind) && *id == found.id)
    });
    Some(AppliedPayment {
        id: posted.id.clone(),
        date: Some(receipt.date),
        amount: pays.map(|share| share.amount).sum(),
    })
}
