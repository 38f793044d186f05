//! Attempts of a delivery, and the events that wait behind it.

use super::*;
use crate::webhooks::delivery::RetrySchedule;

#[test]
fn refused_delivery_is_repeated_with_same_ids() {
    for refusal in [
        Answer::NoAnswer,
        Answer::Status(500),
        Answer::Status(400),
        Answer::Status(204),
    ] {
        let mut client = subscribed(subscription());
        add_customer(&mut client, "Turner Bay");
        let first = only_delivery(&mut client);
        assert_eq!(due(&mut client), [], "it is out");
        report(&mut client, first.id, refusal);
        advance(&mut client, 9);
        assert_eq!(due(&mut client), []);
        advance(&mut client, 1);
        let second = only_delivery(&mut client);
        assert_eq!(second.body, first.body, "{refusal:?}");
        assert_ne!(second.id, first.id);
    }
}

#[test]
fn retries_follow_current_schedule_without_end() {
    let mut client = subscribed(subscription());
    add_customer(&mut client, "Turner Bay");
    let mut delays = Vec::new();
    for _ in 0..10 {
        let delivery = only_delivery(&mut client);
        report(&mut client, delivery.id, Answer::Status(503));
        let next = client.simulator.next_delivery_at().unwrap();
        delays.push(next.duration_since(client.simulator.now()).as_secs());
        client.simulator.set_now(next);
    }
    assert_eq!(
        delays,
        [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600]
    );
}

#[test]
fn exhausted_schedule_loses_its_events() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.retry_schedule = RetrySchedule::Former;
    let (_, _) = client.invoice("Turner Bay", 100);
    let mut attempts = 0;
    while let Some(at) = client.simulator.next_delivery_at() {
        for delivery in client.simulator.start_due_deliveries(at) {
            attempts += 1;
            client
                .simulator
                .report_delivery(delivery.id, Answer::NoAnswer, at);
        }
    }
    assert_eq!(attempts, 4);
    assert_eq!(client.simulator.lost_events(), 3, "customer, item, invoice");
}

#[test]
fn answer_after_three_seconds_is_no_acceptance() {
    for (seconds, accepted) in [(3, true), (4, false)] {
        let mut client = subscribed(subscription());
        add_customer(&mut client, "Turner Bay");
        let delivery = only_delivery(&mut client);
        advance(&mut client, seconds);
        report(&mut client, delivery.id, Answer::Status(200));
        assert_eq!(client.simulator.next_delivery_at().is_none(), accepted);
    }
}

#[test]
fn unreported_attempt_times_out() {
    let mut client = subscribed(subscription());
    add_customer(&mut client, "Turner Bay");
    let first = only_delivery(&mut client);
    let end = client.simulator.now() + SignedDuration::from_secs(3);
    assert_eq!(client.simulator.next_delivery_at(), Some(end));
    client.simulator.set_now(end);
    assert_eq!(due(&mut client), []);
    advance(&mut client, 10);
    let second = only_delivery(&mut client);
    report(&mut client, first.id, Answer::Status(200));
    assert!(
        client.simulator.next_delivery_at().is_some(),
        "a report about the past"
    );
    report(&mut client, second.id, Answer::Status(200));
    assert_eq!(client.simulator.next_delivery_at(), None);
}

#[test]
fn later_events_wait_behind_unaccepted_delivery() {
    let mut client = subscribed(subscription());
    add_customer(&mut client, "Turner Bay");
    let first = only_delivery(&mut client);
    add_customer(&mut client, "Ashgrove");
    assert_eq!(due(&mut client), [], "one is out");
    report(&mut client, first.id, Answer::Status(500));
    assert_eq!(due(&mut client), [], "one is in retry");
    advance(&mut client, 10);
    let again = only_delivery(&mut client);
    assert_eq!(again.body, first.body);
    report(&mut client, again.id, Answer::Status(200));
    let second = only_delivery(&mut client);
    assert_ne!(second.body, first.body);
}

#[test]
fn later_events_pass_without_head_of_line() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.head_of_line = false;
    add_customer(&mut client, "Turner Bay");
    let first = only_delivery(&mut client);
    add_customer(&mut client, "Ashgrove");
    let second = only_delivery(&mut client);
    report(&mut client, second.id, Answer::Status(200));
    report(&mut client, first.id, Answer::NoAnswer);
    advance(&mut client, 10);
    assert_eq!(only_delivery(&mut client).body, first.body);
}

#[test]
fn events_of_several_companies_share_delivery() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.batch_window = SignedDuration::from_mins(2);
    let (here, there) = (client.realm.clone(), client.add_company("Second"));
    add_customer(&mut client, "Turner Bay");
    advance(&mut client, 60);
    client.switch_company(&there);
    add_customer(&mut client, "Ashgrove");
    advance(&mut client, 59);
    assert_eq!(due(&mut client), []);
    advance(&mut client, 1);
    let delivery = only_delivery(&mut client);
    let realms: Vec<Value> = events(&delivery)
        .iter()
        .map(|event| event["intuitaccountid"].clone())
        .collect();
    assert_eq!(realms, [here, there]);
}

#[test]
fn delivery_holds_at_most_100_events() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().requests_per_minute = None;
    for number in 0..130 {
        add_customer(&mut client, &format!("Customer {number}"));
    }
    let counts: Vec<usize> = accept_all(&mut client.simulator)
        .iter()
        .map(|(_, delivery)| events(delivery).len())
        .collect();
    assert_eq!(counts, [100, 30]);
}

#[test]
fn repetition_blocks_later_events_only_after_failure() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.repeated_delivery = 100;
    add_customer(&mut client, "Turner Bay");
    let first = only_delivery(&mut client);
    report(&mut client, first.id, Answer::Status(200));
    client.simulator.switches_mut().delivery.repeated_delivery = 0;
    add_customer(&mut client, "Ashgrove");
    let second = only_delivery(&mut client);
    assert_ne!(second.body, first.body);
    report(&mut client, second.id, Answer::Status(200));
    advance(&mut client, 60);
    let again = only_delivery(&mut client);
    assert_eq!(again.body, first.body);
    report(&mut client, again.id, Answer::Status(500));
    add_customer(&mut client, "Hillcrest");
    assert_eq!(due(&mut client), []);
}
