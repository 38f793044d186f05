//! What RIVET is to be told of a connection, kept in the connection's own record: a change and its notice are one swap.

use crate::connection::{CompanyError, ReauthorizationReason};
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// Notices that are kept while RIVET does not take them; beyond that the oldest are given up.
const KEPT: usize = 16;

/// The longest pause between two tries.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// The notices that RIVET has not taken yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    /// How many were ever put here; the number of the latest.
    pub made: u64,
    /// Oldest first.
    pub notices: Vec<OutboxMessage>,
    /// Tries in a row that RIVET did not take.
    pub tries: u32,
    /// Not tried again before then.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub not_before: Option<Timestamp>,
    /// How many lines of the firm's activity were gone through, the oldest first: what they tell was told.
    #[serde(default)]
    pub told: u64,
    /// The latest standing that was put here is one that needs a person.
    pub in_trouble: bool,
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxMessage {
    /// Its number in this outbox; names the notification however often it is sent.
    pub number: u64,
    /// When it came about.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// What.
    pub cause: ConnectionEvent,
}

/// What RIVET took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryProgress {
    /// The notices up to this number.
    pub through: u64,
    /// What the first so many lines of the activity tell.
    pub told: u64,
    /// It took something.
    pub any: bool,
    /// It did not take what came next.
    pub refused: bool,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionEvent {
    /// A person must sign in again.
    NeedsReauthorization(ReauthorizationReason),
    /// The company cannot be used.
    Error(CompanyError),
    /// It works again.
    Restored,
    /// The grant ends in so many days.
    Expiring {
        /// 30, 14, 7 or 1.
        days: u8,
        /// When it ends.
        #[serde(deserialize_with = "json::instant")]
        ends_at: Timestamp,
    },
}

impl Outbox {
    /// Puts a notice here, to be sent at once.
    pub fn add(&mut self, cause: ConnectionEvent, now: Timestamp) {
        self.made += 1;
        self.notices.push(OutboxMessage {
            number: self.made,
            at: now,
            cause,
        });
        let excess = self.notices.len().saturating_sub(KEPT);
        self.notices.drain(..excess);
        (self.tries, self.not_before) = (0, Some(now));
        match cause {
            ConnectionEvent::NeedsReauthorization(_) | ConnectionEvent::Error(_) => {
                self.in_trouble = true
            }
            ConnectionEvent::Restored => self.in_trouble = false,
            ConnectionEvent::Expiring { .. } => {}
        }
    }

    /// When there is something to send, if ever.
    pub fn due_at(&self) -> Option<Timestamp> {
        let waits = !self.notices.is_empty();
        waits.then(|| self.not_before.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Takes out what RIVET took. What it did not take is tried later and later.
    pub fn record_delivery(&mut self, taken: &DeliveryProgress, now: Timestamp) {
        self.notices.retain(|notice| notice.number > taken.through);
        self.told = self.told.max(taken.told);
        if !taken.refused {
            (self.tries, self.not_before) = (0, None);
            return;
        }
        self.tries = if taken.any { 0 } else { self.tries + 1 };
        let minutes = 1_i64 << self.tries.min(9);
        let pause = SignedDuration::from_mins(minutes).min(LONGEST);
        self.not_before = Some(after(now, pause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    const LAPSED: ConnectionEvent =
        ConnectionEvent::NeedsReauthorization(ReauthorizationReason::GrantRefused);

    fn taken(through: u64, refused: bool) -> DeliveryProgress {
        DeliveryProgress {
            through,
            any: through > 0,
            refused,
            ..DeliveryProgress::default()
        }
    }

    #[test]
    fn undelivered_message_backs_off_up_to_six_hours() {
        let mut outbox = Outbox::default();
        outbox.add(LAPSED, at(0));
        assert_eq!(outbox.due_at(), Some(at(0)));
        let pauses: Vec<_> = (0..10)
            .map(|_| {
                outbox.record_delivery(&taken(0, true), at(0));
                outbox.due_at().unwrap().as_second() / 60
            })
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        outbox.record_delivery(&taken(1, false), at(0));
        assert_eq!(outbox.due_at(), None);
    }

    #[test]
    fn new_message_is_due_immediately_after_failures() {
        let mut outbox = Outbox::default();
        outbox.add(LAPSED, at(0));
        outbox.record_delivery(&taken(0, true), at(0));
        outbox.add(ConnectionEvent::Restored, at(1));
        assert_eq!((outbox.due_at(), outbox.in_trouble), (Some(at(1)), false));
        outbox.record_delivery(&taken(1, true), at(1));
        assert_eq!(outbox.notices.len(), 1);
        assert_eq!((outbox.tries, outbox.due_at()), (0, Some(at(2))));
    }

    #[test]
    fn delivered_activity_position_never_decreases() {
        let mut outbox = Outbox::default();
        for (told, expected) in [(7, 7), (5, 7), (9, 9)] {
            let taken = DeliveryProgress {
                told,
                ..DeliveryProgress::default()
            };
            outbox.record_delivery(&taken, at(0));
            assert_eq!(outbox.told, expected);
        }
    }

    #[test]
    fn full_outbox_keeps_newest_messages() {
        let mut outbox = Outbox::default();
        (0..100).for_each(|minute| outbox.add(LAPSED, at(minute)));
        assert_eq!(outbox.notices.len(), KEPT);
        assert_eq!(outbox.notices.last().map(|notice| notice.number), Some(100));
    }
}
