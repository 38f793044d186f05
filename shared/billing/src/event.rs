//! Events: what RIVET tells us has happened.

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::wire::{self, Invalid};
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
pub enum Incoming {
    /// An event that means something here.
    Known(Event),
    /// An event of a type that RIVET may add one day; it is acknowledged and ignored.
    Unknown {
        /// Its type as sent.
        kind: String,
    },
}

/// Reads the body of an event.
///
/// # Errors
/// [`Invalid`], which names the first field that is wrong. Sums that do not agree to the cent are wrong, too.
pub fn parse(body: &[u8]) -> Result<Incoming, Invalid> {
    understand(&wire::json(body)?)
}

fn understand(body: &Value) -> Result<Incoming, Invalid> {
    let kind: String = member(body, "", "type")?;
    let Some(read) = reader(&kind) else {
        return Ok(Incoming::Unknown { kind });
    };
    let data: Value = member(body, "", "data")?;
    let event = Event {
        timestamp: member(body, "", "timestamp")?,
        firm_id: member(&data, "data", "firm_id")?,
        plan: member(&data, "data", "plan")?,
        fact: read(&data)?,
    };
    event.fact.check()?;
    Ok(Incoming::Known(event))
}

type Reader = fn(&Value) -> Result<Fact, Invalid>;

fn reader(kind: &str) -> Option<Reader> {
    Some(match kind {
        "pay_app.approved" => |data| member(data, "data", "pay_app").map(Fact::PayAppApproved),
        "pay_app.revised" => |data| member(data, "data", "pay_app").map(Fact::PayAppRevised),
        "pay_app.voided" => |data| wire::read(data, "data").map(Fact::PayAppVoided),
        "retainage.released" => |data| member(data, "data", "release").map(Fact::RetainageReleased),
        "payment.recorded" => |data| member(data, "data", "payment").map(Fact::PaymentRecorded),
        "payment.voided" => |data| wire::read(data, "data").map(Fact::PaymentVoided),
        "project.created" => |data| wire::read(data, "data").map(Fact::ProjectCreated),
        "customer.updated" => |data| member(data, "data", "customer").map(Fact::CustomerUpdated),
        _ => return None,
    })
}

fn member<T: DeserializeOwned>(parent: &Value, at: &str, name: &str) -> Result<T, Invalid> {
    let path = if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    };
    match parent {
        Value::Object(members) => match members.get(name) {
            Some(value) => wire::read(value, &path),
            None => Err(Invalid::field(path, "is missing")),
        },
        _ => Err(Invalid::field(
            if at.is_empty() { "body" } else { at },
            "must be an object",
        )),
    }
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

    fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::PayAppApproved(pay_app) | Self::PayAppRevised(pay_app) => {
                pay_app.check("data.pay_app")
            }
            Self::RetainageReleased(release) => release.check("data.release"),
            Self::PaymentRecorded(payment) => payment.check("data.payment"),
            Self::PayAppVoided(_)
            | Self::PaymentVoided(_)
            | Self::ProjectCreated(_)
            | Self::CustomerUpdated(_) => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match understand(&Value::deserialize(deserializer)?) {
            Ok(Incoming::Known(event)) => Ok(event),
            Ok(Incoming::Unknown { kind }) => Err(D::Error::custom(format_args!(
                "unknown event type `{kind}`"
            ))),
            Err(invalid) => Err(D::Error::custom(invalid)),
        }
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = Data {
            firm_id: &self.firm_id,
            plan: self.plan,
            members: Members::of(&self.fact),
        };
        Envelope {
            kind: self.fact.kind(),
            timestamp: self.timestamp,
            data,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    firm_id: &'a FirmId,
    plan: Plan,
    #[serde(flatten)]
    members: Members<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Members<'a> {
    PayApp(&'a PayApp),
    Release(&'a Release),
    Payment(&'a Payment),
    Customer(&'a Customer),
    #[serde(untagged)]
    PayAppVoid(&'a PayAppVoid),
    #[serde(untagged)]
    PaymentVoid(&'a PaymentVoid),
    #[serde(untagged)]
    Project(&'a ProjectCreated),
}

impl<'a> Members<'a> {
    fn of(fact: &'a Fact) -> Self {
        match fact {
            Fact::PayAppApproved(pay_app) | Fact::PayAppRevised(pay_app) => Self::PayApp(pay_app),
            Fact::PayAppVoided(void) => Self::PayAppVoid(void),
            Fact::RetainageReleased(release) => Self::Release(release),
            Fact::PaymentRecorded(payment) => Self::Payment(payment),
            Fact::PaymentVoided(void) => Self::PaymentVoid(void),
            Fact::ProjectCreated(created) => Self::Project(created),
            Fact::CustomerUpdated(customer) => Self::Customer(customer),
        }
    }
}
