//! RIVET's end of the notifications: it takes what is signed as it should be, and remembers it.

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

/// Where notifications arrive.
#[derive(Clone)]
pub struct Inbox {
    rivet: Rivet,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_down: bool,
    told: Vec<Notification>,
}

/// A notification that was taken.
#[derive(Clone, Debug)]
pub struct Notification {
    /// `webhook-id`.
    pub id: String,
    /// The body.
    pub body: Value,
    /// Everything as it came, to search through.
    pub raw: String,
}

impl Inbox {
    /// Opens on a port of its own; with its origin.
    ///
    /// # Errors
    /// If there is no port.
    pub async fn open(rivet: &Rivet) -> anyhow::Result<(Self, String)> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no port for RIVET's inbox")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let inbox = Self {
            rivet: rivet.clone(),
            state: Arc::default(),
        };
        tokio::spawn(inbox.clone().serve(listener));
        Ok((inbox, origin))
    }

    /// What was taken so far, in the order of arrival.
    #[must_use]
    pub fn told(&self) -> Vec<Notification> {
        self.state().told.clone()
    }

    /// From now on RIVET answers 503, or takes what comes again.
    pub fn set_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let inbox = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| inbox.answer(request));
                // A connection that the caller breaks is nobody's error here.
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
        *answer.status_mut() = self.take(&Request::from_parts(head, body));
        Ok(answer)
    }

    fn take(&self, request: &Request<Bytes>) -> StatusCode {
        let mut state = self.state();
        if state.is_down {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let Some(notification) = self.read(request) else {
            return StatusCode::UNAUTHORIZED;
        };
        state.told.push(notification);
        StatusCode::NO_CONTENT
    }

    fn read(&self, request: &Request<Bytes>) -> Option<Notification> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
        let text = std::str::from_utf8(request.body()).ok()?;
        let signed = header("webhook-signature")? == self.rivet.signature(id, at, text);
        let right = signed && request.uri().path() == "/webhooks/accounting";
        Some(Notification {
            id: id.to_owned(),
            body: serde_json::from_str(text).ok().filter(|_| right)?,
            raw: format!("{:?} {text}", request.headers()),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
