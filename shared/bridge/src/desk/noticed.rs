//! What becomes of a desk when something is noticed in QuickBooks.

use super::{Desk, Mark, Waiting};
use crate::reason::Hold;
use crate::watch::Noticed;
use billing::DocumentRef;

impl Desk {
    /// Notes what was noticed of a document. What arrived of it meanwhile goes first.
    pub(crate) fn notice(&mut self, noticed: &Noticed) {
        self.recent.extend(noticed.lines.iter().cloned());
        for entry in &noticed.entries {
            self.register.add(entry.clone());
        }
        if let Some(conflict) = &noticed.conflict
            && self.waiting_for(&conflict.document).is_none()
        {
            self.waiting.push(conflict.clone());
        }
        let undecided = |waiting: &Waiting, document: &DocumentRef| {
            let waits = match &waiting.mark {
                Mark::Conflict => waiting.decision.is_none(),
                mark => *mark == Mark::Held(Hold::PaymentsApplied),
            };
            waiting.document == *document && waits
        };
        if let Some(over) = &noticed.settled {
            self.waiting.retain(|waiting| waiting != over);
            self.release(|hold| hold.may_end_with(&over.document));
        }
        if let Some(document) = &noticed.retry {
            let mut waiting = self.waiting.iter_mut();
            if let Some(waiting) = waiting.find(|waiting| undecided(waiting, document)) {
                waiting.mark = Mark::PENDING;
            }
        }
    }
}
