//! The record of one document: what stands in QuickBooks for it, and how it got there.
//!
//! What RIVET said is kept apart, one [`Received`] a revision, written once by whoever accepts it. The
//! record is written only by the worker at the firm's desk, so neither can overwrite the other.

pub mod attempts;
pub mod conflict;
pub mod conflict_rows;
pub mod decision;
pub mod kind_name;
pub mod notified;
pub mod observed;
pub mod operations;
pub mod payment;
pub mod status;
pub mod void;

pub use crate::document::attempts::Attempt;
pub use crate::document::attempts::LOOKUP_DELAY;
pub use crate::document::conflict::{Conflict, ConflictField};
pub use crate::document::observed::ObservedState;
pub use crate::document::payment::{AppliedPayment, PaymentState};
pub use crate::document::status::DocumentStatus;
pub use crate::document::void::Void;

use crate::document::decision::Decision;
use billing::{Document, DocumentRef, Id};
use jiff::Timestamp;
use mapping::{Ids, PostedObject, Step};
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The code of what a person decided to leave alone.
pub const LEFT_ALONE: &str = "ignored_by_user";

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Which document.
    pub reference: DocumentRef,
    /// The latest revision that was worked on, 0 if only a void has arrived so far.
    pub revision: u32,
    /// The void that was worked on.
    pub void: Option<Void>,
    /// Where it stands.
    pub status: DocumentStatus,
    /// The project whose retainage it changes, if it is of one.
    pub project: Option<Id>,
    /// The plan that was posted or is being posted.
    pub plan_hash: Option<String>,
    /// What stands in QuickBooks for it.
    pub posted: Vec<PostedObject>,
    /// The posting under way. While it stands, any of its open steps may have been carried out.
    pub saga: Option<Saga>,
    /// Some of it stands in QuickBooks and some does not yet, since it was first tried.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_half_posted: bool,
    /// What it differs in from QuickBooks, until that is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// What a person decided, if the state that it is in came of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What of it is paid, as QuickBooks said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentState>,
    /// What was noticed of it in QuickBooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedState>,
    /// What RIVET was told of it last: the time of that line of the activity, and a digest of the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_notified: Option<String>,
    /// How many postings were begun; part of every request id.
    pub posting_number: u32,
    /// The latest attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// When it was first worked on.
    #[serde(deserialize_with = "json::instant")]
    pub received_at: Timestamp,
    /// When the record last changed.
    #[serde(deserialize_with = "json::instant")]
    pub updated_at: Timestamp,
}

/// One revision of a document as RIVET sent it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received(
    /// The document.
    pub Document,
);

/// A posting that was recorded before its first request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saga {
    /// The steps in order.
    pub steps: Vec<SagaStep>,
    /// The QuickBooks ids that they were prepared with.
    pub ids: Ids,
}

/// One step of a [`Saga`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SagaStep {
    /// What is to be done.
    pub step: Step,
    /// Intuit's idempotency key for it; the same however often it is sent.
    pub request_id: String,
    /// Its id among the items of the batch that it is sent in; without one it is sent alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_item: Option<String>,
    /// The number that was planned for it, if it had to take another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_number: Option<String>,
    /// It was carried out.
    pub is_done: bool,
}

impl DocumentRecord {
    /// A record of something that arrives for the first time.
    pub fn new(reference: DocumentRef, now: Timestamp) -> Self {
        Self {
            reference,
            revision: 0,
            void: None,
            status: DocumentStatus::Pending,
            project: None,
            plan_hash: None,
            posted: Vec::new(),
            saga: None,
            is_half_posted: false,
            conflict: None,
            decision: None,
            payment: None,
            observed: None,
            last_notified: None,
            posting_number: 0,
            attempts: Vec::new(),
            received_at: now,
            updated_at: now,
        }
    }

    /// Whether revision `revision` of it, or a void of that revision, has been worked on already.
    pub fn covers(&self, revision: u32, void: Option<Void>) -> bool {
        match void {
            None => revision <= self.revision || self.voids(revision),
            Some(void) => self.voids(void.revision) || void.revision < self.revision,
        }
    }

    fn voids(&self, revision: u32) -> bool {
        self.void.is_some_and(|void| void.revision >= revision)
    }

