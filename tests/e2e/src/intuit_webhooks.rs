//! Webhooks of Intuit, received by the real component.

use super::{get, new_firm, send, start_deployment, start_deployment_with};
use host::Counts;
use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::intuit_webhooks::{
    ChangedObject, PATH, cloud_event, signature, signed_delivery, unsigned_delivery,
};
use host::demo::local_deployment::{LocalDeployment, VERIFIER_TOKEN};
use http::Request;
use serde_json::{Value, json};
use simulator::{Delivery, Format, Subscription};
use std::time::{Duration, Instant};

const MIB: usize = 1024 * 1024;

/// Sends a signed delivery of this body.
async fn send_webhook(deployment: &LocalDeployment, body: impl Into<bytes::Bytes>) -> Answer {
    parse_answer(deployment.send(signed_delivery(body.into())).await.unwrap())
}

/// Sends a delivery with this signature, or with none.
async fn send_webhook_signed(
    deployment: &LocalDeployment,
    body: &[u8],
    signature: Option<&str>,
) -> Answer {
    let mut request = unsigned_delivery();
    if let Some(signature) = signature {
        request = request.header("intuit-signature", signature);
    }
    send(deployment, request, body.to_vec()).await
}

/// Connects a firm with this id to a company of its own.
async fn connect_firm<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let mut firm = new_firm(deployment);
    firm.id = id.to_owned();
    firm.connect().await.unwrap();
    firm
}

/// Returns an invoice of a company.
fn invoice(realm: &str, number: usize) -> ChangedObject<'_> {
    ChangedObject {
        realm,
        kind: "invoice",
        id: number.to_string(),
    }
}

