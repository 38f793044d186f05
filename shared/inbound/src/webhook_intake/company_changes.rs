//! The parts of a delivery: the changes of each company that it names.

use quickbooks::webhook::{DeliveryEvents, UnreadableEvent};
use store::inbox::change::{ChangeEvent, ChangeFingerprint};
use store::inbox::dead_letters::DeadLetter;
use store::inbox::{DeliveryPart, UnreadablePart};

/// The part of a delivery that is about one company.
pub(super) struct CompanyChanges {
    /// The id of the company.
    pub(super) realm_id: String,
    /// The events of the delivery that are about the company.
    pub(super) part: DeliveryPart,
}

/// Returns the changes that RIVET uses, by company, in the order in which the companies are first named.
pub(super) fn by_company(events: &DeliveryEvents, body: &[u8]) -> Vec<CompanyChanges> {
    let mut all = Vec::new();
    for change in &events.changes {
        if let Some(event) = ChangeEvent::of(change) {
            part_of(&mut all, &change.realm_id).events.push(event);
        }
    }
    if events.unreadable.is_empty() {
        return all;
    }
    let delivery = DeadLetter::fingerprint(body);
    for event in &events.unreadable {
        if let Some(realm_id) = &event.realm_id {
            let unreadable = unreadable_part(&delivery, event);
            part_of(&mut all, realm_id).unreadable.push(unreadable);
        }
    }
    all
}

fn part_of<'a>(all: &'a mut Vec<CompanyChanges>, realm_id: &str) -> &'a mut DeliveryPart {
    let known = all.iter().position(|changes| changes.realm_id == realm_id);
    let at = known.unwrap_or(all.len());
    if known.is_none() {
        all.push(CompanyChanges {
            realm_id: realm_id.to_owned(),
            part: DeliveryPart::default(),
        });
    }
    &mut all[at].part
}

/// Returns an event that could not be read, with a fingerprint of its place in the delivery.
fn unreadable_part(delivery: &ChangeFingerprint, event: &UnreadableEvent) -> UnreadablePart {
    let position = [delivery.as_str(), &event.index.to_string()].join(":");
    UnreadablePart {
        fingerprint: ChangeFingerprint::of(&position),
        why: event.problem,
    }
}
