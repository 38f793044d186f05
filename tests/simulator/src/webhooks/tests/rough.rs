//! Chance: late, twice, never, out of order.

use std::collections::BTreeMap;

use super::*;

/// Forty customers, a minute apart, told by this courier: the ids of the customers with how often each was told, in
/// the order in which they first came.
fn forty(courier: Courier) -> (TestClient, Vec<(String, usize)>) {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier = courier;
    for number in 0..40 {
        customer(&mut client, &format!("Customer {number}"));
        after(&mut client, 60);
        if number % 10 == 0 {
            client.connect();
        }
    }
    let mut order = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, delivery) in drain(&mut client.simulator) {
        for event in events(&delivery) {
            let id = event["intuitentityid"].as_str().unwrap().to_owned();
            *counts.entry(id.clone()).or_default() += 1;
            order.push(id);
        }
    }
    let mut seen = Vec::new();
    for id in order {
        if !seen.iter().any(|(known, _)| *known == id) {
            let count = counts[&id];
            seen.push((id, count));
        }
    }
    (client, seen)
}

fn in_order(told: &[(String, usize)]) -> bool {
    told.is_sorted_by_key(|(id, _)| id.parse::<u64>().unwrap())
}

#[test]
fn a_punctual_courier_tells_each_event_once_and_in_order() {
    let (_, told) = forty(Courier::default());
    assert_eq!(told.len(), 40);
    assert!(told.iter().all(|(_, count)| *count == 1));
    assert!(in_order(&told));
}

#[test]
fn events_can_come_twice_with_the_same_id() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.repeated_event = 100;
    customer(&mut client, "Turner Bay");
    let all: Vec<Value> = drain(&mut client.simulator)
        .iter()
        .flat_map(|(_, delivery)| events(delivery))
        .collect();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], all[1]);
}

#[test]
fn a_whole_delivery_can_come_twice_and_not_more_often() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.repeated_delivery = 100;
    customer(&mut client, "Turner Bay");
    let all = drain(&mut client.simulator);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].1.body, all[1].1.body);
    assert_eq!(all[0].1.headers, all[1].1.headers);
}

#[test]
fn events_can_be_lost_and_are_counted() {
    let courier = Courier {
        loss: 30,
        ..Courier::default()
    };
    let (client, told) = forty(courier);
    assert!(told.len() < 40 && told.len() > 10, "{}", told.len());
    assert_eq!(told.len() + client.simulator.lost_events(), 40);
    let (client, told) = forty(Courier {
        loss: 100,
        ..Courier::default()
    });
    assert_eq!((told.len(), client.simulator.lost_events()), (0, 40));
}

#[test]
fn events_can_be_out_of_order_and_all_arrive() {
    for courier in [
        Courier {
            disorder: 50,
            ..Courier::default()
        },
        Courier {
            spread: SignedDuration::from_mins(5),
            ..Courier::default()
        },
    ] {
        let (_, told) = forty(courier);
        assert_eq!(told.len(), 40);
        assert!(!in_order(&told));
    }
}

#[test]
fn events_are_late_by_what_the_courier_takes() {
    let mut client = client(subscription());
    client.simulator.switches_mut().courier.delay = SignedDuration::from_mins(1);
    customer(&mut client, "Turner Bay");
    let (at, _) = drain(&mut client.simulator).remove(0);
    assert_eq!(at.duration_since(client.simulator.now()).as_secs(), 60);
}

#[test]
fn a_rough_road_is_the_same_for_the_same_seed() {
    let (_, one) = forty(Courier::rough());
    let (_, other) = forty(Courier::rough());
    assert_eq!(one, other);
    assert!(one.iter().any(|(_, count)| *count > 1));
}

#[test]
fn copies_with_seeds_of_their_own_go_different_ways() {
    let company = TestClient::new();
    let ways = |seed: u64| {
        let mut copy = company.simulator.clone();
        copy.switches_mut().courier = Courier::rough();
        copy.subscribe(subscription().seed(seed));
        let mut person = copy.person(&company.realm).unwrap();
        for number in 0..20 {
            let body = serde_json::json!({ "DisplayName": format!("Customer {number}") });
            person.create("Customer", body).unwrap();
        }
        drain(&mut copy)
    };
    assert_eq!(ways(1), ways(1));
    assert_ne!(ways(1), ways(2));
}

#[test]
fn the_seed_of_the_sender_leaves_the_rest_as_it_is() {
    let (mut with, mut without) = (client(subscription()), TestClient::new());
    customer(&mut with, "Turner Bay");
    customer(&mut without, "Turner Bay");
    with.connect();
    without.connect();
    assert!(with.access_token == without.access_token);
}

/// An endpoint of moods: it accepts, refuses, is too slow, or is gone.
fn answer_somehow(simulator: &mut Simulator, delivery: &Delivery, at: Timestamp, mood: u8) -> bool {
    let late = at + SignedDuration::from_secs(i64::from(mood % 5));
    match mood {
        0..=3 => {
            simulator.delivered(delivery.id, Answer::Status(200), late);
            return true;
        }
        4 => simulator.delivered(delivery.id, Answer::Status(200), late), // after four seconds
        5 => simulator.delivered(delivery.id, Answer::Status(500), late),
        6 => simulator.delivered(delivery.id, Answer::NoAnswer, late),
        _ => {}
    }
    false
}

#[test]
fn whatever_the_endpoint_answers_each_event_arrives_or_is_lost_by_chance() {
    for seed in 0..40 {
        let mut mood = fastrand::Rng::with_seed(seed);
        let mut client = client(subscription());
        let head_of_line = mood.bool();
        client.simulator.switches_mut().courier = Courier {
            head_of_line,
            most_events: 1 + mood.usize(..5),
            loss: mood.u8(..20),
            repeated_event: mood.u8(..50),
            ..Courier::rough()
        };
        for number in 0..30 {
            customer(&mut client, &format!("Customer {number}"));
            after(&mut client, mood.i64(0..60));
        }
        let mut arrived: Vec<String> = Vec::new();
        let mut last = Timestamp::MIN;
        let mut steps = 0;
        while let Some(at) = client.simulator.next_delivery_at() {
            assert!(at >= last, "time goes on");
            last = at;
            steps += 1;
            assert!(steps < 10_000, "it ends");
            let due = client.simulator.deliveries(at);
            assert!(!head_of_line || due.len() <= 1);
            for delivery in due {
                if answer_somehow(&mut client.simulator, &delivery, at, mood.u8(..8)) {
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
