//! Faults that QuickBooks answers with.

use super::world::World;
use simulator::{Effect, Injection};

impl World {
    /// Makes QuickBooks refuse one item of the next batch with a retainage entry.
    ///
    /// In a batch of one pay app, item 0 is the invoice and item 1 is the journal entry.
    pub fn refuse_item(&self, index: usize) {
        let refused = Effect::Item {
            index,
            code: "6000".into(),
            message: "A business validation error has occurred".into(),
            detail: "Something is wrong with it.".into(),
        };
        self.simulator()
            .inject(Injection::new(refused).body_containing("JournalEntry"));
    }
}
