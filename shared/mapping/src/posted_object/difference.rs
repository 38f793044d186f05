//! The differences between an object in QuickBooks and what RIVET wrote.

mod merged;
mod head;
mod payment;
mod line_differences;
mod class;
mod lines;
mod field;

use quickbooks::entity::{ObjectSnapshot, TxnType};
use rust_decimal::Decimal;

pub use self::field::{Difference, is_cosmetic_field};
pub use self::merged::ReplacedReference;

use self::head::{balance_difference, form_differences, head_differences};
use self::line_differences::{item_account_differences, line_differences};
use self::lines::written_lines;
use self::payment::{deposit_difference, payment_differences};
use crate::money::money_text;
use crate::posted_object::PostedObject;
use crate::posting::Posting;

impl PostedObject {
    /// Returns whether the object in QuickBooks has all that RIVET wrote, whatever its version is.
    ///
    /// QuickBooks also makes a new version when a payment is applied, taken off or deposited.
    #[must_use]
    pub fn is_as_written(&self, found: &ObjectSnapshot) -> bool {
        self.differences(found).is_empty()
    }

    /// Returns the fields that differ from what RIVET wrote. No difference is reported for accepted differences, for fields that RIVET
    /// leaves to QuickBooks, and for the void of an object that RIVET voided.
    #[must_use]
    pub fn differences(&self, found: &ObjectSnapshot) -> Vec<Difference> {
        let mut all = all_differences(self, found);
        let is_pair = self.cancels_out() && self.kind != TxnType::JournalEntry;
        let is_expected = !is_pair || self.is_marked_void();
        let is_known_void = !self.is_active && is_expected && found.is_voided();
        let known = || {
            self.accepted_differences
                .iter()
                .chain(&self.taken_over_differences)
        };
        all.retain(|difference| {
            let acceptance = difference.acceptance();
            !is_known_void && !known().any(|known| *known == acceptance)
        });
        all.extend(amount_after_void(self, found, &all));
        all
    }
}

/// Returns the difference of a transaction that RIVET voided and that has an amount nevertheless.
fn amount_after_void(
    posted: &PostedObject,
    found: &ObjectSnapshot,
    others: &[Difference],
) -> Option<Difference> {
    let is_form = matches!(posted.kind, TxnType::Invoice | TxnType::Payment);
    let is_void = !posted.is_active && !posted.cancels_out() && is_form;
    let amount = found.amount().filter(|amount| !amount.is_zero())?;
    let is_told = others.iter().any(|other| other.field == "total");
    (is_void && !is_told).then(|| {
        let nothing = money_text(Decimal::ZERO);
        Difference::new("total", Some(nothing), Some(money_text(amount)))
    })
}

/// Returns the fields that differ from what RIVET wrote, accepted or not.
pub(crate) fn all_differences(posted: &PostedObject, found: &ObjectSnapshot) -> Vec<Difference> {
    let lines = written_lines(posted);
    let mut all = head_differences(posted, &lines, found);
    match &posted.posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
            all.extend(balance_difference(found));
            all.extend(form_differences(sale, found));
            all.extend(line_differences(posted, &lines, found));
            // Later, an account of an item may change by a merge, which is no difference.
            if posted.is_posted_differently {
                all.extend(item_account_differences(&lines, found));
            }
        }
        Posting::JournalEntry(_) => all.extend(line_differences(posted, &lines, found)),
        Posting::Payment(receipt) => {
            all.extend(payment_differences(receipt, &posted.ids, found));
            // Once the payment is right, the bookkeeper may move it to another account.
            let is_new = posted.is_posted_differently;
            all.extend(deposit_difference(receipt, found).filter(|_| is_new));
        }
    }
    all
}

#[cfg(test)]
mod tests;