/// Returns events about the invoices with these numbers, for each company in turn.
fn event_list(
    deployment: &LocalDeployment,
    firms: &[&Firm<'_>],
    numbers: std::ops::Range<usize>,
) -> String {
    let events: Vec<Value> = numbers
        .map(|number| {
            let realm = firms[number % firms.len()].realm.as_str();
            let object = invoice(realm, number);
            cloud_event(&format!("event-{number}"), &object, deployment.now())
        })
        .collect();
    Value::from(events).to_string()
}

/// Returns the host operations that a delivery costs.
async fn measure_webhook(deployment: &LocalDeployment, body: &str) -> Counts {
    let before = deployment.counts();
    assert_eq!(send_webhook(deployment, body.to_owned()).await.status, 200);
    deployment.counts() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn only_intuit_signed_webhook_is_accepted() {
    const OLD: &str = "verifier-token-before-this-one";
    let both = format!("{OLD} {VERIFIER_TOKEN}");
    let deployment = start_deployment_with(&[("quickbooks_webhook_verifier", &both)]).await;
    let body = b"[]".as_slice();
    let valid = signature(VERIFIER_TOKEN, body);
    let rows = [
        ("a valid signature", valid.clone(), body, 200),
        (
            "a signature by the former token",
            signature(OLD, body),
            body,
            200,
        ),
        (
            "a signature by the empty token",
            signature("", body),
            body,
            403,
        ),
        (
            "a signature by both tokens as one",
            signature(&both, body),
            body,
            403,
        ),
        ("an altered body", valid.clone(), b"[ ]", 403),
        ("an empty signature", String::new(), body, 403),
        (
            "the first half of the signature",
            valid[..20].to_owned(),
            body,
            403,
        ),
        (
            "a signature that is not base64",
            "not base64!".to_owned(),
            body,
            403,
        ),
        (
            "a signature with one more character",
            format!("{valid}="),
            body,
            403,
        ),
        (
            "the signature of an empty body",
            signature(VERIFIER_TOKEN, b""),
            body,
            403,
        ),
        (
            "a signed empty body",
            signature(VERIFIER_TOKEN, b""),
            b"",
            200,
        ),
    ];
    for (attempt, signature, body, expect) in rows {
        let answer = send_webhook_signed(&deployment, body, Some(&signature)).await;
        assert_eq!(answer.status, expect, "{attempt}");
        if expect == 403 {
            assert_eq!(answer.body["code"], "invalid_intuit_signature", "{attempt}");
        }
    }
    assert_eq!(
        send_webhook_signed(&deployment, body, None).await.status,
        403
    );
    assert!(!deployment.logs.contain(VERIFIER_TOKEN) && !deployment.logs.contain(&valid));
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_verifier_token_is_named_not_shown() {
    let deployment =
        start_deployment_with(&[("quickbooks_webhook_verifier", "too-short-s3cr")]).await;
    let answer = send_webhook(&deployment, "[]").await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (500, &json!("misconfigured"))
    );
    assert_eq!(answer.body["variable"], "quickbooks_webhook_verifier");
    assert!(!answer.body.to_string().contains("s3cr") && !deployment.logs.contain("s3cr"));
}

/// Adds a customer in QuickBooks. Returns the delivery that Intuit sends.
fn add_customer(deployment: &LocalDeployment, firm: &Firm<'_>, name: &str) -> Delivery {
    let mut simulator = deployment.simulator();
    let mut person = simulator.person(&firm.realm).unwrap();
    let customer = json!({ "DisplayName": name });
    person.create("Customer", customer).unwrap();
    let now = simulator.now();
    simulator.start_due_deliveries(now).remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_in_both_formats_are_accepted() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment, "firm_harbor").await;
    for format in [Format::Classic, Format::CloudEvents] {
        let subscription = Subscription::new(&format!("{}{PATH}", deployment.url), VERIFIER_TOKEN);
        deployment
            .simulator()
            .subscribe(subscription.format(format));
        let delivery = add_customer(&deployment, &firm, &format!("Turner {format:?}"));
        let sent_at = deployment.simulator().now();
        let mut request = Request::post(PATH).body(delivery.body).unwrap();
        request.headers_mut().extend(delivery.headers);
        let before = deployment.counts();
        let status = deployment.send(request).await.unwrap().status().as_u16();
        assert_eq!(status, 200, "{format:?}");
        assert!((deployment.counts() - before).writes() >= 1, "{format:?}");
        deployment.simulator().report_delivery(
            delivery.id,
            simulator::Answer::Status(status),
            sent_at,
        );
        assert_eq!(deployment.simulator().next_delivery_at(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundred_events_of_three_companies_cost_three_writes() {
    let deployment = start_deployment().await;
    let (a, b) = (
        connect_firm(&deployment, "firm_a").await,
        connect_firm(&deployment, "firm_b").await,
    );
    let c = connect_firm(&deployment, "firm_c").await;
    let firms = [&a, &b, &c];
    measure_webhook(&deployment, &event_list(&deployment, &firms, 0..3)).await;
    let body = event_list(&deployment, &firms, 100..200);
    let first = measure_webhook(&deployment, &body).await;
    assert_eq!((first.swap, first.writes(), first.get), (3, 3, 12));
    assert_eq!(first.outbound, 0);
    let again = measure_webhook(&deployment, &body).await;
    assert_eq!((again.writes(), again.outbound), (0, 0));
    // A scheduled run removes the due hints. Each company then costs two writes: its inbox and its hint.
    let run = get("/v1/scheduled/sync?key=scheduler-secret-of-the-demo");
    assert_eq!(send(&deployment, run, "").await.status, 200);
    let later = measure_webhook(&deployment, &event_list(&deployment, &firms, 200..300)).await;
    assert_eq!((later.swap, later.writes()), (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn irrelevant_webhook_events_cost_no_write() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment, "firm_harbor").await;
    let unknown_company = cloud_event("a", &invoice("310687", 7), deployment.now());
    let vendor = ChangedObject {
        kind: "vendor",
        ..invoice(&firm.realm, 7)
    };
    let vendor = cloud_event("b", &vendor, deployment.now());
    let counts = measure_webhook(&deployment, &json!([unknown_company, vendor]).to_string()).await;
    assert_eq!((counts.writes(), counts.get), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_webhook_is_accepted_and_stored() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment, "firm_harbor").await;
    let mut without_object = cloud_event("a", &invoice(&firm.realm, 7), deployment.now());
    without_object["intuitentityid"] = Value::Null;
    let without_company = json!([cloud_event("b", &invoice("", 7), deployment.now())]).to_string();
    for body in [
        json!([without_object]).to_string(),
        without_company,
        "<xml/>".into(),
        "{}".into(),
    ] {
        let answer = send_webhook(&deployment, body.clone()).await;
        assert_eq!((answer.status, answer.body), (200, Value::Null), "{body}");
        let again = measure_webhook(&deployment, &body).await;
        assert_eq!(again.writes(), 0, "{body}");
    }
    for why in ["names no object", "names no company", "not one JSON text"] {
        assert!(deployment.logs.contain(why), "{why}");
    }
    assert!(!deployment.logs.contain("<xml/>"));
    let dead_letters = deployment
        .app
        .store("default")
        .get("rivet-books:dead-letters:deliveries");
    let dead_letters: Value = serde_json::from_slice(&dead_letters.unwrap().unwrap()).unwrap();
    assert_eq!(dead_letters["r"]["deliveries"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_delivery_is_read_and_kept() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment, "firm_harbor").await;
    let mut body = event_list(&deployment, &[&firm], 0..3000);
    body.extend(std::iter::repeat_n(' ', MIB - body.len()));
    let began = Instant::now();
    assert_eq!(send_webhook(&deployment, body.clone()).await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(3));
    let mut one = cloud_event("large", &invoice(&firm.realm, 7), deployment.now());
    one["data"] = json!({ "Line": "x".repeat(5 * MIB) });
    let large = json!([one]).to_string();
    assert_eq!(measure_webhook(&deployment, &large).await.swap, 1);
    body.extend(std::iter::repeat_n(' ', 7 * MIB));
    assert_eq!(send_webhook(&deployment, body.clone()).await.status, 200);
    body.push(' ');
    let answer = send_webhook(&deployment, body).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (413, &json!("body_too_large"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_inbox_record_delays_no_other_company() {
    let deployment = start_deployment().await;
    let (a, b) = (
        connect_firm(&deployment, "firm_a").await,
        connect_firm(&deployment, "firm_b").await,
    );
    measure_webhook(&deployment, &event_list(&deployment, &[&a, &b], 0..2)).await;
    let store = deployment.app.store("default");
    let keys = store.keys().unwrap();
    let key = keys
        .iter()
        .find(|key| key.starts_with("rivet-books:inbox:firm_a:"));
    let key = key.unwrap();
    let record = store.get(key).unwrap().unwrap();
    store.set(key, b"what is this?").unwrap();
    let body = event_list(&deployment, &[&a, &b], 2..4);
    let answer = send_webhook(&deployment, body.clone()).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (503, &json!("store_unavailable"))
    );
    assert_eq!(answer.headers["retry-after"], "5");
    store.set(key, &record).unwrap();
    // The changes of the other company were saved by the first delivery.
    assert_eq!(measure_webhook(&deployment, &body).await.writes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhook_route_accepts_only_post() {
    let deployment = start_deployment().await;
    let answer = send(&deployment, get(PATH), "").await;
    assert_eq!(
        (answer.status, &answer.headers["allow"]),
        (405, &"POST".parse().unwrap())
    );
}
