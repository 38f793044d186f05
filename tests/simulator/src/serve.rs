use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpListener, TcpStream};

use crate::{Reply, Simulator};

/// The simulator's clock while it is served: wall time plus an offset that can be moved. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
    latency: Duration,
}

impl Clock {
    /// Every answer waits this long, as a network would make it.
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// How far the simulator is ahead of the wall clock, in whole seconds.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.offset_seconds
            .store(offset.as_secs(), Ordering::Relaxed);
    }

    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed))
    }

    /// What the simulator takes for the present.
    pub fn now(&self) -> Timestamp {
        let wall = Timestamp::now();
        wall.checked_add(self.offset()).unwrap_or(wall)
    }
}

/// Serves the simulator over HTTP/1.1 until the listener fails. [`Reply::Dropped`] closes the connection unanswered.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve(
    simulator: Arc<Mutex<Simulator>>,
    listener: TcpListener,
    clock: Clock,
) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(Arc::clone(&simulator), stream, clock.clone()));
    }
}

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
enum Hangup {
    #[error("the connection is dropped on purpose")]
    Dropped,
    #[error(transparent)]
    Body(#[from] hyper::Error),
}

async fn connection(simulator: Arc<Mutex<Simulator>>, stream: TcpStream, clock: Clock) {
    let service = service_fn(|request| answer(Arc::clone(&simulator), request, clock.clone()));
    // A connection that the caller or a rule breaks is nobody's error here.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    simulator: Arc<Mutex<Simulator>>,
    request: http::Request<Incoming>,
    clock: Clock,
) -> Result<http::Response<Full<Bytes>>, Hangup> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let reply = {
        let mut simulator = simulator.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.set_now(clock.now());
        simulator.handle(http::Request::from_parts(head, body))
    };
    let delay = match &reply {
        Reply::Slow { after, .. } => Duration::try_from(*after).unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let pause = clock.latency + delay;
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    let answer = reply.answer().ok_or(Hangup::Dropped)?;
    Ok(answer.map(Full::new))
}
