use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::event::Event;
use super::parcel::{PATIENCE, Parcel, State};
use super::{Answer, Courier, Delivery, Subscription};

/// What is to be told, and what is on its way.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(super) subscription: Option<Subscription>,
    pub(super) source: String,
    /// How many changes of each company are dealt with.
    pub(super) told: BTreeMap<String, usize>,
    pub(super) random: fastrand::Rng,
    verifier_tokens: Vec<String>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) parcels: Vec<Parcel>,
    last_attempt: u64,
    /// The latest time that anybody has told.
    latest: Timestamp,
    pub(super) lost: usize,
}

/// An event that is not on its way yet, and from when it may be.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) event: Event,
    pub(super) ready: Timestamp,
}

/// So that subscribing or not does not change what the rest of the simulator draws.
const OWN_SEED: u64 = 0x5e_ed0f_a11a;
/// The most by which a delivery comes again later.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

impl Sender {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            subscription: None,
            source: String::new(),
            told: BTreeMap::new(),
            random: fastrand::Rng::with_seed(seed ^ OWN_SEED),
            verifier_tokens: Vec::new(),
            waiting: Vec::new(),
            parcels: Vec::new(),
            last_attempt: 0,
            latest: Timestamp::MIN,
            lost: 0,
        }
    }

    pub(crate) fn verifier_tokens(&self) -> &[String] {
        &self.verifier_tokens
    }

    pub(super) fn keep_token(&mut self, token: &str) {
        self.verifier_tokens.push(token.to_owned());
    }

    pub(super) fn lost(&self) -> usize {
        self.lost
    }

    /// Everything that is to be sent now.
    pub(super) fn due(&mut self, courier: &Courier, now: Timestamp) -> Vec<Delivery> {
        self.latest = self.latest.max(now);
        self.lose_patience(courier, |end| end <= now);
        while self.packs_next(courier).is_some_and(|at| at <= now) {
            self.pack(courier, now);
        }
        let Some(subscription) = &self.subscription else {
            return Vec::new();
        };
        let mut deliveries = Vec::new();
        let first = self.first();
        for (index, parcel) in self.parcels.iter_mut().enumerate() {
            let turn = !courier.head_of_line || first == Some(index);
            if !turn || parcel.is_out() || parcel.next() > now {
                continue;
            }
            self.last_attempt += 1;
            parcel.state = State::Out {
                attempt: self.last_attempt,
                since: now,
            };
            deliveries.push(Delivery {
                id: self.last_attempt,
                url: subscription.url.clone(),
                headers: parcel.headers(&subscription.verifier_token),
                body: parcel.body.clone(),
            });
        }
        deliveries
    }

    /// When something is to be done next, if nothing new happens; what had to wait is to be done at once, not in the past.
    pub(super) fn next(&self, courier: &Courier) -> Option<Timestamp> {
        self.subscription.as_ref()?;
        let first = self.first();
        let turn = |index: usize| !courier.head_of_line || first == Some(index);
        let parcels = self.parcels.iter().enumerate();
        parcels
            .filter(|(index, _)| turn(*index))
            .map(|(_, parcel)| parcel.next())
            .chain(self.packs_next(courier))
            .min()
            .map(|at| at.max(self.latest))
    }

    /// An attempt has ended. A report that comes after the patience did is about nothing any more.
    pub(super) fn report(
        &mut self,
        courier: &Courier,
        (id, answer): (u64, Answer),
        now: Timestamp,
    ) {
        self.latest = self.latest.max(now);
        self.lose_patience(courier, |end| end < now);
        let found = self
            .parcels
            .iter()
            .position(|parcel| matches!(parcel.state, State::Out { attempt, .. } if attempt == id));
        let Some(index) = found else { return };
        match answer {
            Answer::Status(200) => self.accepted(courier, index, now),
            Answer::Status(status) => self.fail(courier, (index, Some(status)), now),
            Answer::NoAnswer => self.fail(courier, (index, None), now),
        }
    }

    /// Nothing waits and nothing is under way.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.parcels.clear();
    }

    fn accepted(&mut self, courier: &Courier, index: usize, now: Timestamp) {
        let mut parcel = self.parcels.remove(index);
        if !parcel.again && self.hit(courier.repeated_delivery) {
            parcel.again = true;
            parcel.failures = 0;
            parcel.state = State::Due(now + self.up_to(AGAIN));
            self.parcels.push(parcel);
        }
    }

    fn fail(&mut self, courier: &Courier, (index, status): (usize, Option<u16>), at: Timestamp) {
        let Some(parcel) = self.parcels.get_mut(index) else {
            return;
        };
        parcel.failures += 1;
        match courier.pause(parcel.failures, status) {
            Some(pause) => parcel.state = State::Due(at + pause),
            None => {
                self.lost += parcel.events;
                self.parcels.remove(index);
            }
        }
    }

    fn lose_patience(&mut self, courier: &Courier, over: impl Fn(Timestamp) -> bool) {
        for index in (0..self.parcels.len()).rev() {
            let state = self.parcels.get(index).map(|parcel| parcel.state);
            if let Some(State::Out { since, .. }) = state
                && over(since + PATIENCE)
            {
                self.fail(courier, (index, None), since + PATIENCE);
            }
        }
    }

    /// The parcel whose turn it is where one holds back the others: one that holds the line, else the one due first.
    fn first(&self) -> Option<usize> {
        let parcels = self.parcels.iter().enumerate();
        parcels
            .min_by_key(|(_, parcel)| (!parcel.holds_the_line(), parcel.next()))
            .map(|(index, _)| index)
    }
}
