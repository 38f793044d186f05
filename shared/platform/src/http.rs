//! The network, as the bridge wants it: one request, one whole answer, and when there is none, whether the request was sent.

use crate::{body, runtime};
use ::http::header::CONTENT_LENGTH;
use ::http::{Request, Response};
use bridge::ports::{Http, HttpError, Patience};
use bytes::Bytes;
use futures::future::{Either, select};
use jiff::SignedDuration;
use spin_sdk::wasip3::http::types::ErrorCode;
use std::pin::pin;
use std::time::Duration;

/// The longest answer that is accepted: 8 MiB, several times a full page of a QuickBooks query.
pub const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// The network over the host's outbound HTTP: 3 s to connect, 10 s to the first byte, 5 s between bytes, 20 s in all, no
/// redirects.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpinHttp;

impl Http for SpinHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let patience = patience(&request);
        let (whole, end) = (self.whole(request), runtime::sleep(patience));
        match select(pin!(whole), pin!(end)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(HttpError::Unknown("the answer took too long".into())),
        }
    }

    async fn pause(&self, span: SignedDuration) {
        runtime::sleep(span.unsigned_abs()).await;
    }
}

impl SpinHttp {
    async fn whole(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = runtime::send(measured(request)).await;
        let (head, body) = answer.map_err(|code| no_answer(&code))?.into_parts();
        let body = body::read(body, MAX_ANSWER).await;
        let body = body.map_err(|error| HttpError::Unknown(error.to_string()))?;
        Ok(Response::from_parts(head, body))
    }
}

/// How long a call may take, however slowly its answer comes.
fn patience(request: &Request<Bytes>) -> Duration {
    let asked = request.extensions().get::<Patience>().copied();
    let patience = asked.unwrap_or(Patience::USUAL).min(Patience::USUAL);
    patience.0.unsigned_abs()
}

/// Names the length, since a body of unknown length is sent in chunks, even an empty one.
fn measured(mut request: Request<Bytes>) -> Request<Bytes> {
    let length = request.body().len();
    request.headers_mut().insert(CONTENT_LENGTH, length.into());
    request
}

/// Sorts the host's reasons. Only those that can arise before anything is sent count as not sent; hosts report a failed TLS
/// handshake and a broken TLS connection alike, so that is unknown.
///
/// In words of our own: the reasons' own texts would bring their formatting into every component.
fn no_answer(code: &ErrorCode) -> HttpError {
    let not_sent = |why: &str| HttpError::NotSent(why.to_owned());
    let unknown = |why: &str| HttpError::Unknown(why.to_owned());
    match code {
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) => not_sent("its name was not resolved"),
        ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionLimitReached => not_sent("it was not reached"),
        ErrorCode::DestinationIpProhibited | ErrorCode::HttpRequestDenied => {
            not_sent("calls to it are not allowed")
        }
        ErrorCode::ConnectionRefused => not_sent("the connection was refused"),
        ErrorCode::ConnectionTimeout => not_sent("the connection was not accepted in time"),
        ErrorCode::TlsCertificateError => not_sent("its certificate is not valid"),
        ErrorCode::HttpRequestLengthRequired
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::HttpRequestUriInvalid
        | ErrorCode::HttpRequestUriTooLong
        | ErrorCode::HttpRequestHeaderSectionSize(_)
        | ErrorCode::HttpRequestHeaderSize(_) => not_sent("the request is not one"),
        ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => unknown("the answer did not come in time"),
        ErrorCode::ConnectionTerminated => unknown("the connection broke"),
        ErrorCode::HttpResponseIncomplete => unknown("the answer broke off"),
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => {
            unknown("the encryption failed")
        }
        _ => unknown("there was no answer that could be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(code: &ErrorCode) -> bool {
        matches!(no_answer(code), HttpError::Unknown(_))
    }

    #[test]
    fn a_request_that_found_no_server_was_not_sent() {
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
            assert!(!sent(&code), "{code:?}");
        }
    }

    #[test]
    fn a_request_that_lost_its_answer_may_have_been_carried_out() {
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
            assert!(sent(&code), "{code:?}");
        }
    }

    #[test]
    fn a_request_names_its_length_even_if_it_has_no_body() {
        let measured = |body: &'static str| measured(Request::new(Bytes::from(body)));
        assert_eq!(measured("{}").headers()[CONTENT_LENGTH], "2");
        assert_eq!(measured("").headers()[CONTENT_LENGTH], "0");
    }
}
