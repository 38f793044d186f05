//! One seed: a firm or two bill, in whatever order the events arrive, and then all comes to rest.

use crate::actions;
use crate::billing_facts::{self, Event};
use crate::given::{Given, beginning};
use crate::rest;
use jiff::SignedDuration;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::world::{Broken, World};
use simulator::{Commit, Effect, Injection};

/// How far an event may be overtaken.
const DISORDER: usize = 4;

pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Broken> {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let given = Given::draw(&mut chance);
    let facts = billing_facts::draw(&mut chance);
    let world = World::new(seed, given.conditions, beginning() + given.idle).traced(traced);
    world.note(|| format!("{given:?}"));
    let stage = given.deploy(&world);
    world.run(async move {
        let events = disordered(&stage.world, &facts.events);
        for event in events {
            actions::send(&stage, event);
            meanwhile(&stage);
            stage.world.sleep(pause(&stage.world)).await;
        }
        rest::come_to(&stage).await;
        rest::check(&stage, &facts, given.ways).await;
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

fn meanwhile(stage: &Deployment) {
    match stage.world.below(8) {
        0 => drop(actions::scheduled_sync(stage)),
        1 => drop(stage.scheduled_refresh()),
        2 => drop(actions::press_sync_now(stage, firm_id(FIRMS[0]))),
        3 if stage.world.conditions().calls > 0 => trouble_quickbooks(stage),
        _ => {}
    }
}

/// The next call to a company, or the one after it, is answered oddly.
fn trouble_quickbooks(stage: &Deployment) {
    let effect = stage.world.pick(&[
        Effect::Unauthorized,
        Effect::Throttled,
        Effect::ApplicationError(Commit::Before),
        Effect::ApplicationError(Commit::After),
    ]);
    stage
        .world
        .note(|| format!("QuickBooks will answer with {effect:?}"));
    let trouble = Injection::new(effect)
        .realm(COMPANIES[stage.world.below(2)])
        .after(stage.world.below(3) as u32);
    stage.intuit.borrow_mut().inject(trouble);
}

fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[0, 0, 1, 10, 70, 400]);
    world.up_to(SignedDuration::from_secs(longest))
}
