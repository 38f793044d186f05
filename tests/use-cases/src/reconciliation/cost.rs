//! The cost of a tie-out.

use super::World;
use crate::scale::posting::firm_of_many_pay_apps;
use crate::support::usual_bill::{BILL, USUAL};
use bridge::error::Error;
use jiff::SignedDuration;

#[test]
fn kept_answer_costs_no_read_and_no_call() {
    let world = World::configured();
    world.bill();
    let first = world.tie_out();
    world.simulator().clear_traffic();
    let before = world.reads_this_month();
    let second = world.tie_out();
    assert_eq!(world.simulator().traffic().len(), 0);
    assert_eq!(world.reads_this_month(), before);
    assert_eq!(
        (&second["reads"], &second["checked_at"]),
        (&0.into(), &first["checked_at"])
    );
}

#[test]
fn reads_are_counted_and_later_looks_are_cheap() {
    let world = World::configured();
    world.bill();
    let before = world.reads_this_month();
    assert_eq!(world.tie_out()["reads"], 7);
    assert_eq!(world.reads_this_month(), before + 7);
    assert_eq!(world.later_tie_out()["reads"], 4);
    assert_eq!(world.reads_this_month(), before + 11);
}

#[test]
fn old_copy_is_shown_while_reads_are_refused() {
    let world = World::configured();
    world.bill();
    let mut shown = 0;
    for _ in 0..20 {
        let view = world.later_tie_out();
        shown += usize::from(view["reads"] == 0);
        assert_eq!(view["tied_out"], true);
    }
    assert!(shown > 0);
    world.advance(SignedDuration::from_secs(1));
    world.pay(BILL, "10.00");
    assert_eq!(world.tie_out()["tied_out"], true);
}

#[test]
fn first_look_is_refused_at_the_limit_of_pace() {
    let world = World::configured();
    world.bill();
    for words in 0..30 {
        let _ = world.offered_customers(&words.to_string());
    }
    assert!(matches!(
        world.try_tie_out(),
        Err(Error::TooManyRequests(_))
    ));
}

#[test]
fn project_with_many_documents_keeps_short_records() {
    let world = World::configured();
    for number in 1..=160 {
        world.bill_next(number, USUAL);
        world.advance(SignedDuration::from_secs(2));
    }
    world.advance(SignedDuration::from_mins(2));
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(view["projects"][0]["billed"], "7760000.00");
    assert!(world.memory.longest_value() < 64 * 1024);
}

#[test]
fn many_documents_take_ten_reads() {
    let world = firm_of_many_pay_apps();
    world.advance(SignedDuration::from_hours(1));
    let first = world.tie_out();
    assert_eq!(first["tied_out"], true, "{first:#}");
    let reads = first["reads"].as_u64().unwrap();
    assert!(reads <= 10, "{reads} reads");
    assert_eq!(world.later_tie_out()["reads"], 4);
    assert!(world.memory.longest_value() < 64 * 1024);
}
