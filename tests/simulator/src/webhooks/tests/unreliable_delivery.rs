//! Random behaviour of deliveries: delay, repetition, loss and disorder.

use std::collections::BTreeMap;

use super::*;

/// A customer whose creation was reported.
#[derive(Debug, PartialEq, Eq)]
struct Arrival {
    id: String,
    event_count: usize,
}

/// Adds forty customers, a minute apart. Returns the reported ones in the order of their first event.
fn deliver_forty(behaviour: DeliveryBehaviour) -> (TestClient, Vec<Arrival>) {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery = behaviour;
    for number in 0..40 {
        add_customer(&mut client, &format!("Customer {number}"));
        advance(&mut client, 60);
        if number % 10 == 0 {
            client.connect();
        }
    }
    let mut order = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, delivery) in accept_all(&mut client.simulator) {
        for event in events(&delivery) {
            let id = event["intuitentityid"].as_str().unwrap().to_owned();
            *counts.entry(id.clone()).or_default() += 1;
            order.push(id);
        }
    }
    let mut arrivals: Vec<Arrival> = Vec::new();
    for id in order {
        if !arrivals.iter().any(|known| known.id == id) {
            let event_count = counts[&id];
            arrivals.push(Arrival { id, event_count });
        }
    }
    (client, arrivals)
}

fn is_in_order(arrivals: &[Arrival]) -> bool {
    arrivals.is_sorted_by_key(|arrival| arrival.id.parse::<u64>().unwrap())
}

#[test]
fn default_behaviour_delivers_once_and_in_order() {
    let (_, arrivals) = deliver_forty(DeliveryBehaviour::default());
    assert_eq!(arrivals.len(), 40);
    assert!(arrivals.iter().all(|arrival| arrival.event_count == 1));
    assert!(is_in_order(&arrivals));
}

#[test]
fn repeated_event_keeps_its_id() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.repeated_event = 100;
    add_customer(&mut client, "Turner Bay");
    let all: Vec<Value> = accept_all(&mut client.simulator)
        .iter()
        .flat_map(|(_, delivery)| events(delivery))
        .collect();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], all[1]);
}

#[test]
fn repeated_delivery_comes_twice_at_most() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.repeated_delivery = 100;
    add_customer(&mut client, "Turner Bay");
    let all = accept_all(&mut client.simulator);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].1.body, all[1].1.body);
    assert_eq!(all[0].1.headers, all[1].1.headers);
}

#[test]
fn lost_events_are_counted() {
    let behaviour = DeliveryBehaviour {
        loss: 30,
        ..DeliveryBehaviour::default()
    };
    let (client, arrivals) = deliver_forty(behaviour);
    assert!(
        arrivals.len() < 40 && arrivals.len() > 10,
        "{}",
        arrivals.len()
    );
    assert_eq!(arrivals.len() + client.simulator.lost_events(), 40);
    let (client, arrivals) = deliver_forty(DeliveryBehaviour {
        loss: 100,
        ..DeliveryBehaviour::default()
    });
    assert_eq!((arrivals.len(), client.simulator.lost_events()), (0, 40));
}

#[test]
fn disordered_events_all_arrive() {
    for behaviour in [
        DeliveryBehaviour {
            disorder: 50,
            ..DeliveryBehaviour::default()
        },
        DeliveryBehaviour {
            jitter: SignedDuration::from_mins(5),
            ..DeliveryBehaviour::default()
        },
    ] {
        let (_, arrivals) = deliver_forty(behaviour);
        assert_eq!(arrivals.len(), 40);
        assert!(!is_in_order(&arrivals));
    }
}

#[test]
fn delay_postpones_events() {
    let mut client = subscribed(subscription());
    client.simulator.switches_mut().delivery.delay = SignedDuration::from_mins(1);
    add_customer(&mut client, "Turner Bay");
    let (at, _) = accept_all(&mut client.simulator).remove(0);
    assert_eq!(at.duration_since(client.simulator.now()).as_secs(), 60);
}

#[test]
fn same_seed_gives_same_deliveries() {
    let (_, one) = deliver_forty(DeliveryBehaviour::unreliable());
    let (_, other) = deliver_forty(DeliveryBehaviour::unreliable());
    assert_eq!(one, other);
    assert!(one.iter().any(|arrival| arrival.event_count > 1));
}

#[test]
fn copies_with_own_seeds_deliver_differently() {
    let company = TestClient::new();
    let deliveries = |seed: u64| {
        let mut copy = company.simulator.clone();
        copy.switches_mut().delivery = DeliveryBehaviour::unreliable();
        copy.subscribe(subscription().seed(seed));
        let mut person = copy.person(&company.realm).unwrap();
        for number in 0..20 {
            let body = serde_json::json!({ "DisplayName": format!("Customer {number}") });
            person.create("Customer", body).unwrap();
        }
        accept_all(&mut copy)
    };
    assert_eq!(deliveries(1), deliveries(1));
    assert_ne!(deliveries(1), deliveries(2));
}

#[test]
fn subscription_leaves_other_draws_unchanged() {
    let (mut with, mut without) = (subscribed(subscription()), TestClient::new());
    add_customer(&mut with, "Turner Bay");
    add_customer(&mut without, "Turner Bay");
    with.connect();
    without.connect();
    assert!(with.access_token == without.access_token);
}

/// Reports a random answer: accepted, refused, late or none. Returns whether the delivery was accepted.
fn report_random(
    simulator: &mut Simulator,
    delivery: &Delivery,
    at: Timestamp,
    choice: u8,
) -> bool {
    let late = at + SignedDuration::from_secs(i64::from(choice % 5));
    match choice {
        0..=3 => {
            simulator.report_delivery(delivery.id, Answer::Status(200), late);
            return true;
        }
        4 => simulator.report_delivery(delivery.id, Answer::Status(200), late), // after four seconds
        5 => simulator.report_delivery(delivery.id, Answer::Status(500), late),
        6 => simulator.report_delivery(delivery.id, Answer::NoAnswer, late),
        _ => {}
    }
    false
}

#[test]
fn each_event_arrives_or_is_counted_lost() {
    for seed in 0..40 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut client = subscribed(subscription());
        let head_of_line = random.bool();
        client.simulator.switches_mut().delivery = DeliveryBehaviour {
            head_of_line,
            max_events: 1 + random.usize(..5),
            loss: random.u8(..20),
            repeated_event: random.u8(..50),
            ..DeliveryBehaviour::unreliable()
        };
        for number in 0..30 {
            add_customer(&mut client, &format!("Customer {number}"));
            advance(&mut client, random.i64(0..60));
        }
        let mut arrived: Vec<String> = Vec::new();
        let mut last = Timestamp::MIN;
        let mut steps = 0;
        while let Some(at) = client.simulator.next_delivery_at() {
            assert!(at >= last, "time goes on");
            last = at;
            steps += 1;
            assert!(steps < 10_000, "it ends");
            let due = client.simulator.start_due_deliveries(at);
            assert!(!head_of_line || due.len() <= 1);
            for delivery in due {
                if report_random(&mut client.simulator, &delivery, at, random.u8(..8)) {
                    let ids = events(&delivery);
                    arrived.extend(ids.iter().map(|event| event["id"].to_string()));
                }
            }
        }
        arrived.sort();
        arrived.dedup();
        assert_eq!(arrived.len() + client.simulator.lost_events(), 30, "{seed}");
    }
}
