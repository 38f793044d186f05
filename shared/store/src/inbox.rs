//! The changes that a company announced and that no scan has processed yet.
//!
//! An announcement names only the object. The inbox keeps one entry for each object, and a scan reads the object's current version.
//! Announcements arrive at least once and in any order. A known announcement changes nothing and costs no write. If too much is pending, or
//! an event is unreadable, one [`CatchUp`] replaces the entries: it reads all changes since a point in time.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod dead_letters;
pub mod delivery_part;
pub mod progress;
pub mod change;
pub mod others_changes;

#[cfg(test)]
mod tests;

pub use crate::inbox::change::{ChangeEvent, ChangeFingerprint, ChangeKind, PendingChange};
pub use crate::inbox::delivery_part::{DeliveryPart, UnreadableEvent, UnreadablePart};
pub use crate::inbox::progress::{CatchUp, Progress};

use crate::inbox::others_changes::OthersChanges;
use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use ports::time::after;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The most objects that are pending one by one. Beyond this number a catch-up costs less.
pub const CHANGES_KEPT: usize = 400;

/// The most bytes of the pending objects. Only unusually long ids reach this limit.
const CHANGE_BYTES: usize = 40 * 1024;

/// The number of events that are remembered by their fingerprints.
pub const FINGERPRINTS_KEPT: usize = 256;

/// The number of unreadable events that are kept.
const UNREADABLE_KEPT: usize = 8;

/// The longest delay between an event and its arrival: Intuit gathers events for minutes, and tries again for hours.
const DELIVERY_DELAY: SignedDuration = SignedDuration::from_hours(24);

/// The inbox, one record for each company that a firm has. Webhook intake adds, workers remove.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The changed objects, in the order in which they were first announced.
    #[serde(rename = "waiting")]
    pub pending: Vec<PendingChange>,
    /// The catch-up that a scan must make, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// The cursor: all changes before this time were processed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub cursor: Option<Timestamp>,
    /// The next page of the object index, while a sweep reads all objects that RIVET posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<u32>,
    /// The newest changes of transactions that are not RIVET's.
    #[serde(default, skip_serializing_if = "OthersChanges::is_none")]
    pub others: OthersChanges,
    /// The number of times that the company announced a change of itself, its preferences, accounts or items, or that nobody knows what
    /// changed. Facts that were read at another number are outdated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changes_of_facts: u32,
    /// The time of the newest delivery that said anything new. Absent in records of earlier versions until the next delivery.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub received_at: Option<Timestamp>,
    /// The latest unreadable events, oldest first. The events explain a catch-up to a person.
    #[serde(rename = "odd", default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableEvent>,
    /// The fingerprints of the latest events, oldest first, without separators.
    seen: String,
}

impl Inbox {
    /// Adds the part of a delivery. Returns whether the inbox changed.
    pub fn add_changes(&mut self, part: &DeliveryPart, now: Timestamp) -> bool {
        let mut has_changed = false;
        for event in &part.events {
            if self.is_unseen(event) {
                self.add_event(event);
                has_changed = true;
            }
        }
        for unreadable in &part.unreadable {
            if !self.has_fingerprint(&unreadable.fingerprint) {
                self.add_unreadable(unreadable, now);
                has_changed = true;
            }
        }
        self.limit_size();
        if has_changed {
            self.received_at = self.received_at.max(Some(now));
        }
        has_changed
    }

    /// Returns whether a delivery about the company ever arrived.
    pub fn has_received(&self) -> bool {
        self.received_at.is_some() || !self.seen.is_empty()
    }

    /// Returns whether an event is new. The event must not have arrived before, and must say more than the entry of its object.
    pub fn is_unseen(&self, event: &ChangeEvent) -> bool {
        !self.has_fingerprint(&event.fingerprint)
            && event.changes.iter().any(|change| self.is_newer(change))
    }

    /// Returns whether the inbox has work for a scan.
    pub fn has_work(&self) -> bool {
        !self.pending.is_empty() || self.catch_up.is_some() || self.sweep.is_some()
    }

