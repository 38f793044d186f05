//! The tokens of one grant: their lifetimes, their renewal, and the warnings of their end.

use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The tokens of one grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The number of refreshes: a higher one is newer, whichever writer saved it.
    pub generation: u64,
    /// The token for API calls, valid for an hour.
    pub access_token: Secret,
    /// The end of the access token.
    #[serde(deserialize_with = "json::instant")]
    pub access_expires_at: Timestamp,
    /// The token that Intuit exchanges for the next access token.
    pub refresh_token: Secret,
    /// The previous refresh token, needed if an answer was lost.
    pub previous_refresh_token: Option<Secret>,
    /// The rolling end of the refresh token; each refresh moves it forward.
    #[serde(deserialize_with = "json::instant")]
    pub refresh_expires_at: Timestamp,
    /// The hard limit of the whole grant, if Intuit gave one.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub hard_expires_at: Option<Timestamp>,
    /// The last warning of the end of the grant, in days before it.
    pub warned: Option<u8>,
}

/// The claim of one refresh. While the claim exists, the refresh token may have been used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshClaim {
    /// The run or request that refreshes.
    pub owner: String,
    /// The end of the claim. From then on another run may refresh.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

/// A token. The text never shows in `Debug` and is sealed at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(
    /// The token itself.
    pub String,
);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The margin of a call: it renews an access token that ends within this time.
pub const ON_DEMAND: SignedDuration = SignedDuration::from_mins(5);

/// The margin of a scheduled run: it renews access tokens that end within this time, so that calls seldom wait for a refresh.
pub const SCHEDULED: SignedDuration = SignedDuration::from_mins(15);

/// A margin within which every access token ends.
pub const EVERY: SignedDuration = SignedDuration::from_hours(24 * 365);

/// The days before the end of a grant at which RIVET is warned.
const WARNING_DAYS: [u8; 4] = [30, 14, 7, 1];

/// The length of a refresh claim: three times the longest token call.
pub const REFRESH_LEASE: SignedDuration = SignedDuration::from_secs(60);

impl Grant {
    /// Returns the time at which the schedule is to renew the access token.
    pub fn due_at(&self) -> Timestamp {
        after(self.access_expires_at, -SCHEDULED)
    }

    /// Returns the grant that takes the place of this one: its next generation, with the warnings that were sent.
    pub(super) fn superseded_by(&self, new: &Self) -> Self {
        Self {
            generation: self.generation + 1,
            warned: self.warned,
            ..new.clone()
        }
    }

    /// Returns whether the access token ends within `margin`.
    pub fn is_due(&self, margin: SignedDuration, now: Timestamp) -> bool {
        self.access_expires_at <= after(now, margin)
    }

    /// Returns the end of the whole grant, if it is refreshed in time: the hard limit of Intuit, else the rolling end.
    pub fn ends_at(&self) -> Timestamp {
        self.hard_expires_at.unwrap_or(self.refresh_expires_at)
    }

    /// Returns whether the grant ended by the calendar.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at().min(self.refresh_expires_at) <= now
    }

    /// Returns the warning that is due now, in days before the end of the grant.
    ///
    /// A missed warning is not given later, because the next warning is nearer to the end.
    pub fn warning_due(&self, now: Timestamp) -> Option<u8> {
        let left = self.ends_at().duration_since(now);
        let is_reached = |days: &u8| left <= SignedDuration::from_hours(24 * i64::from(*days));
        let nearest = WARNING_DAYS.into_iter().rev().find(is_reached)?;
        let is_given = self.warned.is_some_and(|warned| warned <= nearest);
        (!is_given && left.is_positive()).then_some(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn grant(warned: Option<u8>) -> Grant {
        Grant {
            generation: 1,
            access_token: Secret("a".into()),
            access_expires_at: Timestamp::UNIX_EPOCH,
            refresh_token: Secret("r".into()),
            previous_refresh_token: None,
            refresh_expires_at: Timestamp::MAX,
            hard_expires_at: Some(Timestamp::UNIX_EPOCH + DAY * 1825),
            warned,
        }
    }

    #[test]
    fn grant_expiry_warns_once_per_threshold() {
        let mut warned = None;
        let mut given = Vec::new();
        for hour in 0..=1825 * 24 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
            if let Some(days) = grant(warned).warning_due(now) {
                given.push((days, 1825 - hour / 24));
                warned = Some(days);
            }
        }
        assert_eq!(given, [(30, 30), (14, 14), (7, 7), (1, 1)]);
    }

    #[test]
    fn late_check_gives_only_nearest_expiry_warning() {
        let at = |days: i32| Timestamp::UNIX_EPOCH + DAY * days;
        assert_eq!(grant(None).warning_due(at(1820)), Some(7));
        assert_eq!(grant(Some(7)).warning_due(at(1820)), None);
        assert_eq!(grant(None).warning_due(at(1825)), None);
    }

    #[test]
    fn grant_expires_at_earlier_of_two_limits() {
        let hour = SignedDuration::from_hours(1);
        let idle = Grant {
            refresh_expires_at: Timestamp::UNIX_EPOCH + hour,
            ..grant(None)
        };
        assert!(!idle.is_over(Timestamp::UNIX_EPOCH) && idle.is_over(Timestamp::UNIX_EPOCH + hour));
        assert!(grant(None).is_over(Timestamp::UNIX_EPOCH + DAY * 1825));
    }
}
