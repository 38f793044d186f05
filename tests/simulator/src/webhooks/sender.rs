mod batching;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::batch::{ANSWER_TIMEOUT, Batch, BatchState};
use super::event::Event;
use super::{Answer, Delivery, DeliveryBehaviour, Subscription};

/// Intuit's sender of webhooks: the subscription, the events that wait and the batches that are delivered.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(super) subscription: Option<Subscription>,
    pub(super) source: String,
    /// The number of changes of each company that have become events or were passed over.
    pub(super) handled_changes: BTreeMap<String, usize>,
    pub(super) random: fastrand::Rng,
    verifier_tokens: Vec<String>,
    waiting: Vec<WaitingEvent>,
    batches: Vec<Batch>,
    last_attempt: u64,
    /// The latest time that a call has passed.
    latest: Timestamp,
    lost_events: usize,
}

/// An event that is in no batch yet.
#[derive(Clone, Debug)]
struct WaitingEvent {
    event: Event,
    /// The first time at which a batch may contain the event.
    ready_at: Timestamp,
}

/// Separates the draws of the sender from those of the simulator, so that a subscription does not change the latter.
const SEED_MASK: u64 = 0x5e_ed0f_a11a;
/// The longest time after which an accepted batch is sent again.
const MAX_REPETITION_DELAY: SignedDuration = SignedDuration::from_mins(1);

impl Sender {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            subscription: None,
            source: String::new(),
            handled_changes: BTreeMap::new(),
            random: fastrand::Rng::with_seed(seed ^ SEED_MASK),
            verifier_tokens: Vec::new(),
            waiting: Vec::new(),
            batches: Vec::new(),
            last_attempt: 0,
            latest: Timestamp::MIN,
            lost_events: 0,
        }
    }

    /// Returns every verifier token that a subscription ever had.
    pub(crate) fn verifier_tokens(&self) -> &[String] {
        &self.verifier_tokens
    }

    pub(super) fn add_verifier_token(&mut self, token: &str) {
        self.verifier_tokens.push(token.to_owned());
    }

    pub(super) fn lost_events(&self) -> usize {
        self.lost_events
    }

    /// Starts every attempt that is due.
    pub(super) fn start_due(
        &mut self,
        behaviour: &DeliveryBehaviour,
        now: Timestamp,
    ) -> Vec<Delivery> {
        self.latest = self.latest.max(now);
        self.time_out(behaviour, |timeout_at| timeout_at <= now);
        while self.next_batch_at(behaviour).is_some_and(|at| at <= now) {
            self.form_batch(behaviour, now);
        }
        let Some(subscription) = &self.subscription else {
            return Vec::new();
        };
        let mut deliveries = Vec::new();
        let first = self.first_batch();
        for (index, batch) in self.batches.iter_mut().enumerate() {
            let may_go = !behaviour.head_of_line || first == Some(index);
            if !may_go || batch.is_in_flight() || batch.next_step_at() > now {
                continue;
            }
            self.last_attempt += 1;
            batch.state = BatchState::InFlight {
                attempt: self.last_attempt,
                sent_at: now,
            };
            deliveries.push(Delivery {
                id: self.last_attempt,
                url: subscription.url.clone(),
                headers: batch.headers(&subscription.verifier_token),
                body: batch.body.clone(),
            });
        }
        deliveries
    }

    /// Returns the time of the next step if no new event comes. An overdue step is due at the latest known time.
    pub(super) fn next_step_at(&self, behaviour: &DeliveryBehaviour) -> Option<Timestamp> {
        self.subscription.as_ref()?;
        let first = self.first_batch();
        let may_go = |index: usize| !behaviour.head_of_line || first == Some(index);
        let batches = self.batches.iter().enumerate();
        batches
            .filter(|(index, _)| may_go(*index))
            .map(|(_, batch)| batch.next_step_at())
            .chain(self.next_batch_at(behaviour))
            .min()
            .map(|at| at.max(self.latest))
    }

    /// Ends an attempt with its answer. A report after the timeout of its attempt changes nothing.
    pub(super) fn report(
        &mut self,
        behaviour: &DeliveryBehaviour,
        id: u64,
        answer: Answer,
        now: Timestamp,
    ) {
        self.latest = self.latest.max(now);
        self.time_out(behaviour, |timeout_at| timeout_at < now);
        let found = self.batches.iter().position(
            |batch| matches!(batch.state, BatchState::InFlight { attempt, .. } if attempt == id),
        );
        let Some(index) = found else { return };
        match answer {
            Answer::Status(200) => self.accept(behaviour, index, now),
            Answer::Status(status) => self.fail(behaviour, index, Some(status), now),
            Answer::NoAnswer => self.fail(behaviour, index, None, now),
        }
    }

    /// Drops every waiting event and every batch.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.batches.clear();
    }

    fn accept(&mut self, behaviour: &DeliveryBehaviour, index: usize, now: Timestamp) {
        let mut batch = self.batches.remove(index);
        if !batch.is_repetition && self.draw(behaviour.repeated_delivery) {
            batch.is_repetition = true;
            batch.failures = 0;
            batch.state = BatchState::Due(now + self.draw_delay(MAX_REPETITION_DELAY));
            self.batches.push(batch);
        }
    }

    /// Schedules the next attempt of a batch, or drops the batch if its attempts are used up.
    fn fail(
        &mut self,
        behaviour: &DeliveryBehaviour,
        index: usize,
        status: Option<u16>,
        failed_at: Timestamp,
    ) {
        let Some(batch) = self.batches.get_mut(index) else {
            return;
        };
        batch.failures += 1;
        match behaviour.retry_delay(batch.failures, status) {
            Some(delay) => batch.state = BatchState::Due(failed_at + delay),
            None => {
                self.lost_events += batch.event_count;
                self.batches.remove(index);
            }
        }
    }

    /// Fails every attempt whose timeout is over.
    fn time_out(&mut self, behaviour: &DeliveryBehaviour, is_over: impl Fn(Timestamp) -> bool) {
        for index in (0..self.batches.len()).rev() {
            let state = self.batches.get(index).map(|batch| batch.state);
            if let Some(BatchState::InFlight { sent_at, .. }) = state
                && is_over(sent_at + ANSWER_TIMEOUT)
            {
                self.fail(behaviour, index, None, sent_at + ANSWER_TIMEOUT);
            }
        }
    }

    /// Returns the batch that goes first if batches are delivered one by one: a blocking one, or else the one due first.
    fn first_batch(&self) -> Option<usize> {
        let batches = self.batches.iter().enumerate();
        batches
            .min_by_key(|(_, batch)| (!batch.is_blocking(), batch.next_step_at()))
            .map(|(index, _)| index)
    }
}
