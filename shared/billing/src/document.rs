//! Documents: whatever of RIVET's leads to something in QuickBooks.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Customer, Id, PayApp, Payment, Project, ProjectCreated, Release};

/// What sort of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A pay application.
    PayApp,
    /// A release of retainage.
    RetainageRelease,
    /// A payment.
    Payment,
    /// A new project. Never the target of a payment and not shown to users: it only prepares customer and class.
    Project,
}

/// The text names no kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be `pay_app`, `retainage_release`, `payment` or `project`")]
pub struct UnknownKind;

/// Which document. Unique within a firm; shown as `pay_app/pa_1042_1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Its kind.
    pub kind: Kind,
    /// Its id, unique within the kind.
    pub id: Id,
}

/// A document with all that is needed to post it, at whatever later time that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A pay application.
    #[serde(rename = "pay_app")]
    PayApp(PayApp),
    /// A release of retainage.
    #[serde(rename = "retainage_release")]
    Release(Release),
    /// A payment.
    #[serde(rename = "payment")]
    Payment(Payment),
    /// A new project.
    #[serde(rename = "project")]
    Project(ProjectCreated),
}

impl Kind {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PayApp => "pay_app",
            Self::RetainageRelease => "retainage_release",
            Self::Payment => "payment",
            Self::Project => "project",
        }
    }
}

impl Document {
    /// Which document this is.
    #[must_use]
    pub fn reference(&self) -> DocumentRef {
        let (kind, id) = match self {
            Self::PayApp(pay_app) => (Kind::PayApp, &pay_app.id),
            Self::Release(release) => (Kind::RetainageRelease, &release.id),
            Self::Payment(payment) => (Kind::Payment, &payment.id),
            Self::Project(created) => (Kind::Project, &created.project.id),
        };
        DocumentRef {
            kind,
            id: id.clone(),
        }
    }

    /// Its revision; 1 for kinds that have none.
    #[must_use]
    pub fn revision(&self) -> u32 {
        match self {
            Self::PayApp(pay_app) => pay_app.revision,
            Self::Release(_) | Self::Payment(_) | Self::Project(_) => 1,
        }
    }

    /// The day under which it is posted; a project has none.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::PayApp(pay_app) => Some(pay_app.period_end),
            Self::Release(release) => Some(release.released_on),
            Self::Payment(payment) => Some(payment.received_on),
            Self::Project(_) => None,
        }
    }

    /// The customer it concerns.
    #[must_use]
    pub fn customer(&self) -> &Customer {
        match self {
            Self::PayApp(pay_app) => &pay_app.customer,
            Self::Release(release) => &release.customer,
            Self::Payment(payment) => &payment.customer,
            Self::Project(created) => &created.customer,
        }
    }

    /// The project it concerns; a payment may be for several, so it names none.
    #[must_use]
    pub fn project(&self) -> Option<&Project> {
        match self {
            Self::PayApp(pay_app) => Some(&pay_app.project),
            Self::Release(release) => Some(&release.project),
            Self::Payment(_) => None,
            Self::Project(created) => Some(&created.project),
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let kinds = [
            Self::PayApp,
            Self::RetainageRelease,
            Self::Payment,
            Self::Project,
        ];
        kinds
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for DocumentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_from_its_name() {
        for kind in [
            Kind::PayApp,
            Kind::RetainageRelease,
            Kind::Payment,
            Kind::Project,
        ] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!("Invoice".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn a_reference_shows_as_kind_and_id() {
        let reference: DocumentRef =
            serde_json::from_str(r#"{"kind":"pay_app","id":"pa_1042_1"}"#).unwrap();
        assert_eq!(reference.to_string(), "pay_app/pa_1042_1");
    }

    #[test]
    fn a_project_has_neither_a_date_nor_revisions() {
        let json = r#"{"project":{"project":{"id":"p","number":"1","name":"N"},"customer":{"id":"c","name":"C"}}}"#;
        let document: Document = serde_json::from_str(json).unwrap();
        assert_eq!((document.date(), document.revision()), (None, 1));
        assert_eq!(document.reference().to_string(), "project/p");
        assert_eq!(serde_json::to_string(&document).unwrap(), json);
    }
}
