//! One seed: a little of everything, and then rest.

use crate::actions::{self, Person};
use crate::given::{Given, beginning};
use crate::promises::Promises;
use crate::rest;
use jiff::SignedDuration;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::world::{Broken, Place, World};
use std::rc::Rc;
use store::connection::grant::ON_DEMAND;

/// The longest story.
const ACTIONS: usize = 7;

pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Broken> {
    let given = Given::draw(&mut fastrand::Rng::with_seed(!seed));
    let world = World::new(seed, given.conditions, beginning() + given.idle).traced(traced);
    world.note(|| format!("{given:?}"));
    let promises = Rc::new(Promises::new(&world));
    let stage = given.deploy(&world, &promises);
    let watching = Rc::clone(&promises);
    let end = world.run(async move {
        let mut harm = Harm::default();
        for _ in 0..1 + stage.world.below(ACTIONS) {
            act(&stage, &watching, (given, &mut harm));
            stage.world.sleep(pause(&stage.world)).await;
        }
        rest::come_to(&stage).await;
        rest::check(&stage, &watching, (given, &harm)).await;
    });
    promises.done();
    end
}

/// What may rightly leave a firm without a connection.
#[derive(Default)]
pub struct Harm {
    /// Firms that were disconnected.
    pub disconnected: Vec<&'static str>,
    /// Companies in which the app was disconnected.
    pub cut_off: Vec<&'static str>,
}

fn act(stage: &Deployment, promises: &Rc<Promises>, (given, harm): (Given, &mut Harm)) {
    let world = &stage.world;
    let which = world.below(2);
    let (firm, realm) = (FIRMS[which], COMPANIES[world.below(2)]);
    match world.below(if given.people { 12 } else { 6 }) {
        0..3 => drop(stage.scheduled_refresh()),
        // A margin that is longer than any token lives makes every call wait for a refresh.
        3..5 => drop(actions::on_demand(
            stage,
            firm_id(firm),
            SignedDuration::from_hours(2),
        )),
        5 if world.one_in(2) => drop(actions::on_demand(stage, firm_id(firm), ON_DEMAND)),
        5 => drop(actions::look_again(stage, realm)),
        6..9 => connect(stage, promises, (firm, realm)),
        // Two firms want one company at once.
        9 => FIRMS
            .into_iter()
            .for_each(|firm| connect(stage, promises, (firm, realm))),
        10 => {
            harm.disconnected.push(firm);
            actions::disconnect(stage, firm_id(firm));
            if world.one_in(2) {
                // In another tab.
                connect(stage, promises, (firm, realm));
            }
        }
        _ => {
            harm.cut_off.push(realm);
            world.note(|| format!("a person disconnects the app in {realm}"));
            let mut intuit = stage.intuit.borrow_mut();
            intuit.person(realm).expect("the company").disconnect_app();
        }
    }
}

fn connect(stage: &Deployment, promises: &Rc<Promises>, (firm, realm): (&str, &'static str)) {
    let person = Person {
        firm: firm_id(firm),
        realm,
        hasty: stage.world.one_in(4),
    };
    stage
        .world
        .note(|| format!("{firm} goes to Intuit for {realm}"));
    let (stage, promises) = (stage.clone(), Rc::clone(promises));
    let world = stage.world.clone();
    world.spawn(Place::Outside, "person", async move {
        actions::connect(&stage, &promises, person).await;
    });
}

fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[1, 5, 20, 90, 130 * 60]);
    world.up_to(SignedDuration::from_secs(longest))
}
