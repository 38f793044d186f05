//! Entries that wait for the company: their order, their end and their stored form.

use crate::queue::given::{at, queue_entry};
use store::document::attempts::WaitCause;
use store::queue::Queue;
use store::queue::entry::{EntryState, QueueEntry};

/// Returns the entry of a document that waits until this second.
fn waiting(number: usize, second: i64, wait_cause: WaitCause) -> QueueEntry {
    QueueEntry {
        wait_cause,
        ..queue_entry(number, 1, EntryState::Uncertain(at(second)))
    }
}

fn queue(entries: Vec<QueueEntry>) -> Queue {
    Queue {
        entries,
        ..Queue::default()
    }
}

/// Returns the numbers of the documents that a worker may process, in order.
fn order(queue: &Queue) -> Vec<String> {
    let runnable = queue.runnable(at(30));
    let ids = runnable.iter().map(|entry| entry.document.id.to_string());
    ids.collect()
}

#[test]
fn answering_company_ends_only_its_own_waits() {
    let mut queue = queue(vec![
        waiting(1, 90, WaitCause::Document),
        waiting(2, 90, WaitCause::Company),
    ]);
    queue.end_company_waits(at(30));
    assert_eq!(order(&queue), ["pa_0002"]);
    assert_eq!(queue.next_work_at(), Some(at(30)));
}

#[test]
fn entry_waiting_for_company_lets_others_go_first() {
    let queue = queue(vec![
        waiting(1, 20, WaitCause::Company),
        waiting(2, 10, WaitCause::Company),
        queue_entry(3, 1, EntryState::PENDING),
    ]);
    assert_eq!(order(&queue), ["pa_0003", "pa_0002", "pa_0001"]);
}

#[test]
fn entry_without_wait_cause_still_loads() {
    let alone = waiting(1, 10, WaitCause::Document);
    let stored = serde_json::to_value(&alone).unwrap();
    assert!(stored.get("wait_cause").is_none());
    assert_eq!(json::read::<QueueEntry>(&stored).unwrap(), alone);
    let outage = waiting(1, 10, WaitCause::Company);
    let stored = serde_json::to_value(&outage).unwrap();
    assert_eq!(stored["wait_cause"], "company");
    assert_eq!(json::read::<QueueEntry>(&stored).unwrap(), outage);
}
