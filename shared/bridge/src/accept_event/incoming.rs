//! The content of an event: a document to post or void, or a customer's details.

use super::accepted::{Accepted, Outcome};
use billing::{Customer, Document, DocumentKind, DocumentRef, Fact, Id};
use jiff::Timestamp;
use jiff::tz::Offset;
use store::activity::ActivityEntry;
use store::document::void::Void;
use store::document_summary::DocumentSummary;
use store::queue::entry::{EntryState, QueueEntry};

/// The content of an event: a document to post or void, or a customer's details.
pub(crate) enum Incoming {
    /// A document to post or void.
    Work(Box<IncomingWork>),
    /// A customer's details to save.
    CustomerDetails(Box<Customer>),
}

/// A document to post or void.
pub(crate) struct IncomingWork {
    /// The document's entry in the queue.
    pub entry: QueueEntry,
    /// The revision as received; a void has none.
    pub document: Option<Document>,
}

impl Incoming {
    /// Reads the content. A project has no date of its own, so its date is the day of `now`.
    pub(crate) fn from_fact(fact: Fact, now: Timestamp) -> Self {
        let mut work = match fact {
            Fact::PayAppApproved(pay_app) | Fact::PayAppRevised(pay_app) => {
                IncomingWork::document(Document::PayApp(pay_app))
            }
            Fact::RetainageReleased(release) => {
                IncomingWork::document(Document::RetainageRelease(release))
            }
            Fact::PaymentRecorded(payment) => IncomingWork::document(Document::Payment(payment)),
            Fact::ProjectCreated(created) => {
                let mut work = IncomingWork::document(Document::Project(created));
                work.entry.date = Offset::UTC.to_datetime(now).date();
                work
            }
            Fact::PayAppVoided(void) => IncomingWork::void(
                DocumentKind::PayApp,
                void.pay_app_id,
                Void {
                    revision: void.revision,
                    voided_on: void.voided_on,
                },
            ),
            Fact::PaymentVoided(void) => IncomingWork::void(
                DocumentKind::Payment,
                void.payment_id,
                Void {
                    revision: 1,
                    voided_on: void.voided_on,
                },
            ),
            Fact::ReleaseVoided(void) => IncomingWork::void(
                DocumentKind::RetainageRelease,
                void.release_id,
                Void {
                    revision: 1,
                    voided_on: void.voided_on,
                },
            ),
            Fact::CustomerUpdated(customer) => {
                return Self::CustomerDetails(Box::new(customer));
            }
        };
        work.entry.arrived_at = Some(now);
        Self::Work(Box::new(work))
    }
}

impl Incoming {
    /// Returns the answer to an event with this content that changes nothing.
    pub(crate) fn accepted(&self) -> Accepted {
        let (subject_kind, subject_id) = match self {
            Self::Work(work) => {
                let DocumentRef { kind, id } = &work.entry.document;
                (kind.as_str(), id)
            }
            Self::CustomerDetails(customer) => ("customer", &customer.id),
        };
        Accepted {
            subject_kind,
            subject_id: subject_id.to_string(),
            outcome: Outcome::Ignored,
        }
    }
}

impl IncomingWork {
    fn document(document: Document) -> Self {
        let entry = QueueEntry {
            revision: document.revision(),
            summary: Some(DocumentSummary::of(&document)),
            ..QueueEntry::new(document.reference(), document.date().unwrap_or_default())
        };
        Self {
            entry,
            document: Some(document),
        }
    }

    fn void(kind: DocumentKind, id: Id, void: Void) -> Self {
        let document = DocumentRef { kind, id };
        let entry = QueueEntry {
            void: Some(void),
            ..QueueEntry::new(document, void.voided_on)
        };
        Self {
            entry,
            document: None,
        }
    }
}

/// Returns the activity of an entry that is held from the start.
pub(crate) fn held_activity(entry: &QueueEntry, now: Timestamp) -> Option<ActivityEntry> {
    let EntryState::Held(hold) = &entry.state else {
        return None;
    };
    Some(ActivityEntry {
        at: now,
        document: entry.document.clone(),
        summary: entry.summary.clone(),
        state: "held".into(),
        detail: hold.reason().message,
        requested_by: None,
        notification: None,
        transactions: Vec::new(),
    })
}
