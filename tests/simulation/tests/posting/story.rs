//! One seed: a firm or two bill, in whatever order the events arrive, and then all comes to rest.

use crate::billing_facts::{self, Billing, Event};
use crate::given::{Given, beginning};
use crate::{actions, bookkeeper, bulk, office, rest, troubles};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use simulation::deployment::Deployment;
use simulation::firms::{FIRMS, firm_id};
use simulation::world::{Broken, World};
use std::cell::{Cell, RefCell};
use store::document::decision::DecisionKind;

/// How far an event may be overtaken.
const DISORDER: usize = 4;

/// A run, and what must be known of it in the end.
pub struct Play {
    pub stage: Deployment,
    pub given: Given,
    pub facts: Billing,
    /// Odd answers that QuickBooks may still give.
    pub troubles: Cell<u32>,
    /// QuickBooks refused, or will, what is not wrong: a person has to try again.
    pub refused: Cell<bool>,
    /// Through which day the books of each company are closed.
    pub closed: Cell<[Option<Date>; 2]>,
    /// Decisions about documents: which, what, when.
    pub decisions: RefCell<Vec<(String, DecisionKind, Timestamp)>>,
    /// Payments by hand: in which company, its id (empty once it was removed), what it was applied to.
    pub paid: RefCell<Vec<(usize, String, String)>>,
    /// Customers that were made inactive: in which company, the id.
    pub inactive: RefCell<Vec<(usize, String)>>,
}

impl Play {
    /// Nothing has happened yet.
    pub fn new(stage: Deployment, given: Given, facts: Billing) -> Self {
        Self {
            stage,
            given,
            facts,
            troubles: Cell::new(given.troubles),
            refused: Cell::default(),
            closed: Cell::default(),
            decisions: RefCell::default(),
            paid: RefCell::default(),
            inactive: RefCell::default(),
        }
    }
}

pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Broken> {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let given = Given::draw(&mut chance);
    let facts = billing_facts::draw(&mut chance, given);
    let world = World::new(seed, given.conditions, beginning() + given.idle).traced(traced);
    world.note(|| format!("{given:?}"));
    let play = Play::new(given.deploy(&world), given, facts);
    world.run(async move {
        let world = &play.stage.world;
        if play.given.backlog {
            bulk::builds_up(&play).await;
        }
        for event in disordered(world, &play.facts.events) {
            actions::send(&play.stage, event);
            if play.given.backlog {
                continue;
            }
            meanwhile(&play);
            world.sleep(pause(world)).await;
            if play.given.people {
                bookkeeper::acts(&play);
                world.sleep(pause(world)).await;
            }
        }
        if play.given.backlog {
            bulk::is_asked_for(&play).await;
        }
        rest::come_to(&play).await;
        rest::check(&play).await;
    })
}

/// Each event once, and some again; a few places from where they belong.
fn disordered(world: &World, events: &[Event]) -> Vec<Event> {
    let mut sent: Vec<(usize, Event)> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let times = if world.one_in(4) { 2 } else { 1 };
        for _ in 0..times {
            let late = if world.one_in(2) {
                world.below(DISORDER)
            } else {
                0
            };
            sent.push((place + late, event.clone()));
        }
    }
    sent.sort_by_key(|(place, _)| *place);
    sent.into_iter().map(|(_, event)| event).collect()
}

fn meanwhile(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    match world.below(8) {
        0 => {
            stage.scheduled_sync();
        }
        1 => {
            stage.scheduled_refresh();
        }
        2 => {
            stage.press_sync_now(firm_id(FIRMS[0]));
        }
        3 => troubles::next(play),
        4 | 5 if play.given.holds => office::acts(play),
        _ => {}
    }
}

pub fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[0, 0, 1, 10, 70, 400]);
    world.up_to(SignedDuration::from_secs(longest))
}
