//! The way of an event into a batch, with the random loss, delay, repetition and disorder.

use jiff::{SignedDuration, Timestamp};

use super::{Sender, WaitingEvent};
use crate::webhooks::DeliveryBehaviour;
use crate::webhooks::batch::{Batch, BatchState};
use crate::webhooks::event::Event;
use crate::webhooks::payload::{self, Style};

/// The longest time by which an event is held back or sent again.
const MAX_EVENT_DELAY: SignedDuration = SignedDuration::from_mins(10);

impl Sender {
    /// Draws an event id in the form of a UUID.
    pub(in crate::webhooks) fn draw_event_id(&mut self) -> String {
        let bits = self.random.u128(..) & !(0xf << 76) | (4 << 76);
        let text = format!("{:032x}", bits & !(0b11 << 62) | (0b10 << 62));
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| text.get(range));
        parts.map(Option::unwrap_or_default).join("-")
    }

    /// Adds an event to the waiting ones. By chance the event is lost, or added twice.
    pub(in crate::webhooks) fn enqueue(&mut self, behaviour: &DeliveryBehaviour, event: Event) {
        if self.draw(behaviour.loss) {
            self.lost_events += 1;
            return;
        }
        let mut ready_at = event.at + behaviour.delay + self.draw_delay(behaviour.jitter);
        if self.draw(behaviour.disorder) {
            ready_at += self.draw_delay(MAX_EVENT_DELAY);
        }
        if self.draw(behaviour.repeated_event) {
            let repetition = WaitingEvent {
                event: event.clone(),
                ready_at: ready_at + self.draw_delay(MAX_EVENT_DELAY),
            };
            self.waiting.push(repetition);
        }
        self.waiting.push(WaitingEvent { event, ready_at });
        self.waiting.sort_by_key(|waiting| waiting.ready_at);
    }

    /// Returns the time at which the next batch is formed.
    pub(super) fn next_batch_at(&self, behaviour: &DeliveryBehaviour) -> Option<Timestamp> {
        if behaviour.head_of_line && self.batches.iter().any(Batch::is_blocking) {
            return None;
        }
        Some(self.waiting.first()?.ready_at + behaviour.batch_window)
    }

    /// Forms a batch of the events that are ready.
    pub(super) fn form_batch(&mut self, behaviour: &DeliveryBehaviour, now: Timestamp) {
        let ready = self
            .waiting
            .partition_point(|waiting| waiting.ready_at <= now);
        let count = ready.min(behaviour.max_events.max(1));
        let mut events: Vec<Event> = self.waiting.drain(..count).map(|one| one.event).collect();
        if self.draw(behaviour.disorder) {
            self.random.shuffle(&mut events);
        }
        let odd_spellings: Vec<Option<usize>> = events
            .iter()
            .map(|_| {
                self.draw(behaviour.odd_spelling)
                    .then(|| self.random.usize(..))
            })
            .collect();
        let trace_id = self.draw_event_id();
        let Some(subscription) = &self.subscription else {
            return;
        };
        let style = Style {
            source: &self.source,
            odd_spellings: &odd_spellings,
        };
        self.batches.push(Batch {
            body: payload::body(subscription, &events, &style),
            media_type: payload::media_type(subscription.media_type),
            event_count: events.len(),
            trace_id,
            created_at: now,
            state: BatchState::Due(now),
            failures: 0,
            is_repetition: false,
        });
    }

    /// Draws whether something with a chance in per cent happens.
    pub(super) fn draw(&mut self, chance: u8) -> bool {
        chance > 0 && self.random.u8(..100) < chance
    }

    /// Draws a delay in whole seconds, up to the longest one.
    pub(super) fn draw_delay(&mut self, longest: SignedDuration) -> SignedDuration {
        let longest = longest.as_secs();
        if longest <= 0 {
            return SignedDuration::ZERO;
        }
        SignedDuration::from_secs(self.random.i64(0..=longest))
    }
}
