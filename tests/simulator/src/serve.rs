//! Serves a simulator over HTTP/1.1.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpListener, TcpStream};

use crate::{Reply, Simulator};

/// The clock of a served simulator: wall time plus an offset that tests can move. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
    busy_microseconds: Arc<AtomicU64>,
    latency: Duration,
}

impl Clock {
    /// Delays every answer by this time, as a network would.
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Sets how far the simulator is ahead of the wall clock, in whole seconds.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.offset_seconds
            .store(offset.as_secs(), Ordering::Relaxed);
    }

    /// Returns how far the simulator is ahead of the wall clock.
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed))
    }

    /// Returns the time that the simulator has spent on its answers.
    pub fn busy_for(&self) -> Duration {
        Duration::from_micros(self.busy_microseconds.load(Ordering::Relaxed))
    }

    fn add_busy(&self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.busy_microseconds
            .fetch_add(microseconds, Ordering::Relaxed);
    }

    /// Returns the simulator's present instant.
    pub fn now(&self) -> Timestamp {
        let wall = Timestamp::now();
        wall.checked_add(self.offset()).unwrap_or(wall)
    }
}

/// Serves the simulator over HTTP/1.1 until the listener fails. [`Reply::Dropped`] closes the connection unanswered.
///
/// # Errors
/// Returns the error of the listener once no connection can be accepted any more.
pub async fn serve(
    simulator: Arc<Mutex<Simulator>>,
    listener: TcpListener,
    clock: Clock,
) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(serve_connection(
            Arc::clone(&simulator),
            stream,
            clock.clone(),
        ));
    }
}

/// The reason why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    #[error("the connection is dropped on purpose")]
    Dropped,
    #[error(transparent)]
    Body(#[from] hyper::Error),
}

async fn serve_connection(simulator: Arc<Mutex<Simulator>>, stream: TcpStream, clock: Clock) {
    let service = service_fn(|request| answer(Arc::clone(&simulator), request, clock.clone()));
    // The result is ignored: the caller or an injection may break a connection on purpose.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    simulator: Arc<Mutex<Simulator>>,
    request: http::Request<Incoming>,
    clock: Clock,
) -> Result<http::Response<Full<Bytes>>, NoAnswer> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let reply = {
        let mut simulator = simulator.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.set_now(clock.now());
        let began = Instant::now();
        let reply = simulator.handle(http::Request::from_parts(head, body));
        clock.add_busy(began.elapsed());
        reply
    };
    let delay = match &reply {
        Reply::Slow { after, .. } => Duration::try_from(*after).unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let pause = clock.latency + delay;
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    let answer = reply.answer().ok_or(NoAnswer::Dropped)?;
    Ok(answer.map(Full::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_client::TestClient;
    use crate::{Effect, Injection};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Serves a simulator on a free port and asks for the preferences of the client's company.
    async fn ask(client: &TestClient, simulator: Simulator, clock: Clock) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let simulator = Arc::new(Mutex::new(simulator));
        let server = tokio::spawn(serve(simulator, listener, clock));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /v3/company/{}/preferences HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n\
             authorization: Bearer {}\r\nconnection: close\r\n\r\n",
            client.realm, client.access_token
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        server.abort();
        answer
    }

    /// Returns a clock at about the instant of the client's simulator.
    fn clock(client: &TestClient) -> Clock {
        let clock = Clock::default();
        let behind = client.simulator.now().duration_since(Timestamp::now());
        clock.set_offset(behind);
        clock
    }

    #[tokio::test]
    async fn request_is_answered_over_a_connection() {
        let client = TestClient::new();
        let answer = ask(&client, client.simulator.clone(), clock(&client)).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("\"SalesFormsPrefs\""));
        assert!(answer.contains("intuit_tid: 1-"));
    }

    #[tokio::test]
    async fn answer_adds_to_the_busy_time() {
        let client = TestClient::new();
        let clock = clock(&client);
        assert!(clock.busy_for().is_zero());
        ask(&client, client.simulator.clone(), clock.clone()).await;
        assert!(!clock.busy_for().is_zero());
    }

    #[tokio::test]
    async fn served_clock_follows_the_offset() {
        let client = TestClient::new();
        let clock = clock(&client);
        clock.set_offset(clock.offset() + SignedDuration::from_hours(2));
        let answer = ask(&client, client.simulator.clone(), clock).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }

    #[tokio::test]
    async fn dropped_reply_closes_the_connection() {
        let client = TestClient::new();
        let mut simulator = client.simulator.clone();
        let effect = Effect::Dropped(crate::Commit::After);
        simulator.inject(Injection::new(effect));
        let answer = ask(&client, simulator, clock(&client)).await;
        assert_eq!(answer, "");
    }

    #[tokio::test]
    async fn latency_and_slow_reply_delay_the_answer() {
        let client = TestClient::new();
        let mut simulator = client.simulator.clone();
        let effect = Effect::Slow(SignedDuration::from_millis(30));
        simulator.inject(Injection::new(effect));
        let latency = Duration::from_millis(20);
        let start = Instant::now();
        ask(&client, simulator, clock(&client).with_latency(latency)).await;
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
}
