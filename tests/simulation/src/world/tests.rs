use super::*;
use crate::seeds::Scenario;
use std::collections::BTreeSet;

fn world(seed: u64) -> World {
    World::new(seed, Conditions::without_faults(), Timestamp::UNIX_EPOCH)
}

fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// Returns the order in which two tasks passed three yield points each.
fn order(seed: u64) -> String {
    let world = world(seed);
    let order = Rc::new(RefCell::new(String::new()));
    let (runner, passed) = (world.clone(), Rc::clone(&order));
    let scenario = async move {
        for (instance, name) in [(0, 'a'), (1, 'b')] {
            let (at, passed) = (runner.clone(), Rc::clone(&passed));
            runner.spawn(Place::Instance(instance), "walk", async move {
                for _ in 0..3 {
                    at.yield_point().await;
                    passed.borrow_mut().push(name);
                }
            });
        }
        runner.wait_for_instances().await;
    };
    world.run(scenario).unwrap();
    order.take()
}

#[test]
fn seed_fixes_order_and_seeds_cover_all() {
    assert_eq!(order(7), order(7));
    let orders: BTreeSet<_> = (0..500).map(order).collect();
    assert_eq!(orders.len(), 20, "six steps, three of them of one task");
}

#[test]
fn long_timer_never_delays_a_ready_task() {
    for seed in 0..200 {
        let world = world(seed);
        let runner = world.clone();
        world
            .run(async move {
                let sleeping = runner.clone();
                let sleeper = runner.spawn(Place::Outside, "sleeper", async move {
                    sleeping.sleep(secs(3600)).await;
                    assert_eq!(sleeping.now(), Timestamp::UNIX_EPOCH + secs(3600));
                });
                runner.yield_point().await;
                let step = Conditions::without_faults().step;
                assert!(runner.now() <= Timestamp::UNIX_EPOCH + step);
                runner.join(sleeper).await;
            })
            .unwrap();
    }
}

#[test]
fn crashed_instance_ends_only_its_own_tasks() {
    let mut steps_before_crash = BTreeSet::new();
    for seed in 0..200 {
        let conditions = Conditions {
            one_in: 2,
            crashes: 1,
            ..Conditions::without_faults()
        };
        let world = World::new(seed, conditions, Timestamp::UNIX_EPOCH);
        let (runner, steps) = (world.clone(), Rc::new(Cell::new(0)));
        let counted = Rc::clone(&steps);
        let scenario = async move {
            let at = runner.clone();
            runner.spawn(Place::Instance(0), "walk", async move {
                for step in 1..4 {
                    at.yield_point().await;
                    counted.set(step);
                }
            });
            runner.wait_for_instances().await;
        };
        world.run(scenario).unwrap();
        steps_before_crash.insert(steps.get());
    }
    assert_eq!(steps_before_crash, BTreeSet::from([0, 1, 2, 3]));
}

#[test]
fn stalled_scenario_is_reported_as_broken() {
    let end = world(1).run(std::future::pending());
    assert!(end.unwrap_err().message.starts_with("nothing can happen"));
}

#[test]
fn failing_seed_prints_replay_command() {
    const FAILING: Scenario = Scenario {
        name: "example",
        run: |seed, _| {
            let world = world(seed);
            let runner = world.clone();
            world.run(async move {
                if seed == 3 {
                    runner.fail("the check failed");
                }
            })
        },
    };
    let panic = std::panic::catch_unwind(|| FAILING.run_seeds(0..10)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert_eq!(
        message,
        "the check failed\nSEED=3 cargo test -p simulation --test scenarios example::replay -- --nocapture"
    );
}
