use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::net::TcpStream;
use url::{Host, Position, Url};

use super::batch::ANSWER_TIMEOUT;
use super::{Answer, Delivery};
use crate::{Clock, Simulator};

/// The time between two looks for due deliveries.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Sends due deliveries over HTTP/1.1 and reports their answers, for as long as the future is polled. Only addresses on
/// this machine are called; a delivery to any other address has no answer.
pub async fn deliver_over_http(simulator: Arc<Mutex<Simulator>>, clock: Clock) {
    loop {
        let due = lock(&simulator).start_due_deliveries(clock.now());
        for delivery in due {
            tokio::spawn(deliver(Arc::clone(&simulator), delivery, clock.clone()));
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Sends one delivery and reports its answer.
async fn deliver(simulator: Arc<Mutex<Simulator>>, delivery: Delivery, clock: Clock) {
    let id = delivery.id;
    let timeout = Duration::try_from(ANSWER_TIMEOUT).unwrap_or_default();
    let answer = match tokio::time::timeout(timeout, send(delivery)).await {
        Ok(Some(status)) => Answer::Status(status),
        Ok(None) | Err(_) => Answer::NoAnswer,
    };
    let now: Timestamp = clock.now();
    lock(&simulator).report_delivery(id, answer, now);
}

fn lock(simulator: &Mutex<Simulator>) -> MutexGuard<'_, Simulator> {
    simulator.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends one delivery and returns the status of its answer, if there is one.
async fn send(delivery: Delivery) -> Option<u16> {
    let url = Url::parse(&delivery.url).ok()?;
    let address = loopback_address(&url)?;
    let stream = TcpStream::connect((address, url.port_or_known_default()?))
        .await
        .ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let driver = tokio::spawn(connection);
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .body(Full::<Bytes>::new(delivery.body))
        .ok()?;
    *request.headers_mut() = delivery.headers;
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let host = HeaderValue::from_str(host).ok()?;
    request.headers_mut().insert(HOST, host);
    let answer = sender.send_request(request).await.ok()?;
    let status = answer.status().as_u16();
    let _ = answer.into_body().collect().await;
    driver.abort();
    Some(status)
}

/// Returns the address of a URL on this machine.
fn loopback_address(url: &Url) -> Option<IpAddr> {
    let address = match url.host()? {
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
        Host::Domain("localhost") => IpAddr::from([127, 0, 0, 1]),
        Host::Domain(_) => return None,
    };
    (url.scheme() == "http" && address.is_loopback()).then_some(address)
}

#[cfg(test)]
mod tests;
