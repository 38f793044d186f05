//! The network: one request, one answer.

use bytes::Bytes;
use jiff::SignedDuration;
use std::future::Future;

/// Sends one HTTP request and returns the whole answer.
///
/// Implementations set timeouts, so that a call takes no longer than [`CallTimeout::USUAL`], or than the shorter [`CallTimeout`] among
/// the extensions of the request. They follow no redirect.
pub trait Http {
    /// Sends `request`; an answer of any status is `Ok`.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, HttpError>>;

    /// Pauses for up to a second, because QuickBooks counts requests by the second.
    fn pause(&self, span: SignedDuration) -> impl Future<Output = ()>;
}

/// The longest wait for the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallTimeout(
    /// The time from the start of the request to the end of the answer.
    pub SignedDuration,
);

impl CallTimeout {
    /// The longest time of a call with the usual timeouts.
    pub const USUAL: Self = Self(SignedDuration::from_secs(20));
}

/// The reads that the server meters for a request. It is among the extensions of each request to an accounting API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeteredReads(
    /// The number of reads. 0 for a request that only writes.
    pub u32,
);

/// A request without an answer. The caller must know whether the server may have carried it out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The request certainly never reached the server: no address, connection refused, host not allowed.
    #[error("the request was not sent: {0}")]
    NotSent(String),
    /// The server may have carried it out: timeout, reset, incomplete answer.
    #[error("the outcome of the request is unknown: {0}")]
    Unknown(String),
}
