//! The envelope of an event: time, firm and plan around the fact.

use jiff::Timestamp;

use super::fact::Fact;
use crate::id::FirmId;
use crate::subscription_plan::SubscriptionPlan;

/// An event of RIVET: something that happened to one firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The instant at which the event happened in RIVET.
    pub occurred_at: Timestamp,
    /// The firm that the event belongs to.
    pub firm_id: FirmId,
    /// The firm's plan at that time.
    pub plan: SubscriptionPlan,
    /// The content of the event.
    pub fact: Fact,
}
