//! Outbound HTTP on Spin. A call without an answer reports whether the request may have been carried out.

use crate::usage::Usage;
use crate::{body, runtime};
use ::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use futures::future::{Either, select};
use http::{Request, Response};
use jiff::SignedDuration;
use ports::http::{CallTimeout, Http, HttpError, MeteredReads};
use spin_sdk::wasip3::http::types::ErrorCode;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

/// The longest answer that is accepted: 8 MiB, several times the size of a full page of a QuickBooks query.
pub const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Outbound HTTP of the host.
///
/// Timeouts: 3 s to connect, 10 s to the first byte, 5 s between bytes, 20 s in all. No redirect is followed.
#[derive(Clone, Debug)]
pub struct SpinHttp {
    usage: Rc<Usage>,
}

impl Http for SpinHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let timeout = call_timeout(&request);
        self.count(&request);
        let (answer, deadline) = (self.whole_answer(request), runtime::sleep(timeout));
        match select(pin!(answer), pin!(deadline)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(HttpError::Unknown("the answer took too long".into())),
        }
    }

    async fn pause(&self, span: SignedDuration) {
        runtime::sleep(span.unsigned_abs()).await;
    }
}

impl SpinHttp {
    /// Returns the network for one request, whose log line counts the calls to the accounting API.
    pub(crate) fn new(usage: Rc<Usage>) -> Self {
        Self { usage }
    }

    fn count(&self, request: &Request<Bytes>) {
        if let Some(MeteredReads(reads)) = request.extensions().get::<MeteredReads>() {
            self.usage.count_quickbooks_call(*reads);
        }
    }

    async fn whole_answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = runtime::send(with_content_length(request)).await;
        let (head, body) = answer.map_err(|code| http_error(&code))?.into_parts();
        let body = body::read(body, MAX_ANSWER_BYTES).await;
        let body = body.map_err(|error| HttpError::Unknown(error.to_string()))?;
        Ok(Response::from_parts(head, body))
    }
}

/// Returns how long the call may take, however slowly the answer arrives.
fn call_timeout(request: &Request<Bytes>) -> Duration {
    let requested = request.extensions().get::<CallTimeout>().copied();
    let timeout = requested
        .unwrap_or(CallTimeout::USUAL)
        .min(CallTimeout::USUAL);
    timeout.0.unsigned_abs()
}

/// Sets `Content-Length`. Without the header, the host sends even an empty body in chunks.
fn with_content_length(mut request: Request<Bytes>) -> Request<Bytes> {
    let length = request.body().len();
    request.headers_mut().insert(CONTENT_LENGTH, length.into());
    request
}

/// Converts an error of the host (`error-code` of `wasi:http/types`).
///
/// An error counts as *not sent* only if it arises before anything is sent. Hosts report a failed TLS handshake and a broken TLS
/// connection alike, so both are *unknown*.
///
/// The texts are our own: those of `ErrorCode` would bring their formatting code into every component.
fn http_error(code: &ErrorCode) -> HttpError {
    let not_sent = |why: &str| HttpError::NotSent(why.to_owned());
    let unknown = |why: &str| HttpError::Unknown(why.to_owned());
    match code {
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) => {
            not_sent("the host name was not resolved")
        }
        ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionLimitReached => not_sent("the host was not reached"),
        ErrorCode::DestinationIpProhibited | ErrorCode::HttpRequestDenied => {
            not_sent("calls to the host are not allowed")
        }
        ErrorCode::ConnectionRefused => not_sent("the connection was refused"),
        ErrorCode::ConnectionTimeout => not_sent("the connection was not accepted in time"),
        ErrorCode::TlsCertificateError => not_sent("the host's certificate is not valid"),
        ErrorCode::HttpRequestLengthRequired
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::HttpRequestUriInvalid
        | ErrorCode::HttpRequestUriTooLong
        | ErrorCode::HttpRequestHeaderSectionSize(_)
        | ErrorCode::HttpRequestHeaderSize(_) => not_sent("the request is malformed"),
        ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => unknown("the answer did not arrive in time"),
        ErrorCode::ConnectionTerminated => unknown("the connection was lost"),
        ErrorCode::HttpResponseIncomplete => unknown("the answer ended early"),
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => {
            unknown("the encryption failed")
        }
        _ => unknown("there was no readable answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_have_been_sent(code: &ErrorCode) -> bool {
        matches!(http_error(code), HttpError::Unknown(_))
    }

    #[test]
    fn error_before_sending_is_not_sent() {
        for code in [
            ErrorCode::DnsTimeout,
            ErrorCode::DestinationNotFound,
            ErrorCode::DestinationIpProhibited,
            ErrorCode::ConnectionRefused,
            ErrorCode::ConnectionTimeout,
            ErrorCode::TlsCertificateError,
            ErrorCode::HttpRequestDenied,
            ErrorCode::HttpRequestUriInvalid,
        ] {
            assert!(!may_have_been_sent(&code), "{code:?}");
        }
    }

    #[test]
    fn lost_answer_is_unknown() {
        for code in [
            ErrorCode::ConnectionTerminated,
            ErrorCode::ConnectionReadTimeout,
            ErrorCode::ConnectionWriteTimeout,
            ErrorCode::TlsProtocolError,
            ErrorCode::HttpResponseIncomplete,
            ErrorCode::HttpResponseTimeout,
            ErrorCode::HttpResponseBodySize(None),
            ErrorCode::HttpProtocolError,
            ErrorCode::InternalError(None),
        ] {
            assert!(may_have_been_sent(&code), "{code:?}");
        }
    }

    #[test]
    fn request_without_body_has_content_length() {
        let request = |body: &'static str| with_content_length(Request::new(Bytes::from(body)));
        assert_eq!(request("{}").headers()[CONTENT_LENGTH], "2");
        assert_eq!(request("").headers()[CONTENT_LENGTH], "0");
    }
}
