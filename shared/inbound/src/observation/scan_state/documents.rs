//! Relates the observed objects of a scan to documents.

use crate::observation::object::{Observation, pays};
use crate::observation::scan_state::Scan;
use billing::DocumentRef;
use jiff::Timestamp;
use quickbooks::Kind;
use store::activity::ActivityEntry;
use store::document::DocumentRecord;
use store::inbox::change::PendingChange;
use store::object_index::entry::IndexEntry;

/// The results that an earlier scan saved in a document's record and did not report to the queue.
#[derive(Default)]
pub(crate) struct Unreported {
    pub(crate) activity: Vec<ActivityEntry>,
    pub(crate) index_entries: Vec<IndexEntry>,
}

impl Scan<'_> {
    /// Returns the documents of which an object or a payment was read.
    pub(crate) fn observed_documents(&self) -> Vec<DocumentRef> {
        let mut documents: Vec<DocumentRef> = Vec::new();
        for observation in &self.observations {
            for document in documents_about(self, observation) {
                if !documents.contains(document) {
                    documents.push(document.clone());
                }
            }
        }
        documents
    }

    /// Returns whether the scan read a payment that pays a document or paid it before.
    pub(crate) fn has_observed_payment(&self, record: &DocumentRecord) -> bool {
        let mut all = self.observations.iter();
        all.any(|observation| self.is_payment_of(observation, record))
    }

    /// Returns whether an object is another person's payment that pays a document or paid it before.
    fn is_payment_of(&self, observation: &Observation, record: &DocumentRecord) -> bool {
        let (kind, id) = (observation.kind, observation.id.as_str());
        let did = || {
            let mut documents = self.documents_of(kind, id);
            documents.any(|document| *document == record.reference)
        };
        let does = || pays(observation).any(|(kind, id)| has_object(record, kind, &id));
        kind == Kind::Payment && !has_object(record, kind, id) && (did() || does())
    }

    /// Returns index entries with the versions of all objects and payments of a document that were read.
    pub(crate) fn index_entries_about(
        &self,
        record: &DocumentRecord,
        now: Timestamp,
    ) -> Vec<IndexEntry> {
        let concerns = |observation: &&Observation| {
            has_object(record, observation.kind, &observation.id)
                || self.is_payment_of(observation, record)
        };
        let observations = self.observations.iter().filter(concerns);
        observations
            .map(|observation| observation.index_entry(&record.reference, now))
            .collect()
    }

    /// Returns the results that an earlier scan saved in a document's record and did not report to the queue. The object index does not
    /// know their versions.
    pub(crate) fn unreported(&self, record: &DocumentRecord) -> Unreported {
        let observed = record.observed.as_ref();
        let Some(observed) = observed.filter(|observed| !observed.activity.is_empty()) else {
            return Unreported::default();
        };
        let is_known = |entry: &IndexEntry| {
            let mut known = self.index_entries.iter();
            known.any(|known| known.has_same_subject(entry) && known.supersedes(entry))
        };
        if observed.versions.iter().all(is_known) {
            return Unreported::default();
        }
        Unreported {
            activity: observed.activity.clone(),
            index_entries: observed.versions.clone(),
        }
    }

    /// Defers all objects that were read of a document to a later scan.
    ///
    /// The changes are dated now: another document that an object also belongs to may know the version by then.
    pub(crate) fn defer_document(&mut self, document: &DocumentRef, now: Timestamp) {
        let is_about =
            |observation: &&Observation| documents_about(self, observation).contains(&document);
        let observations = self.observations.iter().filter(is_about);
        let changes = observations.map(|observation| PendingChange {
            at: now,
            ..observation.as_change(now)
        });
        let changes: Vec<PendingChange> = changes.collect();
        self.deferred.extend(changes);
    }
}

/// Returns the documents that an observed object belongs to, then those that it pays.
fn documents_about<'a>(scan: &'a Scan<'_>, observation: &Observation) -> Vec<&'a DocumentRef> {
    let own = scan.documents_of(observation.kind, &observation.id);
    let mut documents: Vec<&DocumentRef> = own.collect();
    for (kind, id) in pays(observation) {
        documents.extend(scan.documents_of(kind, &id));
    }
    documents
}

fn has_object(record: &DocumentRecord, kind: Kind, id: &str) -> bool {
    let mut posted = record.posted.iter();
    posted.any(|posted| posted.is_object(kind, id))
}
