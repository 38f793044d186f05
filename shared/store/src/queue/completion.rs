//! What is written down at a desk about a document.

use crate::activity::{ActivityEntry, PAGE};
use crate::document::decision::Decision;
use crate::document::void::Void;
use crate::object_index::entry::IndexEntry;
use crate::object_index::fits_a_chunk;
use crate::queue::Queue;
use crate::queue::entry::{EntryState, QueueEntry};
use billing::DocumentRef;
use jiff::Timestamp;

/// What is told if something new of a document comes before a decision about it was carried out.
pub fn overtaken(desk: &Queue, document: &DocumentRef, now: Timestamp) -> Option<ActivityEntry> {
    let decision = desk.waiting_for(document)?.decision.as_ref()?;
    Some(ActivityEntry {
        at: now,
        document: document.clone(),
        state: "pending".into(),
        detail: format!(
            "{} RIVET sent something newer before that was done.",
            decision.sentence()
        ),
        by: Some(decision.by.clone()),
        tell: None,
    })
}

/// `sure`: nothing that makes documents wait was changed since the worker came. Else what it found to be held is tried again, for
/// whoever changed it has released only what lay here.
pub fn note(desk: &mut Queue, (done, sure): (&WorkResult, bool), now: Timestamp) {
    let current = |waiting: &QueueEntry| {
        waiting.document == done.document
            && waiting.revision == done.revision
            && waiting.void == done.void
            && waiting.decision == done.decision
    };
    match &done.mark {
        None => desk.waiting.retain(|waiting| !current(waiting)),
        Some(mark) => {
            for waiting in desk.waiting.iter_mut().filter(|waiting| current(waiting)) {
                waiting.mark = match mark {
                    EntryState::Held(hold)
                        if !sure && (hold.is_of_the_firm() || hold.is_of_a_match()) =>
                    {
                        EntryState::PENDING
                    }
                    mark => mark.clone(),
                };
                waiting.by = None;
                // What failed or differs again is for a person to decide anew.
                waiting
                    .decision
                    .take_if(|_| matches!(mark, EntryState::Failed | EntryState::Conflict));
            }
        }
    }
    if done.posted {
        desk.last_sync_at = Some(now);
    }
    if done.mark.is_none() {
        desk.release(|hold| hold.may_end_with(&done.document));
    }
    desk.recent.push(done.activity.clone());
    for entry in &done.objects {
        desk.register.payable_entries |= entry.is_payable();
        desk.register.add(entry.clone());
    }
}

/// How many documents are noted in one swap, given the entries of each: with the next one they would bring more than a page of activity
/// or a chunk of the register.
pub fn part<'a>(documents: impl Iterator<Item = &'a Vec<IndexEntry>>) -> usize {
    let (mut entries, mut fit) = (Vec::new(), 0);
    for document in documents.take(PAGE) {
        entries.extend(document);
        if fit > 0 && !fits_a_chunk(&entries) {
            break;
        }
        fit += 1;
    }
    fit
}

/// What a worker found out about one document.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkResult {
    /// Which.
    pub document: DocumentRef,
    /// The revision that was worked on; what arrived meanwhile stays.
    pub revision: u32,
    /// The void that was worked on.
    pub void: Option<Void>,
    /// The decision that was carried out; one that came meanwhile stays.
    pub decision: Option<Decision>,
    /// What it waits for now; nothing if it is final.
    pub mark: Option<EntryState>,
    /// The line for the activity list.
    pub activity: ActivityEntry,
    /// Something was posted.
    pub posted: bool,
    /// What is known of objects of QuickBooks now, for the register.
    pub objects: Vec<IndexEntry>,
}
