//! What a desk is to note of a document.

use crate::Store;
use crate::activity::ActivityEntry;
use crate::document::DocumentRecord;
use crate::document::status::DocumentStatus;
use crate::object_index::entry::{IndexEntry, VERSION_DELETED};
use crate::queue::Queue;
use crate::queue::completion::first_part;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::page_loading::PreparedPages;
use crate::reason::hold::HoldReason;
use billing::{DocumentRef, FirmId};
use ports::records::{Records, StoreError};

/// What the desk is to note of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// For the activity list.
    pub activity: Vec<ActivityEntry>,
    /// It differs, and waits for a person from now on.
    pub conflict: Option<QueueEntry>,
    /// What it differed in is over: this waits no more.
    pub resolved: Option<QueueEntry>,
    /// It is to be tried again: what it was found to differ in is another by now, or what held it up is over.
    pub retry: Option<DocumentRef>,
    /// The versions that are known now.
    pub entries: Vec<IndexEntry>,
}

impl Detection {
    /// What becomes of a document of which these versions were seen.
    pub fn of(
        record: &DocumentRecord,
        waiting: Option<&QueueEntry>,
        entries: Vec<IndexEntry>,
    ) -> Self {
        let differs = matches!(record.status, DocumentStatus::Conflict(_));
        let mut noticed = Self::default();
        match waiting {
            None if differs => {
                noticed.conflict = record.posted.first().map(|posted| QueueEntry {
                    revision: record.revision,
                    void: record.void,
                    state: EntryState::Conflict,
                    ..QueueEntry::new(record.reference.clone(), posted.posting.date())
                });
            }
            Some(there) if Self::may_conflict(record, waiting) => {
                noticed.resolved = Some(there.clone()).filter(|_| !differs);
            }
            Some(there) if there.state == EntryState::Conflict && is_outdated(record, &entries) => {
                noticed.retry = Some(record.reference.clone());
            }
            Some(there)
                if there.state == EntryState::Held(HoldReason::PaymentsApplied)
                    && is_unpaid(record) =>
            {
                noticed.retry = Some(record.reference.clone());
            }
            Some(_) | None => {}
        }
        noticed.entries = entries;
        noticed
    }

    /// Whether what differs makes it a conflict, or did: RIVET has nothing newer to say of it.
    pub fn may_conflict(record: &DocumentRecord, waiting: Option<&QueueEntry>) -> bool {
        waiting.is_none_or(|waiting| {
            let same = (waiting.revision, waiting.void) == (record.revision, record.void);
            same && waiting.state == EntryState::Conflict
        })
    }
}

fn is_unpaid(record: &DocumentRecord) -> bool {
    let mut payment = record.payment.iter();
    payment.all(|payment| payment.paid.is_zero())
}

/// Whether what a person is to decide about has another version by now.
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
    /// Notes what was noticed of a document. What arrived of it meanwhile goes first.
    pub fn apply_detection(&mut self, noticed: &Detection) {
        self.recent_activity
            .extend(noticed.activity.iter().cloned());
        for entry in &noticed.entries {
            self.object_index.add(entry.clone());
        }
        if let Some(conflict) = &noticed.conflict
            && self.entry_for(&conflict.document).is_none()
        {
            self.entries.push(conflict.clone());
        }
        let undecided = |waiting: &QueueEntry, document: &DocumentRef| {
            let waits = match &waiting.state {
                EntryState::Conflict => waiting.decision.is_none(),
                mark => *mark == EntryState::Held(HoldReason::PaymentsApplied),
            };
            waiting.document == *document && waits
        };
        if let Some(over) = &noticed.resolved {
            self.entries.retain(|waiting| waiting != over);
            self.release_holds(|hold| hold.may_be_released_by(&over.document));
        }
        if let Some(document) = &noticed.retry {
            let mut waiting = self.entries.iter_mut();
            if let Some(waiting) = waiting.find(|waiting| undecided(waiting, document)) {
                waiting.state = EntryState::PENDING;
            }
        }
    }
}

impl<R: Records> Store<R> {
    /// Notes what was noticed: of each document its lines, what becomes of it on the desk, and the versions that are known now, in one
    /// swap. Of very much, a part at a time.
    pub async fn save_detections(
        &self,
        firm: &FirmId,
        noticed: &[Detection],
    ) -> Result<(), StoreError> {
        let (mut ready, mut left) = (PreparedPages::default(), noticed);
        while !left.is_empty() {
            let (now, rest) =
                left.split_at(first_part(left.iter().map(|noticed| &noticed.entries)));
            let note = &mut |desk: &mut Queue| {
                now.iter().for_each(|noticed| desk.apply_detection(noticed));
                true
            };
            self.update_or_create_queue(firm, note, &mut ready).await?;
            left = rest;
        }
        Ok(())
    }
}
