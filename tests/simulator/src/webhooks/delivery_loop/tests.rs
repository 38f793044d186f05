use super::*;
use crate::Subscription;
use crate::test_client::TestClient;
use jiff::SignedDuration;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Receives one request and answers it.
async fn receive(listener: &TcpListener, status: &str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.ends_with(b"}]") {
        let count = stream.read(&mut part).await.unwrap();
        request.extend_from_slice(&part[..count]);
    }
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(request).unwrap()
}

#[tokio::test]
async fn event_is_sent_until_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = TestClient::new();
    let clock = Clock::default();
    clock.set_offset(client.simulator.now().duration_since(Timestamp::now()));
    let url = format!("http://{address}/v1/quickbooks/events?x=1");
    client
        .simulator
        .subscribe(Subscription::new(&url, "verifier-1"));
    client.simulator.set_now(clock.now());
    client.post("customer", json!({"DisplayName": "Turner Bay"}));
    let simulator = Arc::new(Mutex::new(client.simulator));
    let driver = tokio::spawn(deliver_over_http(Arc::clone(&simulator), clock.clone()));
    let first = receive(&listener, "500 Oh No").await;
    assert!(
        first.starts_with("POST /v1/quickbooks/events?x=1 HTTP/1.1\r\n"),
        "{first}"
    );
    assert!(first.contains("intuit-signature: "));
    assert!(first.contains(&format!("host: {address}\r\n")));
    clock.set_offset(clock.offset() + SignedDuration::from_secs(20));
    let second = receive(&listener, "200 OK").await;
    let body = |request: &str| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&second), body(&first));
    driver.abort();
}

#[tokio::test]
async fn only_loopback_addresses_are_called() {
    for (url, called) in [
        ("http://127.0.0.1:3000/x", true),
        ("http://localhost:3000/x", true),
        ("http://[::1]:3000/x", true),
        ("https://127.0.0.1:3000/x", false),
        ("http://192.0.2.1/x", false),
        ("http://events.example/x", false),
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!(loopback_address(&url).is_some(), called, "{url}");
    }
}
