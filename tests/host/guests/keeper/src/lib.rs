//! A component that stores each request body with one write. `bench --webhooks` compares the webhook with it.

use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::http::{IntoResponse, Request, StatusCode};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;

/// The key of the only record. A key for each body would make the store grow, and slower with its size.
const KEY: &str = "keeper";

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    match save_body(request).await {
        Some(()) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn save_body(request: Request) -> Option<()> {
    let body = request.into_body().bytes().await.ok()?;
    let store = Store::open("default").await.ok()?;
    store.set(KEY, &body).await.ok()
}
