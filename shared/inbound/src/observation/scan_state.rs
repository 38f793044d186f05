//! The state of one scan: the observed objects, the documents that they belong to, and the detections.

// Top first: a module uses only modules below it.
mod documents;

use crate::observation::object::{ObjectKey, Observation};
use crate::observation::others_seen::OthersSeen;
use billing::DocumentRef;
use jiff::Timestamp;
use mapping::PostedObject;
use quickbooks::Kind;
use store::document::{DocumentRecord, Saga};
use store::inbox::Inbox;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::ObjectIndex;
use store::object_index::entry::IndexEntry;
use store::queue::Queue;
use store::queue::detection::Detection;
use store::queue::entry::{EntryState, QueueEntry};

/// The state of one scan of a company. The state lives as long as the scan.
pub struct Scan<'a> {
    /// The newest part of the object index, which lies in the queue.
    pub(crate) index: &'a ObjectIndex,
    pub(crate) queue: &'a Queue,
    /// The entries of the object index about every object that was looked up.
    index_entries: Vec<IndexEntry>,
    /// The lists of which an entry changed.
    pub(crate) changed_lists: Vec<Kind>,
    /// The objects that were read, each once.
    pub(crate) observations: Vec<Observation>,
    /// The documents that the objects belong to.
    pub(crate) records: Vec<DocumentRecord>,
    /// The results that the queue must record.
    pub(crate) detections: Vec<Detection>,
    /// At least one posting has an unknown outcome.
    has_open_saga: bool,
    /// The objects that a payment with unknown outcome pays.
    targets_in_doubt: Vec<ObjectKey>,
    /// The changes that a later scan must look at.
    deferred: Vec<PendingChange>,
    /// The changes of transactions that are not RIVET's.
    pub(crate) others: OthersSeen,
}

impl<'a> Scan<'a> {
    /// Returns an empty scan.
    pub(crate) fn new(queue: &'a Queue) -> Self {
        Self {
            index: &queue.object_index,
            queue,
            index_entries: Vec::new(),
            changed_lists: Vec::new(),
            observations: Vec::new(),
            records: Vec::new(),
            detections: Vec::new(),
            has_open_saga: false,
            targets_in_doubt: Vec::new(),
            deferred: Vec::new(),
            others: OthersSeen::default(),
        }
    }

    /// Adds entries of the object index.
    pub(crate) fn add_index_entries(&mut self, entries: Vec<IndexEntry>) {
        self.index_entries.extend(entries);
    }

    /// Returns the entries of the object index about an object.
    pub(crate) fn index_entries(&self, kind: Kind, id: &str) -> impl Iterator<Item = &IndexEntry> {
        let known = self.index_entries.iter();
        known.filter(move |entry| entry.kind == kind && entry.id == id)
    }

    /// Returns the documents that an object belongs to.
    pub(crate) fn documents_of(&self, kind: Kind, id: &str) -> impl Iterator<Item = &DocumentRef> {
        self.index_entries(kind, id)
            .filter_map(IndexEntry::document)
    }

    /// Returns an object as this scan read it.
    pub(crate) fn observation(&self, kind: Kind, id: &str) -> Option<&Observation> {
        let mut all = self.observations.iter();
        all.find(|observation| observation.kind == kind && observation.id == id)
    }

    /// Returns a posted object as this scan read it.
    pub(crate) fn observation_of(&self, posted: &PostedObject) -> Option<&Observation> {
        self.observation(posted.kind.kind()?, &posted.id)
    }

    /// Adds an object, unless this scan has read it before.
    pub(crate) fn observe(&mut self, observation: Observation) {
        let known = self.observation(observation.kind, &observation.id);
        if known.is_none() {
            self.observations.push(observation);
        }
    }

