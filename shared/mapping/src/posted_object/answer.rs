//! Comparison of QuickBooks' answer to a write with what RIVET sent.

use quickbooks::entity::ObjectSnapshot;

use super::PostedObject;
use super::difference::Difference;

impl PostedObject {
    /// Returns whether the object in QuickBooks differs from what RIVET wrote so that the books differ.
    #[must_use]
    pub fn changes_books(&self, found: &ObjectSnapshot) -> bool {
        let differences = self.differences(found);
        differences.iter().any(|difference| !difference.is_cosmetic)
    }

    /// Compares the object, as RIVET sent it, with the answer of QuickBooks. Returns the differences that change the books, and records
    /// whether there are any.
    ///
    /// Takes cosmetic differences over, such as a memo that QuickBooks shortened, so that they are not taken for a later edit.
    pub fn compare_with_answer(&mut self, answer: &ObjectSnapshot) -> Vec<Difference> {
        self.is_posted_differently = true;
        let differences = self.differences(answer);
        let (cosmetic, real): (Vec<_>, Vec<_>) = differences
            .into_iter()
            .partition(|difference| difference.is_cosmetic);
        let taken_over = cosmetic.iter().map(Difference::acceptance);
        self.taken_over_differences.extend(taken_over);
        self.is_posted_differently = !real.is_empty();
        real
    }
}
