//! What Intuit tells, through the real component.

use super::{firm, get, send, start_deployment, start_deployment_with};
use host::Counts;
use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::intuit_webhooks::{
    ChangedObject, PATH, cloud_event, signature, signed_delivery, unsigned_delivery,
};
use host::demo::local_deployment::{LocalDeployment, VERIFIER_TOKEN};
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::{Delivery, Format, Subscription};
use std::time::{Duration, Instant};

const MIB: usize = 1024 * 1024;

async fn tell(deployment: &LocalDeployment, body: impl Into<bytes::Bytes>) -> Answer {
    parse_answer(deployment.send(signed_delivery(body.into())).await.unwrap())
}

/// A delivery under this signature, or none.
async fn tell_under(deployment: &LocalDeployment, body: &[u8], signature: Option<&str>) -> Answer {
    let mut request = unsigned_delivery();
    if let Some(signature) = signature {
        request = request.header("intuit-signature", signature);
    }
    send(deployment, request, body.to_vec()).await
}

async fn connected<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let mut firm = firm(deployment);
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

/// Events about so many invoices of these companies in turn.
fn events(
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

/// What a delivery cost.
async fn cost(deployment: &LocalDeployment, body: &str) -> Counts {
    let before = deployment.counts();
    assert_eq!(tell(deployment, body.to_owned()).await.status, 200);
    deployment.counts() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn only_intuit_signed_webhook_is_accepted() {
    const OLD: &str = "verifier-token-before-this-one";
    let both = format!("{OLD} {VERIFIER_TOKEN}");
    let deployment = start_deployment_with(&[("quickbooks_webhook_verifier", &both)]).await;
    let body = b"[]".as_slice();
    let sound = signature(VERIFIER_TOKEN, body);
    let rows = [
        ("a sound signature", sound.clone(), body, 200),
        ("one with the token before", signature(OLD, body), body, 200),
        (
            "one with a token of ours that is no token",
            signature("", body),
            body,
            403,
        ),
        (
            "one with both tokens in one",
            signature(&both, body),
            body,
            403,
        ),
        ("an altered body", sound.clone(), b"[ ]", 403),
        ("an empty signature", String::new(), body, 403),
        ("half a signature", sound[..20].to_owned(), body, 403),
        ("no base64", "not base64!".to_owned(), body, 403),
        (
            "a signature with something behind it",
            format!("{sound}="),
            body,
            403,
        ),
        (
            "the signature of nothing",
            signature(VERIFIER_TOKEN, b""),
            body,
            403,
        ),
        ("nothing, signed", signature(VERIFIER_TOKEN, b""), b"", 200),
    ];
    for (attempt, signature, body, expect) in rows {
        let told = tell_under(&deployment, body, Some(&signature)).await;
        assert_eq!(told.status, expect, "{attempt}");
        if expect == 403 {
            assert_eq!(told.body["code"], "invalid_intuit_signature", "{attempt}");
        }
    }
    assert_eq!(tell_under(&deployment, body, None).await.status, 403);
    assert!(!deployment.logs.contain(VERIFIER_TOKEN) && !deployment.logs.contain(&sound));
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_verifier_token_is_named_not_shown() {
    let deployment =
        start_deployment_with(&[("quickbooks_webhook_verifier", "too-short-s3cr")]).await;
    let told = tell(&deployment, "[]").await;
    assert_eq!(
        (told.status, &told.body["code"]),
        (500, &json!("misconfigured"))
    );
    assert_eq!(told.body["variable"], "quickbooks_webhook_verifier");
    assert!(!told.body.to_string().contains("s3cr") && !deployment.logs.contain("s3cr"));
}

/// Somebody adds a customer in QuickBooks: what Intuit sends, and when.
fn add_customer(
    deployment: &LocalDeployment,
    firm: &Firm<'_>,
    name: &str,
) -> (Delivery, Timestamp) {
    let mut simulator = deployment.simulator();
    let mut person = simulator.person(&firm.realm).unwrap();
    let customer = json!({ "DisplayName": name });
    person.create("Customer", customer).unwrap();
    let now = simulator.now();
    (simulator.start_due_deliveries(now).remove(0), now)
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_in_both_formats_are_accepted() {
    let deployment = start_deployment().await;
    let firm = connected(&deployment, "firm_harbor").await;
    for format in [Format::Classic, Format::CloudEvents] {
        let subscription = Subscription::new(&format!("{}{PATH}", deployment.url), VERIFIER_TOKEN);
        deployment
            .simulator()
            .subscribe(subscription.format(format));
        let (delivery, now) = add_customer(&deployment, &firm, &format!("Turner {format:?}"));
        let mut request = Request::post(PATH).body(delivery.body).unwrap();
        request.headers_mut().extend(delivery.headers);
        let before = deployment.counts();
        let status = deployment.send(request).await.unwrap().status().as_u16();
        assert_eq!(status, 200, "{format:?}");
        assert!((deployment.counts() - before).writes() >= 1, "{format:?}");
        deployment
            .simulator()
            .report_delivery(delivery.id, simulator::Answer::Status(status), now);
        assert_eq!(deployment.simulator().next_delivery_at(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundred_events_of_three_companies_cost_three_writes() {
    let deployment = start_deployment().await;
    let (a, b) = (
        connected(&deployment, "firm_a").await,
        connected(&deployment, "firm_b").await,
    );
    let c = connected(&deployment, "firm_c").await;
    let firms = [&a, &b, &c];
    cost(&deployment, &events(&deployment, &firms, 0..3)).await;
    let body = events(&deployment, &firms, 100..200);
    let first = cost(&deployment, &body).await;
    assert_eq!((first.swap, first.writes(), first.get), (3, 3, 12));
    assert_eq!(first.outbound, 0);
    let again = cost(&deployment, &body).await;
    assert_eq!((again.writes(), again.outbound), (0, 0));
    // A scheduled run takes the hints away; each company then costs its inbox and its hint.
    let run = get("/v1/scheduled/sync?key=scheduler-secret-of-the-demo");
    assert_eq!(send(&deployment, run, "").await.status, 200);
    let later = cost(&deployment, &events(&deployment, &firms, 200..300)).await;
    assert_eq!((later.swap, later.writes()), (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn irrelevant_webhook_events_cost_no_write() {
    let deployment = start_deployment().await;
    let firm = connected(&deployment, "firm_harbor").await;
    let strange = cloud_event("a", &invoice("310687", 7), deployment.now());
    let vendor = ChangedObject {
        kind: "vendor",
        ..invoice(&firm.realm, 7)
    };
    let vendor = cloud_event("b", &vendor, deployment.now());
    let counts = cost(&deployment, &json!([strange, vendor]).to_string()).await;
    assert_eq!((counts.writes(), counts.get), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_webhook_is_accepted_and_stored() {
    let deployment = start_deployment().await;
    let firm = connected(&deployment, "firm_harbor").await;
    let mut spoiled = cloud_event("a", &invoice(&firm.realm, 7), deployment.now());
    spoiled["intuitentityid"] = Value::Null;
    let homeless = json!([cloud_event("b", &invoice("", 7), deployment.now())]).to_string();
    for body in [
        json!([spoiled]).to_string(),
        homeless,
        "<xml/>".into(),
        "{}".into(),
    ] {
        let told = tell(&deployment, body.clone()).await;
        assert_eq!((told.status, told.body), (200, Value::Null), "{body}");
        let again = cost(&deployment, &body).await;
        assert_eq!(again.writes(), 0, "{body}");
    }
    for why in ["names no object", "names no company", "not one JSON text"] {
        assert!(deployment.logs.contain(why), "{why}");
    }
    assert!(!deployment.logs.contain("<xml/>"));
    let parked = deployment
        .app
        .store("default")
        .get("rivet-books/parked/deliveries");
    let parked: Value = serde_json::from_slice(&parked.unwrap().unwrap()).unwrap();
    assert_eq!(parked["r"]["deliveries"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhook_body_is_limited_to_one_megabyte() {
    let deployment = start_deployment().await;
    let firm = connected(&deployment, "firm_harbor").await;
    let mut body = events(&deployment, &[&firm], 0..3000);
    body.extend(std::iter::repeat_n(' ', MIB - body.len()));
    let began = Instant::now();
    assert_eq!(tell(&deployment, body.clone()).await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(3));
    let mut one = cloud_event("large", &invoice(&firm.realm, 7), deployment.now());
    let room = MIB - json!([&one]).to_string().len();
    one["data"] = json!({ "Line": "x".repeat(room - 9) });
    let large = json!([one]).to_string();
    assert_eq!(large.len(), MIB);
    assert_eq!(cost(&deployment, &large).await.swap, 1);
    body.push(' ');
    let told = tell(&deployment, body).await;
    assert_eq!(
        (told.status, &told.body["code"]),
        (413, &json!("body_too_large"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_inbox_record_delays_no_other_company() {
    let deployment = start_deployment().await;
    let (a, b) = (
        connected(&deployment, "firm_a").await,
        connected(&deployment, "firm_b").await,
    );
    cost(&deployment, &events(&deployment, &[&a, &b], 0..2)).await;
    let store = deployment.app.store("default");
    let keys = store.keys().unwrap();
    let key = keys
        .iter()
        .find(|key| key.starts_with("rivet-books/inbox/firm_a/"));
    let key = key.unwrap();
    let record = store.get(key).unwrap().unwrap();
    store.set(key, b"what is this?").unwrap();
    let body = events(&deployment, &[&a, &b], 2..4);
    let told = tell(&deployment, body.clone()).await;
    assert_eq!(
        (told.status, &told.body["code"]),
        (503, &json!("store_unavailable"))
    );
    assert_eq!(told.headers["retry-after"], "5");
    store.set(key, &record).unwrap();
    // The other company's part is known already.
    assert_eq!(cost(&deployment, &body).await.writes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhook_route_accepts_only_post() {
    let deployment = start_deployment().await;
    let told = send(&deployment, get(PATH), "").await;
    assert_eq!(
        (told.status, &told.headers["allow"]),
        (405, &"POST".parse().unwrap())
    );
}
