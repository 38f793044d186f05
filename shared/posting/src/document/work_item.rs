//! A document that a worker works on.

use mapping::PostedObject;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::queue::entry::QueueEntry;

/// A document that a worker works on: what the queue says of it, and its record.
pub struct WorkItem {
    /// Its entry in the queue.
    pub entry: QueueEntry,
    /// Its record, which the worker changes.
    pub record: DocumentRecord,
    /// Its record as it was loaded.
    pub original: DocumentRecord,
    /// What RIVET wrote of it, if a decision took the versions of QuickBooks over.
    pub posted_before_decision: Option<Vec<PostedObject>>,
}

impl WorkItem {
    /// Returns an entry with its record.
    pub fn new(entry: QueueEntry, record: DocumentRecord) -> Self {
        Self {
            original: record.clone(),
            record,
            entry,
            posted_before_decision: None,
        }
    }

    /// Returns whether what has arrived of it is worked on already.
    pub fn is_covered(&self) -> bool {
        self.record.covers(self.entry.revision, self.entry.void)
    }

    /// Returns whether it was finished earlier, and nothing came since.
    pub fn is_finished(&self) -> bool {
        self.record.status.is_final() && self.is_covered()
    }

    /// Returns the batch that it was started in, if its outcome there is not known.
    pub fn batch_key(&self) -> Option<&str> {
        self.record.batch_key().filter(|_| !self.is_finished())
    }

    /// Returns whether it is simply to be posted: nothing of it stands, nothing of it is under way, and nobody decided anything.
    pub fn is_plain(&self) -> bool {
        let (record, entry) = (&self.record, &self.entry);
        let is_untouched = record.saga.is_none() && record.active_objects().next().is_none();
        let is_simple = entry.decision.is_none() && entry.pending_void().is_none();
        is_untouched && is_simple && !self.is_finished()
    }

    /// Returns whether a person says that it is in QuickBooks already.
    pub fn is_marked_posted(&self) -> bool {
        let decision = self.entry.decision.as_ref();
        decision.is_some_and(|decision| decision.kind == DecisionKind::Posted)
    }

    /// Records that what has arrived of it is worked on, whatever came of that.
    pub fn cover(&mut self) {
        let (record, entry) = (&mut self.record, &self.entry);
        record.revision = record.revision.max(entry.revision);
        record.void = record.void.max(entry.void);
    }
}
