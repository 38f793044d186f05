use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::test_client::TestClient;

fn client(name: &str) -> TestClient {
    let mut client = TestClient::new();
    client.post("customer", json!({ "DisplayName": name }));
    client
}

fn named(name: &str) -> String {
    format!("select * from Customer where DisplayName = '{name}'")
}

fn code(answer: &Value) -> &Value {
    &answer["Fault"]["Error"][0]["code"]
}

/// Returns the number of customers that a query finds.
fn found(client: &mut TestClient, statement: &str) -> usize {
    let answer = client.query(statement);
    let rows = answer["QueryResponse"]["Customer"].as_array();
    rows.map_or(0, Vec::len)
}

#[test]
fn wide_characters_are_refused_by_switch() {
    let mut client = client("O\u{2019}Brien Builders");
    assert_eq!(client.count("Customer"), 1);
    for wide in [
        "O\u{2019}Brien Builders",
        "24\u{2013}017",
        "\u{141}\u{f3}d\u{17a}",
    ] {
        let refused = client.query(&named(wide));
        assert_eq!(code(&refused), "4000");
        assert!(refused.to_string().contains("Lexical error"), "{refused}");
    }
    assert_eq!(code(&client.query(&named("Caf\u{e9}"))), &Value::Null);
    client.simulator.switches_mut().should_refuse_wide_queries = false;
    let statement = named("O\u{2019}Brien Builders");
    assert_eq!(found(&mut client, &statement), 1);
}

#[test]
fn refused_query_is_refused_in_a_batch_too() {
    let mut client = client("Turner Bay");
    client.simulator.switches_mut().refused_queries = vec!["from Customer".to_owned()];
    assert_eq!(code(&client.query(&named("Turner Bay"))), "4002");
    assert_eq!(code(&client.query("select * from Class")), &Value::Null);
    let items = json!([{"bId": "1", "Query": named("Turner Bay")}]);
    let (_, answer) = client.post("batch", json!({ "BatchItemRequest": items }));
    assert_eq!(code(&answer["BatchItemResponse"][0]), "4002");
}

#[test]
fn broken_row_costs_the_whole_answer() {
    let mut client = client("Turner Bay");
    client.post("customer", json!({"DisplayName": "Ashgrove"}));
    let realm = client.realm.clone();
    let id = client.simulator.find(&realm, "Customer", "Ashgrove");
    let id = id.unwrap();
    client.simulator.person(&realm).unwrap().break_row(&id);
    assert_eq!(code(&client.query("select * from Customer")), "4002");
    assert_eq!(found(&mut client, &named("Turner Bay")), 1);
    assert_eq!(client.get(&format!("customer/{id}")).0, 200);
    client.simulator.person(&realm).unwrap().mend_row(&id);
    assert_eq!(found(&mut client, "select * from Customer"), 2);
}

#[test]
fn lagging_query_misses_the_latest_writes() {
    let mut client = TestClient::new();
    client.simulator.switches_mut().index_lag = SignedDuration::from_secs(30);
    let (_, answer) = client.post("customer", json!({"DisplayName": "Turner Bay"}));
    let id = answer["Customer"]["Id"].as_str().unwrap().to_owned();
    assert_eq!(found(&mut client, &named("Turner Bay")), 0);
    assert_eq!(client.get(&format!("customer/{id}")).0, 200);
    client.simulator.advance(SignedDuration::from_secs(30));
    assert_eq!(found(&mut client, &named("Turner Bay")), 1);
}

#[test]
fn lagging_query_shows_the_earlier_state() {
    let mut client = client("Turner Bay");
    client.simulator.switches_mut().index_lag = SignedDuration::from_mins(2);
    let realm = client.realm.clone();
    let id = client.simulator.find(&realm, "Customer", "Turner Bay");
    client.simulator.advance(SignedDuration::from_mins(3));
    let mut person = client.simulator.person(&realm).unwrap();
    person.rename("Customer", &id.unwrap(), "Ashgrove").unwrap();
    assert_eq!(found(&mut client, &named("Turner Bay")), 1);
    client.simulator.advance(SignedDuration::from_mins(2));
    assert_eq!(found(&mut client, &named("Turner Bay")), 0);
}

#[test]
fn lagging_query_shows_a_deleted_payment() {
    let mut client = TestClient::new();
    let (customer, _) = client.invoice("Turner Bay", 100);
    let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 5});
    let (_, answer) = client.post("payment", body);
    client.simulator.switches_mut().index_lag = SignedDuration::from_secs(30);
    client.simulator.advance(SignedDuration::from_secs(31));
    let id = &answer["Payment"]["Id"];
    let body = json!({"Id": id, "SyncToken": "0"});
    client.post("payment?operation=delete", body);
    let found = client.query("select * from Payment");
    assert_eq!(&found["QueryResponse"]["Payment"][0]["Id"], id);
    let path = format!("payment/{}", id.as_str().unwrap());
    assert_eq!(client.get(&path).0, 400);
}
