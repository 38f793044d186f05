//! Events: what RIVET tells us has happened.

mod read;
mod write;

pub use read::parse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Customer, Document, DocumentRef, FirmId, Kind, PayApp, PayAppVoid, Payment, PaymentVoid,
    ProjectCreated, Release,
};

/// The RIVET plan that a firm pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Without accounting integrations.
    Starter,
    /// With them.
    Pro,
    /// With them.
    Scale,
}

/// One thing that happened to one firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened in RIVET.
    pub timestamp: Timestamp,
    /// Whom it happened to.
    pub firm_id: FirmId,
    /// The firm's plan at that time.
    pub plan: Plan,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `pay_app.approved`
    PayAppApproved(PayApp),
    /// `pay_app.revised`
    PayAppRevised(PayApp),
    /// `pay_app.voided`
    PayAppVoided(PayAppVoid),
    /// `retainage.released`
    RetainageReleased(Release),
    /// `payment.recorded`
    PaymentRecorded(Payment),
    /// `payment.voided`
    PaymentVoided(PaymentVoid),
    /// `project.created`
    ProjectCreated(ProjectCreated),
    /// `customer.updated`
    CustomerUpdated(Customer),
}

/// A body that was understood, as far as it concerns us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one is made per request and taken apart at once"
)]
pub enum Incoming {
    /// An event that means something here.
    Known(Event),
    /// An event of a type that RIVET may add one day; it is acknowledged and ignored.
    Unknown {
        /// Its type as sent.
        kind: String,
    },
}

impl Fact {
    /// The name of the event type on the wire.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PayAppApproved(_) => "pay_app.approved",
            Self::PayAppRevised(_) => "pay_app.revised",
            Self::PayAppVoided(_) => "pay_app.voided",
            Self::RetainageReleased(_) => "retainage.released",
            Self::PaymentRecorded(_) => "payment.recorded",
            Self::PaymentVoided(_) => "payment.voided",
            Self::ProjectCreated(_) => "project.created",
            Self::CustomerUpdated(_) => "customer.updated",
        }
    }

    /// The document that it is about; news of a customer is about none.
    #[must_use]
    pub fn subject(&self) -> Option<DocumentRef> {
        let (kind, id) = match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                (Kind::PayApp, &pay_app.id)
            }
            Self::PayAppVoided(void) => (Kind::PayApp, &void.pay_app_id),
            Self::RetainageReleased(release) => (Kind::RetainageRelease, &release.id),
            Self::PaymentRecorded(payment) => (Kind::Payment, &payment.id),
            Self::PaymentVoided(void) => (Kind::Payment, &void.payment_id),
            Self::ProjectCreated(created) => (Kind::Project, &created.project.id),
            Self::CustomerUpdated(_) => return None,
        };
        Some(DocumentRef {
            kind,
            id: id.clone(),
        })
    }

    /// The document that it brings; a void only refers to one.
    #[must_use]
    pub fn into_document(self) -> Option<Document> {
        match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                Some(Document::PayApp(pay_app))
            }
            Self::RetainageReleased(release) => Some(Document::Release(release)),
            Self::PaymentRecorded(payment) => Some(Document::Payment(payment)),
            Self::ProjectCreated(created) => Some(Document::Project(created)),
            Self::PayAppVoided(_) | Self::PaymentVoided(_) | Self::CustomerUpdated(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Name and content of every event of the sample story, in its order.
    fn story() -> Vec<(String, Value)> {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/fixtures/harbor-point"
        );
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("expected.json"))
            .collect();
        paths.sort();
        let read =
            |path: &std::path::Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        paths
            .iter()
            .map(|path| (path.display().to_string(), read(path)))
            .collect()
    }

    fn event(value: &Value) -> Event {
        match parse(value.to_string().as_bytes()) {
            Ok(Incoming::Known(event)) => event,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_event_of_the_sample_story_reads_and_writes_back_the_same() {
        let story = story();
        assert_eq!(story.len(), 14);
        for (name, value) in story {
            assert_eq!(
                serde_json::to_value(event(&value)).unwrap(),
                value,
                "{name}"
            );
        }
    }

    #[test]
    fn an_event_deserializes_like_it_parses() {
        for (name, value) in story() {
            assert_eq!(
                serde_json::from_value::<Event>(value.clone()).unwrap(),
                event(&value),
                "{name}"
            );
        }
    }

    #[test]
    fn the_subject_of_an_event_is_the_document_it_brings() {
        for (name, value) in story() {
            let fact = event(&value).fact;
            let subject = fact.subject();
            if let Some(document) = fact.into_document() {
                assert_eq!(Some(document.reference()), subject, "{name}");
            }
        }
    }

    #[test]
    fn a_document_survives_being_stored() {
        for (name, value) in story() {
            let Some(document) = event(&value).fact.into_document() else {
                continue;
            };
            let stored = serde_json::to_vec(&document).unwrap();
            assert_eq!(
                serde_json::from_slice::<Document>(&stored).unwrap(),
                document,
                "{name}"
            );
        }
    }

    #[test]
    fn a_void_refers_to_a_document_and_brings_none() {
        let void = event(&story()[11].1).fact;
        assert_eq!(void.subject().unwrap().to_string(), "pay_app/pa_1057_2");
        assert_eq!(void.into_document(), None);
    }
}
