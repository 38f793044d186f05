//! An event as something to do.

use billing::{Customer, Document, DocumentKind, DocumentRef, Fact};
use jiff::Timestamp;
use jiff::tz::Offset;
use store::document::void::Void;
use store::queue::entry::QueueEntry;

/// An event as something to do.
pub(crate) struct Incoming {
    pub waiting: QueueEntry,
    pub document: Option<Document>,
}

impl Incoming {
    /// The customer comes back if there is nothing to do but remember it.
    pub(crate) fn of(fact: Fact, now: Timestamp) -> Result<Self, Box<Customer>> {
        Ok(match fact {
            Fact::PayAppApproved(pay_app) | Fact::PayAppRevised(pay_app) => {
                Self::document(Document::PayApp(pay_app))
            }
            Fact::RetainageReleased(release) => Self::document(Document::RetainageRelease(release)),
            Fact::PaymentRecorded(payment) => Self::document(Document::Payment(payment)),
            Fact::ProjectCreated(created) => {
                let mut intake = Self::document(Document::Project(created));
                intake.waiting.date = Offset::UTC.to_datetime(now).date();
                intake
            }
            Fact::PayAppVoided(void) => {
                let target = DocumentRef {
                    kind: DocumentKind::PayApp,
                    id: void.pay_app_id,
                };
                Self::void(
                    target,
                    Void {
                        revision: void.revision,
                        voided_on: void.voided_on,
                    },
                )
            }
            Fact::PaymentVoided(void) => {
                let target = DocumentRef {
                    kind: DocumentKind::Payment,
                    id: void.payment_id,
                };
                Self::void(
                    target,
                    Void {
                        revision: 1,
                        voided_on: void.voided_on,
                    },
                )
            }
            Fact::CustomerUpdated(customer) => return Err(Box::new(customer)),
        })
    }

    fn document(document: Document) -> Self {
        let waiting = QueueEntry {
            revision: document.revision(),
            ..QueueEntry::new(document.reference(), document.date().unwrap_or_default())
        };
        Self {
            waiting,
            document: Some(document),
        }
    }

    fn void(document: DocumentRef, void: Void) -> Self {
        let waiting = QueueEntry {
            void: Some(void),
            ..QueueEntry::new(document, void.voided_on)
        };
        Self {
            waiting,
            document: None,
        }
    }
}
