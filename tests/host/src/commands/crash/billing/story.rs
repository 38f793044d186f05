//! What the firms bill: drawn first, so that what must stand in the end is known before anything is sent.

use super::draft::Draft;
use super::expected::{Expected, Transaction};

/// All that the firms bill in one run.
pub(super) struct Story {
    /// The events as RIVET sends them, some of them twice.
    pub events: Vec<Event>,
    /// What must stand in the end, for each firm.
    pub firms: Vec<Expected>,
}

impl Story {
    /// Events and the transactions that they come to.
    pub fn size(&self) -> usize {
        let stands = |transaction: &&Transaction| !transaction.may_be_missing;
        let transactions = self
            .firms
            .iter()
            .flat_map(|firm| firm.transactions.values());
        self.events.len() + transactions.filter(stands).count()
    }
}

/// An event.
#[derive(Clone)]
pub(super) struct Event {
    pub id: String,
    /// The place of its firm.
    pub firm: usize,
    pub body: String,
}

/// Pay apps of a project, at most.
const PAY_APPS: usize = 20;

/// How far an event may be overtaken.
const DISORDER: usize = 5;

/// Draws it.
pub(super) fn draw(chance: &mut fastrand::Rng, firms: &[String], pay_apps: usize) -> Story {
    let mut story = Story {
        events: Vec::new(),
        firms: Vec::new(),
    };
    let mut strands = Vec::new();
    for (place, firm) in firms.iter().enumerate() {
        let mut draft = Draft::new(chance);
        let mut left = pay_apps / firms.len() + usize::from(place < pay_apps % firms.len());
        for number in 0.. {
            if left == 0 {
                break;
            }
            let apps = left.min(PAY_APPS);
            left -= apps;
            draft.project(firm, number, apps);
            let bodies = draft.events.drain(..).enumerate();
            let event = |(at, body)| Event {
                id: format!("evt_{firm}_{number}_{at}"),
                firm: place,
                body,
            };
            strands.push(bodies.map(event).collect());
        }
        story.firms.push(draft.expected);
    }
    story.events = shuffled(chance, strands);
    story
}

/// The strands beside one another, some events twice, and each a few places from where it belongs.
fn shuffled(chance: &mut fastrand::Rng, mut strands: Vec<Vec<Event>>) -> Vec<Event> {
    let mut sent: Vec<(usize, Event)> = Vec::new();
    strands.iter_mut().for_each(|strand| strand.reverse());
    while !strands.is_empty() {
        let strand = chance.usize(..strands.len());
        let Some(event) = strands[strand].pop() else {
            strands.swap_remove(strand);
            continue;
        };
        let times = 1 + usize::from(chance.u8(..8) == 0);
        for _ in 0..times {
            let late = chance.bool().then(|| chance.usize(..DISORDER));
            sent.push((sent.len() + late.unwrap_or_default(), event.clone()));
        }
    }
    sent.sort_by_key(|(place, _)| *place);
    sent.into_iter().map(|(_, event)| event).collect()
}
