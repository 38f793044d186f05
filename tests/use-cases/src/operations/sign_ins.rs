//! Sign-ins that are long over: their records are removed.

use crate::support::world::{World, WorldOptions};
use jiff::SignedDuration;
use simulator::ConsentDecision;

#[test]
fn old_sign_ins_are_removed_by_schedule() {
    let world = World::new(WorldOptions::default());
    world.decide_at_intuit(ConsentDecision::Connect);
    world.offer();
    world.run_schedules(4, SignedDuration::from_hours(11));
    assert_eq!(world.keys_with(&["rivet-books:sign-in:"]).len(), 2);
    world.run_schedules(1, SignedDuration::from_hours(6));
    let left = world.keys_with(&["rivet-books:sign-in:", "rivet-books:unconfirmed-sign-in:"]);
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn sign_in_of_connected_firm_is_removed() {
    let world = World::configured();
    assert_eq!(world.keys_with(&["rivet-books:sign-in:"]).len(), 1);
    world.run_schedules(60, SignedDuration::from_mins(50));
    assert_eq!(
        world
            .keys_with(&["rivet-books:sign-in:", "unconfirmed-sign-in:"])
            .len(),
        0
    );
    assert!(world.connection().usable_grant().is_some());
}
