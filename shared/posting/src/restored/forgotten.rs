//! The transactions of a document in the books, and the work that is about to be done on it.

use mapping::{Accounts, Step};
use quickbooks::entity::ObjectSnapshot;
use store::document::decision::DecisionKind;

/// The transactions of a document in the books, and the work that is about to be done on the document.
pub(super) struct Forgotten {
    /// The transactions that the record knows, and all others with the document's mark.
    pub(super) found: Vec<ObjectSnapshot>,
    /// The accounts of the settings.
    pub(super) accounts: Accounts,
    /// True if a void is to be carried out.
    pub(super) is_void_pending: bool,
    /// The decision of a person about the document.
    pub(super) decision: Option<DecisionKind>,
    /// The steps of the saga that was dropped. QuickBooks may have carried out each of them.
    pub(super) begun: Vec<Step>,
}

impl Forgotten {
    /// Returns whether RIVET had begun to void a transaction.
    pub(super) fn is_void_begun(&self, found: &ObjectSnapshot) -> bool {
        let mut targets = self.begun.iter().filter_map(|step| match step {
            Step::Void { target, .. } => Some(target),
            _ => None,
        });
        targets.any(|target| target.kind.kind() == Some(found.kind) && target.id == found.id)
    }
}
