//! The tokens of one grant: how long they last, when they are renewed, and when RIVET is warned of their end.

use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The tokens of one grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Counts the refreshes: a higher one is newer, whoever wrote it.
    pub generation: u64,
    /// Opens the API for an hour.
    pub access_token: Secret,
    /// When the access token ends.
    #[serde(deserialize_with = "json::instant")]
    pub access_expires_at: Timestamp,
    /// Buys the next access token.
    pub refresh_token: Secret,
    /// The refresh token before this one, for the case that an answer was lost.
    pub previous_refresh_token: Option<Secret>,
    /// The rolling end of the refresh token, pushed forward by each refresh.
    #[serde(deserialize_with = "json::instant")]
    pub refresh_expires_at: Timestamp,
    /// Intuit's hard limit of the whole grant, if it said.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub hard_expires_at: Option<Timestamp>,
    /// The warning of its end that was given last, in days before it.
    pub warned: Option<u8>,
}

/// One refresh under way. It is also the record of the intent: while it stands, the refresh token may
/// have been spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshClaim {
    /// Whose it is.
    pub owner: String,
    /// From then on another may take over.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

/// A token. It never shows in `Debug`, and it is sealed at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An access token is renewed this long before it ends when a call needs it.
pub const ON_DEMAND: SignedDuration = SignedDuration::from_mins(5);

/// A scheduled run renews access tokens that end this soon, so that calls seldom wait for a refresh.
pub const SCHEDULED: SignedDuration = SignedDuration::from_mins(15);

/// Long enough that every access token is due.
pub const EVERY: SignedDuration = SignedDuration::from_hours(24 * 365);

/// RIVET is warned so many days before a grant ends.
const WARNINGS: [u8; 4] = [30, 14, 7, 1];

/// How long a refresh may hold its claim: three times the longest token call.
pub const REFRESH_LEASE: SignedDuration = SignedDuration::from_secs(60);

impl Grant {
    /// When the schedule is to renew the access token.
    pub fn due_at(&self) -> Timestamp {
        after(self.access_expires_at, -SCHEDULED)
    }

    /// Whether the access token ends within `margin`.
    pub fn is_due(&self, margin: SignedDuration, now: Timestamp) -> bool {
        self.access_expires_at <= after(now, margin)
    }

    /// When the whole grant ends as long as it is kept warm: Intuit's hard limit, else the rolling end.
    pub fn ends_at(&self) -> Timestamp {
        self.hard_expires_at.unwrap_or(self.refresh_expires_at)
    }

    /// Whether it ended by the calendar.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at().min(self.refresh_expires_at) <= now
    }

    /// The warning of its end that is to be given now, in days before it. One that was missed is not
    /// made up for: the next nearer one tells more.
    pub fn warning_due(&self, now: Timestamp) -> Option<u8> {
        let left = self.ends_at().duration_since(now);
        let reached = |days: &u8| left <= SignedDuration::from_hours(24 * i64::from(*days));
        let nearest = WARNINGS.into_iter().rev().find(reached)?;
        let told = self.warned.is_some_and(|warned| warned <= nearest);
        (!told && left.is_positive()).then_some(nearest)
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
        let mut told = Vec::new();
        for hour in 0..=1825 * 24 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
            if let Some(days) = grant(warned).warning_due(now) {
                told.push((days, 1825 - hour / 24));
                warned = Some(days);
            }
        }
        assert_eq!(told, [(30, 30), (14, 14), (7, 7), (1, 1)]);
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
