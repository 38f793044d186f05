//! What goes over the wire.

use super::*;

/// A customer merged into another, an invoice paid and the payment voided, the books closed; in two companies.
fn a_busy_minute(subscription: Subscription) -> Delivery {
    let mut client = TestClient::new();
    let first = client.realm.clone();
    let (customer_one, invoice) = client.invoice("Turner Bay", 100);
    let customer_two = customer(&mut client, "Turner Bay Inc");
    client.simulator.subscribe(subscription);
    let there = client.add_company("Second");
    client.switch_company(&there);
    customer(&mut client, "Ashgrove");
    let mut person = client.simulator.person(&first).unwrap();
    person
        .merge_customers(&customer_two, &customer_one)
        .unwrap();
    let body = crate::test_company::payment(&customer_one, "Invoice", &invoice, 40_00);
    let payment = person.create("Payment", body).unwrap();
    person.void("Payment", &payment).unwrap();
    person.close_books(Some("2026-03-31".parse().unwrap()));
    one(&mut client)
}

fn shown(delivery: &Delivery) -> String {
    let body: Value = serde_json::from_slice(&delivery.body).unwrap();
    let head: Vec<String> = delivery
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    format!(
        "{}\n\n{}",
        head.join("\n"),
        serde_json::to_string_pretty(&body).unwrap()
    )
}

#[test]
fn the_classic_format_groups_by_company() {
    let delivery = a_busy_minute(subscription().format(Format::Classic));
    insta::assert_snapshot!(shown(&delivery));
}

#[test]
fn cloud_events_are_a_list() {
    let delivery = a_busy_minute(subscription());
    insta::assert_snapshot!(shown(&delivery));
}

#[test]
fn cloud_events_may_say_what_they_are_and_carry_more() {
    let subscription = subscription()
        .media_type(MediaType::CloudEventsJson)
        .full_data(true)
        .deleted_id_in_data(true)
        .operations(&[Operation::Merge]);
    let delivery = a_busy_minute(subscription);
    assert_eq!(
        delivery.headers["content-type"],
        "application/cloudevents+json"
    );
    let events = events(&delivery);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["data"]["DisplayName"], "Turner Bay");
    assert!(events[0]["data"]["deletedId"].is_string());
}

#[test]
fn times_and_the_deleted_id_are_spelled_in_every_way_that_was_seen() {
    let mut client = client(subscription().format(Format::Classic));
    client.simulator.switches_mut().courier.odd_spelling = 80;
    for number in 0..30 {
        customer(&mut client, &format!("Customer {number}"));
    }
    let body: Value = serde_json::from_slice(&one(&mut client).body).unwrap();
    let entities = &body["eventNotifications"][0]["dataChangeEvent"]["entities"];
    let spelled: Vec<&str> = entities
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity["lastUpdated"].as_str().unwrap())
        .collect();
    for way in [
        "2026-03-02T08:00:00-0700",
        "2026-03-02T08:00:00-07:00",
        "2026-03-02T08:00:00.000-07:00",
        "2026-03-02T15:00:00Z",
    ] {
        assert!(spelled.contains(&way), "{way}");
    }
}

#[test]
fn ids_look_like_ids_and_differ() {
    let delivery = a_busy_minute(subscription());
    let mut ids: Vec<String> = events(&delivery)
        .iter()
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        ids.iter()
            .all(|id| id.len() == 36 && id.as_bytes()[14] == b'4')
    );
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
