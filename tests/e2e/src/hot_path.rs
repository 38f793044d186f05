//! The cost of a request that pages send often: the segments of its answer and the calls of the host.

use super::{connect_firm, manifest, new_firm, start_deployment};
use bytes::Bytes;
use host::demo::intuit_webhooks::{ChangedObject, cloud_event, signed_delivery};
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use host::{Logs, Reuse};
use http::Request;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer that came in two segments would show both only if the client were late, so one answer alone proves little.
const ANSWERS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn status_answer_arrives_in_one_segment() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let token = deployment.rivet.session_token(&firm.id, deployment.now());
    let address = deployment.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /v1/quickbooks/status HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    for number in 0..ANSWERS {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut segment = vec![0; 65_536];
        let length = stream.read(&mut segment).await.unwrap();
        let text = String::from_utf8_lossy(&segment[..length]);
        assert!(is_whole(&text), "answer {number}: {text}");
    }
}

/// Returns whether a text has a head of an answer and as many bytes of a body as the head says.
fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()) == Some(body.len())
}

/// Starts a deployment whose instances stay.
async fn start_lasting() -> LocalDeployment {
    let options = DeploymentOptions {
        logs: Logs::in_memory(),
        reuse: Reuse {
            idle: Duration::from_secs(3_600),
            ..Reuse::default()
        },
        ..DeploymentOptions::default()
    };
    LocalDeployment::start(manifest(), options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn second_status_costs_only_three_reads() {
    let deployment = start_lasting().await;
    let firm = new_firm(&deployment);
    firm.connect().await.unwrap();
    let status = async || {
        let before = deployment.counts();
        let request = Request::get("/v1/quickbooks/status");
        assert_eq!(firm.call(request, None).await.unwrap().status, 200);
        deployment.counts() - before
    };
    let first = status().await;
    assert_eq!((first.variables, first.opens), (2, 1));
    let second = status().await;
    assert_eq!((second.get, second.calls()), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn second_webhook_costs_four_reads_and_a_write() {
    let deployment = start_lasting().await;
    let firm = connect_firm(&deployment).await;
    let receive = async |id: &str| {
        let invoice = ChangedObject {
            realm: &firm.realm,
            kind: "invoice",
            id: id.to_owned(),
        };
        let event = cloud_event(&format!("event-{id}"), &invoice, deployment.now());
        let delivery = signed_delivery(Bytes::from(json!([event]).to_string()));
        let before = deployment.counts();
        assert_eq!(deployment.send(delivery).await.unwrap().status(), 200);
        deployment.counts() - before
    };
    receive("1").await;
    let second = receive("2").await;
    assert_eq!((second.get, second.swap, second.calls()), (4, 1, 5));
}