    /// Returns the queue entry of a document, if the document is unfinished.
    pub(crate) fn queue_entry(&self, document: &DocumentRef) -> Option<&'a QueueEntry> {
        self.queue.entry_for(document)
    }

    /// Returns whether a later scan must look at an object: a document that it belongs to [has work](Self::has_open_work), or the
    /// object is [undecidable](Self::is_undecidable).
    pub(crate) fn should_defer(&self, kind: Kind, id: &str) -> bool {
        let mut documents = self.documents_of(kind, id);
        documents.any(|document| self.has_open_work(document)) || self.is_undecidable(kind, id)
    }

    /// Returns whether a worker must first work on a document or apply a decision about it.
    pub(crate) fn has_open_work(&self, document: &DocumentRef) -> bool {
        self.queue_entry(document).is_some_and(|entry| {
            entry.decision.is_some() || matches!(entry.state, EntryState::Pending { .. })
        })
    }

    /// Adds a saga with a step of unknown outcome.
    pub(crate) fn add_open_saga(&mut self, saga: &Saga) {
        self.has_open_saga = true;
        for (_, (kind, id)) in saga.ids.all_targets() {
            let target = kind.kind().map(|kind| (kind, id.clone()));
            self.targets_in_doubt.extend(target);
        }
    }

    /// Returns whether an object may belong to a posting of unknown outcome.
    ///
    /// The object index lacks such a posting. The posting's objects and payments, and the objects that it pays, would therefore look like
    /// another person's work.
    pub(crate) fn is_undecidable(&self, kind: Kind, id: &str) -> bool {
        let may_belong = || kind == Kind::Payment || self.index_entries(kind, id).next().is_none();
        self.has_open_saga && (may_belong() || self.is_target_in_doubt(kind, id))
    }

    /// Returns whether a payment of unknown outcome pays an object.
    pub(crate) fn is_target_in_doubt(&self, kind: Kind, id: &str) -> bool {
        let mut targets = self.targets_in_doubt.iter();
        targets.any(|target| target.0 == kind && target.1 == id)
    }

    /// Returns a change that stands for all changes of an object since its newest known version.
    pub(crate) fn change_since_known_version(&self, kind: Kind, id: String) -> PendingChange {
        let entries = self.index_entries(kind, &id);
        let first = entries.map(|entry| entry.at + 1).min();
        let at = first.and_then(|at| Timestamp::from_second(at).ok());
        PendingChange {
            kind,
            id,
            at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            kind_of_change: ChangeKind::Changed,
        }
    }

    /// Returns whether a document waits for an entry of this list.
    pub(crate) fn is_awaited(&self, list: Kind) -> bool {
        let mut entries = self.queue.entries.iter();
        entries.any(
            |entry| matches!(&entry.state, EntryState::Held(hold) if hold.list() == Some(list)),
        )
    }

    /// Leaves a change for a later scan.
    pub(crate) fn defer(&mut self, change: PendingChange) {
        self.deferred.push(change);
    }

    /// Returns whether the object index knows this version of an object.
    pub(crate) fn is_known_version(&self, kind: Kind, id: &str, version: &str) -> bool {
        let mut entries = self.index_entries(kind, id).peekable();
        entries.peek().is_some() && entries.all(|entry| entry.version == version)
    }

    /// Returns the changes of the inbox that this scan has finished.
    pub(crate) fn finished_changes(&self, inbox: &Inbox) -> Vec<PendingChange> {
        let is_finished =
            |change: &&PendingChange| !self.deferred.iter().any(|later| later.is_about(change));
        let changes = inbox.pending.iter();
        changes.filter(is_finished).cloned().collect()
    }

    /// Returns the deferred changes that the inbox lacks, or has with an earlier time.
    pub(crate) fn deferred_changes(&self, inbox: &Inbox) -> Vec<PendingChange> {
        let is_announced = |deferred: &PendingChange| {
            let mut changes = inbox.pending.iter();
            changes.any(|change| change.is_about(deferred) && !change.is_superseded_by(deferred))
        };
        let deferred = self.deferred.iter();
        deferred
            .filter(|change| !is_announced(change))
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickbooks::entity::{Link, ObjectSnapshot};
    use store::object_index::entry::Subject;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn release(number: usize) -> DocumentRef {
        DocumentRef {
            kind: billing::DocumentKind::RetainageRelease,
            id: format!("rel_{number}").parse().unwrap(),
        }
    }

    fn entry(kind: Kind, id: &str, document: DocumentRef) -> IndexEntry {
        IndexEntry {
            kind,
            id: id.to_owned(),
            subject: Subject::Document(document),
            version: "0".to_owned(),
            at: 100,
        }
    }

    /// Returns a person's payment of two released entries.
    fn payment() -> Observation {
        let link = |id: &str| Link {
            kind: Kind::JournalEntry,
            id: id.to_owned(),
            amount: Some(10.into()),
        };
        Observation::of(ObjectSnapshot {
            kind: Kind::Payment,
            id: "181".to_owned(),
            sync_token: "0".to_owned(),
            doc_number: None,
            private_note: None,
            date: None,
            customer: None,
            total: Some(20.into()),
            balance: None,
            customer_memo: String::new(),
            due_date: String::new(),
            lines: Vec::new(),
            payment_reference: None,
            created_at: None,
            updated_at: Some(at(200)),
            links: vec![link("31"), link("32")],
            unapplied_amount: None,
            exchange_rate: None,
            deposit_account_id: None,
        })
    }

    #[test]
    fn change_deferred_for_one_document_is_rescanned() {
        let queue = Queue::default();
        let mut scan = Scan::new(&queue);
        scan.add_index_entries(vec![
            entry(Kind::JournalEntry, "31", release(1)),
            entry(Kind::JournalEntry, "32", release(2)),
        ]);
        scan.observe(payment());
        let known = scan.observations[0].index_entry(&release(1), at(300));
        scan.defer_document(&release(2), at(300));
        let mut announced = Inbox::default();
        announced.add_again(&[payment().as_change(at(200))]);
        for inbox in [Inbox::default(), announced] {
            let deferred = scan.deferred_changes(&inbox);
            assert_eq!(deferred.len(), 1);
            assert!(deferred[0].at.as_second() > known.at);
        }
    }
}
