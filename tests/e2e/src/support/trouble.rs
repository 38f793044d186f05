//! What QuickBooks refuses.

use super::world::World;
use simulator::{Effect, Injection};

impl World {
    /// QuickBooks refuses one item of the next batch with a retainage entry: the invoice, 0, or the entry, 1, if it is of one pay app.
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
