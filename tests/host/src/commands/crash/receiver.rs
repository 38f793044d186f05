//! RIVET's end of the notifications: takes each and remembers whom it was about.

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

/// The notifications by their ids: one that is sent again counts once.
type Told = Arc<Mutex<BTreeMap<String, Value>>>;

pub(super) struct Receiver {
    pub origin: String,
    told: Told,
}

impl Receiver {
    /// Listens on a free port until the program ends.
    pub async fn listen() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.context("no port for notifications")?;
        let receiver = Self {
            origin: format!("http://{}", listener.local_addr()?),
            told: Told::default(),
        };
        tokio::spawn(serve(listener, receiver.told.clone()));
        Ok(receiver)
    }

    /// How often it was told that this firm needs a person.
    pub fn lapses(&self, firm: &str) -> usize {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let concerns = |told: &&Value| {
            told["type"] == "connection.needs_reauthorization" && told["data"]["firm_id"] == firm
        };
        told.values().filter(concerns).count()
    }
}

async fn serve(listener: TcpListener, told: Told) {
    while let Ok((stream, _)) = listener.accept().await {
        let told = told.clone();
        let service = service_fn(move |request| take(request, told.clone()));
        // A host that dies in the middle of a sentence says it again.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn take(request: Request<Incoming>, told: Told) -> Result<Response<Full<Bytes>>, Infallible> {
    let id = request.headers().get("webhook-id").cloned();
    let id = id.and_then(|id| id.to_str().ok().map(str::to_owned));
    if let (Some(id), Ok(body)) = (id, request.into_body().collect().await) {
        let body = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(id, body);
    }
    Ok(Response::default())
}
