use bytes::Bytes;
use host::{App, RunningApp};
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

/// Serves the app on a free port and opens a connection to it.
async fn listen(app: &App) -> (RunningApp, TcpStream) {
    let running = app.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let stream = TcpStream::connect(running.address()).await.unwrap();
    (running, stream)
}

#[tokio::test]
async fn path_without_route_is_not_found() {
    let response = load(options())
        .handle(request(Method::GET, "/nowhere", ""))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.body().is_empty());
}

#[tokio::test]
async fn host_answers_its_health_route() {
    let response = load(options())
        .handle(request(Method::GET, "/.well-known/spin/health", ""))
        .await;
    assert_eq!(response.unwrap().body(), "OK");
}

#[tokio::test]
async fn component_receives_route_and_parameters() {
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
async fn large_body_is_passed_completely() {
    let body: Vec<u8> = (0..3_000_000_u32)
        .map(|index| index.to_le_bytes()[0])
        .collect();
    let response = load(options())
        .handle(request(Method::POST, "/probe/echo", body.clone()))
        .await;
    assert!(response.unwrap().body() == &body);
}

#[tokio::test]
async fn body_streams_during_the_request() {
    let (running, mut stream) = listen(&load(options())).await;
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
async fn stopping_waits_for_open_requests() {
    let app = load(options());
    let (running, mut stream) = listen(&app).await;
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
async fn answer_has_the_components_status() {
    let (running, mut stream) = listen(&load(options())).await;
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
async fn request_without_host_fails() {
    let (running, mut stream) = listen(&load(options())).await;
    stream
        .write_all(b"GET /hello HTTP/1.0\r\n\r\n")
        .await
        .unwrap();
    let answer = read_until(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 500"), "{answer}");
    running.stop().await;
}

#[tokio::test]
async fn port_in_use_is_named() {
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
