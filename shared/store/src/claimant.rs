//! The owner and the time of a claim.

use jiff::Timestamp;

/// The owner of a claim or lease, and the instant at which the owner asks.
///
/// The instant is the start of a new claim. An earlier claim whose end lies before the instant has expired.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    /// The random name of a run or request. Two runs never share a name.
    pub owner: &'a str,
    /// The current time of that run.
    pub now: Timestamp,
}
