//! The messages for RIVET about a connection. The messages are part of the connection record: a change and its message are one swap.

use crate::connection::status::{CompanyError, ReauthorizationReason};
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The most messages that are kept until RIVET accepts them. The oldest are dropped first.
const MESSAGES_KEPT: usize = 16;

/// The longest pause between two attempts.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);

/// The messages that RIVET has not accepted yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    /// The number of the latest message, which is how many were ever added.
    #[serde(rename = "made")]
    pub last_number: u64,
    /// The messages, oldest first.
    pub messages: Vec<OutboxMessage>,
    /// The attempts in a row that RIVET did not accept.
    #[serde(rename = "tries")]
    pub failed_attempts: u32,
    /// The time before which no attempt is made.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub not_before: Option<Timestamp>,
    /// The number of activity entries, oldest first, whose notifications were delivered.
    #[serde(default)]
    pub notified_entries: u64,
    /// The latest status message says that a person must act.
    pub in_trouble: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxMessage {
    /// The number in this outbox. The number names the notification in each attempt.
    pub number: u64,
    /// The time of the event.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The event.
    pub cause: ConnectionEvent,
}

/// The progress of a delivery of messages and notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryProgress {
    /// The number of the last message that RIVET accepted.
    pub through: u64,
    /// The number of activity entries whose notifications RIVET accepted.
    pub notified_entries: u64,
    /// RIVET accepted at least one.
    pub any: bool,
    /// RIVET refused the next one.
    pub refused: bool,
}

/// An event of a connection of which RIVET is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionEvent {
    /// A person must sign in again.
    NeedsReauthorization(ReauthorizationReason),
    /// The company cannot be used.
    Error(CompanyError),
    /// The connection works again.
    Restored,
    /// The grant ends in this many days.
    Expiring {
        /// The number of days: 30, 14, 7 or 1.
        days: u8,
        /// The end of the grant.
        #[serde(deserialize_with = "json::instant")]
        ends_at: Timestamp,
    },
}

impl Outbox {
    /// Adds a message, to be sent at once.
    pub fn add(&mut self, event: ConnectionEvent, now: Timestamp) {
        self.last_number += 1;
        self.messages.push(OutboxMessage {
            number: self.last_number,
            at: now,
            cause: event,
        });
        let excess = self.messages.len().saturating_sub(MESSAGES_KEPT);
        self.messages.drain(..excess);
        (self.failed_attempts, self.not_before) = (0, Some(now));
        match event {
            ConnectionEvent::NeedsReauthorization(_) | ConnectionEvent::Error(_) => {
                self.in_trouble = true;
            }
            ConnectionEvent::Restored => self.in_trouble = false,
            ConnectionEvent::Expiring { .. } => {}
        }
    }

    /// Returns the time of the next attempt, if there is anything to send.
    pub fn due_at(&self) -> Option<Timestamp> {
        let has_messages = !self.messages.is_empty();
        has_messages.then(|| self.not_before.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Removes the messages that RIVET accepted. The pause before the others grows.
    pub fn record_delivery(&mut self, progress: &DeliveryProgress, now: Timestamp) {
        self.messages
            .retain(|message| message.number > progress.through);
        self.notified_entries = self.notified_entries.max(progress.notified_entries);
        if !progress.refused {
            (self.failed_attempts, self.not_before) = (0, None);
            return;
        }
        self.failed_attempts = if progress.any {
            0
        } else {
            self.failed_attempts + 1
        };
        let minutes = 1_i64 << self.failed_attempts.min(9);
        let pause = SignedDuration::from_mins(minutes).min(LONGEST_PAUSE);
        self.not_before = Some(after(now, pause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    const REFUSED_GRANT: ConnectionEvent =
        ConnectionEvent::NeedsReauthorization(ReauthorizationReason::GrantRefused);

    fn progress(through: u64, refused: bool) -> DeliveryProgress {
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
        outbox.add(REFUSED_GRANT, at(0));
        assert_eq!(outbox.due_at(), Some(at(0)));
        let pauses: Vec<_> = (0..10)
            .map(|_| {
                outbox.record_delivery(&progress(0, true), at(0));
                outbox.due_at().unwrap().as_second() / 60
            })
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        outbox.record_delivery(&progress(1, false), at(0));
        assert_eq!(outbox.due_at(), None);
    }

    #[test]
    fn new_message_is_due_immediately_after_failures() {
        let mut outbox = Outbox::default();
        outbox.add(REFUSED_GRANT, at(0));
        outbox.record_delivery(&progress(0, true), at(0));
        outbox.add(ConnectionEvent::Restored, at(1));
        assert_eq!((outbox.due_at(), outbox.in_trouble), (Some(at(1)), false));
        outbox.record_delivery(&progress(1, true), at(1));
        assert_eq!(outbox.messages.len(), 1);
        assert_eq!((outbox.failed_attempts, outbox.due_at()), (0, Some(at(2))));
    }

    #[test]
    fn delivered_activity_position_never_decreases() {
        let mut outbox = Outbox::default();
        for (delivered, expected) in [(7, 7), (5, 7), (9, 9)] {
            let progress = DeliveryProgress {
                notified_entries: delivered,
                ..DeliveryProgress::default()
            };
            outbox.record_delivery(&progress, at(0));
            assert_eq!(outbox.notified_entries, expected);
        }
    }

    #[test]
    fn full_outbox_keeps_newest_messages() {
        let mut outbox = Outbox::default();
        (0..100).for_each(|minute| outbox.add(REFUSED_GRANT, at(minute)));
        assert_eq!(outbox.messages.len(), MESSAGES_KEPT);
        assert_eq!(
            outbox.messages.last().map(|message| message.number),
            Some(100)
        );
    }
}
