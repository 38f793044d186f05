//! One seed: a firm or two bill, people edit what was posted and beside it, and then all comes to rest.

use crate::billing_facts::{self, Billing, Event};
use crate::given::{Given, Ways, beginning, faults};
use crate::scribe::Scribe;
use crate::{actions, oracle, people, rest, troubles};
use jiff::SignedDuration;
use simulation::Conditions;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::memory::BackEnd;
use simulation::world::{Broken, World};
use simulator::{DeliveryBehaviour, Format};
use std::cell::Cell;
use std::rc::Rc;
use store::PAGE_CAPACITY;

/// Until everything that was sent has arrived and is posted, if nothing goes wrong.
const ALL_POSTED: SignedDuration = SignedDuration::from_mins(10);

const ACCOUNTS: [&str; 4] = [
    "Accounts Receivable (A/R)",
    "Retainage Receivable",
    "Contract Revenue",
    "Undeposited Funds",
];

/// A run, and what must be known of it in the end. Clones are the same run.
#[derive(Clone)]
pub struct Play {
    pub stage: Deployment,
    pub given: Given,
    pub facts: Rc<Billing>,
    pub scribe: Rc<Scribe>,
    /// Of each company: what is owed, held back, earned and not yet at the bank, by id, whatever it is called later.
    pub accounts: Rc<[[String; 4]; 2]>,
    /// How many of the firms bill.
    pub billing: usize,
    /// Odd answers that QuickBooks may still give.
    pub troubles: Rc<Cell<u32>>,
    /// QuickBooks refused, or will, what is not wrong.
    pub refused: Rc<Cell<bool>>,
}

impl Play {
    fn new(world: &World, given: Given, facts: Billing) -> Self {
        let mut stage = given.deploy(world);
        let accounts = COMPANIES.map(|realm| {
            let intuit = stage.intuit.borrow();
            ACCOUNTS.map(|name| intuit.find(realm, "Account", name).expect(name))
        });
        let scribe = Rc::new(Scribe::new(&stage.intuit));
        stage.witness = Rc::<Scribe>::clone(&scribe);
        let mut names = facts.documents.keys();
        let both = names.any(|name| name.starts_with(FIRMS[1]));
        Self {
            stage,
            given,
            accounts: Rc::new(accounts),
            billing: if both { 2 } else { 1 },
            facts: Rc::new(facts),
            scribe,
            troubles: Rc::new(Cell::new(given.troubles)),
            refused: Rc::default(),
        }
    }
}

/// How this run goes, beside what all runs draw.
#[derive(Clone, Copy, Debug)]
struct Course {
    /// People begin before all is posted.
    early: bool,
    /// It goes wrong from the start, and not only once people begin.
    hard: bool,
    /// How often people act.
    acts: usize,
    rough: bool,
    format: Format,
}

fn draw(chance: &mut fastrand::Rng) -> (Given, Course) {
    let given = Given {
        ways: Ways {
            by_line: chance.u8(..3) == 0,
            classes: chance.bool(),
            strict: chance.u8(..8) == 0,
        },
        back_end: BackEnd::ALL[chance.usize(..4)],
        memory: [None, Some(SignedDuration::ZERO)][chance.usize(..2)],
        idle: SignedDuration::from_mins([0, 50, 58][chance.usize(..3)]),
        shelf: [1, 2, PAGE_CAPACITY][chance.usize(..3)],
        troubles: chance.u32(..3).saturating_sub(1),
        holds: false,
        people: false,
        backlog: false,
        few: true,
        conditions: faults(chance),
    };
    let course = Course {
        early: chance.u8(..3) == 0,
        hard: chance.bool(),
        acts: chance.usize(0..=4),
        rough: chance.bool(),
        format: [Format::Classic, Format::CloudEvents][chance.usize(..2)],
    };
    (given, course)
}

pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Broken> {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let (given, course) = draw(&mut chance);
    let facts = billing_facts::draw(&mut chance, given);
    let world = World::new(seed, given.conditions, beginning() + given.idle).traced(traced);
    world.note(|| format!("{given:?} {course:?}"));
    let play = Play::new(&world, given, facts);
    world.run(async move {
        goes_on(&play, course).await;
        rest::come_to(&play).await;
        oracle::check(&play).await;
    })
}

async fn goes_on(play: &Play, course: Course) {
    let (stage, world) = (&play.stage, &play.stage.world);
    let delivery = match course.rough {
        true => DeliveryBehaviour::unreliable(),
        false => DeliveryBehaviour::default(),
    };
    stage.subscribe(course.format, delivery);
    stage.carry_webhooks();
    if !course.hard {
        world.calm();
    }
    for event in swapped(world, &play.facts.events) {
        actions::send(stage, event);
        meanwhile(play);
        world.sleep(pause(world)).await;
        if course.early && world.one_in(3) {
            people::act(play);
            world.sleep(pause(world)).await;
        }
    }
    if !course.early {
        world.sleep(ALL_POSTED).await;
        world.join(stage.scheduled_sync()).await;
        world.suffer(given_again(play));
    }
    for _ in 0..course.acts {
        people::act(play);
        world.sleep(pause(world)).await;
        meanwhile(play);
        world.sleep(pause(world)).await;
    }
}

/// What goes wrong goes wrong from here on, if nothing did before.
fn given_again(play: &Play) -> Conditions {
    let before = play.stage.world.conditions();
    match before == Conditions::calm() {
        true => play.given.conditions,
        false => before,
    }
}

/// Each event once, now and then after the next one.
fn swapped(world: &World, events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    for place in 1..events.len() {
        if world.one_in(6) {
            events.swap(place - 1, place);
        }
    }
    events
}

fn meanwhile(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    match world.below(8) {
        0..=3 => {
            stage.scheduled_sync();
        }
        4 => {
            stage.scheduled_refresh();
        }
        5 => {
            stage.press_sync_now(firm_id(FIRMS[0]));
        }
        6 => troubles::next(play),
        _ => {}
    }
}

/// From no time at all to hours: the same second, while a worker is there, before or after webhooks come.
fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[0, 1, 10, 70, 400, 400, 20_000]);
    world.up_to(SignedDuration::from_secs(longest))
}
