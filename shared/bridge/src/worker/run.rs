//! A run of a worker: the entries that it works on, and its time.

use billing::DocumentRef;
use jiff::Timestamp;
use store::queue::Queue;
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};

use crate::run_window::RunWindow;

/// The documents that a run works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkScope {
    /// All runnable entries. Afterwards the run looks for changes in QuickBooks.
    Everything,
    /// Only these documents, and those that waited for one of them.
    Documents(Vec<DocumentRef>),
}

impl WorkScope {
    fn includes(&self, document: &DocumentRef) -> bool {
        match self {
            Self::Everything => true,
            Self::Documents(documents) => documents.contains(document),
        }
    }

    fn add(&mut self, document: &DocumentRef) {
        match self {
            Self::Everything => {}
            Self::Documents(documents) => documents.push(document.clone()),
        }
    }
}

/// A leased queue, and the work of one worker on it. The run changes only its copy of the queue.
pub struct WorkerRun<'a> {
    /// The queue as it was when the lease was acquired, without the entries that the run has taken.
    pub queue: Queue,
    /// The owner of the lease.
    pub owner: &'a str,
    /// The documents that the run works on.
    pub scope: WorkScope,
    /// True if the run first reads the company's preferences again, because a person asked for the run.
    pub recheck_company: bool,
    /// The time that the run has.
    pub window: RunWindow,
}

impl WorkerRun<'_> {
    /// Takes the next runnable entry of the scope off the copy of the queue.
    pub(crate) fn take_entry(&mut self, now: Timestamp) -> Option<QueueEntry> {
        let in_scope = |entry: &&QueueEntry| self.scope.includes(&entry.document);
        let next = self
            .queue
            .runnable(now)
            .into_iter()
            .find(in_scope)
            .cloned()?;
        self.queue
            .entries
            .retain(|entry| entry.document != next.document);
        Some(next)
    }

    /// Returns an entry that was taken and not processed.
    pub(crate) fn return_entry(&mut self, entry: QueueEntry) {
        self.queue.entries.push(entry);
    }

    /// Returns the earliest instant, not before now, at which an entry of the queue becomes runnable. `None` if there is none.
    pub(crate) fn next_runnable_at(
        &self,
        results: &[WorkResult],
        now: Timestamp,
    ) -> Option<Timestamp> {
        let processed = results
            .iter()
            .filter_map(|result| result.entry_state.as_ref());
        let unprocessed = self.queue.entries.iter().map(|entry| &entry.state);
        let earliest = processed
            .chain(unprocessed)
            .filter_map(EntryState::runnable_at)
            .min();
        earliest.map(|at| at.max(now))
    }

    /// Updates the copy of the queue with the results that the scan must know.
    pub(crate) fn apply_results(&mut self, results: &[WorkResult]) {
        for result in results {
            for entry in &result.objects {
                self.queue.object_index.add(entry.clone());
            }
            // The stored entry stays until the lease is released, so a later scan handles the detections about the document.
            self.queue.entries.push(QueueEntry {
                state: match &result.entry_state {
                    Some(EntryState::Uncertain(at)) => EntryState::Uncertain(*at),
                    _ => EntryState::PENDING,
                },
                ..QueueEntry::new(result.document.clone(), Default::default())
            });
        }
    }

    /// Makes the entries pending that waited for this document. The entries join the scope.
    pub(crate) fn release_waiting_for(&mut self, document: &DocumentRef) {
        for entry in &mut self.queue.entries {
            if matches!(&entry.state, EntryState::Held(hold) if hold.may_be_released_by(document)) {
                entry.state = EntryState::PENDING;
                self.scope.add(&entry.document);
            }
        }
    }
}
