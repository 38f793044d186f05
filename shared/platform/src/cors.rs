//! Cross-origin requests (<https://fetch.spec.whatwg.org/#http-cors-protocol>): RIVET's front end is on another origin than ours.
//!
//! Sessions are bearers that a page adds itself, so no credentials are allowed along.

use crate::answer::Answer;
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderValue, Method, Response};

/// Whether a browser asks if it may send a request.
pub(crate) fn is_preflight(head: &Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What such a request may be, for the origin that [`open_to`] lets in.
pub(crate) fn preflight() -> Answer {
    Answer::empty(204)
        .header("access-control-allow-methods", "GET, POST, PUT")
        .header(
            "access-control-allow-headers",
            "authorization, content-type, if-match, x-request-id",
        )
        .header("access-control-max-age", "600")
}

/// Lets pages of the origin `allowed` read the response, and keeps caches from giving it to others.
pub(crate) fn open_to(allowed: Option<&str>, head: &Parts, response: &mut Response<Bytes>) {
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

    fn opened(allowed: Option<&str>, request: Builder) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        open_to(allowed, &head(request), &mut response);
        response
    }

    #[test]
    fn a_browser_that_asks_first_is_told_what_it_may_send() {
        let asking = Request::options("/v1/quickbooks/settings").header("origin", APP);
        assert!(is_preflight(&head(
            asking.header("access-control-request-method", "PUT")
        )));
        assert!(!is_preflight(&head(
            Request::options("/x").header("origin", APP)
        )));
        let headers: Vec<String> = preflight()
            .finish()
            .unwrap()
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        insta::assert_snapshot!(headers.join("\n"), @"
        access-control-allow-methods: GET, POST, PUT
        access-control-allow-headers: authorization, content-type, if-match, x-request-id
        access-control-max-age: 600
        ");
    }

    #[test]
    fn pages_of_the_app_may_read_the_answer() {
        let response = opened(Some(APP), Request::get("/x").header("origin", APP));
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
    fn pages_from_elsewhere_may_not() {
        for origin in [
            "https://app.rivet.example.evil",
            "http://app.rivet.example",
            "null",
            "",
        ] {
            let response = opened(Some(APP), Request::get("/x").header("origin", origin));
            assert!(
                !response
                    .headers()
                    .contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
        let response = opened(None, Request::get("/x").header("origin", APP));
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        );
    }

    #[test]
    fn no_cache_gives_the_answer_for_one_origin_to_another() {
        assert_eq!(opened(None, Request::get("/x")).headers()["vary"], "origin");
    }
}
