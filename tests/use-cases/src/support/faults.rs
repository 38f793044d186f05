//! Faults that QuickBooks answers with.

use super::world::World;
use simulator::{Effect, Injection};

impl World {
    /// Makes every second of the next calls to QuickBooks fail, beginning with the first.
    pub fn fail_every_second(&self, calls: u32, effect: &Effect) {
        for passing in 0..calls / 2 {
            // A rule counts only the calls that no earlier rule applies to.
            let failure = Injection::new(effect.clone()).path_containing("/v3/company/");
            self.simulator().inject(failure.skip_first(passing));
        }
    }

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
            .inject(Injection::new(refused).body_containing("JournalEntryLineDetail"));
    }
}
