//! A component that does nothing. `bench` compares the others with it.

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use spin_sdk::wit_bindgen::yield_async;

const TEXT: &str = "hello";

#[http_service]
async fn handle(_request: Request) -> impl IntoResponse {
    // As in the product, so that the answer leaves in one segment. A second one would wait for the client's acknowledgement.
    yield_async().await;
    let response = Response::builder().header("content-length", TEXT.len());
    response.body(TEXT.to_owned())
}
