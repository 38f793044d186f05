use super::*;
use crate::seeds::Scenario;
use std::collections::BTreeSet;

fn world(seed: u64) -> World {
    World::new(seed, Conditions::calm(), Timestamp::UNIX_EPOCH)
}

fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// Two tasks that each note three turns: in which order they came.
fn order(seed: u64) -> String {
    let world = world(seed);
    let order = Rc::new(RefCell::new(String::new()));
    let (stage, noted) = (world.clone(), Rc::clone(&order));
    let story = async move {
        for (instance, name) in [(0, 'a'), (1, 'b')] {
            let (at, noted) = (stage.clone(), Rc::clone(&noted));
            stage.spawn(Place::Instance(instance), "walk", async move {
                for _ in 0..3 {
                    at.turn().await;
                    noted.borrow_mut().push(name);
                }
            });
        }
        stage.idle().await;
    };
    world.run(story).unwrap();
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
        let stage = world.clone();
        world
            .run(async move {
                let hour = stage.clone();
                let sleeper = stage.spawn(Place::Outside, "sleeper", async move {
                    hour.sleep(secs(3600)).await;
                    assert_eq!(hour.now(), Timestamp::UNIX_EPOCH + secs(3600));
                });
                stage.turn().await;
                let step = Conditions::calm().step;
                assert!(stage.now() <= Timestamp::UNIX_EPOCH + step);
                stage.join(sleeper).await;
            })
            .unwrap();
    }
}

#[test]
fn crashed_instance_ends_only_its_own_tasks() {
    let mut died_after = BTreeSet::new();
    for seed in 0..200 {
        let conditions = Conditions {
            one_in: 2,
            crashes: 1,
            ..Conditions::calm()
        };
        let world = World::new(seed, conditions, Timestamp::UNIX_EPOCH);
        let (stage, steps) = (world.clone(), Rc::new(Cell::new(0)));
        let counted = Rc::clone(&steps);
        let story = async move {
            let at = stage.clone();
            stage.spawn(Place::Instance(0), "walk", async move {
                for step in 1..4 {
                    at.turn().await;
                    counted.set(step);
                }
            });
            stage.idle().await;
        };
        world.run(story).unwrap();
        died_after.insert(steps.get());
    }
    assert_eq!(died_after, BTreeSet::from([0, 1, 2, 3]));
}

#[test]
fn stalled_scenario_is_reported_as_broken() {
    let end = world(1).run(std::future::pending());
    assert!(end.unwrap_err().what.starts_with("nothing can happen"));
}

#[test]
fn failing_seed_prints_replay_command() {
    const FAILS: Scenario = Scenario {
        name: "tides",
        run: |seed, _| {
            let world = world(seed);
            let stage = world.clone();
            world.run(async move {
                if seed == 3 {
                    stage.broken("the tide is out");
                }
            })
        },
    };
    let panic = std::panic::catch_unwind(|| FAILS.hunt(0..10)).unwrap_err();
    let said = panic.downcast_ref::<String>().unwrap();
    assert_eq!(
        said,
        "the tide is out\nSEED=3 cargo test -p simulation --test tides replay -- --nocapture"
    );
}
