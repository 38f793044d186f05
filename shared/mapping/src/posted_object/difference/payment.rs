//! Comparison of payments.

use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;

use super::field::{Difference, amount_of, joined, text_difference, text_of};
use crate::ids::Ids;
use crate::money::money_text;
use crate::posting::Receipt;

/// Compares reference and applied amounts. A reference that RIVET left empty is the bookkeeper's to fill.
pub(super) fn payment_differences(
    receipt: &Receipt,
    ids: &Ids,
    found: &ObjectSnapshot,
) -> Vec<Difference> {
    let mut all = Vec::new();
    let ours = text_of(&receipt.reference);
    if !ours.is_empty() {
        let theirs = text_of(&found.payment_reference);
        all.extend(text_difference("reference", ours, theirs));
    }
    all.extend(applied_difference(receipt, ids, found));
    all.extend(unapplied_difference(receipt, found));
    all
}

/// Compares the account that receives the payment. QuickBooks chooses one if RIVET sends none.
pub(super) fn deposit_difference(receipt: &Receipt, found: &ObjectSnapshot) -> Option<Difference> {
    let ours = receipt.deposit.as_deref()?;
    text_difference("deposit_account", ours, text_of(&found.deposit_account_id))
}

/// Compares the unapplied amount. QuickBooks takes a payment that is larger than what is open, and leaves the rest unapplied. A lower
/// amount is applied to other transactions, which are compared by themselves.
fn unapplied_difference(receipt: &Receipt, found: &ObjectSnapshot) -> Option<Difference> {
    let ours = receipt.unapplied();
    let theirs = found.unapplied_amount?;
    let is_left_over = found.total == Some(receipt.total) && theirs > ours;
    let [ours, theirs] = [ours, theirs].map(|amount| Some(money_text(amount)));
    is_left_over.then(|| Difference::new("unapplied_amount", ours, theirs))
}

/// Compares the applied amounts and the used credits. The bookkeeper may apply the amount that RIVET left unapplied, which is a cosmetic
/// difference.
fn applied_difference(receipt: &Receipt, ids: &Ids, found: &ObjectSnapshot) -> Option<Difference> {
    let mut has_our_shares = true;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut applied_to_others = Decimal::ZERO;
    for link in &found.links {
        let amount = link.amount.unwrap_or_default();
        applied_to_others += amount;
        theirs.push(format!(
            "{} {}",
            link.kind.name(),
            amount_of(&link.id, amount)
        ));
    }
    for applied in ids.applied_to(receipt) {
        let Some(kind) = applied.kind.kind() else {
            continue;
        };
        let links = found.links.iter();
        let links = links.filter(|link| link.kind == kind && link.id == applied.id);
        let amount: Decimal = links.filter_map(|link| link.amount).sum();
        has_our_shares &= amount == applied.amount;
        applied_to_others -= amount;
        let text = amount_of(applied.id, applied.amount);
        ours.push(format!("{} {text}", kind.name()));
    }
    if has_our_shares && applied_to_others.is_zero() {
        return None;
    }
    Some(Difference {
        field: "applied",
        ours: joined(&ours),
        theirs: joined(&theirs),
        is_cosmetic: has_our_shares && applied_to_others <= receipt.unapplied(),
    })
}
