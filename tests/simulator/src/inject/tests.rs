use super::*;
use crate::Reply;
use crate::test_client::TestClient;
use serde_json::{Value, json};

fn create(client: &mut TestClient, name: &str) -> Option<u16> {
    let request = client.json_post("customer?requestid=r1");
    let body = json!({ "DisplayName": name }).to_string();
    let reply = client.reply(request, body.as_bytes());
    reply.answer().map(|answer| answer.status().as_u16())
}

fn status_after(effect: Effect) -> (Option<u16>, usize) {
    let mut client = TestClient::new();
    client.simulator.inject(Injection::new(effect));
    let status = create(&mut client, "Turner Bay");
    let committed = client.count("Customer");
    assert_eq!(create(&mut client, "Turner Bay"), Some(200), "only once");
    assert_eq!(client.count("Customer"), 1);
    (status, committed)
}

#[test]
fn effect_decides_status_and_commit() {
    for (effect, expected) in [
        (Effect::Throttled, (Some(429), 0)),
        (Effect::Unavailable, (Some(503), 0)),
        (Effect::ApplicationError(Commit::Before), (Some(500), 0)),
        (Effect::ApplicationError(Commit::After), (Some(500), 1)),
        (Effect::Dropped(Commit::Before), (None, 0)),
        (Effect::Dropped(Commit::After), (None, 1)),
        (Effect::Unauthorized, (Some(401), 0)),
        (Effect::Forbidden, (Some(403), 0)),
        (Effect::SubscriptionEnded, (Some(400), 0)),
    ] {
        assert_eq!(status_after(effect.clone()), expected, "{effect:?}");
    }
}

#[test]
fn refused_effect_answers_chosen_fault() {
    let mut client = TestClient::new();
    client.simulator.inject(Injection::new(Effect::Refused {
        code: "6140".to_owned(),
        message: "Duplicate Document Number Error".to_owned(),
        detail: "taken".to_owned(),
    }));
    let (status, answer) = client.post("customer", json!({"DisplayName": "X"}));
    assert_eq!(status, 400);
    assert_eq!(answer["Fault"]["Error"][0]["code"], "6140");
}

#[test]
fn slow_effect_delays_answer() {
    let mut client = TestClient::new();
    let effect = Effect::Slow(SignedDuration::from_secs(130));
    client.simulator.inject(Injection::new(effect));
    let request = client.json_post("customer");
    let reply = client.reply(request, b"{\"DisplayName\":\"X\"}");
    assert!(matches!(reply, Reply::Slow { after, .. } if after.as_secs() == 130));
    assert_eq!(client.count("Customer"), 1);
}

#[test]
fn forgotten_request_id_repeats_write() {
    let mut client = TestClient::new();
    let note = json!({"TotalAmt": 5});
    let (customer, _) = client.invoice("Turner Bay", 100);
    let mut body = note;
    body["CustomerRef"] = json!({"value": customer});
    client.post("payment?requestid=p1", body.clone());
    client.post("payment?requestid=p1", body.clone());
    assert_eq!(client.count("Payment"), 1);
    client
        .simulator
        .inject(Injection::new(Effect::ForgetRequestIds));
    client.post("payment?requestid=p1", body);
    assert_eq!(client.count("Payment"), 2);
}

#[test]
fn narrowed_rule_spares_other_requests() {
    let mut client = TestClient::new();
    let rule = Injection::new(Effect::Throttled)
        .realm(&client.realm.clone())
        .kind(RequestKind::Write)
        .path_containing("/customer")
        .body_containing("Turner")
        .skip_first(1)
        .times(2);
    client.simulator.inject(rule);
    assert_eq!(client.get("preferences").0, 200);
    assert_eq!(create(&mut client, "Ashgrove"), Some(200));
    let statuses: Vec<_> = (0..4).map(|_| create(&mut client, "Turner Bay")).collect();
    assert_eq!(statuses, [Some(200), Some(429), Some(429), Some(200)]);
}

#[test]
fn query_rule_spares_other_queries() {
    let mut client = TestClient::new();
    let rule = Injection::new(Effect::Unavailable).query_containing("'Turner'");
    client.simulator.inject(rule.always());
    let mut ask = |name: &str| {
        let query = format!("query=select%20*%20from%20Customer%20where%20DisplayName='{name}'");
        client.get(&format!("query?{query}")).0
    };
    assert_eq!(
        ["Turner", "Ashgrove", "Turner"].map(&mut ask),
        [503, 200, 503]
    );
}

#[test]
fn permanent_rule_lasts_until_cleared() {
    let mut client = TestClient::new();
    client.simulator.inject(
        Injection::new(Effect::Unavailable)
            .kind(RequestKind::Token)
            .always(),
    );
    for _ in 0..3 {
        let request = client.token_request();
        assert_eq!(client.send_raw(request, "grant_type=refresh_token").0, 503);
    }
    client.simulator.clear_injections();
    let request = client.token_request();
    assert_eq!(client.send_raw(request, "grant_type=refresh_token").0, 400);
}