    /// Removes the finished changes as the scan read them. An entry that changed meanwhile stays. Returns whether the inbox changed.
    pub fn finish(&mut self, progress: &Progress) -> bool {
        let before = self.pending.len();
        self.pending
            .retain(|change| !progress.done.contains(change));
        let left = (
            self.catch_up
                .filter(|asked| Some(*asked) != progress.caught_up),
            self.cursor.max(progress.cursor),
            progress.sweep,
            self.others.merged(progress.others),
        );
        let has_changed = before != self.pending.len()
            || left != (self.catch_up, self.cursor, self.sweep, self.others);
        (self.catch_up, self.cursor, self.sweep, self.others) = left;
        self.add_again(&progress.again) || has_changed
    }

    /// Adds changes that the company did not announce. Returns whether there were any.
    pub fn add_again(&mut self, again: &[PendingChange]) -> bool {
        for change in again {
            self.add_change(change);
        }
        self.limit_size();
        !again.is_empty()
    }

    /// Requests a catch-up from `since` on, or from earlier if an earlier one is pending.
    pub fn request_catch_up(&mut self, since: Timestamp) {
        self.count_change_of_facts();
        let before = self.catch_up;
        self.catch_up = Some(CatchUp {
            since: before.map_or(since, |before| before.since.min(since)),
            asked: before.map_or(0, |before| before.asked).wrapping_add(1),
        });
    }

    fn add_event(&mut self, event: &ChangeEvent) {
        for change in &event.changes {
            self.add_change(change);
        }
        if event.changes.iter().any(|change| is_fact(change.kind)) {
            self.count_change_of_facts();
        }
        self.add_fingerprint(&event.fingerprint);
    }

    fn count_change_of_facts(&mut self) {
        self.changes_of_facts = self.changes_of_facts.wrapping_add(1);
    }

    fn add_change(&mut self, change: &PendingChange) {
        let mut pending = self.pending.iter_mut();
        match pending.find(|pending| pending.is_about(change)) {
            Some(pending) => pending.merge(change),
            None => self.pending.push(change.clone()),
        }
    }

    fn is_newer(&self, change: &PendingChange) -> bool {
        let pending = self.pending.iter().find(|pending| pending.is_about(change));
        pending.is_none_or(|pending| pending.is_superseded_by(change))
    }

    /// Replaces too many entries by one catch-up, which covers them all.
    fn limit_size(&mut self) {
        let bytes: usize = self.pending.iter().map(PendingChange::weight).sum();
        if self.pending.len() <= CHANGES_KEPT && bytes <= CHANGE_BYTES {
            return;
        }
        if let Some(since) = self.pending.iter().map(|pending| pending.at).min() {
            self.request_catch_up(since);
        }
        self.pending.clear();
    }

    /// Requests a catch-up for an event whose object is unknown: only the time of its arrival is known.
    fn add_unreadable(&mut self, unreadable: &UnreadablePart, now: Timestamp) {
        self.request_catch_up(after(now, -DELIVERY_DELAY));
        self.add_fingerprint(&unreadable.fingerprint);
        self.unreadable.push(UnreadableEvent {
            at: now,
            why: unreadable.why.to_owned(),
        });
        if self.unreadable.len() > UNREADABLE_KEPT {
            self.unreadable.remove(0);
        }
    }

    fn has_fingerprint(&self, fingerprint: &ChangeFingerprint) -> bool {
        let mut seen = self.seen.as_bytes().chunks(ChangeFingerprint::LENGTH);
        seen.any(|known| known == fingerprint.as_bytes())
    }

    fn add_fingerprint(&mut self, fingerprint: &ChangeFingerprint) {
        let excess = (self.seen.len() + ChangeFingerprint::LENGTH)
            .saturating_sub(FINGERPRINTS_KEPT * ChangeFingerprint::LENGTH);
        self.seen.drain(..excess);
        self.seen.push_str(fingerprint.as_str());
    }
}

/// Returns whether an object of this kind is a fact about the company as a whole.
fn is_fact(kind: Kind) -> bool {
    match kind {
        Kind::Preferences | Kind::CompanyInfo | Kind::Account | Kind::Item => true,
        Kind::Invoice
        | Kind::CreditMemo
        | Kind::JournalEntry
        | Kind::Payment
        | Kind::Customer
        | Kind::Class => false,
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Record for Inbox {
    const KIND: &'static str = "inbox";
}
