//! A firm's connection to its company: the grant that Intuit gave, how it stands, and who refreshes it.

use crate::clock::after;
use crate::ports::{Record, Secrets};
use billing::Id;
use jiff::{SignedDuration, Timestamp};
use mapping::Books;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The record of a firm's connection. A firm that never connected has none, which reads as the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// How it stands.
    pub standing: Standing,
    /// The company; kept after a disconnect so that only the same one is taken back as itself.
    pub company: Option<Company>,
    /// The highest generation that any grant had before the present one, so that none comes twice.
    #[serde(default)]
    pub past_generation: u64,
    /// The tokens; none once disconnected.
    pub grant: Option<Grant>,
    /// Who connected it, and when.
    pub connected_by: Option<Id>,
    /// When it was connected last.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The refresh that is under way, if any.
    pub refreshing: Option<RefreshClaim>,
}

/// How a connection stands, from what was really observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No company is connected.
    #[default]
    Disconnected,
    /// Calls succeed.
    Connected,
    /// Intuit no longer honours the grant; a person must sign in again.
    NeedsReauthorization(Lapse),
    /// The company itself cannot be used.
    Error(Trouble),
}

/// Why a grant is no longer honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// The token endpoint refused the refresh token: expired, revoked or rotated away.
    GrantRefused,
    /// Intuit's lifetime limit of the grant is over.
    GrantExpired,
    /// A call was refused with a token that was fresh: disconnected inside QuickBooks.
    AccessRevoked,
    /// The person who connected is no longer an admin of the company (fault 120).
    AdminRightsLost,
}

/// Why a company cannot be used although the grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The QuickBooks subscription has ended or lapsed (fault 6190).
    SubscriptionEnded,
    /// The company's data was reset (fault 10200): everything that we know by id is gone.
    CompanyReset,
}

/// The company at the other end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// Intuit's id of it, always text.
    pub realm_id: String,
    /// Its name in QuickBooks.
    pub name: String,
    /// Two-letter country, if QuickBooks says.
    pub country: Option<String>,
    /// `Simple Start`, `Essentials`, `Plus`, `Advanced`, if QuickBooks says.
    pub edition: Option<String>,
    /// What its preferences say about posting.
    pub books: Books,
    /// When the preferences were read last.
    #[serde(deserialize_with = "json::instant")]
    pub checked_at: Timestamp,
}

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

/// How long a refresh may hold its claim: three times the longest token call.
pub const REFRESH_LEASE: SignedDuration = SignedDuration::from_secs(60);

impl Grant {
    /// Whether the access token ends within `margin`.
    pub fn is_due(&self, margin: SignedDuration, now: Timestamp) -> bool {
        self.access_expires_at <= after(now, margin)
    }

    /// When the whole grant ends: Intuit's hard limit, else the rolling end.
    pub fn ends_at(&self) -> Timestamp {
        self.hard_expires_at.unwrap_or(self.refresh_expires_at)
    }
}

impl Connection {
    /// The company and grant, if calls may be made.
    pub fn usable(&self) -> Option<(&Company, &Grant)> {
        match self.standing {
            Standing::Connected => self.company.as_ref().zip(self.grant.as_ref()),
            _ => None,
        }
    }
}

impl Record for Connection {
    const KIND: &'static str = "connection";

    fn secrets(&mut self) -> Secrets<'_> {
        let mut fields = Vec::new();
        if let Some(grant) = &mut self.grant {
            fields.push(("access_token", &mut grant.access_token.0));
            fields.push(("refresh_token", &mut grant.refresh_token.0));
            if let Some(previous) = &mut grant.previous_refresh_token {
                fields.push(("previous_refresh_token", &mut previous.0));
            }
        }
        Secrets {
            company: self.company.as_mut().map(|company| &mut company.realm_id),
            fields,
        }
    }
}

impl Record for crate::consent::Consent {
    const KIND: &'static str = "consent";
}
