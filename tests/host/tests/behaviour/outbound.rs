use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use host::App;

use crate::{guests, load, options, run};

/// Starts a peer that answers each connection with these bytes, then keeps it open until the client closes it.
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

fn load_with_peer(address: SocketAddr) -> App {
    let mut options = options();
    options
        .variables
        .insert("peer".to_owned(), format!("http://{address}"));
    load(options)
}

#[tokio::test]
async fn allowed_peer_is_reached_and_counted() {
    let address = peer("HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nhi");
    let app = load_with_peer(address);
    assert_eq!(
        run(&app, &format!("send http://{address}/a?b=c")).await,
        ["201 hi"]
    );
    assert_eq!(app.counts().outbound, 1);
}

#[tokio::test]
async fn other_port_is_refused_and_not_counted() {
    let app = load_with_peer(peer(""));
    assert_eq!(
        run(&app, "send http://127.0.0.1:1/").await,
        ["ErrorCode::HttpRequestDenied"]
    );
    assert_eq!(app.counts().outbound, 0);
}

#[tokio::test]
async fn redirect_is_passed_to_the_component() {
    let address = peer("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(
        run(&load_with_peer(address), &format!("send http://{address}/")).await,
        ["302 "]
    );
}

#[tokio::test]
async fn silent_peer_ends_at_first_byte_timeout() {
    let address = peer("");
    let answers = run(
        &load_with_peer(address),
        &format!("send http://{address}/ first=30"),
    )
    .await;
    assert_eq!(answers, ["ErrorCode::ConnectionReadTimeout"]);
}

#[tokio::test]
async fn stalled_peer_ends_at_between_bytes_timeout() {
    let address = peer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    let answers = run(
        &load_with_peer(address),
        &format!("send http://{address}/ between=30"),
    )
    .await;
    assert_eq!(answers, ["200 ErrorCode::ConnectionReadTimeout"]);
}

#[tokio::test]
async fn absent_peer_is_reported() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let answers = run(
        &load_with_peer(address),
        &format!("send http://{address}/ connect=1000"),
    )
    .await;
    assert_eq!(answers, ["ErrorCode::ConnectionRefused"]);
}

#[tokio::test]
async fn https_encrypts_from_first_byte() {
    let address = peer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let mut options = options();
    options
        .variables
        .insert("peer".to_owned(), format!("https://{address}"));
    let answers = run(&load(options), &format!("send https://{address}/")).await;
    assert_eq!(answers, ["ErrorCode::TlsProtocolError"]);
}

#[tokio::test]
async fn empty_variable_leaves_its_destination_out() {
    for peer in ["", "https://"] {
        let mut options = options();
        options.variables.insert("peer".to_owned(), peer.to_owned());
        let answers = run(&load(options), "send https://example.com/").await;
        assert_eq!(answers, ["ErrorCode::HttpRequestDenied"]);
    }
}

#[tokio::test]
async fn malformed_destination_fails_at_load() {
    let mut options = options();
    options
        .variables
        .insert("peer".to_owned(), "nowhere".to_owned());
    let problem = format!("{:#}", App::load(&guests(), options).err().unwrap());
    assert!(
        problem.contains("[component.probe]") && problem.contains("has no scheme"),
        "{problem}"
    );
}