fn batch(client: &mut TestClient) -> (u16, Value) {
    let items: Vec<Value> = (0..3)
        .map(|index| json!({"bId": index.to_string(), "operation": "create", "Customer": {"DisplayName": format!("C{index}")}}))
        .collect();
    client.post("batch?requestid=b1", json!({ "BatchItemRequest": items }))
}

#[test]
fn partial_batch_completes_when_repeated() {
    let mut client = TestClient::new();
    client.simulator.inject(Injection::new(Effect::Partial {
        items: 2,
        then: Box::new(Effect::ApplicationError(Commit::After)),
    }));
    assert_eq!(client.get("preferences").0, 200);
    assert_eq!(batch(&mut client).0, 500);
    assert_eq!(client.count("Customer"), 2);
    assert_eq!(batch(&mut client).0, 200);
    assert_eq!(client.count("Customer"), 3);
}

#[test]
fn item_effect_fails_one_batch_item() {
    let mut client = TestClient::new();
    client.simulator.inject(Injection::new(Effect::Item {
        index: 1,
        code: "3001".to_owned(),
        message: "ThrottleExceeded".to_owned(),
        detail: "later".to_owned(),
    }));
    let (status, answer) = batch(&mut client);
    assert_eq!(status, 200);
    assert_eq!(
        answer["BatchItemResponse"][1]["Fault"]["Error"][0]["code"],
        "3001"
    );
    assert_eq!(client.count("Customer"), 2);
}

#[test]
fn lost_token_answer_still_rotates_token() {
    let mut client = TestClient::new();
    client.simulator.advance(SignedDuration::from_hours(24));
    client
        .simulator
        .inject(Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Token));
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        client.refresh_token
    );
    let request = client.token_request();
    assert!(client.reply(request, form.as_bytes()).answer().is_none());
    let request = client.token_request();
    let (status, body) = client.send_raw(request, &form);
    assert_eq!(status, 400);
    assert!(body.contains("invalid_grant"));
}

/// Sends a write that meets the outage. Returns its answer and the number of customers.
fn outage(outage: Outage, commit: Commit) -> (http::Response<bytes::Bytes>, usize) {
    let mut client = TestClient::new();
    let effect = Effect::Outage(outage, commit);
    client.simulator.inject(Injection::new(effect));
    let request = client.json_post("customer");
    let reply = client.reply(request, b"{\"DisplayName\":\"X\"}");
    (reply.answer().unwrap(), client.count("Customer"))
}

#[test]
fn outage_has_its_status_body_and_trace() {
    let code = |code: &str| code.to_owned();
    for (kind, status, part) in [
        (
            Outage::ServerFault { code: code("120") },
            500,
            "\"code\":\"120\"",
        ),
        (
            Outage::Unauthorized { code: code("130") },
            401,
            "<Error code=\"130\">",
        ),
        (Outage::Page { status: 403 }, 403, "<html>"),
        (Outage::Page { status: 503 }, 503, "<html>"),
        (Outage::FaultInfo, 400, "<ErrorCode>400</ErrorCode>"),
        (Outage::Empty { status: 400 }, 400, ""),
        (Outage::InternalError { status: 400 }, 400, "(-30034)"),
        (Outage::InternalError { status: 200 }, 200, "(-30034)"),
    ] {
        for (commit, count) in [(Commit::Before, 0), (Commit::After, 1)] {
            let (answer, written) = outage(kind.clone(), commit);
            let body = std::str::from_utf8(answer.body()).unwrap();
            assert_eq!((answer.status().as_u16(), written), (status, count));
            assert!(body.contains(part), "{body}");
            assert!(answer.headers().contains_key("intuit_tid"));
        }
    }
    let (empty, _) = outage(Outage::Empty { status: 400 }, Commit::Before);
    assert!(empty.body().is_empty());
}

#[test]
fn outage_of_the_token_endpoint_spares_the_token() {
    let mut client = TestClient::new();
    let effect = Effect::Outage(Outage::Page { status: 403 }, Commit::Before);
    let rule = Injection::new(effect).kind(RequestKind::Token);
    client.simulator.inject(rule.times(2));
    let token = client.refresh_token.clone();
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    let mut refresh = || {
        let request = client.token_request();
        client.send_raw(request, &form).0
    };
    assert_eq!([refresh(), refresh(), refresh()], [403, 403, 200]);
}

#[test]
fn query_kind_covers_batches_of_queries() {
    let mut client = TestClient::new();
    let rule = Injection::new(Effect::Unavailable).kind(RequestKind::Query);
    client.simulator.inject(rule.always());
    let query = json!({"bId": "1", "Query": "select * from Class"});
    let write = json!({"bId": "2", "operation": "create", "Customer": {"DisplayName": "X"}});
    let mut batch = |items: Value| client.post("batch", json!({ "BatchItemRequest": items })).0;
    assert_eq!(batch(json!([query])), 503);
    assert_eq!(batch(json!([query, write])), 200);
    assert_eq!(client.get("query?query=select%20*%20from%20Class").0, 503);
    assert_eq!(client.get("preferences").0, 200);
}
