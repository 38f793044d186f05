use super::*;
use crate::configuration::{Backend, Bounds, Rotation};
use crate::instance::{Call, Duration};
use crate::record::Claim;
use std::hash::{BuildHasher, RandomState};

fn world(caller: usize, owner: u8) -> World {
    let bounds = Bounds {
        starts: 3,
        crashes: 0,
        lost: 0,
        unsent: 0,
        touches: 0,
        has_person: false,
        has_late_requests: false,
    };
    let configuration = Configuration::new(Backend::Sqlite, Rotation::Strict, bounds);
    let mut world = World::new(&configuration);
    world.instances[caller].step = Step::Call(Call::Out(Duration::Short));
    world.record.claim = Some(Claim {
        owner: Some(owner),
        ticks_left: 3,
    });
    world
}

#[test]
fn world_hash_ignores_order_of_instances() {
    let hasher = RandomState::new();
    let hash = |caller, owner| hasher.hash_one(world(caller, owner));
    assert_eq!(hash(0, 0), hash(2, 2));
    assert_ne!(hash(0, 0), hash(0, 1));
}
