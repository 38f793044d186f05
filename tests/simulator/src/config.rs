use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::{AnswerSpelling, DeliveryBehaviour};

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
    /// The time for which a `requestid` is remembered; `None` is for ever, zero is never.
    pub request_id_memory: Option<SignedDuration>,
    /// A payment line above the open balance is fault 6000. If off, QuickBooks applies what is open and leaves the rest unapplied.
    pub should_refuse_overpayment: bool,
    /// The void of a paid invoice is a fault. If off, the void unapplies its payments.
    pub should_refuse_void_of_paid: bool,
    /// With custom numbers off, QuickBooks replaces a number that is sent. If off, it keeps the number.
    pub should_replace_numbers: bool,
    /// A sparse update of a payment is a fault. A void stays possible.
    pub should_refuse_sparse_payment: bool,
    /// A sales line without an item is fault 6440. If off, the line gets the default item *Services*.
    pub should_refuse_missing_item: bool,
    /// A parent cannot pay the invoices of its jobs.
    pub should_refuse_payment_for_job: bool,
    /// The differences that QuickBooks makes in the app's transactions. The books hold the altered figures.
    pub alterations: Vec<Alteration>,
    /// The kinds that a setting of the company forbids, such as `Invoice`. Writes of the app are fault 6000.
    pub forbidden_kinds: Vec<&'static str>,
    /// The answer to a batch with a used `requestid`.
    pub batch_replay: BatchReplay,
    /// A query with a character beyond Latin-1 is fault 4000, as people report. Names with such characters can still be created.
    pub should_refuse_wide_queries: bool,
    /// Queries, also those of batches, that contain one of these texts are fault 4002.
    pub refused_queries: Vec<String>,
    /// The time by which queries and change data lag behind writes. Reads by id never lag.
    pub index_lag: SignedDuration,
    /// The spelling of ids, amounts, balances and links in the answers of companies.
    pub answer_spelling: AnswerSpelling,
    /// The spelling of the lifetimes in the answers of the token endpoint.
    pub token_lifetimes: TokenLifetimes,
    /// The answers of the token endpoint have members that no text of Intuit names.
    pub should_add_token_members: bool,
    /// The delivery of webhooks.
    pub delivery: DeliveryBehaviour,
}

/// The answer to a batch with a used `requestid`. Intuit's texts speak of single writes alone.
///
/// In each case a write that succeeded is answered again by its `bId`, also after its object was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchReplay {
    /// Queries and refused writes run again.
    Writes,
    /// Queries are answered by their `bId` too. Refused writes run again.
    WritesAndQueries,
    /// The whole first answer comes again. A batch that only queries runs again.
    WholeWithWrites,
    /// The whole first answer comes again, also that of a batch that only queries.
    Whole,
}

/// The spelling of the lifetimes of tokens, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLifetimes {
    /// A number, such as `3600`.
    Number,
    /// A number as text, such as `"3600"`.
    Text,
    /// A text that is no number.
    Unreadable,
    /// No member.
    Missing,
}

/// A difference between what the app sends and what QuickBooks saves and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// The kind that is altered, such as `Invoice`.
    pub kind: &'static str,
    /// The field that is altered.
    pub field: AlteredField,
}

/// The field that an [`Alteration`] sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlteredField {
    /// Adds an amount to the first line; in an entry to the first debit and the first credit; in a payment to the total.
    Amount(Decimal),
    /// Another customer, by id.
    Customer(String),
    /// Another date.
    Date(Date),
    /// Another account, by id: of the first line of an entry, or the one that receives a payment.
    Account(String),
    /// Another item, by id, on the first line of a sales form.
    Item(String),
    /// Another number.
    Number(String),
    /// A payment that is applied to nothing.
    Unapplied,
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
            should_refuse_overpayment: true,
            should_refuse_void_of_paid: true,
            should_replace_numbers: true,
            should_refuse_sparse_payment: false,
            should_refuse_missing_item: true,
            should_refuse_payment_for_job: false,
            alterations: Vec::new(),
            forbidden_kinds: Vec::new(),
            batch_replay: BatchReplay::Writes,
            should_refuse_wide_queries: true,
            refused_queries: Vec::new(),
            index_lag: SignedDuration::ZERO,
            answer_spelling: AnswerSpelling::default(),
            token_lifetimes: TokenLifetimes::Number,
            should_add_token_members: false,
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
