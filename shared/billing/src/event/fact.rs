//! The content of an event.

use crate::customer::{Customer, ProjectCreated};
use crate::document::Document;
use crate::document_kind::DocumentKind;
use crate::document_ref::DocumentRef;
use crate::pay_app::{PayApp, PayAppVoid};
use crate::payment::{Payment, PaymentVoid};
use crate::release::{ReleaseVoid, RetainageRelease};
use crate::wire::InputError;

/// The content of an event. Each variant is one event type of RIVET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `pay_app.approved`: a pay application was approved.
    PayAppApproved(PayApp),
    /// `pay_app.revised`: a pay application has a new revision.
    PayAppRevised(PayApp),
    /// `pay_app.voided`: a pay application no longer counts.
    PayAppVoided(PayAppVoid),
    /// `retainage.released`: the customer owes some of the retainage.
    RetainageReleased(RetainageRelease),
    /// `retainage.release_voided`: a release no longer counts.
    ReleaseVoided(ReleaseVoid),
    /// `payment.recorded`: a customer paid.
    PaymentRecorded(Payment),
    /// `payment.voided`: a payment no longer counts.
    PaymentVoided(PaymentVoid),
    /// `project.created`: a project was set up.
    ProjectCreated(ProjectCreated),
    /// `customer.updated`: a customer's data changed.
    CustomerUpdated(Customer),
}

impl Fact {
    /// Returns the name of the event type in JSON.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::PayAppApproved(_) => "pay_app.approved",
            Self::PayAppRevised(_) => "pay_app.revised",
            Self::PayAppVoided(_) => "pay_app.voided",
            Self::RetainageReleased(_) => "retainage.released",
            Self::ReleaseVoided(_) => "retainage.release_voided",
            Self::PaymentRecorded(_) => "payment.recorded",
            Self::PaymentVoided(_) => "payment.voided",
            Self::ProjectCreated(_) => "project.created",
            Self::CustomerUpdated(_) => "customer.updated",
        }
    }

    /// Returns the document that the event is about. `customer.updated` is about none.
    #[must_use]
    pub fn subject(&self) -> Option<DocumentRef> {
        let (kind, id) = match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                (DocumentKind::PayApp, &pay_app.id)
            }
            Self::PayAppVoided(void) => (DocumentKind::PayApp, &void.pay_app_id),
            Self::RetainageReleased(release) => (DocumentKind::RetainageRelease, &release.id),
            Self::ReleaseVoided(void) => (DocumentKind::RetainageRelease, &void.release_id),
            Self::PaymentRecorded(payment) => (DocumentKind::Payment, &payment.id),
            Self::PaymentVoided(void) => (DocumentKind::Payment, &void.payment_id),
            Self::ProjectCreated(created) => (DocumentKind::Project, &created.project.id),
            Self::CustomerUpdated(_) => return None,
        };
        Some(DocumentRef {
            kind,
            id: id.clone(),
        })
    }

    /// Returns the document that the event contains. A void contains only a reference.
    #[must_use]
    pub fn into_document(self) -> Option<Document> {
        match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                Some(Document::PayApp(pay_app))
            }
            Self::RetainageReleased(release) => Some(Document::RetainageRelease(release)),
            Self::PaymentRecorded(payment) => Some(Document::Payment(payment)),
            Self::ProjectCreated(created) => Some(Document::Project(created)),
            Self::PayAppVoided(_)
            | Self::ReleaseVoided(_)
            | Self::PaymentVoided(_)
            | Self::CustomerUpdated(_) => None,
        }
    }

    /// Checks the fields against each other, after each was checked alone.
    pub(super) fn check(&self) -> Result<(), InputError> {
        match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                pay_app.check("data.pay_app")
            }
            Self::RetainageReleased(release) => release.check("data.release"),
            Self::PaymentRecorded(payment) => payment.check("data.payment"),
            Self::PayAppVoided(_)
            | Self::ReleaseVoided(_)
            | Self::PaymentVoided(_)
            | Self::ProjectCreated(_)
            | Self::CustomerUpdated(_) => Ok(()),
        }
    }
}
