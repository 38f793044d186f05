//! What a firm needs around it, wherever the components run.

use super::rivet::Rivet;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use simulator::Simulator;
use std::sync::MutexGuard;

/// The components, RIVET, and a simulated Intuit.
pub trait Site {
    /// Where links of the components point, without a trailing slash.
    fn url(&self) -> &str;

    /// RIVET.
    fn rivet(&self) -> &Rivet;

    /// The time that everybody here sees.
    fn now(&self) -> Timestamp;

    /// QuickBooks, to look into or to change by hand.
    fn simulator(&self) -> MutexGuard<'_, Simulator>;

    /// Sends a request to the components.
    ///
    /// # Errors
    /// If there is no whole answer.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = anyhow::Result<Response<Bytes>>> + Send;
}
