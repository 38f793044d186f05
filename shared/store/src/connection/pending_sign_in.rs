//! The name of a sign-in to a new company, which the connection's record keeps for the schedule.

use billing::Id;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The time for which the schedule tries to give a grant back. An unused grant ends by itself.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The name of a sign-in whose grant may have to be given back. The tokens lie in the record of the sign-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The id of the sign-in attempt.
    pub id: String,
    /// The person who requested the link.
    pub user: Id,
    /// The time of the callback.
    #[serde(deserialize_with = "json::instant")]
    pub since: Timestamp,
    /// The time of the next look of the schedule.
    #[serde(deserialize_with = "json::instant")]
    pub due_at: Timestamp,
}

impl PendingSignIn {
    /// Returns whether a day of attempts to give the grant back is over.
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        after(self.since, TRIED_FOR) <= now
    }
}
