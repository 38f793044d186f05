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
pub fn overtaken_entry(
    desk: &Queue,
    document: &DocumentRef,
    now: Timestamp,
) -> Option<ActivityEntry> {
    let decision = desk.entry_for(document)?.decision.as_ref()?;
    Some(ActivityEntry {
        at: now,
        document: document.clone(),
        state: "pending".into(),
        detail: format!(
            "{} RIVET sent something newer before that was done.",
            decision.description()
        ),
        requested_by: Some(decision.decided_by.clone()),
        notification: None,
    })
}

/// `sure`: nothing that makes documents wait was changed since the worker came. Else what it found to be held is tried again, for
/// whoever changed it has released only what lay here.
pub fn record_result(desk: &mut Queue, (done, sure): (&WorkResult, bool), now: Timestamp) {
    let current = |waiting: &QueueEntry| {
        waiting.document == done.document
            && waiting.revision == done.revision
            && waiting.void == done.void
            && waiting.decision == done.decision
    };
    match &done.entry_state {
        None => desk.entries.retain(|waiting| !current(waiting)),
        Some(mark) => {
            for waiting in desk.entries.iter_mut().filter(|waiting| current(waiting)) {
                waiting.state = match mark {
                    EntryState::Held(hold)
                        if !sure && (hold.depends_on_settings() || hold.depends_on_match()) =>
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
    if done.is_posted {
        desk.last_sync_at = Some(now);
    }
    if done.entry_state.is_none() {
        desk.release_holds(|hold| hold.may_be_released_by(&done.document));
    }
    desk.recent_activity.push(done.activity_entry.clone());
    for entry in &done.objects {
        desk.object_index.payable_entries |= entry.is_payable();
        desk.object_index.add(entry.clone());
    }
}

/// How many documents are noted in one swap, given the entries of each: with the next one they would bring more than a page of activity
/// or a chunk of the register.
pub fn first_part<'a>(documents: impl Iterator<Item = &'a Vec<IndexEntry>>) -> usize {
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
    pub entry_state: Option<EntryState>,
    /// The line for the activity list.
    pub activity_entry: ActivityEntry,
    /// Something was posted.
    pub is_posted: bool,
    /// What is known of objects of QuickBooks now, for the register.
    pub objects: Vec<IndexEntry>,
}
