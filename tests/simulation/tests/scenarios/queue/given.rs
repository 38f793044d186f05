//! Queues in a store in memory, and documents for them.

use billing::{DocumentKind, DocumentRef, FirmId, SubscriptionPlan};
use jiff::Timestamp;
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use simulation::memory_store::MemoryStore;
use store::Store;
use store::activity::ActivityEntry;
use store::document::attempts::WaitCause;
use store::document::void::Void;
use store::object_index::entry::{IndexEntry, Subject};
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::NewEntry;
use store::queue::{PlanStatus, Queue};
use store::reason::hold::HoldReason;

pub type Records = SealedRecords<MemoryStore>;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

pub fn firm() -> FirmId {
    "firm_harbor".parse().unwrap()
}

/// Returns a store over these records, with this page capacity.
pub fn store(memory: &MemoryStore, page_capacity: usize, seed: u8) -> Store<Records> {
    Store::new(records(memory, seed)).with_page_capacity(page_capacity)
}

pub fn records(memory: &MemoryStore, seed: u8) -> Records {
    let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
    let entropy = Entropy::new([seed; 32]);
    SealedRecords::new(memory.clone(), keyring, entropy, || at(0))
}

pub fn document(number: usize) -> DocumentRef {
    DocumentRef {
        kind: DocumentKind::PayApp,
        id: format!("pa_{number:04}").parse().unwrap(),
    }
}

pub fn queue_entry(number: usize, revision: u32, state: EntryState) -> QueueEntry {
    let day = 1 + number % 28;
    let date = format!("2026-03-{day:02}").parse().unwrap();
    QueueEntry {
        revision,
        state,
        ..QueueEntry::new(document(number), date)
    }
}

pub fn void(revision: u32) -> Void {
    Void {
        revision,
        voided_on: "2026-07-02".parse().unwrap(),
    }
}

/// Returns the Pro plan, as an event of this time says.
pub fn pro_plan(at: Timestamp) -> PlanStatus {
    PlanStatus {
        plan: SubscriptionPlan::Pro,
        at,
    }
}

/// Returns the new entry of a document.
pub fn new_entry(entry: QueueEntry, plan: PlanStatus, is_first: bool) -> NewEntry {
    let held = matches!(entry.state, EntryState::Held(_));
    let line = activity_entry(&entry.document, "held", plan.at);
    NewEntry {
        activity: held.then_some(line),
        entry,
        plan,
        is_first,
    }
}

/// Returns the first entry of a document, held because syncing is paused.
pub fn paused_entry(number: usize) -> NewEntry {
    let entry = queue_entry(number, 1, EntryState::Held(HoldReason::Paused));
    new_entry(entry, pro_plan(at(0)), true)
}

pub fn activity_entry(document: &DocumentRef, state: &str, at: Timestamp) -> ActivityEntry {
    ActivityEntry {
        summary: None,
        at,
        document: document.clone(),
        state: state.into(),
        detail: "Sync is paused in the settings.".into(),
        requested_by: None,
        notification: None,
        transactions: Vec::new(),
    }
}

/// Returns the result of a worker for a queue entry: the state that the entry gets, or `None` if the document is posted.
pub fn result_for(entry: &QueueEntry, state: Option<EntryState>, now: Timestamp) -> WorkResult {
    let activity_state = if state.is_none() { "posted" } else { "held" };
    WorkResult {
        reason: None,
        document: entry.document.clone(),
        revision: entry.revision,
        void: entry.void,
        decision: entry.decision.clone(),
        is_posted: state.is_none(),
        entry_state: state,
        wait_cause: WaitCause::Document,
        activity_entry: activity_entry(&entry.document, activity_state, now),
        objects: index_entries(entry, now),
    }
}

/// Returns the index entries of the two QuickBooks objects of a document.
fn index_entries(entry: &QueueEntry, now: Timestamp) -> Vec<IndexEntry> {
    let number = entry.document.id.as_ref().trim_start_matches("pa_");
    let stands = |kind| IndexEntry {
        kind,
        id: number.to_owned(),
        subject: Subject::Document(entry.document.clone()),
        version: entry.revision.to_string(),
        at: now.as_second(),
    };
    [quickbooks::Kind::Invoice, quickbooks::Kind::JournalEntry]
        .map(stands)
        .to_vec()
}

/// Returns the queue without the places of its pages.
pub fn without_pages(queue: Queue) -> Queue {
    Queue {
        overflow: Default::default(),
        ..queue
    }
}
