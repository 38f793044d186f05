use jiff::{SignedDuration, Timestamp};

use crate::Courier;

/// The app that is registered with the simulated Intuit, and everything that makes a run repeatable.
#[derive(Clone, Debug)]
pub struct Config {
    pub client_id: String,
    pub client_secret: String,
    /// Compared byte for byte with what a request names.
    pub redirect_uris: Vec<String>,
    pub seed: u64,
    /// The first instant of the virtual clock.
    pub now: Timestamp,
    pub rotation: Rotation,
}

/// When the value of a refresh token changes, and how long the value before it lives on. Intuit's texts disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A new value once the present one is 24 hours old; the old one dies at once.
    Strict,
    /// As `Strict`, but the old value works for 24 hours more and then gives the present one.
    Grace24h,
    /// A new value at every refresh; the old one dies at once.
    EachRefresh,
    /// A new value at every refresh; the old one works for 24 hours more.
    EachRefreshGrace24h,
}

impl Rotation {
    pub(crate) fn period(self) -> SignedDuration {
        match self {
            Self::Strict | Self::Grace24h => SignedDuration::from_hours(24),
            Self::EachRefresh | Self::EachRefreshGrace24h => SignedDuration::ZERO,
        }
    }

    pub(crate) fn grace(self) -> SignedDuration {
        match self {
            Self::Strict | Self::EachRefresh => SignedDuration::ZERO,
            Self::Grace24h | Self::EachRefreshGrace24h => SignedDuration::from_hours(24),
        }
    }
}

/// What the public texts leave open, or what a test may want off. Change it at any time with
/// [`Simulator::switches_mut`](crate::Simulator::switches_mut).
#[derive(Clone, Debug)]
pub struct Switches {
    /// Requests per company in any 60 seconds.
    pub requests_per_minute: Option<u32>,
    /// Requests per company in any second.
    pub requests_per_second: Option<u32>,
    /// Batch requests per company in any 60 seconds.
    pub batches_per_minute: Option<u32>,
    /// A refresh with a spent value ends the whole grant, as after a leak.
    pub spent_refresh_revokes: bool,
    /// A new consent for a company ends the refresh tokens of the earlier ones.
    pub reconnect_supersedes: bool,
    /// `ClassRef` where the company does not track classes is a fault (else it is dropped silently).
    pub refuse_untracked_class: bool,
    /// Applying or releasing a payment counts as a change of the invoice that it pays (SyncToken and time).
    pub links_touch_targets: bool,
    /// The same `requestid` with another body is fault 600 (else the first answer is replayed).
    pub refuse_changed_replay: bool,
    /// How long a `requestid` is remembered; `None` is for ever.
    pub request_id_memory: Option<SignedDuration>,
    /// How webhooks travel.
    pub courier: Courier,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            requests_per_minute: Some(500),
            requests_per_second: None,
            batches_per_minute: Some(40),
            spent_refresh_revokes: false,
            reconnect_supersedes: true,
            refuse_untracked_class: true,
            links_touch_targets: true,
            refuse_changed_replay: false,
            request_id_memory: None,
            courier: Courier::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_grace_rules_let_an_old_value_live_on() {
        assert_eq!(Rotation::Strict.grace(), SignedDuration::ZERO);
        assert_eq!(Rotation::EachRefresh.grace(), SignedDuration::ZERO);
        assert_eq!(Rotation::Grace24h.grace(), SignedDuration::from_hours(24));
        assert_eq!(
            Rotation::EachRefreshGrace24h.grace(),
            SignedDuration::from_hours(24)
        );
    }

    #[test]
    fn the_published_limits_apply_unless_switched_off() {
        let switches = Switches::default();
        assert_eq!(switches.requests_per_minute, Some(500));
        assert_eq!(switches.batches_per_minute, Some(40));
        assert_eq!(switches.requests_per_second, None);
    }
}
