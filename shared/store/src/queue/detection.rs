//! The detections of a scan: the changes that a scan makes to the queue.

use crate::Store;
use crate::activity::ActivityEntry;
use crate::document::DocumentRecord;
use crate::document::status::DocumentStatus;
use crate::object_index::entry::{IndexEntry, VERSION_DELETED};
use crate::queue::Queue;
use crate::queue::completion::first_part;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::update_attempt::PreparedPages;
use crate::reason::hold::HoldReason;
use billing::{DocumentRef, FirmId};
use ports::records::{Records, StoreError};

/// The changes that a scan makes to the queue for one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// The activity entries.
    pub activity: Vec<ActivityEntry>,
    /// The entry of a new conflict. The document waits for a person from now on.
    pub conflict: Option<QueueEntry>,
    /// The entry of a conflict that is over.
    pub resolved: Option<QueueEntry>,
    /// The document to try again, because its conflict is outdated or its hold is over.
    pub retry: Option<DocumentRef>,
    /// The versions that are known now, for the object index.
    pub entries: Vec<IndexEntry>,
}

impl Detection {
    /// Returns the detection of a document from the observed versions of its objects.
    pub fn of(
        record: &DocumentRecord,
        entry: Option<&QueueEntry>,
        entries: Vec<IndexEntry>,
    ) -> Self {
        let is_conflict = matches!(record.status, DocumentStatus::Conflict(_));
        let mut detection = Self::default();
        match entry {
            None if is_conflict => {
                detection.conflict = record.posted.first().map(|posted| QueueEntry {
                    revision: record.revision,
                    summary: record.summary.clone(),
                    reason: record.status.reason(),
                    void: record.void,
                    state: EntryState::Conflict,
                    ..QueueEntry::new(record.reference.clone(), posted.posting.date())
                });
            }
            Some(known) if Self::may_conflict(record, entry) => {
                detection.resolved = Some(known.clone()).filter(|_| !is_conflict);
            }
            Some(known) if known.state == EntryState::Conflict && is_outdated(record, &entries) => {
                detection.retry = Some(record.reference.clone());
            }
            Some(known)
                if known.state == EntryState::Held(HoldReason::PaymentsApplied)
                    && is_unpaid(record) =>
            {
                detection.retry = Some(record.reference.clone());
            }
            Some(_) | None => {}
        }
        detection.entries = entries;
        detection
    }

    /// Returns whether a difference makes or made a conflict, because RIVET has nothing newer to write.
    pub fn may_conflict(record: &DocumentRecord, entry: Option<&QueueEntry>) -> bool {
        let conflict = record.conflict.as_ref();
        let stops_write = conflict.is_some_and(|conflict| conflict.stops_write);
        entry.is_none_or(|entry| {
            let is_same = (entry.revision, entry.void) == (record.revision, record.void);
            is_same && entry.state == EntryState::Conflict && !stops_write
        })
    }
}

fn is_unpaid(record: &DocumentRecord) -> bool {
    let mut payment = record.payment.iter();
    payment.all(|payment| payment.paid.is_zero())
}

/// Returns whether an object of the conflict has changed since the conflict was found.
fn is_outdated(record: &DocumentRecord, entries: &[IndexEntry]) -> bool {
    let conflict = record.conflict.as_ref();
    entries.iter().any(|entry| {
        let mut posted = record.posted.iter();
        let posted = posted.find(|posted| posted.is_object(entry.kind, &entry.id));
        let seen = posted
            .zip(conflict)
            .and_then(|(posted, conflict)| conflict.object(posted.kind, &posted.id));
        seen.is_some_and(|seen| seen.version.as_deref().unwrap_or(VERSION_DELETED) != entry.version)
    })
}

impl Queue {
    /// Records the detection of one document. If an entry arrived meanwhile, the entry takes precedence over a conflict.
    pub fn apply_detection(&mut self, detection: &Detection) {
        self.recent_activity
            .extend(detection.activity.iter().cloned());
        for entry in &detection.entries {
            self.object_index.add(entry.clone());
        }
        if let Some(conflict) = &detection.conflict
            && self.entry_for(&conflict.document).is_none()
        {
            self.entries.push(conflict.clone());
        }
        if let Some(resolved) = &detection.resolved {
            self.entries.retain(|entry| entry != resolved);
            self.release_holds(|hold| hold.may_be_released_by(&resolved.document));
        }
        if let Some(document) = &detection.retry {
            retry(&mut self.entries, document);
        }
    }
}

/// Makes the undecided entry of a document pending again.
fn retry(entries: &mut [QueueEntry], document: &DocumentRef) {
    let mut entries = entries.iter_mut();
    let retried = entries.find(|entry| entry.document == *document && is_undecided(entry));
    if let Some(entry) = retried {
        entry.state = EntryState::PENDING;
    }
}

fn is_undecided(entry: &QueueEntry) -> bool {
    match &entry.state {
        EntryState::Conflict => entry.decision.is_none(),
        state => *state == EntryState::Held(HoldReason::PaymentsApplied),
    }
}

impl<R: Records> Store<R> {
    /// Saves the detections of a scan: activity, entries and known versions. One swap saves as many as fit.
    pub async fn save_detections(
        &self,
        firm: &FirmId,
        detections: &[Detection],
    ) -> Result<(), StoreError> {
        let (mut prepared, mut left) = (PreparedPages::default(), detections);
        while !left.is_empty() {
            let fitting = first_part(left.iter().map(|detection| &detection.entries));
            let (part, rest) = left.split_at(fitting);
            let apply = &mut |queue: &mut Queue| {
                for detection in part {
                    queue.apply_detection(detection);
                }
                true
            };
            self.update_or_create_queue(firm, apply, &mut prepared)
                .await?;
            left = rest;
        }
        Ok(())
    }
}
