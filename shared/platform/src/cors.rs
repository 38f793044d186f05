//! Cross-origin rules for RIVET's front end, which has another origin (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
//!
//! Credentials are not allowed: the front end sets the session token itself, as a bearer.

use crate::answer::Answer;
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderValue, Method, Response};

/// Returns whether a browser asks for permission to send a request.
pub(crate) fn is_preflight(head: &Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Returns the answer to a preflight request: the allowed methods and headers. [`allow_origin`] adds the allowed origin.
pub(crate) fn preflight_answer() -> Answer {
    Answer::empty(204)
        .header("access-control-allow-methods", "GET, POST, PUT")
        .header(
            "access-control-allow-headers",
            "authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id",
        )
        .header("access-control-max-age", "600")
}

/// Lets pages of the origin `allowed` read the response. `Vary` keeps caches from giving the response to other origins.
pub(crate) fn allow_origin(allowed: Option<&str>, head: &Parts, response: &mut Response<Bytes>) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = head.headers.get(ORIGIN) else {
        return;
    };
    if allowed.is_some_and(|allowed| origin == allowed) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let exposed = HeaderValue::from_static("etag, retry-after, x-request-id");
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use http::request::Builder;

    const APP: &str = "https://app.rivet.example";

    fn head(request: Builder) -> Parts {
        request.body(()).unwrap().into_parts().0
    }

    fn response_for(allowed: Option<&str>, request: Builder) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        allow_origin(allowed, &head(request), &mut response);
        response
    }

    #[test]
    fn preflight_answers_the_allowed_methods_and_headers() {
        let preflight = Request::options("/v1/quickbooks/settings").header("origin", APP);
        assert!(is_preflight(&head(
            preflight.header("access-control-request-method", "PUT")
        )));
        assert!(!is_preflight(&head(
            Request::options("/x").header("origin", APP)
        )));
        let headers: Vec<String> = preflight_answer()
            .into_response()
            .unwrap()
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        insta::assert_snapshot!(headers.join("\n"), @"
        access-control-allow-methods: GET, POST, PUT
        access-control-allow-headers: authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id
        access-control-max-age: 600
        ");
    }

    #[test]
    fn allowed_origin_may_read_the_answer() {
        let response = response_for(Some(APP), Request::get("/x").header("origin", APP));
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
        assert_eq!(
            response.headers()["access-control-expose-headers"],
            "etag, retry-after, x-request-id"
        );
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-credentials")
        );
    }

    #[test]
    fn other_origins_may_not_read_the_answer() {
        for origin in [
            "https://app.rivet.example.evil",
            "http://app.rivet.example",
            "null",
            "",
        ] {
            let response = response_for(Some(APP), Request::get("/x").header("origin", origin));
            assert!(
                !response
                    .headers()
                    .contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
        let response = response_for(None, Request::get("/x").header("origin", APP));
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        );
    }

    #[test]
    fn answer_varies_by_origin() {
        assert_eq!(
            response_for(None, Request::get("/x")).headers()["vary"],
            "origin"
        );
    }
}
