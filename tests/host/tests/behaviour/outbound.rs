use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use host::App;

use crate::{guests, load, options, run};

/// A peer that answers each connection with these bytes and then keeps it open until the caller leaves.
fn peer(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer.as_bytes());
                while stream.read(&mut request).is_ok_and(|read| read > 0) {}
            });
        }
    });
    address
}

fn facing(address: SocketAddr) -> App {
    let mut options = options();
    options
        .variables
        .insert("peer".to_owned(), format!("http://{address}"));
    load(options)
}

#[tokio::test]
async fn a_peer_that_is_named_is_reached_and_counted() {
    let address = peer("HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nhi");
    let app = facing(address);
    assert_eq!(
        run(&app, &format!("send http://{address}/a?b=c")).await,
        ["201 hi"]
    );
    assert_eq!(app.counts().outbound, 1);
}

#[tokio::test]
async fn another_port_of_the_same_machine_is_refused_and_not_counted() {
    let app = facing(peer(""));
    assert_eq!(
        run(&app, "send http://127.0.0.1:1/").await,
        ["ErrorCode::HttpRequestDenied"]
    );
    assert_eq!(app.counts().outbound, 0);
}

#[tokio::test]
async fn redirects_are_left_to_the_component() {
    let address = peer("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        run(&facing(address), &format!("send http://{address}/")).await,
        ["302 "]
    );
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_waited_for_as_long_as_told() {
    let address = peer("");
    let answers = run(
        &facing(address),
        &format!("send http://{address}/ first=30"),
    )
    .await;
    assert_eq!(answers, ["ErrorCode::ConnectionReadTimeout"]);
}

#[tokio::test]
async fn a_peer_that_stops_in_the_middle_is_waited_for_as_long_as_told() {
    let address = peer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    let answers = run(
        &facing(address),
        &format!("send http://{address}/ between=30"),
    )
    .await;
    assert_eq!(answers, ["200 ErrorCode::ConnectionReadTimeout"]);
}

#[tokio::test]
async fn a_peer_that_is_not_there_is_reported() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let answers = run(
        &facing(address),
        &format!("send http://{address}/ connect=1000"),
    )
    .await;
    assert_eq!(answers, ["ErrorCode::ConnectionRefused"]);
}

#[tokio::test]
async fn https_is_encrypted_from_the_first_byte() {
    let address = peer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let mut options = options();
    options
        .variables
        .insert("peer".to_owned(), format!("https://{address}"));
    let answers = run(&load(options), &format!("send https://{address}/")).await;
    assert_eq!(answers, ["ErrorCode::TlsProtocolError"]);
}

#[tokio::test]
async fn a_destination_that_cannot_be_understood_is_found_when_the_app_is_loaded() {
    let mut options = options();
    options.variables.insert("peer".to_owned(), String::new());
    let problem = format!("{:#}", App::load(&guests(), options).err().unwrap());
    assert!(
        problem.contains("[component.probe]") && problem.contains("has no scheme"),
        "{problem}"
    );
}
