//! The interface through which a sample firm reaches the components, RIVET and the simulated Intuit.

use super::rivet::Rivet;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use simulator::Simulator;
use std::sync::MutexGuard;

/// Running components with a simulated RIVET and a simulated Intuit, in this process or in another.
pub trait Deployment {
    /// Returns the base of the components' links, without a trailing slash.
    fn url(&self) -> &str;

    /// Returns the simulated RIVET.
    fn rivet(&self) -> &Rivet;

    /// Returns the time that the components, RIVET and Intuit see.
    fn now(&self) -> Timestamp;

    /// Returns QuickBooks, to be read or changed directly.
    fn simulator(&self) -> MutexGuard<'_, Simulator>;

    /// Sends a request to the components.
    ///
    /// # Errors
    /// Fails if there is no complete answer.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = anyhow::Result<Response<Bytes>>> + Send;
}
