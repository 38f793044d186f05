//! RIVET's side: each event is sent until it is answered, by several senders at once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::world::World;
use super::story::Event;
use crate::demo::firm::Firm;

/// Before an event is sent again.
const PAUSE: Duration = Duration::from_millis(150);

/// The firms' ids and the ids of their companies.
pub(super) type Firms = Arc<Vec<(String, String)>>;

/// What is to be sent, and what became of what was.
pub(super) struct Deliveries {
    pub firms: Firms,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    waiting: VecDeque<Event>,
    /// Events that are still to be answered.
    pub left: usize,
    /// Events that were answered 202.
    pub answered: usize,
    /// Requests, each event's first and those after it.
    pub sent: usize,
    /// Requests that were answered, by how.
    pub answers: BTreeMap<String, usize>,
    /// Answers that no event may get.
    pub wrong: Vec<String>,
}

impl Deliveries {
    pub fn of(events: Vec<Event>, firms: Firms) -> Self {
        let state = State {
            left: events.len(),
            waiting: events.into(),
            ..State::default()
        };
        Self {
            firms,
            state: Mutex::new(state),
        }
    }

    /// What became of it so far.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one event after the other, each until it is answered, over the deaths of the host.
    pub async fn send_all(&self, world: &World) {
        loop {
            let Some(event) = self.state().waiting.pop_front() else {
                return;
            };
            while !self.arrives(world, &event).await {
                tokio::time::sleep(PAUSE).await;
            }
            self.state().left -= 1;
        }
    }

    async fn arrives(&self, world: &World, event: &Event) -> bool {
        if !world.is_up() {
            return false;
        }
        let (id, realm) = self.firms[event.firm].clone();
        let firm = Firm {
            stage: world,
            id,
            realm,
        };
        self.state().sent += 1;
        let told = firm.deliver(&event.id, &event.body).await;
        let mut state = self.state();
        let (answer, arrived) = match &told {
            Ok(told) if told.status == 202 => (text(&told.body["outcome"]), true),
            Ok(told) => (
                format!("{} {}", told.status, text(&told.body["code"])),
                false,
            ),
            Err(_) => ("no answer".to_owned(), false),
        };
        *state.answers.entry(answer).or_default() += 1;
        state.answered += usize::from(arrived);
        // What is wrong with an event is wrong for ever.
        let refused = told
            .as_ref()
            .is_ok_and(|told| told.status < 500 && !arrived);
        if refused && let Ok(told) = told {
            state.wrong.push(format!(
                "{} is answered {}: {}",
                event.id, told.status, told.body
            ));
        }
        arrived || refused
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or("?").to_owned()
}
