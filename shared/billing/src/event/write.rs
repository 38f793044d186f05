//! Writing events in the shape in which they are read.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{Event, Fact, Plan};
use crate::{Customer, FirmId, PayApp, PayAppVoid, Payment, PaymentVoid, ProjectCreated, Release};

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
