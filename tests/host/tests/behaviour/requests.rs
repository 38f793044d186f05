use bytes::Bytes;
use host::{App, Running};
use http::{Method, Request, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{load, options, run};

fn request(method: Method, path: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(body.into())
        .unwrap()
}

/// The app on a port of its own, and a connection to it.
async fn listening(app: &App) -> (Running, TcpStream) {
    let running = app.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let stream = TcpStream::connect(running.address()).await.unwrap();
    (running, stream)
}

#[tokio::test]
async fn a_path_without_a_route_is_not_found() {
    let response = load(options())
        .handle(request(Method::GET, "/nowhere", ""))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.body().is_empty());
}

#[tokio::test]
async fn the_host_answers_for_its_own_health() {
    let response = load(options())
        .handle(request(Method::GET, "/.well-known/spin/health", ""))
        .await;
    assert_eq!(response.unwrap().body(), "OK");
}

#[tokio::test]
async fn a_component_learns_the_route_and_its_parameters() {
    let app = load(options());
    let response = app
        .handle(request(Method::GET, "/documents/pay_app/pa_1?x=1", ""))
        .await
        .unwrap();
    let headers = str::from_utf8(response.body()).unwrap();
    for expected in [
        "spin-path-match-kind: pay_app\n",
        "spin-path-match-id: pa_1\n",
        "spin-raw-component-route: /documents/:kind/:id\n",
        "spin-full-url: http://127.0.0.1:3000/documents/pay_app/pa_1?x=1\n",
    ] {
        assert!(headers.contains(expected), "{headers}");
    }
}

#[tokio::test]
async fn a_large_body_passes_through_whole() {
    let body: Vec<u8> = (0..3_000_000_u32)
        .map(|index| index.to_le_bytes()[0])
        .collect();
    let response = load(options())
        .handle(request(Method::POST, "/probe/echo", body.clone()))
        .await;
    assert!(response.unwrap().body() == &body);
}

#[tokio::test]
async fn a_body_streams_while_the_request_is_still_being_sent() {
    let (running, mut stream) = listening(&load(options())).await;
    let head = "POST /probe/echo HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"5\r\nfirst\r\n").await.unwrap();
    read_until(&mut stream, "first").await;
    stream.write_all(b"6\r\nsecond\r\n0\r\n\r\n").await.unwrap();
    read_until(&mut stream, "0\r\n\r\n").await;
    drop(stream);
    running.stop().await;
}

#[tokio::test]
async fn stopping_waits_for_requests_that_are_under_way() {
    let app = load(options());
    let (running, mut stream) = listening(&app).await;
    let head = "POST /probe/script HTTP/1.1\r\nhost: localhost\r\ncontent-length: 23\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"set inside 1\nawait gone").await.unwrap();
    assert_eq!(run(&app, "await inside").await, ["seen"]);
    let stopping = tokio::spawn(running.stop());
    assert_eq!(run(&app, "set gone 1").await, ["done"]);
    read_until(&mut stream, "seen").await;
    stopping.await.unwrap();
}

#[tokio::test]
async fn an_answer_reports_its_status_and_headers_as_the_component_gave_them() {
    let (running, mut stream) = listening(&load(options())).await;
    stream
        .write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let answer = read_until(&mut stream, "hello").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    drop(stream);
    running.stop().await;
}

#[tokio::test]
async fn a_request_that_names_no_host_fails() {
    let (running, mut stream) = listening(&load(options())).await;
    stream
        .write_all(b"GET /hello HTTP/1.0\r\n\r\n")
        .await
        .unwrap();
    let answer = read_until(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 500"), "{answer}");
    running.stop().await;
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let app = load(options());
    let running = app.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let problem = app
        .listen(running.address())
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        problem.contains(&format!("{} is already in use", running.address())),
        "{problem}"
    );
    running.stop().await;
}

async fn read_until(stream: &mut TcpStream, expected: &str) -> String {
    let mut received = String::new();
    while !received.contains(expected) {
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the connection ended after {received:?}");
        received.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    received
}
