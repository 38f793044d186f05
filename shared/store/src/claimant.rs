//! The owner and the time of a claim.

use jiff::Timestamp;

/// The owner of a claim or lease, and the instant at which the owner asks.
///
/// The instant is the begin of a new claim. It also decides whether an earlier claim is over.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    /// Random name of one run or request. Two runs never share it.
    pub owner: &'a str,
    /// The current time of that run.
    pub now: Timestamp,
}
