//! The headers and bodies of deliveries.

use super::*;

/// Returns the delivery of many changes in two companies: a merge, a payment and its void, and the closing of the books.
fn delivery_of_many_changes(subscription: Subscription) -> Delivery {
    let mut client = TestClient::new();
    let first = client.realm.clone();
    let (customer_one, invoice) = client.invoice("Turner Bay", 100);
    let customer_two = add_customer(&mut client, "Turner Bay Inc");
    client.simulator.subscribe(subscription);
    let there = client.add_company("Second");
    client.switch_company(&there);
    add_customer(&mut client, "Ashgrove");
    let mut person = client.simulator.person(&first).unwrap();
    person
        .merge_customers(&customer_two, &customer_one)
        .unwrap();
    let body = crate::test_company::payment(&customer_one, "Invoice", &invoice, 40_00);
    let payment = person.create("Payment", body).unwrap();
    person.void("Payment", &payment).unwrap();
    person.close_books(Some("2026-03-31".parse().unwrap()));
    only_delivery(&mut client)
}

fn render(delivery: &Delivery) -> String {
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
fn classic_format_groups_events_by_company() {
    let delivery = delivery_of_many_changes(subscription().format(Format::Classic));
    insta::assert_snapshot!(render(&delivery));
}

#[test]
fn cloud_events_format_is_a_list() {
    let delivery = delivery_of_many_changes(subscription());
    insta::assert_snapshot!(render(&delivery));
}

#[test]
fn cloud_events_options_change_media_type_and_data() {
    let subscription = subscription()
        .media_type(MediaType::CloudEventsJson)
        .full_data(true)
        .deleted_id_in_data(true)
        .operations(&[Operation::Merge]);
    let delivery = delivery_of_many_changes(subscription);
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
fn odd_spelling_shows_every_known_time_format() {
    let mut client = subscribed(subscription().format(Format::Classic));
    client.simulator.switches_mut().delivery.odd_spelling = 80;
    for number in 0..30 {
        add_customer(&mut client, &format!("Customer {number}"));
    }
    let body: Value = serde_json::from_slice(&only_delivery(&mut client).body).unwrap();
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
fn event_ids_are_distinct_uuids() {
    let delivery = delivery_of_many_changes(subscription());
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

#[test]
fn cloud_events_spell_a_void_in_two_ways() {
    let mut client = subscribed(subscription().format(Format::CloudEvents));
    client.simulator.switches_mut().delivery.odd_spelling = 50;
    for number in 0..20 {
        let (_, invoice) = client.invoice(&format!("Customer {number}"), 100);
        let body = serde_json::json!({"Id": invoice, "SyncToken": "0"});
        client.post("invoice?operation=void", body);
    }
    let delivery = only_delivery(&mut client);
    let events = events(&delivery);
    let has = |name: &str| events.iter().any(|event| event["type"] == name);
    assert!(has("qbo.invoice.void.v1"));
    assert!(has("qbo.invoice.voided.v1"));
}
