//! A sign-in whose instance crashes while a scheduled run visits the firm.

use crate::support::crashing_store::{CrashingServices, Meanwhile};
use crate::support::network::NOW;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use bridge::sync::sync_due;
use futures::FutureExt as _;
use futures::executor::block_on;
use jiff::SignedDuration;
use simulator::ConsentDecision;
use std::cell::Cell;
use std::rc::Rc;
use store::connection::ConnectionStatus;
use store::schedule::ScheduledJob;

/// Returns a firm that lost its grant, with a bill that waits for the connection. A run is due.
fn disconnected_world() -> World {
    let world = World::configured();
    world.person(|person| person.disconnect_app());
    world.bill();
    assert_eq!(world.view(BILL)["reason"]["code"], "not_connected");
    let store = &world.services.store;
    let due = store.schedule_by(&world.firm, ScheduledJob::Work, world.now());
    block_on(due).unwrap();
    world
}

/// Returns a scheduled run of another instance. It happens once, also if the store refuses several writes at that point.
fn scheduled_run(world: &World, writes_left: usize) -> Meanwhile {
    let endless = Rc::new(Cell::new(usize::MAX));
    let services: Rc<CrashingServices> = Rc::new(world.crashing_services(&endless));
    let entropy = Rc::new(Cell::new(Some(world.entropy())));
    let work = move || {
        let (services, entropy) = (services.clone(), entropy.take());
        async move {
            if let Some(mut entropy) = entropy {
                let _ = sync_due(&services, &mut entropy, || NOW.get()).await;
            }
        }
        .boxed_local()
    };
    Meanwhile {
        writes_left,
        work: Box::new(work),
    }
}

#[test]
fn documents_go_on_after_interrupted_sign_in() {
    let mut reconnected = 0;
    for writes in 0.. {
        let mut is_over = false;
        for run_before in 0..=writes {
            let world = disconnected_world();
            let left = Rc::new(Cell::new(writes));
            let meanwhile = scheduled_run(&world, writes - run_before);
            let services = world.crashing_services_with(&left, Some(meanwhile));
            let params = world.decide_at_intuit(ConsentDecision::Connect);
            is_over |= world.handle_callback_by(&services, &params).is_ok();
            world.run_schedules(4, SignedDuration::from_mins(2));
            if world.connection().status == ConnectionStatus::Connected {
                reconnected += 1;
                let state = &world.view(BILL)["state"];
                assert_eq!(state, "posted", "run before write {run_before} of {writes}");
            }
        }
        if is_over {
            break;
        }
    }
    assert!(reconnected > 10, "{reconnected}");
}
