//! RIVET's endpoint for notifications. It accepts each and keeps it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

/// The notifications by `webhook-id`, so that a repeated one counts once.
type Notifications = Arc<Mutex<BTreeMap<String, Value>>>;

/// A receiver of notifications that survives the kills.
pub(super) struct Receiver {
    pub origin: String,
    notifications: Notifications,
}

impl Receiver {
    /// Listens on a free port until the program ends.
    pub async fn listen() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.context("no port for notifications")?;
        let receiver = Self {
            origin: format!("http://{}", listener.local_addr()?),
            notifications: Notifications::default(),
        };
        tokio::spawn(serve(listener, receiver.notifications.clone()));
        Ok(receiver)
    }

    /// Returns the number of notifications that this firm must sign in again.
    pub fn reauthorizations(&self, firm: &str) -> usize {
        let notifications = self
            .notifications
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let matches = |body: &&Value| {
            body["type"] == "connection.needs_reauthorization" && body["data"]["firm_id"] == firm
        };
        notifications.values().filter(matches).count()
    }
}

async fn serve(listener: TcpListener, notifications: Notifications) {
    while let Ok((stream, _)) = listener.accept().await {
        let notifications = notifications.clone();
        let service = service_fn(move |request| accept(request, notifications.clone()));
        // If the host is killed while it sends, the connection fails and the next host sends again.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn accept(
    request: Request<Incoming>,
    notifications: Notifications,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let id = request.headers().get("webhook-id").cloned();
    let id = id.and_then(|id| id.to_str().ok().map(str::to_owned));
    if let (Some(id), Ok(body)) = (id, request.into_body().collect().await) {
        let body = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        let mut notifications = notifications.lock().unwrap_or_else(PoisonError::into_inner);
        notifications.insert(id, body);
    }
    Ok(Response::default())
}
