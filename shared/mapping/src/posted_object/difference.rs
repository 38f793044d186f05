//! The differences between an object in QuickBooks and what RIVET wrote.

mod merged;
mod head;
mod payment;
mod line_differences;
mod class;
mod lines;
mod field;

use quickbooks::entity::ObjectSnapshot;

pub use self::field::Difference;
pub use self::merged::ReplacedReference;

use self::head::{form_differences, head_differences};
use self::line_differences::line_differences;
use self::lines::written_lines;
use self::payment::payment_differences;
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
        let mut all = self.all_differences(found);
        let is_known_void = !self.is_active && found.is_voided();
        all.retain(|difference| {
            !is_known_void && !self.accepted_differences.contains(&difference.acceptance())
        });
        all
    }

    /// Returns the fields that differ from what RIVET wrote, accepted or not.
    pub(crate) fn all_differences(&self, found: &ObjectSnapshot) -> Vec<Difference> {
        let lines = written_lines(self);
        let mut all = head_differences(self, &lines, found);
        match &self.posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                all.extend(form_differences(sale, found));
                all.extend(line_differences(self, &lines, found));
            }
            Posting::JournalEntry(_) => all.extend(line_differences(self, &lines, found)),
            Posting::Payment(receipt) => {
                all.extend(payment_differences(receipt, &self.ids, found));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;
