//! The record of one document: its objects in QuickBooks, and the history of its posting.
//!
//! RIVET's revisions are records of their own: one [`Received`] for each, written once by the request that accepts it. Only the worker with
//! the queue lease writes the document record. So neither writer can overwrite the other.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod conflict_rows;
pub mod attempts;
pub mod notified;
pub mod decision;
pub mod conflict;
pub mod observed;
pub mod payment;
pub mod saga;
pub mod status;
pub mod attempt;
pub mod transaction_key;
pub mod void;

pub use crate::document::attempt::{Attempt, AttemptOutcome};
pub use crate::document::attempts::{AttemptRemark, LOOKUP_DELAY};
pub use crate::document::conflict::{Conflict, ConflictObject, FieldDiff};
pub use crate::document::observed::ObservedState;
pub use crate::document::payment::{AppliedPayment, PaymentState};
pub use crate::document::saga::{Saga, SagaStep};
pub use crate::document::status::DocumentStatus;
pub use crate::document::transaction_key::TransactionKey;
pub use crate::document::void::Void;

use crate::document::decision::Decision;
use crate::document_summary::DocumentSummary;
use billing::{Document, DocumentRef, Id};
use jiff::{Timestamp, civil::Date};
use mapping::{PostedObject, Posting, RetainageShare, Step};
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The record of a document. A worker creates it, and it is never removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// The document.
    pub reference: DocumentRef,
    /// The latest processed revision, 0 if only a void has arrived so far.
    pub revision: u32,
    /// The void that a worker processed last.
    pub void: Option<Void>,
    /// The status.
    pub status: DocumentStatus,
    /// The parts that lists show of the document. Absent in records of documents that arrived before there were lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<DocumentSummary>,
    /// The project whose retainage the document changes, if any.
    pub project: Option<Id>,
    /// The hash of the plan that was posted or is being posted.
    pub plan_hash: Option<String>,
    /// The first open day on which the document is posted, because its own day is in closed books. `None` if it is posted on its own day.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_day"
    )]
    pub posting_day: Option<Date>,
    /// The objects that were posted for the document.
    pub posted: Vec<PostedObject>,
    /// The posting under way. QuickBooks may have carried out any of its open steps.
    pub saga: Option<Saga>,
    /// QuickBooks has had only a part of the document since the first attempt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_half_posted: bool,
    /// The payment is divided by jobs, because QuickBooks took no payment of the customer for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_by_job: bool,
    /// QuickBooks refused the payment, so what is open must be read before it is sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_refused: bool,
    /// The conflict with QuickBooks, until a decision about it is carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// The decision that led to the status, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The payments, as QuickBooks last reported them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentState>,
    /// The state that a scan last observed in QuickBooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedState>,
    /// The last notification: the time of its activity entry, and a digest of the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_notified: Option<String>,
    /// The number of postings so far; part of every request id.
    pub posting_number: u32,
    /// The latest attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// The time at which RIVET told of the document.
    #[serde(deserialize_with = "json::instant")]
    pub received_at: Timestamp,
    /// The time at which the record caught up with QuickBooks after the store was set back. `None` if it never had to.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub caught_up_at: Option<Timestamp>,
    /// The time of the last change of the record.
    #[serde(deserialize_with = "json::instant")]
    pub updated_at: Timestamp,
}

/// A revision of a document as RIVET sent it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received(
    /// The document.
    pub Document,
);

impl DocumentRecord {
    /// Creates the record of a document that arrives for the first time.
    pub fn new(reference: DocumentRef, now: Timestamp) -> Self {
        Self {
            reference,
            revision: 0,
            void: None,
            status: DocumentStatus::Pending,
            summary: None,
            project: None,
            plan_hash: None,
            posting_day: None,
            posted: Vec::new(),
            saga: None,
            is_half_posted: false,
            is_by_job: false,
            was_refused: false,
            conflict: None,
            decision: None,
            payment: None,
            observed: None,
            last_notified: None,
            posting_number: 0,
            attempts: Vec::new(),
            received_at: now,
            caught_up_at: None,
            updated_at: now,
        }
    }

    /// Returns whether a worker has processed this revision, or this void, already.
    pub fn covers(&self, revision: u32, void: Option<Void>) -> bool {
        match void {
            None => revision <= self.revision || self.voids(revision),
            Some(void) => self.voids(void.revision) || void.revision < self.revision,
        }
    }

    fn voids(&self, revision: u32) -> bool {
        self.void.is_some_and(|void| void.revision >= revision)
    }

    /// Returns the instant by which a decision names what the person saw: of the conflict if there is one, else of the record.
    pub fn shown_at(&self) -> String {
        match &self.conflict {
            Some(conflict) => conflict.seen_at.clone(),
            None => self.updated_at.to_string(),
        }
    }

    /// Returns the objects that count in the books.
    pub fn active_objects(&self) -> impl Iterator<Item = &PostedObject> {
        self.posted.iter().filter(|posted| posted.is_active)
    }

    /// Returns the retainage that the document withholds or releases, as its objects stand in the books.
    pub fn retainage_shares(&self) -> Vec<RetainageShare> {
        let postings = self.active_objects().map(|posted| &posted.posting);
        postings.flat_map(Posting::retainage_shares).collect()
    }

    /// Returns the transaction that tells whom the document was posted for: one that counts in the books, or else the last one.
    pub fn billed_object(&self) -> Option<&PostedObject> {
        self.active_objects().next().or(self.posted.last())
    }

    /// Returns whether QuickBooks made something else of a write than RIVET sent.
    pub fn is_posted_differently(&self) -> bool {
        let mut posted = self.posted.iter();
        posted.any(|posted| posted.is_posted_differently)
    }

    /// Returns whether an edit in QuickBooks requires a person's decision.
    pub fn has_conflicting_edit(&self) -> bool {
        let observed = self.observed.as_ref();
        observed.is_some_and(|observed| !observed.conflict_digest.is_empty())
    }

    /// Returns whether a void in RIVET took back the latest revision.
    pub fn is_void(&self) -> bool {
        self.voids(self.revision)
    }

    /// Returns whether a person decided that RIVET ignores the document.
    pub fn is_left_alone(&self) -> bool {
        self.status.is_left_alone()
    }

    /// Returns the request id of the batch call in which all open steps were sent, if there is one.
    pub fn batch_key(&self) -> Option<&str> {
        let mut open = self.saga.as_ref()?.open_steps();
        let key = open
            .next()
            .filter(|step| is_in_batch(step))?
            .request_id
            .as_str();
        open.all(|step| is_in_batch(step) && step.request_id == key)
            .then_some(key)
    }

    /// Returns the number of open steps.
    pub fn open_steps(&self) -> usize {
        let steps = self.saga.iter().flat_map(|saga| &saga.steps);
        steps.filter(|step| !step.is_done).count()
    }
}

impl Record for Received {
    const KIND: &'static str = "received";
}

impl Record for DocumentRecord {
    const KIND: &'static str = "document";
}

fn is_in_batch(open: &SagaStep) -> bool {
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
        before.set_status(
            DocumentStatus::Posted,
            Timestamp::UNIX_EPOCH,
            AttemptRemark::default(),
        );
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
