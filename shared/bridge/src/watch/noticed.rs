//! What a desk is to note of a document.

use crate::desk::{Activity, Mark, Waiting};
use crate::document::{DocumentRecord, State};
use crate::reason::Hold;
use crate::register::{Entry, GONE};
use billing::DocumentRef;

/// What the desk is to note of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Noticed {
    /// For the activity list.
    pub lines: Vec<Activity>,
    /// It differs, and waits for a person from now on.
    pub conflict: Option<Waiting>,
    /// What it differed in is over: this waits no more.
    pub settled: Option<Waiting>,
    /// It is to be tried again: what it was found to differ in is another by now, or what held it up is over.
    pub retry: Option<DocumentRef>,
    /// The versions that are known now.
    pub entries: Vec<Entry>,
}

impl Noticed {
    /// What becomes of a document of which these versions were seen.
    pub(super) fn of(
        record: &DocumentRecord,
        waiting: Option<&Waiting>,
        entries: Vec<Entry>,
    ) -> Self {
        let differs = matches!(record.state, State::Conflict(_));
        let mut noticed = Self::default();
        match waiting {
            None if differs => {
                noticed.conflict = record.posted.first().map(|posted| Waiting {
                    revision: record.revision,
                    void: record.void,
                    mark: Mark::Conflict,
                    ..Waiting::new(record.reference.clone(), posted.posting.date())
                });
            }
            Some(there) if Self::may_conflict(record, waiting) => {
                noticed.settled = Some(there.clone()).filter(|_| !differs);
            }
            Some(there) if there.mark == Mark::Conflict && is_outdated(record, &entries) => {
                noticed.retry = Some(record.reference.clone());
            }
            Some(there) if there.mark == Mark::Held(Hold::PaymentsApplied) && is_unpaid(record) => {
                noticed.retry = Some(record.reference.clone());
            }
            Some(_) | None => {}
        }
        noticed.entries = entries;
        noticed
    }

    /// Whether what differs makes it a conflict, or did: RIVET has nothing newer to say of it.
    pub(super) fn may_conflict(record: &DocumentRecord, waiting: Option<&Waiting>) -> bool {
        waiting.is_none_or(|waiting| {
            let same = (waiting.revision, waiting.void) == (record.revision, record.void);
            same && waiting.mark == Mark::Conflict
        })
    }
}

fn is_unpaid(record: &DocumentRecord) -> bool {
    let mut payment = record.payment.iter();
    payment.all(|payment| payment.paid.is_zero())
}

/// Whether what a person is to decide about has another version by now.
fn is_outdated(record: &DocumentRecord, entries: &[Entry]) -> bool {
    let conflict = record.conflict.as_ref();
    entries.iter().any(|entry| {
        let mut posted = record.posted.iter();
        let posted = posted.find(|posted| posted.is_object(entry.kind, &entry.id));
        let seen = posted
            .zip(conflict)
            .and_then(|(posted, conflict)| conflict.seen(posted.kind, &posted.id));
        seen.is_some_and(|seen| seen.unwrap_or(GONE) != entry.version)
    })
}
