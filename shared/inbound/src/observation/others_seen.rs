//! The changes of transactions that RIVET did not post.

use crate::observation::object::ObjectKey;
use store::inbox::change::{ChangeKind, PendingChange};
use store::inbox::others_changes::OthersChanges;

/// The changes of transactions that RIVET did not post, as a scan saw them.
#[derive(Default)]
pub(crate) struct OthersSeen {
    /// The newest changes.
    pub(crate) newest: OthersChanges,
    /// The transactions that changed.
    pub(crate) changed: Vec<ObjectKey>,
}

impl OthersSeen {
    /// Adds a change. A deletion enters nothing, but may release a hold.
    pub(crate) fn add(&mut self, change: &PendingChange) {
        if change.kind_of_change != ChangeKind::Deleted {
            self.newest.add(change.kind, change.at);
        }
        self.changed.push((change.kind, change.id.clone()));
    }
}
