//! Generates the billing of all firms before anything is sent, so that the expected final state is known.

use super::expected::{Expected, Transaction};
use super::generator::Generator;

/// The billing of all firms in one run.
pub(super) struct Scenario {
    /// The events in the order in which they are sent, some of them twice.
    pub events: Vec<Event>,
    /// The expected final state of each firm.
    pub firms: Vec<Expected>,
}

impl Scenario {
    /// Returns the number of events and of the transactions that they lead to.
    pub fn size(&self) -> usize {
        let is_certain = |transaction: &&Transaction| !transaction.may_be_missing;
        let transactions = self
            .firms
            .iter()
            .flat_map(|firm| firm.transactions.values());
        self.events.len() + transactions.filter(is_certain).count()
    }
}

/// An event from RIVET's billing.
#[derive(Clone)]
pub(super) struct Event {
    /// The `webhook-id`.
    pub id: String,
    /// The index of its firm.
    pub firm: usize,
    pub body: String,
}

/// The largest number of pay apps of a project.
const MAX_PAY_APPS: usize = 20;

/// The number of places by which an event may be delayed.
const MAX_DELAY: usize = 5;

/// Generates the billing of these firms, with `pay_apps` pay apps in total.
pub(super) fn generate(random: &mut fastrand::Rng, firms: &[String], pay_apps: usize) -> Scenario {
    let mut scenario = Scenario {
        events: Vec::new(),
        firms: Vec::new(),
    };
    let mut sequences = Vec::new();
    for (index, firm) in firms.iter().enumerate() {
        let mut generator = Generator::new(random);
        let mut left = pay_apps / firms.len() + usize::from(index < pay_apps % firms.len());
        for number in 0.. {
            if left == 0 {
                break;
            }
            let apps = left.min(MAX_PAY_APPS);
            left -= apps;
            generator.add_project(firm, number, apps);
            let bodies = generator.events.drain(..).enumerate();
            let event = |(at, body)| Event {
                id: format!("evt_{firm}_{number}_{at}"),
                firm: index,
                body,
            };
            sequences.push(bodies.map(event).collect());
        }
        scenario.firms.push(generator.expected);
    }
    scenario.events = shuffle(random, sequences);
    scenario
}

/// Mixes the sequences of the projects, repeats some events, and delays some by a few places.
fn shuffle(random: &mut fastrand::Rng, mut sequences: Vec<Vec<Event>>) -> Vec<Event> {
    let mut placed: Vec<(usize, Event)> = Vec::new();
    sequences.iter_mut().for_each(|sequence| sequence.reverse());
    while !sequences.is_empty() {
        let sequence = random.usize(..sequences.len());
        let Some(event) = sequences[sequence].pop() else {
            sequences.swap_remove(sequence);
            continue;
        };
        let times = 1 + usize::from(random.u8(..8) == 0);
        for _ in 0..times {
            let delay = random.bool().then(|| random.usize(..MAX_DELAY));
            placed.push((placed.len() + delay.unwrap_or_default(), event.clone()));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, event)| event).collect()
}
