use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::test_client::TestClient;
use crate::{BatchReplay, Commit, Effect, Injection};

fn create(id: &str, name: &str) -> Value {
    json!({"bId": id, "operation": "create", "Customer": {"DisplayName": name}})
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better with vec!")]
fn send(client: &mut TestClient, path: &str, items: Vec<Value>) -> (u16, Value) {
    client.post(path, json!({ "BatchItemRequest": items }))
}

#[test]
fn items_succeed_and_fail_independently() {
    let mut client = TestClient::new();
    let items = vec![
        create("1", "Turner Bay"),
        create("2", "turner bay"),
        json!({"bId": "3", "Query": "select count(*) from Customer"}),
        json!({"bId": "4", "operation": "explode", "Customer": {}}),
        json!({"bId": "5", "operation": "create"}),
    ];
    let (status, answer) = send(&mut client, "batch", items);
    assert_eq!(status, 200);
    let answers = answer["BatchItemResponse"].as_array().unwrap();
    assert_eq!(answers[0]["Customer"]["DisplayName"], "Turner Bay");
    assert_eq!(answers[1]["Fault"]["Error"][0]["code"], "6240");
    assert_eq!(answers[1]["bId"], "2");
    assert_eq!(answers[2]["QueryResponse"]["totalCount"], 1);
    assert_eq!(answers[3]["Fault"]["Error"][0]["code"], "2170");
    assert_eq!(answers[4]["Fault"]["Error"][0]["code"], "2010");
}

#[test]
fn batch_holds_thirty_items() {
    let mut client = TestClient::new();
    let items = |count: usize| {
        (0..count)
            .map(|index| create(&index.to_string(), &format!("C{index}")))
            .collect()
    };
    let (_, answer) = send(&mut client, "batch", items(31));
    assert_eq!(answer["Fault"]["Error"][0]["code"], "1040");
    assert_eq!(client.count("Customer"), 0);
    send(&mut client, "batch", items(30));
    assert_eq!(client.count("Customer"), 30);
}

#[test]
fn item_is_executed_once_per_request_id() {
    let mut client = TestClient::new();
    let path = "batch?requestid=r1";
    let (_, first) = send(&mut client, path, vec![create("1", "A"), create("2", "A")]);
    let (_, again) = send(&mut client, path, vec![create("1", "A"), create("2", "B")]);
    let (first, again) = (&first["BatchItemResponse"], &again["BatchItemResponse"]);
    assert_eq!(first[0]["Customer"], again[0]["Customer"]);
    assert_eq!(first[1]["Fault"]["Error"][0]["code"], "6240");
    assert_eq!(again[1]["Customer"]["DisplayName"], "B");
}

#[test]
fn long_ids_are_refused() {
    let mut client = TestClient::new();
    let (_, answer) = send(
        &mut client,
        &format!("batch?requestid={}", "x".repeat(37)),
        vec![create("1", "A")],
    );
    assert_eq!(answer["Fault"]["Error"][0]["code"], "2130");
    let (_, answer) = send(&mut client, "batch", vec![create("12345678901", "A")]);
    assert_eq!(
        answer["BatchItemResponse"][0]["Fault"]["Error"][0]["code"],
        "2050"
    );
}

#[test]
fn items_void_delete_and_require_an_id() {
    let mut client = TestClient::new();
    let (_, one) = client.invoice("Turner Bay", 100);
    let (_, two) = client.invoice("Ashgrove", 100);
    let present = |id: &str| json!({"Id": id, "SyncToken": "0"});
    let items = vec![
        json!({"bId": "1", "operation": "update", "optionsData": "void", "Invoice": present(&one)}),
        json!({"bId": "2", "operation": "delete", "Invoice": present(&two)}),
        json!({"bId": "3", "operation": "update", "Invoice": {}}),
    ];
    let (_, answer) = send(&mut client, "batch", items);
    let answers = &answer["BatchItemResponse"];
    assert_eq!(answers[0]["Invoice"]["TotalAmt"].to_string(), "0.00");
    assert_eq!(answers[1]["Invoice"]["status"], "Deleted");
    assert_eq!(answers[2]["Fault"]["Error"][0]["code"], "2020");
}

fn ask(id: &str, name: &str) -> Value {
    let statement = format!("select * from Customer where DisplayName = '{name}'");
    json!({ "bId": id, "Query": statement })
}

/// Sends two batches under one id, each with another query. Returns the name in the second answer.
fn second_lookup(replay: BatchReplay) -> String {
    let mut client = TestClient::new();
    client.simulator.switches_mut().batch_replay = replay;
    let customers = vec![create("1", "A"), create("2", "B")];
    send(&mut client, "batch", customers);
    send(&mut client, "batch?requestid=r1", vec![ask("1", "A")]);
    let (_, answer) = send(&mut client, "batch?requestid=r1", vec![ask("1", "B")]);
    let found = &answer["BatchItemResponse"][0]["QueryResponse"]["Customer"][0];
    found["DisplayName"].as_str().unwrap().to_owned()
}

#[test]
fn batch_of_queries_is_replayed_by_switch() {
    for (replay, name) in [
        (BatchReplay::Writes, "B"),
        (BatchReplay::WholeWithWrites, "B"),
        (BatchReplay::WritesAndQueries, "A"),
        (BatchReplay::Whole, "A"),
    ] {
        assert_eq!(second_lookup(replay), name, "{replay:?}");
    }
}

#[test]
fn whole_answer_is_replayed_after_deletion() {
    let mut client = TestClient::new();
    client.simulator.switches_mut().batch_replay = BatchReplay::WholeWithWrites;
    let (customer, _) = client.invoice("Turner Bay", 100);
    let payment = json!({"bId": "1", "operation": "create",
        "Payment": {"CustomerRef": {"value": customer}, "TotalAmt": 5}});
    let items = vec![payment, create("2", "Turner Bay")];
    let (_, first) = send(&mut client, "batch?requestid=r1", items.clone());
    let answers = &first["BatchItemResponse"];
    let body = json!({"Id": answers[0]["Payment"]["Id"], "SyncToken": "0"});
    client.post("payment?operation=delete", body);
    let (_, again) = send(&mut client, "batch?requestid=r1", items);
    assert_eq!(&again["BatchItemResponse"], answers);
    assert_eq!(answers[1]["Fault"]["Error"][0]["code"], "6240");
    assert_eq!(client.count("Payment"), 0);
}

#[test]
fn forgotten_request_id_runs_a_batch_again() {
    let mut client = TestClient::new();
    let switches = client.simulator.switches_mut();
    switches.batch_replay = BatchReplay::Whole;
    switches.request_id_memory = Some(SignedDuration::from_mins(5));
    let path = "batch?requestid=r1";
    send(&mut client, path, vec![ask("1", "A")]);
    send(&mut client, "batch", vec![create("1", "A")]);
    let mut is_found = || {
        let (_, answer) = send(&mut client, path, vec![ask("1", "A")]);
        client.simulator.advance(SignedDuration::from_mins(5));
        answer["BatchItemResponse"][0]["QueryResponse"] != json!({})
    };
    assert_eq!([is_found(), is_found()], [false, true]);
}

#[test]
fn internal_error_of_an_item_hides_its_outcome() {
    for (commit, count) in [(Commit::Before, 1), (Commit::After, 2)] {
        let mut client = TestClient::new();
        let effect = Effect::ItemInternalError { index: 1, commit };
        client.simulator.inject(Injection::new(effect));
        let items = vec![create("1", "A"), create("2", "B")];
        let (status, answer) = send(&mut client, "batch", items);
        let fault = &answer["BatchItemResponse"][1]["Fault"]["Error"][0];
        assert_eq!((status, &fault["code"]), (200, &json!("6000")));
        assert_eq!(client.count("Customer"), count, "{commit:?}");
    }
}
