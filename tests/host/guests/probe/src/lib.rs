//! A component that executes scripts, so that tests can use the host through it.
//!
//! `POST …/script` executes one command for each line and answers with one line for each. `POST …/echo` streams the body
//! back. Every other request is answered with its own headers.

mod atomics;
mod outbound;
mod script;
mod stores;

use anyhow::Context as _;
use bytes::Bytes;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::http::{BoxBody, FullBody, Request, Response, box_body};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> anyhow::Result<Response<BoxBody>> {
    let path = request.uri().path().to_owned();
    if path.ends_with("/echo") {
        return Ok(Response::new(box_body(request.into_body())));
    }
    if path.ends_with("/script") {
        let body = request.into_body().bytes().await?;
        let script = str::from_utf8(&body).context("a script is text")?;
        return Ok(text(script::run(script).await?));
    }
    let headers = request.headers().iter();
    let lines =
        headers.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or_default()));
    Ok(text(lines.collect()))
}

fn text(text: String) -> Response<BoxBody> {
    Response::new(box_body(FullBody::new(Bytes::from(text))))
}
