use jiff::SignedDuration;
use serde_json::json;

use crate::desk::{Desk, authorize_url, config};
use crate::{CallClass, Decision, Reply};

#[test]
fn without_a_living_token_nothing_is_served() {
    let mut desk = Desk::new();
    let bare = http::Request::builder().uri(format!("/v3/company/{}/preferences", desk.realm));
    assert_eq!(desk.send_raw(bare, "").0, 401);
    desk.simulator.advance(SignedDuration::from_secs(3600));
    let (status, answer) = desk.get("preferences");
    assert_eq!(status, 401);
    let detail = answer["fault"]["error"][0]["detail"].as_str().unwrap();
    assert_eq!(detail, "Token expired: eyJhbG");
}

#[test]
fn a_token_is_for_one_company() {
    let mut desk = Desk::new();
    let other = desk.open_another("Ashgrove Mechanical");
    for realm in [other.as_str(), "1111111111111111"] {
        realm.clone_into(&mut desk.realm);
        let (status, answer) = desk.get("preferences");
        assert_eq!(status, 403);
        assert_eq!(answer["fault"]["error"][0]["code"], "3100");
        assert_eq!(answer["fault"]["type"], "SERVICE");
    }
}

#[test]
fn too_many_requests_are_throttled_per_company_until_a_minute_has_passed() {
    let mut desk = Desk::new();
    let statuses: Vec<u16> = (0..501).map(|_| desk.get("preferences").0).collect();
    assert!(statuses[..500].iter().all(|status| *status == 200));
    assert_eq!(statuses[500], 429);
    let request = desk
        .request("GET", "preferences", "")
        .header("accept", "application/json");
    assert!(desk.send_raw(request, "").1.contains("ThrottleExceeded"));
    let mut other = Desk::new();
    assert_eq!(other.get("preferences").0, 200);
    desk.simulator.advance(SignedDuration::from_secs(60));
    assert_eq!(desk.get("preferences").0, 200);
}

#[test]
fn the_forty_first_batch_in_a_minute_is_throttled() {
    let mut desk = Desk::new();
    let mut batch = || desk.post("batch", json!({"BatchItemRequest": []})).0;
    assert!((0..40).all(|_| batch() == 200));
    assert_eq!(batch(), 429);
}

#[test]
fn the_limit_per_second_can_be_switched_on() {
    let mut desk = Desk::new();
    desk.simulator.switches_mut().requests_per_second = Some(10);
    let statuses: Vec<u16> = (0..11).map(|_| desk.get("preferences").0).collect();
    assert_eq!(statuses[10], 429);
    desk.simulator.advance(SignedDuration::from_secs(1));
    assert_eq!(desk.get("preferences").0, 200);
}

#[test]
fn traffic_tells_what_each_request_was() {
    let mut desk = Desk::new();
    desk.simulator.clear_traffic();
    desk.get("preferences");
    desk.post("customer?requestid=r1", json!({"DisplayName": "A:B"}));
    desk.post(
        "batch",
        json!({"BatchItemRequest": [{"bId": "1", "Query": "select * from Class"}]}),
    );
    let request = desk.token_request();
    desk.send_raw(request, "");
    let traffic = desk.simulator.traffic();
    let seen: Vec<(CallClass, Option<u16>)> = traffic
        .iter()
        .map(|seen| (seen.class, seen.status))
        .collect();
    let batch = CallClass::Batch {
        writes: 0,
        reads: 1,
    };
    assert_eq!(
        seen,
        [
            (CallClass::Read, Some(200)),
            (CallClass::Write, Some(400)),
            (batch, Some(200)),
            (CallClass::Token, Some(400)),
        ]
    );
    assert_eq!(traffic[1].request_id.as_deref(), Some("r1"));
    assert_eq!(traffic[1].realm.as_ref(), Some(&desk.realm));
}

#[test]
fn each_answer_has_a_trace_id() {
    let mut desk = Desk::new();
    let mut trace = || {
        let request = desk.request("GET", "preferences", "");
        let answer = desk.reply(request, b"").answer().unwrap();
        answer.headers()["intuit_tid"].to_str().unwrap().to_owned()
    };
    assert_ne!(trace(), trace());
}

#[test]
fn the_consent_page_sends_the_decision_back() {
    let mut desk = Desk::unconnected();
    let url = authorize_url(&desk.config);
    let path = url.strip_prefix("http://intuit.test").unwrap();
    let page = http::Request::builder().uri(path);
    let (status, body) = desk.send_raw(page, "");
    assert_eq!(status, 200);
    assert!(body.contains("Harbor Electric LLC"));
    let (_, query) = path.split_once('?').unwrap();
    for (decision, expected) in [("connect", "realmId="), ("cancel", "error=access_denied")] {
        let post = http::Request::builder()
            .method("POST")
            .uri("/connect/oauth2")
            .header("content-type", "application/x-www-form-urlencoded");
        let form = format!("{query}&realm={}&decision={decision}", desk.realm);
        let answer = desk.reply(post, form.as_bytes()).answer().unwrap();
        assert_eq!(answer.status(), 302);
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.starts_with(&config().redirect_uris[0]));
        assert!(location.contains("state=s1"));
        assert!(location.contains(expected), "{location}");
    }
}

#[test]
fn a_bad_consent_request_or_a_person_without_rights_sees_a_page() {
    let mut desk = Desk::unconnected();
    let bad = http::Request::builder().uri("/connect/oauth2?client_id=other");
    let (status, body) = desk.send_raw(bad, "");
    assert_eq!(status, 400);
    assert!(body.contains("client id is unknown"));
    let realm = desk.realm.clone();
    desk.simulator.person(&realm).unwrap().set_admin(false);
    let url = authorize_url(&desk.config);
    let refused = desk.simulator.consent(&url, &realm, Decision::Connect);
    assert!(refused.unwrap_err().to_string().contains("Only an admin"));
    assert!(
        desk.simulator
            .consent(&url, "0", Decision::Connect)
            .is_err()
    );
    assert!(
        desk.simulator
            .consent(&url, &realm, Decision::Cancel)
            .is_ok()
    );
}

#[test]
fn unknown_paths_and_methods_are_turned_away() {
    let mut desk = Desk::new();
    let nowhere = http::Request::builder().uri("/favicon.ico");
    assert_eq!(desk.send_raw(nowhere, "").0, 404);
    let odd = http::Request::builder()
        .method("DELETE")
        .uri("/connect/oauth2");
    assert_eq!(desk.send_raw(odd, "").0, 405);
    let get = http::Request::builder().uri("/v2/oauth2/tokens/revoke");
    assert_eq!(desk.send_raw(get, "").0, 405);
    let request = desk.request("GET", "invoice", "");
    assert_eq!(desk.send_raw(request, "").0, 400);
}

/// A short story with every kind of call; what it answers, byte for byte.
fn story() -> Vec<Vec<u8>> {
    let mut desk = Desk::new();
    desk.invoice("Turner Bay", 100);
    let mut bytes = Vec::new();
    for path in [
        "preferences",
        "customer/28",
        "query?query=select%20*%20from%20Invoice",
    ] {
        let request = desk
            .request("GET", path, "")
            .header("accept", "application/json");
        let Reply::Answer(answer) = desk.reply(request, b"") else {
            panic!("no answer")
        };
        bytes.push(answer.body().to_vec());
        bytes.push(answer.headers()["intuit_tid"].as_bytes().to_vec());
    }
    bytes.push(desk.simulator.issued_secrets().concat().into_bytes());
    bytes
}

#[test]
fn the_same_seed_clock_and_requests_give_the_same_bytes() {
    assert_eq!(story(), story());
}
