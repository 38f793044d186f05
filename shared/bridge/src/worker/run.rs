//! A stay at a desk: what is done there, and until when.

use billing::DocumentRef;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::{Queue, WORK_LEASE};

/// An event is answered within this time; what is left then is the schedule's.
const FOR_AN_EVENT: SignedDuration = SignedDuration::from_secs(10);

/// A claimed desk and how long to work at it.
pub struct WorkerRun<'a> {
    pub(crate) desk: Queue,
    pub(crate) owner: &'a str,
    /// Only these documents, if named; what waited for one of them joins it.
    pub(crate) only: Option<Vec<DocumentRef>>,
    /// A person asked: what the company says of itself is read anew.
    pub(crate) recheck: bool,
    /// The worker before did not leave.
    pub(crate) inherited: bool,
    pub(crate) began: Timestamp,
    pub(crate) until: Timestamp,
    /// No answer is waited for beyond this.
    pub(crate) end: Timestamp,
}

impl<'a> WorkerRun<'a> {
    /// For an event that has just arrived: that document, and what waited for it.
    pub fn event(desk: Queue, owner: &'a str, document: &DocumentRef, now: Timestamp) -> Self {
        Self {
            inherited: desk.has_expired_lease(),
            desk,
            owner,
            only: Some(vec![document.clone()]),
            recheck: false,
            began: now,
            until: after(now, FOR_AN_EVENT),
            end: after(now, WORK_LEASE),
        }
    }

    /// For everything that is due, until a point in time.
    pub fn everything(desk: Queue, owner: &'a str, (now, until): (Timestamp, Timestamp)) -> Self {
        Self {
            inherited: desk.has_expired_lease(),
            desk,
            owner,
            only: None,
            recheck: false,
            began: now,
            until,
            end: after(now, WORK_LEASE),
        }
    }

    /// The same, without waiting for any answer beyond `end`.
    pub fn ending(self, end: Timestamp) -> Self {
        Self { end, ..self }
    }

    /// For everything, because a person asked.
    pub fn asked_for(desk: Queue, owner: &'a str, span: (Timestamp, Timestamp)) -> Self {
        Self {
            recheck: true,
            ..Self::everything(desk, owner, span)
        }
    }

    /// The next document to try, taken off our copy of the desk.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<QueueEntry> {
        let concerns = |waiting: &&QueueEntry| {
            self.only
                .as_ref()
                .is_none_or(|only| only.contains(&waiting.document))
        };
        let next = self
            .desk
            .runnable(now)
            .into_iter()
            .find(concerns)
            .cloned()?;
        self.desk
            .entries
            .retain(|waiting| waiting.document != next.document);
        Some(next)
    }

    /// It was taken up and not tried.
    pub(crate) fn put_back(&mut self, waiting: QueueEntry) {
        self.desk.entries.push(waiting);
    }

    /// When what this shift leaves behind may be worked on, if it leaves anything.
    pub(crate) fn left(&self, finished: &[WorkResult], now: Timestamp) -> Option<Timestamp> {
        let tried = finished.iter().filter_map(|done| done.entry_state.as_ref());
        let untried = self.desk.entries.iter().map(|waiting| &waiting.state);
        let earliest = tried
            .chain(untried)
            .filter_map(EntryState::runnable_at)
            .min();
        earliest.map(|at| at.max(now))
    }

    /// Our copy of the desk shows what became of what was tried, so far as others have to know.
    pub(crate) fn show(&mut self, finished: &[WorkResult]) {
        for done in finished {
            for entry in &done.objects {
                self.desk.object_index.add(entry.clone());
            }
            // Until the desk is left it lies there, so a later look sees to what is noticed of it.
            self.desk.entries.push(QueueEntry {
                state: match &done.entry_state {
                    Some(EntryState::Uncertain(at)) => EntryState::Uncertain(*at),
                    _ => EntryState::PENDING,
                },
                ..QueueEntry::new(done.document.clone(), Default::default())
            });
        }
    }

    /// Something is settled: what waited for it is next.
    pub(crate) fn release(&mut self, settled: &DocumentRef) {
        for waiting in &mut self.desk.entries {
            if matches!(&waiting.state, EntryState::Held(hold) if hold.may_be_released_by(settled))
            {
                waiting.state = EntryState::PENDING;
                self.only
                    .iter_mut()
                    .for_each(|only| only.push(waiting.document.clone()));
            }
        }
    }
}
