//! RIVET's endpoint for notifications. It accepts those with a valid signature and keeps them.

use super::rivet::Rivet;
use anyhow::Context as _;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;

/// A receiver of notifications, for tests. Clones share one list.
#[derive(Clone)]
pub struct NotificationReceiver {
    rivet: Rivet,
    origin: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    availability: Availability,
    accepted: Vec<Notification>,
}

/// The way RIVET answers notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// RIVET accepts each notification with a valid signature.
    #[default]
    Up,
    /// RIVET answers 503.
    Down,
}

/// A notification that was accepted.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The header `webhook-id`.
    pub id: String,
    /// The JSON body.
    pub body: Value,
    /// Headers and body as text, for searches.
    pub raw: String,
}

impl NotificationReceiver {
    /// Starts to listen on a free port.
    ///
    /// # Errors
    /// Fails if no port is free.
    pub async fn open(rivet: &Rivet) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no port for notifications to RIVET")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let receiver = Self {
            rivet: rivet.clone(),
            origin,
            state: Arc::default(),
        };
        tokio::spawn(receiver.clone().serve(listener));
        Ok(receiver)
    }

    /// Returns the origin that notifications are sent to.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the accepted notifications, in the order of arrival.
    #[must_use]
    pub fn accepted(&self) -> Vec<Notification> {
        self.state().accepted.clone()
    }

    /// Sets how RIVET answers every notification from now on.
    pub fn set_availability(&self, availability: Availability) {
        self.state().availability = availability;
    }

    async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let receiver = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| receiver.answer(request));
                // If the client breaks the connection, the receiver has not failed.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> hyper::Result<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = self.accept(&Request::from_parts(head, body));
        Ok(answer)
    }

    fn accept(&self, request: &Request<Bytes>) -> StatusCode {
        let mut state = self.state();
        if state.availability == Availability::Down {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let Some(notification) = self.verify(request) else {
            return StatusCode::UNAUTHORIZED;
        };
        state.accepted.push(notification);
        StatusCode::NO_CONTENT
    }

    fn verify(&self, request: &Request<Bytes>) -> Option<Notification> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
        let text = std::str::from_utf8(request.body()).ok()?;
        let signed = header("webhook-signature")? == self.rivet.signature(id, at, text);
        let is_valid = signed && request.uri().path() == "/webhooks/accounting";
        Some(Notification {
            id: id.to_owned(),
            body: serde_json::from_str(text).ok().filter(|_| is_valid)?,
            raw: format!("{:?} {text}", request.headers()),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
