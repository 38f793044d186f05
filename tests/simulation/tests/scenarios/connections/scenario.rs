//! A run: a few random actions, and then the final state.

use crate::connections::actions::{self, Confirming, Person};
use crate::connections::final_state;
use crate::connections::given::{Given, beginning};
use crate::connections::invariants::Invariants;
use jiff::SignedDuration;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::world::{Failure, Place, World};
use std::rc::Rc;
use store::connection::grant::ON_DEMAND;

/// The most actions of a run.
const MAX_ACTIONS: usize = 7;

/// Runs the scenario with a seed.
pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Failure> {
    let given = Given::draw(&mut fastrand::Rng::with_seed(!seed));
    let world = World::new(seed, given.conditions, beginning() + given.idle).traced(traced);
    world.trace(|| format!("{given:?}"));
    let invariants = Rc::new(Invariants::new(&world));
    let deployment = given.deploy(&world, &invariants);
    let watched = Rc::clone(&invariants);
    let end = world.run(async move {
        let mut ended = Disconnections::default();
        for _ in 0..1 + deployment.world.below(MAX_ACTIONS) {
            act(&deployment, &watched, (given, &mut ended));
            deployment.world.sleep(pause(&deployment.world)).await;
        }
        final_state::settle(&deployment).await;
        final_state::check(&deployment, &watched, (given, &ended)).await;
    });
    invariants.stop_observing();
    end
}

/// The actions of people that may leave a firm without a connection.
#[derive(Default)]
pub struct Disconnections {
    /// Firms that were disconnected.
    pub firms: Vec<&'static str>,
    /// Companies in which the app was disconnected.
    pub companies: Vec<&'static str>,
}

fn act(
    deployment: &Deployment,
    invariants: &Rc<Invariants>,
    (given, ended): (Given, &mut Disconnections),
) {
    let world = &deployment.world;
    let which = world.below(2);
    let (firm, realm) = (FIRMS[which], COMPANIES[world.below(2)]);
    match world.below(if given.people { 12 } else { 6 }) {
        0..3 => drop(deployment.scheduled_refresh()),
        // A margin that is longer than any token lives makes every call wait for a refresh.
        3..5 => drop(actions::refresh_on_demand(
            deployment,
            firm_id(firm),
            SignedDuration::from_hours(2),
        )),
        5 if world.one_in(2) => drop(actions::refresh_on_demand(
            deployment,
            firm_id(firm),
            ON_DEMAND,
        )),
        5 => drop(actions::verify_company(deployment, realm)),
        6..9 => connect(deployment, invariants, (firm, realm)),
        // Two firms want one company at once.
        9 => FIRMS
            .into_iter()
            .for_each(|firm| connect(deployment, invariants, (firm, realm))),
        10 => {
            ended.firms.push(firm);
            actions::disconnect(deployment, firm_id(firm));
            if world.one_in(2) {
                // The person connects in another tab.
                connect(deployment, invariants, (firm, realm));
            }
        }
        _ => {
            ended.companies.push(realm);
            world.trace(|| format!("a person disconnects the app in {realm}"));
            let mut intuit = deployment.intuit.borrow_mut();
            intuit.person(realm).expect("the company").disconnect_app();
        }
    }
}

fn connect(
    deployment: &Deployment,
    invariants: &Rc<Invariants>,
    (firm, realm): (&str, &'static str),
) {
    let person = Person {
        firm: firm_id(firm),
        realm,
        reloads_callback: deployment.world.one_in(4),
        confirming: draw_confirming(&deployment.world),
    };
    deployment
        .world
        .trace(|| format!("{firm} goes to Intuit for {realm}"));
    let (deployment, invariants) = (deployment.clone(), Rc::clone(invariants));
    let world = deployment.world.clone();
    world.spawn(Place::Outside, "person", async move {
        actions::connect(&deployment, &invariants, person).await;
    });
}

fn draw_confirming(world: &World) -> Confirming {
    use Confirming::{Never, Once, Somebody, Twice};
    world.pick(&[Once, Once, Once, Twice, Never, Somebody])
}

fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[1, 5, 20, 90, 130 * 60]);
    world.span_up_to(SignedDuration::from_secs(longest))
}
