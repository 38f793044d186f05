//! The state of the whole model at one moment.

use crate::configuration::Configuration;
use crate::instance::{Instance, Step};
use crate::intuit::Intuit;
use crate::record::{InstanceId, Record, Token};
use std::hash::{Hash, Hasher};

/// The number of instances that may refresh the same connection.
pub const INSTANCES: usize = 3;

/// The version of the record that a read returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The latest version.
    Latest,
    /// The version before the latest, on a store with eventually consistent reads.
    Older,
}

/// The last change that a person made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// The person connected the company and changed nothing since.
    Connected,
    /// The person disconnected the company.
    Disconnected,
    /// The person ended the connection inside QuickBooks, and Intuit does not notify us.
    EndedInQuickBooks,
    /// The person connected the company again.
    Reconnected,
}

/// Events that no record shows afterwards. All but the last violate a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Event {
    /// A grant was replaced by one of the same or an older generation.
    GrantRegressed,
    /// The previous token was sent although no earlier refresh was open.
    SpentTokenSent,
    /// An instance sent a token although it had read that its grant is gone or replaced.
    SentForLostGrant,
    /// The status of a working grant was set to needs reauthorization.
    WrongStatus,
    /// A refused token was kept as the previous token.
    RefusedTokenKept,
    /// A new grant was saved with the status needs reauthorization.
    NewGrantUnusable,
    /// The previous token was accepted.
    PreviousAccepted,
}

/// The steps that the bounds still allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Remaining {
    /// Refreshes that may begin.
    pub starts: u8,
    /// Crashes.
    pub crashes: u8,
    /// Lost answers.
    pub lost: u8,
    /// Calls that are not sent.
    pub unsent: u8,
    /// Writes by other parts of the application.
    pub touches: u8,
}

/// The faults that have happened so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// Crashes and lost answers.
    pub lost: u8,
    /// Calls that were not sent.
    pub unsent: u8,
}

/// A state of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The connection record.
    pub record: Record,
    /// The record before the latest write, while a read may still return it.
    pub older: Option<Record>,
    /// The instances.
    pub instances: [Instance; INSTANCES],
    /// Intuit.
    pub intuit: Intuit,
    /// The tokens of requests whose caller is gone, sorted. 0 stands for no request.
    pub abandoned: [Token; 4],
    /// The last change that the person made.
    pub person: Person,
    /// The steps that the bounds still allow.
    pub remaining: Remaining,
    /// The events so far, as bits of [`Event`].
    pub events: u8,
}

impl World {
    /// Returns a new connection with idle instances.
    pub fn new(configuration: &Configuration) -> Self {
        let bounds = configuration.bounds;
        Self {
            record: Record::connected(1, 1),
            older: None,
            instances: [Instance::IDLE; INSTANCES],
            intuit: Intuit::default(),
            abandoned: [0; 4],
            person: Person::Connected,
            remaining: Remaining {
                starts: bounds.starts,
                crashes: bounds.crashes,
                lost: bounds.lost,
                unsent: bounds.unsent,
                touches: bounds.touches,
            },
            events: 0,
        }
    }

    pub(crate) fn instance(&mut self, id: InstanceId) -> &mut Instance {
        &mut self.instances[usize::from(id)]
    }

    pub(crate) fn set_step(&mut self, id: InstanceId, step: Step) {
        self.instance(id).step = step;
    }

    /// Returns whether an event has happened.
    pub fn has_happened(&self, event: Event) -> bool {
        self.events & 1 << event as u8 != 0
    }

    /// Adds an event if its condition holds.
    pub(crate) fn add_event_if(&mut self, condition: bool, event: Event) {
        self.events |= u8::from(condition) << event as u8;
    }

    /// Returns the faults so far.
    pub fn faults(&self, configuration: &Configuration) -> Faults {
        let (bounds, remaining) = (configuration.bounds, self.remaining);
        Faults {
            lost: (bounds.crashes - remaining.crashes) + (bounds.lost - remaining.lost),
            unsent: bounds.unsent - remaining.unsent,
        }
    }

    /// Returns whether no refresh and no request is under way.
    pub fn is_quiet(&self) -> bool {
        let idle = |instance: &Instance| instance.step == Step::Idle;
        self.instances.iter().all(idle) && self.abandoned == [0; 4]
    }
}

/// Instances are alike, so states that differ only in the order of the instances have the same hash.
impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let owner = |record: Record| record.claim.and_then(|claim| claim.owner);
        let owners = (owner(self.record), self.older.and_then(owner));
        let mut instances = [(Instance::IDLE, false, false); INSTANCES];
        for (index, place) in instances.iter_mut().enumerate() {
            let is = |owner: Option<u8>| owner.is_some_and(|owner| usize::from(owner) == index);
            *place = (self.instances[index], is(owners.0), is(owners.1));
        }
        instances.sort_unstable();
        let records = (
            self.record.anonymous(),
            self.older.map(|older| older.anonymous()),
        );
        (instances, records, self.intuit, self.abandoned).hash(state);
        (self.person, self.remaining, self.events).hash(state);
    }
}

#[cfg(test)]
mod tests;
