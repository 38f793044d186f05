//! The knowledge that decides whether an earlier look at the company still counts.

use jiff::Timestamp;
use store::inbox::others_changes::OthersChanges;
use store::index_margin;

/// The knowledge about the changes of others in QuickBooks.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// The time since which RIVET has been watching. `None` if changes were lost that RIVET still has to ask for.
    pub(crate) since: Option<Timestamp>,
    /// The newest changes of others.
    pub(crate) others: OthersChanges,
}

/// The kinds of transactions that a look was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedFor {
    /// Transactions with a number: invoices, credit memos and journal entries.
    Numbers,
    /// Payments.
    Payments,
}

impl Watch {
    /// Returns whether a look at this time still counts.
    pub fn covers(&self, looked_at: Timestamp, kinds: LookedFor) -> bool {
        let newest = match kinds {
            LookedFor::Numbers => self.others.numbered,
            LookedFor::Payments => self.others.payments,
        };
        let is_quiet = newest.is_none_or(|at| at < index_margin::unlisted_since(looked_at));
        is_quiet && self.since.is_some_and(|since| since <= looked_at)
    }
}
