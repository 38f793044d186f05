//! Keeps each body that is sent to it, in one write: what accepting a webhook is measured against.

use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::http::{IntoResponse, Request, StatusCode};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;

/// Every body goes into the same record. A new one for each would grow, and slow the store down as it does.
const KEY: &str = "keeper";

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    match keep(request).await {
        Some(()) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn keep(request: Request) -> Option<()> {
    let body = request.into_body().bytes().await.ok()?;
    let store = Store::open("default").await.ok()?;
    store.set(KEY, &body).await.ok()
}
