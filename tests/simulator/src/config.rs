use jiff::{SignedDuration, Timestamp};

use crate::DeliveryBehaviour;

/// The app that is registered with the simulated Intuit, and the inputs that make a run repeatable.
#[derive(Clone, Debug)]
pub struct Config {
    /// The app's OAuth client id.
    pub client_id: String,
    /// The app's OAuth client secret.
    pub client_secret: String,
    /// The registered redirect addresses. A request must name one of them byte for byte.
    pub redirect_uris: Vec<String>,
    /// The seed of realm ids, codes and tokens, and of the random part of webhook delivery.
    pub seed: u64,
    /// The first instant of the virtual clock.
    pub now: Timestamp,
    /// The rotation of refresh tokens.
    pub rotation: Rotation,
}

/// The rotation of refresh tokens: when the value changes, and how long the earlier value stays valid.
///
/// Intuit's texts contradict each other, so each reading has a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The value changes once it is 24 hours old. The earlier value becomes invalid at once.
    Strict,
    /// The value changes once it is 24 hours old. The earlier value stays valid for 24 hours and gives the current one.
    Grace24h,
    /// The value changes at every refresh. The earlier value becomes invalid at once.
    EachRefresh,
    /// The value changes at every refresh. The earlier value stays valid for 24 hours.
    EachRefreshGrace24h,
}

impl Rotation {
    /// Returns the age at which the value changes.
    pub(crate) fn period(self) -> SignedDuration {
        match self {
            Self::Strict | Self::Grace24h => SignedDuration::from_hours(24),
            Self::EachRefresh | Self::EachRefreshGrace24h => SignedDuration::ZERO,
        }
    }

    /// Returns how long the earlier value stays valid.
    pub(crate) fn grace(self) -> SignedDuration {
        match self {
            Self::Strict | Self::EachRefresh => SignedDuration::ZERO,
            Self::Grace24h | Self::EachRefreshGrace24h => SignedDuration::from_hours(24),
        }
    }
}

/// Behaviour that Intuit's texts leave open, or that a test may turn off.
///
/// Tests change it at any time with [`Simulator::switches_mut`](crate::Simulator::switches_mut).
#[derive(Clone, Debug)]
pub struct Switches {
    /// The most requests to a company in any 60 seconds; `None` is no limit.
    pub requests_per_minute: Option<u32>,
    /// The most requests to a company in any second; `None` is no limit.
    pub requests_per_second: Option<u32>,
    /// The most batch requests to a company in any 60 seconds; `None` is no limit.
    pub batches_per_minute: Option<u32>,
    /// A refresh with a used value revokes the whole grant, as after a leak.
    pub should_revoke_on_reused_refresh_token: bool,
    /// A new consent for a company revokes the refresh tokens of earlier consents.
    pub should_revoke_on_reconnect: bool,
    /// A `ClassRef` where the company tracks no class is a fault. If off, the field is ignored.
    pub should_refuse_untracked_class: bool,
    /// A payment also changes the `SyncToken` and the time of the invoice that it pays.
    pub should_update_paid_invoice: bool,
    /// The same `requestid` with another body is fault 600. If off, it gets the first answer.
    pub should_refuse_changed_replay: bool,
    /// The time for which a `requestid` is remembered; `None` is for ever.
    pub request_id_memory: Option<SignedDuration>,
    /// The delivery of webhooks.
    pub delivery: DeliveryBehaviour,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            requests_per_minute: Some(500),
            requests_per_second: None,
            batches_per_minute: Some(40),
            should_revoke_on_reused_refresh_token: false,
            should_revoke_on_reconnect: true,
            should_refuse_untracked_class: true,
            should_update_paid_invoice: true,
            should_refuse_changed_replay: false,
            request_id_memory: None,
            delivery: DeliveryBehaviour::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_grace_rotations_keep_the_earlier_value() {
        assert_eq!(Rotation::Strict.grace(), SignedDuration::ZERO);
        assert_eq!(Rotation::EachRefresh.grace(), SignedDuration::ZERO);
        assert_eq!(Rotation::Grace24h.grace(), SignedDuration::from_hours(24));
        assert_eq!(
            Rotation::EachRefreshGrace24h.grace(),
            SignedDuration::from_hours(24)
        );
    }

    #[test]
    fn published_limits_apply_by_default() {
        let switches = Switches::default();
        assert_eq!(switches.requests_per_minute, Some(500));
        assert_eq!(switches.batches_per_minute, Some(40));
        assert_eq!(switches.requests_per_second, None);
    }
}
