//! The answers of Intuit's gateway. Their format does not depend on the one that the caller asks for.

use bytes::Bytes;
use http::{Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Returns 401: the access token is unknown, expired or revoked. Intuit's detail shows the start of the token.
pub(crate) fn unauthorized(token: &str, now: Timestamp) -> Response<Bytes> {
    let start: String = token.chars().take(6).collect();
    let fault = &json!({
        "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        "detail": format!("Token expired: {start}"),
        "code": "3200", "element": null,
    });
    fault_answer(StatusCode::UNAUTHORIZED, fault, "AUTHENTICATION", now)
}

/// Returns 403: the token is valid, but not for this company.
pub(crate) fn forbidden(now: Timestamp) -> Response<Bytes> {
    let fault = &json!({
        "message": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
        "detail": null, "code": "3100", "element": null,
    });
    fault_answer(StatusCode::FORBIDDEN, fault, "SERVICE", now)
}

/// Returns 429, in XML.
pub(crate) fn throttled(now: Timestamp) -> Response<Bytes> {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <IntuitResponse time=\"{}\" xmlns=\"http://schema.intuit.com/finance/v3\"><Fault type=\"SERVICE\">\
         <Error code=\"3001\"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>\
         <Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>",
        crate::time_format::format_milliseconds(now)
    );
    answer(
        StatusCode::TOO_MANY_REQUESTS,
        "application/xml;charset=UTF-8",
        body,
    )
}

/// Returns 503, in HTML.
pub(crate) fn unavailable() -> Response<Bytes> {
    let body = "<html><head><title>503 Service Temporarily Unavailable</title></head>\
                <body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    answer(
        StatusCode::SERVICE_UNAVAILABLE,
        "text/html",
        body.to_owned(),
    )
}

/// Returns 404: there is no such path.
pub(crate) fn not_found() -> Response<Bytes> {
    answer(
        StatusCode::NOT_FOUND,
        "text/html",
        "<html><body>Not Found</body></html>".to_owned(),
    )
}

/// Returns 405: the path exists, but not for this method.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Response<Bytes> {
    let mut answer = answer(StatusCode::METHOD_NOT_ALLOWED, "text/html", String::new());
    let allowed = header::HeaderValue::from_static(allowed);
    answer.headers_mut().insert(header::ALLOW, allowed);
    answer
}

pub(crate) fn answer(
    status: StatusCode,
    media_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    let media_type = header::HeaderValue::from_static(media_type);
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    answer
}

fn fault_answer(status: StatusCode, fault: &Value, kind: &str, now: Timestamp) -> Response<Bytes> {
    let body = json!({
        "warnings": null, "intuitObject": null,
        "fault": {"error": [fault], "type": kind},
        "report": null, "queryResponse": null, "batchItemResponse": [], "attachableResponse": [],
        "syncErrorResponse": null, "requestId": null, "time": now.as_millisecond(), "status": null,
        "cdcresponse": [],
    });
    answer(status, "application/json;charset=UTF-8", body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2024-10-27T10:19:54.085Z".parse().unwrap()
    }

    fn body(answer: &Response<Bytes>) -> &str {
        std::str::from_utf8(answer.body()).unwrap()
    }

    #[test]
    fn invalid_token_fault_shows_start_of_token() {
        let answer = unauthorized("AB0173secret", now());
        assert_eq!(answer.status(), 401);
        insta::assert_snapshot!(body(&answer), @r#"{"attachableResponse":[],"batchItemResponse":[],"cdcresponse":[],"fault":{"error":[{"code":"3200","detail":"Token expired: AB0173","element":null,"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401"}],"type":"AUTHENTICATION"},"intuitObject":null,"queryResponse":null,"report":null,"requestId":null,"status":null,"syncErrorResponse":null,"time":1730024394085,"warnings":null}"#);
    }

    #[test]
    fn other_company_is_forbidden() {
        let answer = forbidden(now());
        assert_eq!(answer.status(), 403);
        assert!(body(&answer).contains("errorCode=003100; statusCode=403"));
    }

    #[test]
    fn throttling_is_xml_and_outage_is_html() {
        let answer = throttled(now());
        assert_eq!(answer.status(), 429);
        assert!(body(&answer).contains(
            "<Error code=\"3001\"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>"
        ));
        assert_eq!(unavailable().headers()["content-type"], "text/html");
    }
}
