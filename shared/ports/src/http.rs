//! The network: one request, one answer.

use bytes::Bytes;
use jiff::SignedDuration;
use std::future::Future;

/// Sends one HTTP request and gives back the whole answer.
///
/// Implementations set explicit timeouts, by which a call takes no longer than [`CallTimeout::USUAL`], and follow no redirect. They heed
/// a shorter [`CallTimeout`] among the extensions of a request.
pub trait Http {
    /// Sends `request`; an answer of any status is `Ok`.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, HttpError>>;

    /// Waits for a turn of up to a second: the other side counts requests by the second.
    fn pause(&self, span: SignedDuration) -> impl Future<Output = ()>;
}

/// How long the answer to a request is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallTimeout(pub SignedDuration);

impl CallTimeout {
    /// The longest that a call takes with the client's timeouts.
    pub const USUAL: Self = Self(SignedDuration::from_secs(20));
}

/// A request without an answer. What a caller must know is whether it may have been carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// It certainly never reached the server: no address, connection refused, host not allowed.
    #[error("the request was not sent: {0}")]
    NotSent(String),
    /// It may have been carried out: timeout, reset, incomplete answer.
    #[error("the outcome of the request is unknown: {0}")]
    Unknown(String),
}
