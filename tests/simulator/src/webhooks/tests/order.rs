//! Attempts, and what waits behind them.

use super::*;
use crate::Ladder;

#[test]
fn what_is_not_accepted_comes_again_with_the_same_ids() {
    for refusal in [
        Answer::NoAnswer,
        Answer::Status(500),
        Answer::Status(400),
        Answer::Status(204),
    ] {
        let mut desk = desk(subscription());
        customer(&mut desk, "Turner Bay");
        let first = one(&mut desk);
        assert_eq!(due(&mut desk), [], "it is out");
        answer(&mut desk, first.id, refusal);
        after(&mut desk, 9);
        assert_eq!(due(&mut desk), []);
        after(&mut desk, 1);
        let second = one(&mut desk);
        assert_eq!(second.body, first.body, "{refusal:?}");
        assert_ne!(second.id, first.id);
    }
}

#[test]
fn the_ladder_is_climbed_and_then_walked_for_ever() {
    let mut desk = desk(subscription());
    customer(&mut desk, "Turner Bay");
    let mut pauses = Vec::new();
    for _ in 0..10 {
        let delivery = one(&mut desk);
        answer(&mut desk, delivery.id, Answer::Status(503));
        let next = desk.simulator.next_delivery_at().unwrap();
        pauses.push(next.duration_since(desk.simulator.now()).as_secs());
        desk.simulator.set_now(next);
    }
    assert_eq!(
        pauses,
        [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600]
    );
}

#[test]
fn an_exhausted_ladder_loses_its_events() {
    let mut desk = desk(subscription());
    desk.simulator.switches_mut().courier.ladder = Ladder::Former;
    let (_, _) = desk.invoice("Turner Bay", 100);
    let mut attempts = 0;
    while let Some(at) = desk.simulator.next_delivery_at() {
        for delivery in desk.simulator.deliveries(at) {
            attempts += 1;
            desk.simulator.delivered(delivery.id, Answer::NoAnswer, at);
        }
    }
    assert_eq!(attempts, 4);
    assert_eq!(desk.simulator.lost_events(), 3, "customer, item, invoice");
}

#[test]
fn an_answer_after_three_seconds_is_none() {
    for (seconds, accepted) in [(3, true), (4, false)] {
        let mut desk = desk(subscription());
        customer(&mut desk, "Turner Bay");
        let delivery = one(&mut desk);
        after(&mut desk, seconds);
        answer(&mut desk, delivery.id, Answer::Status(200));
        assert_eq!(desk.simulator.next_delivery_at().is_none(), accepted);
    }
}

#[test]
fn an_attempt_that_nobody_reports_ends_by_itself() {
    let mut desk = desk(subscription());
    customer(&mut desk, "Turner Bay");
    let first = one(&mut desk);
    let end = desk.simulator.now() + SignedDuration::from_secs(3);
    assert_eq!(desk.simulator.next_delivery_at(), Some(end));
    desk.simulator.set_now(end);
    assert_eq!(due(&mut desk), []);
    after(&mut desk, 10);
    let second = one(&mut desk);
    answer(&mut desk, first.id, Answer::Status(200));
    assert!(
        desk.simulator.next_delivery_at().is_some(),
        "a report about the past"
    );
    answer(&mut desk, second.id, Answer::Status(200));
    assert_eq!(desk.simulator.next_delivery_at(), None);
}

#[test]
fn later_events_wait_behind_what_is_not_accepted() {
    let mut desk = desk(subscription());
    customer(&mut desk, "Turner Bay");
    let first = one(&mut desk);
    customer(&mut desk, "Ashgrove");
    assert_eq!(due(&mut desk), [], "one is out");
    answer(&mut desk, first.id, Answer::Status(500));
    assert_eq!(due(&mut desk), [], "one is in retry");
    after(&mut desk, 10);
    let again = one(&mut desk);
    assert_eq!(again.body, first.body);
    answer(&mut desk, again.id, Answer::Status(200));
    let second = one(&mut desk);
    assert_ne!(second.body, first.body);
}

#[test]
fn without_head_of_line_later_events_pass() {
    let mut desk = desk(subscription());
    desk.simulator.switches_mut().courier.head_of_line = false;
    customer(&mut desk, "Turner Bay");
    let first = one(&mut desk);
    customer(&mut desk, "Ashgrove");
    let second = one(&mut desk);
    answer(&mut desk, second.id, Answer::Status(200));
    answer(&mut desk, first.id, Answer::NoAnswer);
    after(&mut desk, 10);
    assert_eq!(one(&mut desk).body, first.body);
}

#[test]
fn events_of_several_companies_go_together() {
    let mut desk = desk(subscription());
    desk.simulator.switches_mut().courier.gather = SignedDuration::from_mins(2);
    let (here, there) = (desk.realm.clone(), desk.open_another("Second"));
    customer(&mut desk, "Turner Bay");
    after(&mut desk, 60);
    desk.switch(&there);
    customer(&mut desk, "Ashgrove");
    after(&mut desk, 59);
    assert_eq!(due(&mut desk), []);
    after(&mut desk, 1);
    let delivery = one(&mut desk);
    let realms: Vec<Value> = events(&delivery)
        .iter()
        .map(|event| event["intuitaccountid"].clone())
        .collect();
    assert_eq!(realms, [here, there]);
}

#[test]
fn a_delivery_holds_a_hundred_events_and_the_rest_follows() {
    let mut desk = desk(subscription());
    desk.simulator.switches_mut().requests_per_minute = None;
    for number in 0..130 {
        customer(&mut desk, &format!("Customer {number}"));
    }
    let counts: Vec<usize> = drain(&mut desk.simulator)
        .iter()
        .map(|(_, delivery)| events(delivery).len())
        .collect();
    assert_eq!(counts, [100, 30]);
}

#[test]
fn what_comes_again_holds_nothing_back_unless_it_is_not_accepted() {
    let mut desk = desk(subscription());
    desk.simulator.switches_mut().courier.repeated_delivery = 100;
    customer(&mut desk, "Turner Bay");
    let first = one(&mut desk);
    answer(&mut desk, first.id, Answer::Status(200));
    desk.simulator.switches_mut().courier.repeated_delivery = 0;
    customer(&mut desk, "Ashgrove");
    let second = one(&mut desk);
    assert_ne!(second.body, first.body);
    answer(&mut desk, second.id, Answer::Status(200));
    after(&mut desk, 60);
    let again = one(&mut desk);
    assert_eq!(again.body, first.body);
    answer(&mut desk, again.id, Answer::Status(500));
    customer(&mut desk, "Hillcrest");
    assert_eq!(due(&mut desk), []);
}
