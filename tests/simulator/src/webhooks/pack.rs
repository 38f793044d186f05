use jiff::{SignedDuration, Timestamp};

use super::Courier;
use super::event::Event;
use super::parcel::{Parcel, State};
use super::payload::{self, Style};
use super::sender::{Sender, Waiting};

/// The most by which an event is held back or comes again.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// From events to deliveries, with all the chance there is in it.
impl Sender {
    /// A random id in the form of a UUID.
    pub(super) fn event_id(&mut self) -> String {
        let bits = self.random.u128(..) & !(0xf << 76) | (4 << 76);
        let text = format!("{:032x}", bits & !(0b11 << 62) | (0b10 << 62));
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| text.get(range));
        parts.map(Option::unwrap_or_default).join("-")
    }

    /// An event sets out, or gets lost, or sets out twice.
    pub(super) fn take(&mut self, courier: &Courier, event: Event) {
        if self.hit(courier.loss) {
            self.lost += 1;
            return;
        }
        let mut ready = event.at + courier.delay + self.up_to(courier.spread);
        if self.hit(courier.disorder) {
            ready += self.up_to(LATE);
        }
        if self.hit(courier.repeated_event) {
            let again = Waiting {
                event: event.clone(),
                ready: ready + self.up_to(LATE),
            };
            self.waiting.push(again);
        }
        self.waiting.push(Waiting { event, ready });
        self.waiting.sort_by_key(|waiting| waiting.ready);
    }

    /// When the next delivery is put together.
    pub(super) fn packs_next(&self, courier: &Courier) -> Option<Timestamp> {
        if courier.head_of_line && self.parcels.iter().any(Parcel::holds_the_line) {
            return None;
        }
        Some(self.waiting.first()?.ready + courier.gather)
    }

    pub(super) fn pack(&mut self, courier: &Courier, now: Timestamp) {
        let ready = self.waiting.partition_point(|waiting| waiting.ready <= now);
        let count = ready.min(courier.most_events.max(1));
        let mut events: Vec<Event> = self.waiting.drain(..count).map(|one| one.event).collect();
        if self.hit(courier.disorder) {
            self.random.shuffle(&mut events);
        }
        let odd: Vec<Option<usize>> = events
            .iter()
            .map(|_| {
                self.hit(courier.odd_spelling)
                    .then(|| self.random.usize(..))
            })
            .collect();
        let trace = self.event_id();
        let Some(subscription) = &self.subscription else {
            return;
        };
        let style = Style {
            source: &self.source,
            odd: &odd,
        };
        self.parcels.push(Parcel {
            body: payload::body(subscription, &events, &style),
            media_type: payload::media_type(subscription.media_type),
            events: events.len(),
            trace,
            created: now,
            state: State::Due(now),
            failures: 0,
            again: false,
        });
    }

    pub(super) fn hit(&mut self, chance: u8) -> bool {
        chance > 0 && self.random.u8(..100) < chance
    }

    pub(super) fn up_to(&mut self, most: SignedDuration) -> SignedDuration {
        let most = most.as_secs();
        if most <= 0 {
            return SignedDuration::ZERO;
        }
        SignedDuration::from_secs(self.random.i64(0..=most))
    }
}
