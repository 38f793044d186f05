//! Serialization of events, in the shape that the parser reads.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::envelope::Event;
use super::fact::Fact;
use crate::customer::{Customer, ProjectCreated};
use crate::id::FirmId;
use crate::pay_app::{PayApp, PayAppVoid};
use crate::payment::{Payment, PaymentVoid};
use crate::release::{ReleaseVoid, RetainageRelease};
use crate::subscription_plan::SubscriptionPlan;

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = EventData {
            firm_id: &self.firm_id,
            plan: self.plan,
            members: Members::of(&self.fact),
        };
        EventBody {
            kind: self.fact.event_type(),
            timestamp: self.occurred_at,
            data,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct EventBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: EventData<'a>,
}

#[derive(Serialize)]
struct EventData<'a> {
    firm_id: &'a FirmId,
    plan: SubscriptionPlan,
    #[serde(flatten)]
    members: Members<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Members<'a> {
    PayApp(&'a PayApp),
    Release(&'a RetainageRelease),
    Payment(&'a Payment),
    Customer(&'a Customer),
    #[serde(untagged)]
    PayAppVoid(&'a PayAppVoid),
    #[serde(untagged)]
    ReleaseVoid(&'a ReleaseVoid),
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
            Fact::ReleaseVoided(void) => Self::ReleaseVoid(void),
            Fact::PaymentRecorded(payment) => Self::Payment(payment),
            Fact::PaymentVoided(void) => Self::PaymentVoid(void),
            Fact::ProjectCreated(created) => Self::Project(created),
            Fact::CustomerUpdated(customer) => Self::Customer(customer),
        }
    }
}