    /// The objects that count in the books.
    pub fn active_objects(&self) -> impl Iterator<Item = &PostedObject> {
        self.posted.iter().filter(|posted| posted.is_active)
    }

    /// Whether somebody did something to it in QuickBooks that a person has to decide about.
    pub fn has_conflicting_edit(&self) -> bool {
        self.observed
            .as_ref()
            .is_some_and(|seen| !seen.contested.is_empty())
    }

    /// Whether a void of RIVET's took back its latest revision.
    pub fn is_void(&self) -> bool {
        self.voids(self.revision)
    }

    /// Whether a person decided that it is left alone.
    pub fn is_left_alone(&self) -> bool {
        matches!(&self.status, DocumentStatus::Skipped(reason) if reason.code == LEFT_ALONE)
    }
}

impl Record for Received {
    const KIND: &'static str = "received";
}

impl Record for DocumentRecord {
    const KIND: &'static str = "document";
}

impl DocumentRecord {
    /// The key of the batch that all of its open steps were sent in, if there is one.
    pub fn batch_key(&self) -> Option<&str> {
        let mut open = self
            .saga
            .as_ref()?
            .steps
            .iter()
            .filter(|step| !step.is_done);
        let key = open
            .next()
            .filter(|step| in_batch(step))?
            .request_id
            .as_str();
        open.all(|step| in_batch(step) && step.request_id == key)
            .then_some(key)
    }

    /// How many of its steps are open.
    pub fn open_steps(&self) -> usize {
        let steps = self.saga.iter().flat_map(|saga| &saga.steps);
        steps.filter(|step| !step.is_done).count()
    }
}

fn in_batch(open: &SagaStep) -> bool {
    open.batch_item.is_some() && matches!(open.step, Step::Create { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;
    use crate::reason::hold::HoldReason;

    fn record(revision: u32, void: Option<u32>) -> DocumentRecord {
        let reference = "pay_app/pa_1".split_once('/').unwrap();
        let reference = DocumentRef {
            kind: reference.0.parse().unwrap(),
            id: reference.1.parse().unwrap(),
        };
        let void = void.map(voided);
        DocumentRecord {
            revision,
            void,
            ..DocumentRecord::new(reference, Timestamp::UNIX_EPOCH)
        }
    }

    fn voided(revision: u32) -> Void {
        Void {
            revision,
            voided_on: "2026-07-02".parse().unwrap(),
        }
    }

    #[test]
    fn revision_is_covered_by_later_revision_or_void() {
        let covers = |record: DocumentRecord, revision| record.covers(revision, None);
        assert!(covers(record(2, None), 1) && covers(record(2, None), 2));
        assert!(!covers(record(2, None), 3));
        assert!(covers(record(0, Some(2)), 2) && !covers(record(0, Some(2)), 3));
    }

    #[test]
    fn void_is_covered_by_itself_or_later_revision() {
        let covers = |record: DocumentRecord, revision| record.covers(0, Some(voided(revision)));
        assert!(!covers(record(1, None), 1));
        assert!(covers(record(1, Some(1)), 1));
        assert!(covers(record(2, None), 1));
    }

    #[test]
    fn document_record_without_decisions_still_loads() {
        let mut before = record(1, None);
        before.set_status(DocumentStatus::Posted, Timestamp::UNIX_EPOCH, (None, ""));
        let stored = serde_json::to_value(&before).unwrap();
        let text = stored.to_string();
        for field in ["conflict\"", "decision", "\"by\""] {
            assert!(
                !text.contains(field),
                "{field} is written although there is none"
            );
        }
        assert_eq!(json::read::<DocumentRecord>(&stored).unwrap(), before);
    }

    #[test]
    fn only_posted_voided_or_skipped_status_is_final() {
        let reason = Reason::new("x", crate::reason::Action::Wait, "y");
        let open = [
            DocumentStatus::Pending,
            DocumentStatus::Posting,
            DocumentStatus::Held(HoldReason::Manual),
            DocumentStatus::Uncertain(reason.clone()),
            DocumentStatus::Failed(reason.clone()),
            DocumentStatus::Conflict(reason.clone()),
        ];
        assert!(open.iter().all(|state| !state.is_final()));
        let done = [
            DocumentStatus::Posted,
            DocumentStatus::Voided,
            DocumentStatus::Skipped(reason),
        ];
        assert!(done.iter().all(DocumentStatus::is_final));
    }
}
