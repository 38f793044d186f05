//! Documents: everything in RIVET that leads to objects in QuickBooks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::customer::{Customer, Project, ProjectCreated};
use crate::document_kind::DocumentKind;
use crate::document_ref::DocumentRef;
use crate::pay_app::PayApp;
use crate::payment::Payment;
use crate::release::RetainageRelease;

/// A document with all data that posting needs. Documents are stored as received and may be posted much later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A pay application.
    #[serde(rename = "pay_app")]
    PayApp(PayApp),
    /// A release of retainage.
    #[serde(rename = "retainage_release")]
    RetainageRelease(RetainageRelease),
    /// A payment.
    #[serde(rename = "payment")]
    Payment(Payment),
    /// A new project.
    #[serde(rename = "project")]
    Project(ProjectCreated),
}

impl Document {
    /// Returns the document's reference.
    #[must_use]
    pub fn reference(&self) -> DocumentRef {
        let (kind, id) = match self {
            Self::PayApp(pay_app) => (DocumentKind::PayApp, &pay_app.id),
            Self::RetainageRelease(release) => (DocumentKind::RetainageRelease, &release.id),
            Self::Payment(payment) => (DocumentKind::Payment, &payment.id),
            Self::Project(created) => (DocumentKind::Project, &created.project.id),
        };
        DocumentRef {
            kind,
            id: id.clone(),
        }
    }

    /// Returns the document's revision, from 1. A kind without revisions has revision 1.
    #[must_use]
    pub fn revision(&self) -> u32 {
        match self {
            Self::PayApp(pay_app) => pay_app.revision,
            Self::RetainageRelease(_) | Self::Payment(_) | Self::Project(_) => 1,
        }
    }

    /// Returns the accounting date of the document. A project has none.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::PayApp(pay_app) => Some(pay_app.period_end),
            Self::RetainageRelease(release) => Some(release.released_on),
            Self::Payment(payment) => Some(payment.received_on),
            Self::Project(_) => None,
        }
    }

    /// Returns the customer that is billed, owes or paid.
    #[must_use]
    pub fn customer(&self) -> &Customer {
        match self {
            Self::PayApp(pay_app) => &pay_app.customer,
            Self::RetainageRelease(release) => &release.customer,
            Self::Payment(payment) => &payment.customer,
            Self::Project(created) => &created.customer,
        }
    }

    /// Returns the document's project. A payment names none, since it may pay for several projects.
    #[must_use]
    pub fn project(&self) -> Option<&Project> {
        match self {
            Self::PayApp(pay_app) => Some(&pay_app.project),
            Self::RetainageRelease(release) => Some(&release.project),
            Self::Payment(_) => None,
            Self::Project(created) => Some(&created.project),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn project_has_neither_date_nor_revisions() {
        let json = r#"{"project":{"project":{"id":"p","number":"1","name":"N"},"customer":{"id":"c","name":"C"}}}"#;
        let document: Document = serde_json::from_str(json).unwrap();
        assert_eq!((document.date(), document.revision()), (None, 1));
        assert_eq!(document.reference().to_string(), "project/p");
        assert_eq!(serde_json::to_string(&document).unwrap(), json);
    }
}
