//! The earlier states of entities, from which a lagging index answers.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::{Record, Records};
use crate::kind::Kind;

/// The changes that an index may not know yet, oldest first. Nothing is kept while the index does not lag.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    /// The time of the present request; `None` while the index does not lag.
    now: Option<Timestamp>,
    changes: Vec<EarlierState>,
}

/// An entity before a change, or `None` before its creation.
#[derive(Clone, Debug)]
struct EarlierState {
    kind: Kind,
    id: u64,
    record: Option<Record>,
    changed_at: Timestamp,
}

impl Journal {
    /// Keeps the state of an entity before its change.
    pub(super) fn keep(&mut self, kind: Kind, id: u64, record: Option<&Record>) {
        let Some(changed_at) = self.now else { return };
        self.changes.push(EarlierState {
            kind,
            id,
            record: record.cloned(),
            changed_at,
        });
    }
}

impl Records {
    /// Begins a request at the given time, with an index that lags by the given time.
    pub(crate) fn begin_request(&mut self, now: Timestamp, lag: SignedDuration) {
        let journal = &mut self.journal;
        journal.now = (lag > SignedDuration::ZERO).then_some(now);
        journal
            .changes
            .retain(|change| change.changed_at + lag > now);
    }

    /// Returns the entities as an index shows them that lags by the given time. References and full names show the present
    /// names.
    pub(crate) fn as_indexed(&self, now: Timestamp, lag: SignedDuration) -> Cow<'_, Self> {
        let is_unknown = |change: &&EarlierState| change.changed_at + lag > now;
        let changes = self.journal.changes.iter().rev();
        let mut unknown = changes.take_while(is_unknown).peekable();
        if unknown.peek().is_none() {
            return Cow::Borrowed(self);
        }
        let mut tables = self.tables.clone();
        for change in unknown {
            let table = tables.entry(change.kind).or_default();
            match &change.record {
                Some(record) => drop(table.insert(change.id, record.clone())),
                None => drop(table.remove(&change.id)),
            }
        }
        Cow::Owned(Self {
            tables,
            sequence: self.sequence,
            journal: Journal::default(),
        })
    }
}
