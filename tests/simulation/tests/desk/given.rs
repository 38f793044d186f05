//! Desks on a store in memory, and what arrives there.

use billing::{DocumentKind, DocumentRef, FirmId, SubscriptionPlan};
use jiff::Timestamp;
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use simulation::memory::Memory;
use store::Store;
use store::activity::ActivityEntry;
use store::document::void::Void;
use store::object_index::entry::{IndexEntry, Subject};
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::NewEntry;
use store::queue::{PlanStatus, Queue};
use store::reason::hold::HoldReason;

pub type Records = SealedRecords<Memory>;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

pub fn firm() -> FirmId {
    "firm_harbor".parse().unwrap()
}

/// A store of its own on these records, with shelves of so many documents.
pub fn store(memory: &Memory, room: usize, seed: u8) -> Store<Records> {
    Store::new(records(memory, seed)).with_page_capacity(room)
}

pub fn records(memory: &Memory, seed: u8) -> Records {
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

pub fn waiting(number: usize, revision: u32, mark: EntryState) -> QueueEntry {
    let day = 1 + number % 28;
    let date = format!("2026-03-{day:02}").parse().unwrap();
    QueueEntry {
        revision,
        state: mark,
        ..QueueEntry::new(document(number), date)
    }
}

pub fn void(revision: u32) -> Void {
    Void {
        revision,
        voided_on: "2026-07-02".parse().unwrap(),
    }
}

/// The arrival of a document; `is_first` as the reception would have it.
pub fn arrival(
    waiting: QueueEntry,
    plan: (SubscriptionPlan, Timestamp),
    is_first: bool,
) -> NewEntry {
    let held = matches!(waiting.state, EntryState::Held(_));
    let line = line(&waiting.document, "held", plan.1);
    NewEntry {
        activity: held.then_some(line),
        entry: waiting,
        plan: PlanStatus {
            plan: plan.0,
            at: plan.1,
        },
        is_first,
    }
}

/// A document that waits because syncing is paused.
pub fn paused(number: usize) -> NewEntry {
    let waiting = waiting(number, 1, EntryState::Held(HoldReason::Paused));
    arrival(waiting, (SubscriptionPlan::Pro, at(0)), true)
}

pub fn line(document: &DocumentRef, state: &str, at: Timestamp) -> ActivityEntry {
    ActivityEntry {
        at,
        document: document.clone(),
        state: state.into(),
        detail: "Sync is paused in the settings.".into(),
        requested_by: None,
        notification: None,
    }
}

/// What a worker found out about what waits there.
pub fn finished(waiting: &QueueEntry, mark: Option<EntryState>, now: Timestamp) -> WorkResult {
    let state = if mark.is_none() { "posted" } else { "held" };
    WorkResult {
        document: waiting.document.clone(),
        revision: waiting.revision,
        void: waiting.void,
        decision: waiting.decision.clone(),
        is_posted: mark.is_none(),
        entry_state: mark,
        activity_entry: line(&waiting.document, state, now),
        objects: objects(waiting, now),
    }
}

/// What stands in QuickBooks of it, two objects.
fn objects(waiting: &QueueEntry, now: Timestamp) -> Vec<IndexEntry> {
    let number = waiting.document.id.as_ref().trim_start_matches("pa_");
    let stands = |kind| IndexEntry {
        kind,
        id: number.to_owned(),
        subject: Subject::Document(waiting.document.clone()),
        version: waiting.revision.to_string(),
        at: now.as_second(),
    };
    [quickbooks::Kind::Invoice, quickbooks::Kind::JournalEntry]
        .map(stands)
        .to_vec()
}

/// A desk without what is said of where it lies.
pub fn plain(desk: Queue) -> Queue {
    Queue {
        overflow: Default::default(),
        ..desk
    }
}
