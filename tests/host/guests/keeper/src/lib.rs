//! A component that stores each request body with one write, or with two at `/keeper/twice`. `bench` compares webhooks with it.

use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::http::{IntoResponse, Request, StatusCode};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;
use spin_sdk::wit_bindgen::yield_async;

/// The keys of the only records. A key for each body would make the store grow, and slower with its size.
const KEYS: [&str; 2] = ["keeper", "keeper-again"];

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let writes = match request.uri().path().ends_with("/twice") {
        true => 2,
        false => 1,
    };
    let saved = save_body(request, writes).await;
    // As in the product, so that the answer leaves in one segment. A second one would wait for the client's acknowledgement.
    yield_async().await;
    match saved {
        Some(()) => StatusCode::OK,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn save_body(request: Request, writes: usize) -> Option<()> {
    let body = request.into_body().bytes().await.ok()?;
    let store = Store::open("default").await.ok()?;
    for key in KEYS.iter().take(writes) {
        store.set(key, &body).await.ok()?;
    }
    Some(())
}
