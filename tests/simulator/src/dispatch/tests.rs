use jiff::SignedDuration;
use serde_json::json;

use crate::test_client::{TestClient, authorize_url, config};
use crate::{CallClass, ConsentDecision, Reply};

#[test]
fn missing_or_expired_token_is_unauthorized() {
    let mut client = TestClient::new();
    let bare = http::Request::builder().uri(format!("/v3/company/{}/preferences", client.realm));
    assert_eq!(client.send_raw(bare, "").0, 401);
    client.simulator.advance(SignedDuration::from_secs(3600));
    let (status, answer) = client.get("preferences");
    assert_eq!(status, 401);
    let detail = answer["fault"]["error"][0]["detail"].as_str().unwrap();
    assert_eq!(detail, "Token expired: eyJhbG");
}

#[test]
fn token_serves_one_company() {
    let mut client = TestClient::new();
    let other = client.add_company("Ashgrove Mechanical");
    for realm in [other.as_str(), "1111111111111111"] {
        realm.clone_into(&mut client.realm);
        let (status, answer) = client.get("preferences");
        assert_eq!(status, 403);
        assert_eq!(answer["fault"]["error"][0]["code"], "3100");
        assert_eq!(answer["fault"]["type"], "SERVICE");
    }
}

#[test]
fn requests_over_the_limit_wait_a_minute() {
    let mut client = TestClient::new();
    let statuses: Vec<u16> = (0..501).map(|_| client.get("preferences").0).collect();
    assert!(statuses[..500].iter().all(|status| *status == 200));
    assert_eq!(statuses[500], 429);
    let request = client
        .request("GET", "preferences", "")
        .header("accept", "application/json");
    assert!(client.send_raw(request, "").1.contains("ThrottleExceeded"));
    let mut other = TestClient::new();
    assert_eq!(other.get("preferences").0, 200);
    client.simulator.advance(SignedDuration::from_secs(60));
    assert_eq!(client.get("preferences").0, 200);
}

#[test]
fn forty_first_batch_in_a_minute_is_throttled() {
    let mut client = TestClient::new();
    let mut batch = || client.post("batch", json!({"BatchItemRequest": []})).0;
    assert!((0..40).all(|_| batch() == 200));
    assert_eq!(batch(), 429);
}

#[test]
fn limit_per_second_throttles_by_switch() {
    let mut client = TestClient::new();
    client.simulator.switches_mut().requests_per_second = Some(10);
    let statuses: Vec<u16> = (0..11).map(|_| client.get("preferences").0).collect();
    assert_eq!(statuses[10], 429);
    client.simulator.advance(SignedDuration::from_secs(1));
    assert_eq!(client.get("preferences").0, 200);
}

#[test]
fn traffic_records_class_status_and_ids() {
    let mut client = TestClient::new();
    client.simulator.clear_traffic();
    client.get("preferences");
    client.post("customer?requestid=r1", json!({"DisplayName": "A:B"}));
    client.post(
        "batch",
        json!({"BatchItemRequest": [{"bId": "1", "Query": "select * from Class"}]}),
    );
    let request = client.token_request();
    client.send_raw(request, "");
    let traffic = client.simulator.traffic();
    let calls: Vec<(CallClass, Option<u16>)> = traffic
        .iter()
        .map(|call| (call.class, call.status))
        .collect();
    let batch = CallClass::Batch {
        writes: 0,
        reads: 1,
    };
    assert_eq!(
        calls,
        [
            (CallClass::Read, Some(200)),
            (CallClass::Write, Some(400)),
            (batch, Some(200)),
            (CallClass::Token, Some(400)),
        ]
    );
    assert_eq!(traffic[1].request_id.as_deref(), Some("r1"));
    assert_eq!(traffic[1].realm.as_ref(), Some(&client.realm));
}

#[test]
fn each_answer_has_its_own_trace_id() {
    let mut client = TestClient::new();
    let mut trace = || {
        let request = client.request("GET", "preferences", "");
        let answer = client.reply(request, b"").answer().unwrap();
        answer.headers()["intuit_tid"].to_str().unwrap().to_owned()
    };
    assert_ne!(trace(), trace());
}

#[test]
fn consent_page_redirects_with_the_decision() {
    let mut client = TestClient::unconnected();
    let url = authorize_url(&client.config);
    let path = url.strip_prefix("http://intuit.test").unwrap();
    let page = http::Request::builder().uri(path);
    let (status, body) = client.send_raw(page, "");
    assert_eq!(status, 200);
    assert!(body.contains("Harbor Electric LLC"));
    let (_, query) = path.split_once('?').unwrap();
    for (decision, expected) in [("connect", "realmId="), ("cancel", "error=access_denied")] {
        let post = http::Request::builder()
            .method("POST")
            .uri("/connect/oauth2")
            .header("content-type", "application/x-www-form-urlencoded");
        let form = format!("{query}&realm={}&decision={decision}", client.realm);
        let answer = client.reply(post, form.as_bytes()).answer().unwrap();
        assert_eq!(answer.status(), 302);
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.starts_with(&config().redirect_uris[0]));
        assert!(location.contains("state=s1"));
        assert!(location.contains(expected), "{location}");
    }
}

#[test]
fn refused_consent_shows_an_error_page() {
    let mut client = TestClient::unconnected();
    let bad = http::Request::builder().uri("/connect/oauth2?client_id=other");
    let (status, body) = client.send_raw(bad, "");
    assert_eq!(status, 400);
    assert!(body.contains("client id is unknown"));
    let realm = client.realm.clone();
    client.simulator.person(&realm).unwrap().set_admin(false);
    let url = authorize_url(&client.config);
    let refused = client
        .simulator
        .consent(&url, &realm, ConsentDecision::Connect);
    assert!(refused.unwrap_err().to_string().contains("Only an admin"));
    assert!(
        client
            .simulator
            .consent(&url, "0", ConsentDecision::Connect)
            .is_err()
    );
    assert!(
        client
            .simulator
            .consent(&url, &realm, ConsentDecision::Cancel)
            .is_ok()
    );
}

#[test]
fn unknown_paths_and_methods_are_refused() {
    let mut client = TestClient::new();
    let nowhere = http::Request::builder().uri("/favicon.ico");
    assert_eq!(client.send_raw(nowhere, "").0, 404);
    let odd = http::Request::builder()
        .method("DELETE")
        .uri("/connect/oauth2");
    assert_eq!(client.send_raw(odd, "").0, 405);
    let get = http::Request::builder().uri("/v2/oauth2/tokens/revoke");
    assert_eq!(client.send_raw(get, "").0, 405);
    let request = client.request("GET", "invoice", "");
    assert_eq!(client.send_raw(request, "").0, 400);
}

/// Returns the bytes of all answers to a short series of calls.
fn answer_bytes() -> Vec<Vec<u8>> {
    let mut client = TestClient::new();
    client.invoice("Turner Bay", 100);
    let mut bytes = Vec::new();
    for path in [
        "preferences",
        "customer/28",
        "query?query=select%20*%20from%20Invoice",
    ] {
        let request = client
            .request("GET", path, "")
            .header("accept", "application/json");
        let Reply::Answer(answer) = client.reply(request, b"") else {
            panic!("no answer")
        };
        bytes.push(answer.body().to_vec());
        bytes.push(answer.headers()["intuit_tid"].as_bytes().to_vec());
    }
    bytes.push(client.simulator.issued_secrets().concat().into_bytes());
    bytes
}

#[test]
fn same_inputs_give_the_same_bytes() {
    assert_eq!(answer_bytes(), answer_bytes());
}
