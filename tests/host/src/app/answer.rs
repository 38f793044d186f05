//! Routes a request to its component and returns the answer.

use std::net::SocketAddr;

use anyhow::Context as _;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use wasmtime_wasi_http::WasiBody;

use super::App;
use crate::headers;

impl App {
    /// Returns the component's answer, 404 if no route matches, or 500 if the component fails.
    pub(crate) async fn respond(
        &self,
        request: Request<WasiBody>,
        caller: SocketAddr,
    ) -> Response<WasiBody> {
        let path = request.uri().path().to_owned();
        if path == "/.well-known/spin/health" {
            return plain_response(StatusCode::OK, "OK");
        }
        let Some(found) = self.0.routes.find(&path) else {
            return plain_response(StatusCode::NOT_FOUND, "");
        };
        let (mut parts, body) = request.into_parts();
        let outcome = match headers::add_spin_headers(&mut parts, &found, caller) {
            Ok(()) => {
                self.call_component(found.component, Request::from_parts(parts, body))
                    .await
            }
            Err(problem) => Err(problem),
        };
        outcome.unwrap_or_else(|problem| {
            self.0
                .shared
                .logs
                .write(found.component, &format!("the request failed: {problem:?}"));
            plain_response(StatusCode::INTERNAL_SERVER_ERROR, "")
        })
    }

    async fn call_component(
        &self,
        component: &str,
        request: Request<WasiBody>,
    ) -> anyhow::Result<Response<WasiBody>> {
        let instances = self
            .0
            .components
            .get(component)
            .context("no such component")?;
        Ok(instances.handle((), request).await?)
    }
}

fn plain_response(status: StatusCode, text: &'static str) -> Response<WasiBody> {
    let body = Full::new(Bytes::from_static(text.as_bytes()));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response
}
