//! A run: one or two firms bill, people edit the companies, and the run settles.

use crate::change_detection::change_log::ChangeLog;
use crate::change_detection::{checks, final_state, manual_edits};
use crate::posting::actions;
use crate::posting::billing_events::{self, Billing, Event};
use crate::posting::given::{BookMethods, Customs, Given, JobUse, faults, start_time};
use crate::posting::injected_faults::{Faults, inject_next};
use jiff::SignedDuration;
use simulation::Conditions;
use simulation::behaviour::Behaviour;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::memory_store::BackEnd;
use simulation::world::{Failure, World};
use simulator::{DeliveryBehaviour, Format};
use std::rc::Rc;
use store::PAGE_CAPACITY;

/// The time until every event is posted, without faults.
const ALL_POSTED: SignedDuration = SignedDuration::from_mins(10);

const ACCOUNTS: [&str; 4] = [
    "Accounts Receivable (A/R)",
    "Retainage Receivable",
    "Contract Revenue",
    "Undeposited Funds",
];

/// A run, with the facts that the final checks need. Clones are the same run.
#[derive(Clone)]
pub struct Run {
    pub deployment: Deployment,
    pub given: Given,
    pub billing_events: Rc<Billing>,
    pub change_log: Rc<ChangeLog>,
    /// The ids of the accounts of each company: receivable, retainage, revenue and undeposited funds.
    pub accounts: Rc<[[String; 4]; 2]>,
    /// The number of firms that bill.
    pub billing_firms: usize,
    pub faults: Rc<Faults>,
}

impl Run {
    fn new(world: &World, given: Given, billing_events: Billing) -> Self {
        let mut deployment = given.deploy(world);
        let accounts = COMPANIES.map(|realm| {
            let intuit = deployment.intuit.borrow();
            ACCOUNTS.map(|name| intuit.find(realm, "Account", name).expect(name))
        });
        let change_log = Rc::new(ChangeLog::new(&deployment.intuit));
        deployment.observer = Rc::<ChangeLog>::clone(&change_log);
        let mut names = billing_events.documents.keys();
        let both = names.any(|name| name.starts_with(FIRMS[1]));
        Self {
            deployment,
            given,
            accounts: Rc::new(accounts),
            billing_firms: if both { 2 } else { 1 },
            billing_events: Rc::new(billing_events),
            change_log,
            faults: Rc::new(Faults::new(given.fault_answers_left)),
        }
    }
}

/// The course of a run.
#[derive(Clone, Copy, Debug)]
struct Course {
    /// True if people edit before everything is posted.
    edits_begin_early: bool,
    /// True if faults happen from the start, not only once people edit.
    faults_from_start: bool,
    /// The number of edits.
    edit_count: usize,
    is_delivery_rough: bool,
    format: Format,
}

fn draw(chance: &mut fastrand::Rng) -> (Given, Course) {
    // A copy of the generator draws these, so that all other draws of a seed stay the same.
    let mut copy = chance.clone();
    let (behaviour, has_outages) = (Behaviour::draw(&mut copy), copy.u8(..3) == 0);
    let customs = Customs {
        applies_credits: false,
        ..Customs::draw(&mut copy)
    };
    let given = Given {
        customs,
        methods: BookMethods {
            has_retainage_lines: chance.u8(..3) == 0,
            is_billed_on_release: false,
            has_classes: chance.bool(),
            has_opening: false,
            jobs: JobUse::None,
            has_strict_rotation: chance.u8(..8) == 0,
        },
        back_end: BackEnd::ALL[chance.usize(..4)],
        behaviour: behaviour
            .with_request_id_memory([None, Some(SignedDuration::ZERO)][chance.usize(..2)]),
        idle_for: SignedDuration::from_mins([0, 50, 58][chance.usize(..3)]),
        page_capacity: [1, 2, PAGE_CAPACITY][chance.usize(..3)],
        fault_answers_left: chance.u32(..3).saturating_sub(1),
        has_firm_actions: false,
        has_manual_edits: false,
        has_typed_documents: false,
        has_long_outage: false,
        has_backlog: false,
        is_restored: false,
        is_small: true,
        conditions: Conditions {
            has_outages,
            ..faults(chance)
        },
    };
    let course = Course {
        edits_begin_early: chance.u8(..3) == 0,
        faults_from_start: chance.bool(),
        edit_count: chance.usize(0..=4),
        is_delivery_rough: chance.bool(),
        format: [Format::Classic, Format::CloudEvents][chance.usize(..2)],
    };
    (given, course)
}

/// Runs the scenario with a seed.
pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Failure> {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let (given, course) = draw(&mut chance);
    let billing_events = billing_events::draw(&mut chance, given);
    let world = World::new(seed, given.conditions, start_time() + given.idle_for).traced(traced);
    world.trace(|| format!("{given:?} {course:?}"));
    let run = Run::new(&world, given, billing_events);
    world.run(async move {
        play(&run, course).await;
        final_state::settle(&run).await;
        checks::check(&run).await;
    })
}

async fn play(run: &Run, course: Course) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    let delivery = match course.is_delivery_rough {
        true => DeliveryBehaviour::unreliable(),
        false => DeliveryBehaviour::default(),
    };
    deployment.subscribe(course.format, delivery);
    deployment.deliver_webhooks();
    if !course.faults_from_start {
        world.stop_faults();
    }
    for event in with_neighbours_swapped(world, &run.billing_events.events) {
        actions::send_event(deployment, event);
        run_background_request(run);
        world.sleep(pause(world)).await;
        if course.edits_begin_early && world.one_in(3) {
            manual_edits::act(run);
            world.sleep(pause(world)).await;
        }
    }
    if !course.edits_begin_early {
        world.sleep(ALL_POSTED).await;
        world.join(deployment.scheduled_sync()).await;
        world.set_conditions(conditions_from_now(run));
    }
    for _ in 0..course.edit_count {
        manual_edits::act(run);
        world.sleep(pause(world)).await;
        run_background_request(run);
        world.sleep(pause(world)).await;
    }
}

/// Returns the faults of the rest of the run: those of the seed, if none happened before.
fn conditions_from_now(run: &Run) -> Conditions {
    let before = run.deployment.world.conditions();
    match before == Conditions::without_faults() {
        true => run.given.conditions,
        false => before,
    }
}

/// Returns each event once, some after their successor.
fn with_neighbours_swapped(world: &World, events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    for place in 1..events.len() {
        if world.one_in(6) {
            events.swap(place - 1, place);
        }
    }
    events
}

fn run_background_request(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    match world.below(8) {
        0..=3 => {
            deployment.scheduled_sync();
        }
        4 => {
            deployment.scheduled_refresh();
        }
        5 => {
            deployment.press_sync_now(firm_id(FIRMS[0]));
        }
        6 => inject_next(deployment, &run.faults),
        _ => {}
    }
}

/// Draws a pause: from nothing to hours, so that edits fall into a lease, or before or after a webhook.
fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[0, 1, 10, 70, 400, 400, 20_000]);
    world.span_up_to(SignedDuration::from_secs(longest))
}
