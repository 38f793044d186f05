//! The results of a worker, and their effect on the queue record.

use crate::Claimant;
use crate::activity::{ActivityEntry, PAGE};
use crate::document::attempts::WaitCause;
use crate::document::decision::Decision;
use crate::document::void::Void;
use crate::object_index::entry::IndexEntry;
use crate::object_index::fits_a_chunk;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::{LastPosted, Queue};
use crate::reason::Reason;
use billing::{DocumentKind, DocumentRef};
use jiff::Timestamp;

/// The result of a worker for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkResult {
    /// The document.
    pub document: DocumentRef,
    /// The revision that was processed. A later one stays in the queue.
    pub revision: u32,
    /// The void that was processed.
    pub void: Option<Void>,
    /// The decision that was carried out. A later one stays in the queue.
    pub decision: Option<Decision>,
    /// The next state of the entry. `None` if the document is finished.
    pub entry_state: Option<EntryState>,
    /// The cause of the wait, if the next state names a time.
    pub wait_cause: WaitCause,
    /// The reason of a failure, a conflict or a doubt.
    pub reason: Option<Reason>,
    /// The activity entry.
    pub activity_entry: ActivityEntry,
    /// The worker posted an object.
    pub is_posted: bool,
    /// The known versions of QuickBooks objects, for the object index.
    pub objects: Vec<IndexEntry>,
}

/// The validity of the holds that a worker reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HoldsFound {
    /// No reason to hold documents changed during the lease.
    Current,
    /// A reason changed, or the lease is over. The entries are tried again: the change released only entries in the queue.
    Outdated,
}

/// Returns the activity entry for a decision that a newer revision or void cancels before it was carried out.
pub fn overtaken_entry(
    queue: &Queue,
    document: &DocumentRef,
    now: Timestamp,
) -> Option<ActivityEntry> {
    let entry = queue.entry_for(document)?;
    let decision = entry.decision.as_ref()?;
    Some(ActivityEntry {
        at: now,
        document: document.clone(),
        summary: entry.summary.clone(),
        state: "pending".into(),
        detail: format!(
            "{} RIVET sent something newer before that was done.",
            decision.description()
        ),
        requested_by: Some(decision.decided_by.clone()),
        notification: None,
        transactions: Vec::new(),
    })
}

/// Puts results of a worker into the queue.
pub(crate) fn record_results(queue: &mut Queue, results: &[WorkResult], worker: Claimant<'_>) {
    let mut lease = queue.lease.iter();
    let holds = match lease.find(|lease| lease.owner == worker.owner) {
        Some(lease) if !lease.holds_changed => HoldsFound::Current,
        Some(_) | None => HoldsFound::Outdated,
    };
    for result in results {
        record_result(queue, result, holds, worker.now);
    }
}

/// Puts the result of a worker into the queue.
fn record_result(queue: &mut Queue, result: &WorkResult, holds: HoldsFound, now: Timestamp) {
    let is_same = |entry: &QueueEntry| {
        entry.document == result.document
            && entry.revision == result.revision
            && entry.void == result.void
            && entry.decision == result.decision
    };
    match &result.entry_state {
        None => queue.entries.retain(|entry| !is_same(entry)),
        Some(state) => {
            for entry in queue.entries.iter_mut().filter(|entry| is_same(entry)) {
                set_state(entry, state, result, holds);
            }
        }
    }
    if result.is_posted {
        queue.last_sync_at = Some(now);
    }
    if is_posting(result) {
        queue.last_posted = Some(LastPosted {
            document: result.document.clone(),
            summary: result.activity_entry.summary.clone(),
            at: now,
        });
    }
    if result.entry_state.is_none() {
        queue.release_holds(|hold| hold.may_be_released_by(&result.document));
    }
    queue.recent_activity.push(result.activity_entry.clone());
    for entry in &result.objects {
        queue.object_index.payable_entries |= entry.is_payable();
        queue.object_index.add(entry.clone());
    }
}

/// Returns whether the worker posted a transaction: a project has none, and a void posts nothing that people wait for.
fn is_posting(result: &WorkResult) -> bool {
    let is_transaction = result.document.kind != DocumentKind::Project;
    result.is_posted && is_transaction && result.activity_entry.state == "posted"
}

/// Sets what becomes of an entry whose document is not finished.
fn set_state(entry: &mut QueueEntry, state: &EntryState, result: &WorkResult, holds: HoldsFound) {
    let is_asked_since = entry.requested_by() != result.activity_entry.requested_by;
    entry.state = match state {
        // A person asked while the worker was at work. Only a conflict waits for a decision.
        EntryState::Held(_) | EntryState::Failed if is_asked_since => EntryState::REQUESTED,
        state => next_state(state, holds),
    };
    entry.wait_cause = result.wait_cause;
    let is_over = state.runnable_at().is_none() && entry.state != EntryState::REQUESTED;
    entry.requested_by.take_if(|_| is_over);
    entry.reason.clone_from(&result.reason);
    let summary = &result.activity_entry.summary;
    entry.summary = summary.clone().or(entry.summary.take());
    // After a failure or another conflict, the person decides again.
    let is_decided_again = matches!(state, EntryState::Failed | EntryState::Conflict);
    entry.decision.take_if(|_| is_decided_again);
}

fn next_state(state: &EntryState, holds: HoldsFound) -> EntryState {
    match state {
        EntryState::Held(hold)
            if holds == HoldsFound::Outdated
                && (hold.depends_on_settings() || hold.depends_on_match()) =>
        {
            EntryState::PENDING
        }
        state => state.clone(),
    }
}

/// Returns the number of documents that one swap takes, given the index entries of each. Together they add at most a page of activity and a
/// chunk of the object index.
pub fn first_part<'a>(documents: impl Iterator<Item = &'a Vec<IndexEntry>>) -> usize {
    let (mut entries, mut count) = (Vec::new(), 0);
    for document in documents.take(PAGE) {
        entries.extend(document);
        if count > 0 && !fits_a_chunk(&entries) {
            break;
        }
        count += 1;
    }
    count
}
