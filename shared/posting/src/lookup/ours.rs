//! Chooses the transaction of a step among those that have its mark.
//!
//! The mark is the origin note, which RIVET writes into each transaction. When a person copies a transaction in QuickBooks, the copy has the
//! mark too. A mark alone therefore proves nothing if several transactions have it. Number, time of creation and content decide then. If
//! they do not, a person decides: RIVET never guesses, because it would change or void the wrong one later.

use jiff::Timestamp;
use mapping::{Ids, PostedObject, Posting, Step, StepResult};
use ports::time::after;
use quickbooks::entity::ObjectSnapshot;
use store::document::saga::LastSending;
use store::document::{DocumentRecord, Saga};
use store::index_margin::CLOCK_SLACK;
use store::reason::FoundTransaction;

/// A step whose transaction is sought, with what is known about it.
#[derive(Clone)]
pub struct Sought<'a> {
    /// The step.
    pub step: &'a Step,
    /// The content that the step writes.
    pub posting: &'a Posting,
    /// The QuickBooks ids that the step names.
    pub ids: &'a Ids,
    /// The objects that other steps of the document made.
    pub posted: &'a [PostedObject],
    /// The start of the saga.
    pub since: Timestamp,
    /// The last sending of the step.
    pub last_sending: LastSending,
    /// The ids that a fault or a person named as those of the step.
    pub named: Vec<&'a str>,
}

/// The transaction of a step among those found.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// None of them is the step's.
    Nothing,
    /// The transaction of the step.
    Ours(Box<ObjectSnapshot>),
    /// Any of these may be the step's, or a copy of it.
    Copies(Vec<FoundTransaction>),
}

impl<'a> Sought<'a> {
    /// Returns what is known about a step. `None` if the step creates nothing.
    pub fn new(record: &'a DocumentRecord, saga: &'a Saga, at: usize) -> Option<Self> {
        let open = saga.steps.get(at)?;
        let (Step::Create { posting, .. }
        | Step::Reverse { posting, .. }
        | Step::Apply { posting, .. }) = &open.step
        else {
            return None;
        };
        let kind = posting.txn_type();
        let named = saga.named.iter().filter(|named| named.kind == kind);
        Some(Self {
            step: &open.step,
            posting,
            ids: &saga.ids,
            posted: &record.posted,
            since: Timestamp::from_second(saga.since).unwrap_or_default(),
            last_sending: open.last_sending,
            named: named.map(|named| named.id.as_str()).collect(),
        })
    }

    /// Chooses the transaction of the step.
    pub fn choose(&self, found: Vec<ObjectSnapshot>) -> Choice {
        let is_candidate = |found: &ObjectSnapshot| {
            has_mark(found, self.posting.note())
                && !self.is_of_other_step(found)
                && !self.is_earlier_void(found)
        };
        let mut marked: Vec<_> = found.into_iter().filter(is_candidate).collect();
        let is_named = |found: &ObjectSnapshot| self.named.contains(&found.id.as_str());
        if let Some(at) = marked.iter().position(is_named) {
            return Choice::Ours(Box::new(marked.swap_remove(at)));
        }
        narrow(&mut marked, |found| self.is_created_then(found));
        narrow(&mut marked, |found| self.has_number(found));
        narrow(&mut marked, |found| self.has_content(found));
        match marked.pop() {
            None => Choice::Nothing,
            Some(only) if marked.is_empty() && self.is_plausible(&only) => {
                Choice::Ours(Box::new(only))
            }
            Some(last) => {
                marked.push(last);
                Choice::Copies(marked.iter().map(FoundTransaction::of).collect())
            }
        }
    }

    fn is_of_other_step(&self, found: &ObjectSnapshot) -> bool {
        let mut posted = self.posted.iter();
        posted.any(|posted| posted.is_object(found.kind, &found.id))
    }

    /// Returns whether the object was made and voided before the step was to be sent.
    fn is_earlier_void(&self, found: &ObjectSnapshot) -> bool {
        found.is_voided() && !self.is_created_then(found)
    }

    /// Returns whether the step alone explains the object: it was created when the step was sent, or it has number and content of the step.
    /// The second holds for a posting whose record was lost.
    fn is_plausible(&self, found: &ObjectSnapshot) -> bool {
        self.is_created_then(found) || (self.has_number(found) && self.has_content(found))
    }

    /// Returns whether the object was created between the start of the saga and the last sending, or at an unknown time.
    fn is_created_then(&self, found: &ObjectSnapshot) -> bool {
        let Some(created) = found.created_at else {
            return true;
        };
        let is_early = after(created, CLOCK_SLACK) < self.since;
        let is_late = match self.last_sending {
            LastSending::EndedBy(at) if at != Timestamp::UNIX_EPOCH => {
                created > after(at, CLOCK_SLACK)
            }
            LastSending::EndedBy(_) | LastSending::Never => false,
        };
        !is_early && !is_late
    }

    fn has_number(&self, found: &ObjectSnapshot) -> bool {
        found.doc_number.as_deref() == self.posting.number()
    }

    fn has_content(&self, found: &ObjectSnapshot) -> bool {
        has_content(self.step, self.ids, found)
    }
}

/// Returns whether an object is in the books as a step was to leave it.
pub fn has_content(step: &Step, ids: &Ids, found: &ObjectSnapshot) -> bool {
    if step.posting().is_none() {
        return found.total.is_some_and(|total| total.is_zero());
    }
    let mut posted = Vec::new();
    let result = StepResult {
        id: found.id.clone(),
        sync_token: found.sync_token.clone(),
        written_at: 0,
        number: found.doc_number.clone(),
        ids: ids.clone(),
    };
    PostedObject::record_step(&mut posted, step, result);
    !posted.iter().any(|posted| posted.changes_books(found))
}

/// Returns whether an object has an origin note. A void in QuickBooks puts a word in front of the note.
pub fn has_mark(found: &ObjectSnapshot, origin_note: &str) -> bool {
    let note = found.private_note.as_ref();
    note.is_some_and(|note| note.ends_with(origin_note))
}

/// Removes the objects that lack a property, unless all of them lack it.
fn narrow(candidates: &mut Vec<ObjectSnapshot>, has_property: impl Fn(&ObjectSnapshot) -> bool) {
    if candidates.iter().any(&has_property) {
        candidates.retain(has_property);
    }
}
