//! The changes of one delivery.

use super::change::Change;
use super::entity_change::EntityChange;

/// An event of a delivery that cannot be read. The other events are read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEvent {
    /// The index of the event in its delivery, from 0.
    pub index: usize,
    /// The company, if that can be read. Change data capture then finds the change that the event announced.
    pub realm_id: Option<String>,
    /// The problem as the rest of a sentence that starts with the event. The content of the event never shows.
    pub problem: &'static str,
}

/// The events of a delivery, company by company and in the order of the delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryEvents {
    /// The changes.
    pub changes: Vec<EntityChange>,
    /// The events that cannot be read.
    pub unreadable: Vec<UnreadableEvent>,
}

impl DeliveryEvents {
    /// Adds the next event of the delivery: its change, or why it cannot be read.
    pub(super) fn add(&mut self, realm_id: Option<&str>, change: Result<Change<'_>, &'static str>) {
        match (realm_id, change) {
            (Some(realm_id), Ok(change)) => self.changes.push(change.in_company(realm_id)),
            (None, Ok(_)) => self.add_unreadable(None, "names no company"),
            (realm_id, Err(problem)) => self.add_unreadable(realm_id, problem),
        }
    }

    /// Adds an event that cannot be read.
    pub(super) fn add_unreadable(&mut self, realm_id: Option<&str>, problem: &'static str) {
        self.unreadable.push(UnreadableEvent {
            index: self.changes.len() + self.unreadable.len(),
            realm_id: realm_id.map(str::to_owned),
            problem,
        });
    }
}
