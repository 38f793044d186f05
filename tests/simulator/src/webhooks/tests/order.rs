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
        let mut client = client(subscription());
        customer(&mut client, "Turner Bay");
        let first = one(&mut client);
        assert_eq!(due(&mut client), [], "it is out");
        answer(&mut client, first.id, refusal);
        after(&mut client, 9);
        assert_eq!(due(&mut client), []);
        after(&mut client, 1);
        let second = one(&mut client);
        assert_eq!(second.body, first.body, "{refusal:?}");
        assert_ne!(second.id, first.id);
    }
}

#[test]
fn the_ladder_is_climbed_and_then_walked_for_ever() {
    let mut client = client(subscription());
    customer(&mut client, "Turner Bay");
    let mut pauses = Vec::new();
    for _ in 0..10 {
        let delivery = one(&mut client);
        answer(&mut client, delivery.id, Answer::Status(503));
        let next = client.simulator.next_delivery_at().unwrap();
        pauses.push(next.duration_since(client.simulator.now()).as_secs());
        client.simulator.set_now(next);
    }
    assert_eq!(
        pauses,
        [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600]
    );
}

#[test]
fn an_exhausted_ladder_loses_its_events() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.ladder = Ladder::Former;
    let (_, _) = client.invoice("Turner Bay", 100);
    let mut attempts = 0;
    while let Some(at) = client.simulator.next_delivery_at() {
        for delivery in client.simulator.deliveries(at) {
            attempts += 1;
            client
                .simulator
                .delivered(delivery.id, Answer::NoAnswer, at);
        }
    }
    assert_eq!(attempts, 4);
    assert_eq!(client.simulator.lost_events(), 3, "customer, item, invoice");
}

#[test]
fn an_answer_after_three_seconds_is_none() {
    for (seconds, accepted) in [(3, true), (4, false)] {
        let mut client = client(subscription());
        customer(&mut client, "Turner Bay");
        let delivery = one(&mut client);
        after(&mut client, seconds);
        answer(&mut client, delivery.id, Answer::Status(200));
        assert_eq!(client.simulator.next_delivery_at().is_none(), accepted);
    }
}

#[test]
fn an_attempt_that_nobody_reports_ends_by_itself() {
    let mut client = client(subscription());
    customer(&mut client, "Turner Bay");
    let first = one(&mut client);
    let end = client.simulator.now() + SignedDuration::from_secs(3);
    assert_eq!(client.simulator.next_delivery_at(), Some(end));
    client.simulator.set_now(end);
    assert_eq!(due(&mut client), []);
    after(&mut client, 10);
    let second = one(&mut client);
    answer(&mut client, first.id, Answer::Status(200));
    assert!(
        client.simulator.next_delivery_at().is_some(),
        "a report about the past"
    );
    answer(&mut client, second.id, Answer::Status(200));
    assert_eq!(client.simulator.next_delivery_at(), None);
}

#[test]
fn later_events_wait_behind_what_is_not_accepted() {
    let mut client = client(subscription());
    customer(&mut client, "Turner Bay");
    let first = one(&mut client);
    customer(&mut client, "Ashgrove");
    assert_eq!(due(&mut client), [], "one is out");
    answer(&mut client, first.id, Answer::Status(500));
    assert_eq!(due(&mut client), [], "one is in retry");
    after(&mut client, 10);
    let again = one(&mut client);
    assert_eq!(again.body, first.body);
    answer(&mut client, again.id, Answer::Status(200));
    let second = one(&mut client);
    assert_ne!(second.body, first.body);
}

#[test]
fn without_head_of_line_later_events_pass() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.head_of_line = false;
    customer(&mut client, "Turner Bay");
    let first = one(&mut client);
    customer(&mut client, "Ashgrove");
    let second = one(&mut client);
    answer(&mut client, second.id, Answer::Status(200));
    answer(&mut client, first.id, Answer::NoAnswer);
    after(&mut client, 10);
    assert_eq!(one(&mut client).body, first.body);
}

#[test]
fn events_of_several_companies_go_together() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.gather = SignedDuration::from_mins(2);
    let (here, there) = (client.realm.clone(), client.add_company("Second"));
    customer(&mut client, "Turner Bay");
    after(&mut client, 60);
    client.switch_company(&there);
    customer(&mut client, "Ashgrove");
    after(&mut client, 59);
    assert_eq!(due(&mut client), []);
    after(&mut client, 1);
    let delivery = one(&mut client);
    let realms: Vec<Value> = events(&delivery)
        .iter()
        .map(|event| event["intuitaccountid"].clone())
        .collect();
    assert_eq!(realms, [here, there]);
}

#[test]
fn a_delivery_holds_a_hundred_events_and_the_rest_follows() {
    let mut client = client(subscription());
    client.simulator.switches_mut().requests_per_minute = None;
    for number in 0..130 {
        customer(&mut client, &format!("Customer {number}"));
    }
    let counts: Vec<usize> = drain(&mut client.simulator)
        .iter()
        .map(|(_, delivery)| events(delivery).len())
        .collect();
    assert_eq!(counts, [100, 30]);
}

#[test]
fn what_comes_again_holds_nothing_back_unless_it_is_not_accepted() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.repeated_delivery = 100;
    customer(&mut client, "Turner Bay");
    let first = one(&mut client);
    answer(&mut client, first.id, Answer::Status(200));
    client.simulator.switches_mut().courier.repeated_delivery = 0;
    customer(&mut client, "Ashgrove");
    let second = one(&mut client);
    assert_ne!(second.body, first.body);
    answer(&mut client, second.id, Answer::Status(200));
    after(&mut client, 60);
    let again = one(&mut client);
    assert_eq!(again.body, first.body);
    answer(&mut client, again.id, Answer::Status(500));
    customer(&mut client, "Hillcrest");
    assert_eq!(due(&mut client), []);
}
