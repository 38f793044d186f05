//! A document that a worker works on.

use mapping::PostedObject;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::inbox::change::PendingChange;
use store::queue::entry::QueueEntry;

/// A document that a worker works on: its queue entry and its record. A work item lives for one attempt.
pub struct WorkItem {
    /// The document's queue entry.
    pub entry: QueueEntry,
    /// The document's record, which the worker changes.
    pub record: DocumentRecord,
    /// The document's record as loaded.
    pub original: DocumentRecord,
    /// The posted objects before a decision took over the versions of QuickBooks.
    pub posted_before_decision: Option<Vec<PostedObject>>,
    /// The text before the detail of the attempt, with a space at its end. Usually empty.
    pub remark: String,
    /// True if the document is a payment of a customer for jobs of the customer. A started saga tells it at once, a plan once its ids are known.
    pub pays_for_jobs: bool,
    /// The changes by which the next scan compares transactions that were adopted.
    pub rescan: Vec<PendingChange>,
}

impl WorkItem {
    /// Returns a work item for an entry and its record.
    pub fn new(entry: QueueEntry, record: DocumentRecord) -> Self {
        let saga = record.saga.as_ref();
        Self {
            original: record.clone(),
            pays_for_jobs: saga.is_some_and(|saga| !saga.ids.jobs.is_empty()),
            record,
            entry,
            posted_before_decision: None,
            remark: String::new(),
            rescan: Vec::new(),
        }
    }

    /// Returns whether the record already covers the entry's revision and void.
    pub fn is_covered(&self) -> bool {
        self.record.covers(self.entry.revision, self.entry.void)
    }

    /// Returns whether an earlier attempt finished the document and nothing newer arrived.
    pub fn is_finished(&self) -> bool {
        self.record.status.is_final() && self.is_covered()
    }

    /// Returns the batch in which the document was started, if its outcome there is unknown.
    pub fn batch_key(&self) -> Option<&str> {
        self.record.batch_key().filter(|_| !self.is_finished())
    }

    /// Returns whether the document is simply to be posted: nothing was posted before, no saga is open, and no decision was made.
    pub fn is_plain(&self) -> bool {
        let (record, entry) = (&self.record, &self.entry);
        let is_untouched = record.saga.is_none() && record.posted.is_empty();
        let is_simple = entry.decision.is_none() && entry.pending_void().is_none();
        is_untouched && is_simple && !self.is_finished()
    }

    /// Returns whether a person says that the document is in QuickBooks already.
    pub fn is_marked_posted(&self) -> bool {
        let decision = self.entry.decision.as_ref();
        decision.is_some_and(|decision| decision.kind == DecisionKind::Posted)
    }

    /// Gives the saga the objects that a person named as those of the document. A look-up that finds several prefers them.
    pub fn name_copies(&mut self) {
        let decision = self.entry.decision.as_ref();
        let named = decision.filter(|decision| decision.kind == DecisionKind::Posted);
        if let Some((saga, named)) = self.record.saga.as_mut().zip(named) {
            saga.named.clone_from(&named.objects);
        }
    }

    /// Records that the entry's revision and void were processed, whatever the outcome.
    pub fn cover(&mut self) {
        let (record, entry) = (&mut self.record, &self.entry);
        record.revision = record.revision.max(entry.revision);
        record.void = record.void.max(entry.void);
    }
}
