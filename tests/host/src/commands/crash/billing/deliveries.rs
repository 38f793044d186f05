//! RIVET's senders: each event is sent until it is accepted, by several senders at the same time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::world::World;
use super::scenario::Event;
use crate::demo::firm::Firm;

/// The time before an event is sent again.
const RETRY_DELAY: Duration = Duration::from_millis(150);

/// A firm that bills, and the company that it is connected to.
#[derive(Clone)]
pub(super) struct BillingFirm {
    /// RIVET's id of the firm.
    pub id: String,
    /// QuickBooks' id of the company.
    pub realm: String,
}

/// The events of a run and their answers. All senders share it.
pub(super) struct Deliveries {
    pub firms: Vec<BillingFirm>,
    /// All events, also those that were answered.
    pub events: Vec<Event>,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    waiting: VecDeque<Event>,
    /// Events that are neither accepted nor refused yet.
    pub open: usize,
    /// Events that were answered 202.
    pub accepted: usize,
    /// The ids of the events that were answered 202, some of which are sent twice.
    pub accepted_ids: BTreeSet<String>,
    /// Requests, including repeated ones.
    pub requests: usize,
    /// The number of requests with each answer.
    pub answers: BTreeMap<String, usize>,
    /// Answers that no event may get.
    pub violations: Vec<String>,
}

impl Deliveries {
    pub fn new(events: Vec<Event>, firms: Vec<BillingFirm>) -> Self {
        let state = State {
            open: events.len(),
            waiting: events.clone().into(),
            ..State::default()
        };
        Self {
            firms,
            events,
            state: Mutex::new(state),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one event after another until none is left. Repeats each until it is answered, also if the host is killed.
    pub async fn send_all(&self, world: &World) {
        loop {
            let Some(event) = self.state().waiting.pop_front() else {
                return;
            };
            while !self.send(world, &event).await {
                tokio::time::sleep(RETRY_DELAY).await;
            }
            self.state().open -= 1;
        }
    }

    /// Sends an event once. Returns whether it was accepted or refused for good.
    async fn send(&self, world: &World, event: &Event) -> bool {
        if !world.is_up() {
            return false;
        }
        let BillingFirm { id, realm } = &self.firms[event.firm];
        let firm = Firm {
            deployment: world,
            id: id.clone(),
            realm: realm.clone(),
        };
        self.state().requests += 1;
        let answer = firm.deliver(&event.id, &event.body).await;
        let mut state = self.state();
        let (label, is_accepted) = match &answer {
            Ok(answer) if answer.status == 202 => (text(&answer.body["outcome"]), true),
            Ok(answer) => (
                format!("{} {}", answer.status, text(&answer.body["code"])),
                false,
            ),
            Err(_) => ("no answer".to_owned(), false),
        };
        *state.answers.entry(label).or_default() += 1;
        if is_accepted {
            state.accepted += 1;
            state.accepted_ids.insert(event.id.clone());
        }
        // Sending again does not change a 4xx answer.
        let is_refused = answer
            .as_ref()
            .is_ok_and(|answer| answer.status < 500 && !is_accepted);
        if is_refused && let Ok(answer) = answer {
            state.violations.push(format!(
                "{} is answered {}: {}",
                event.id, answer.status, answer.body
            ));
        }
        is_accepted || is_refused
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or("?").to_owned()
}
