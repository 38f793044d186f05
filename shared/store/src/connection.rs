//! A firm's connection to its company: the grant that Intuit gave, how it stands, and who refreshes it.

pub mod company_claim;
pub mod grant;
pub mod operations;
pub mod outbox;
pub mod refresh_claim;

use billing::Id;
use jiff::Timestamp;
use mapping::CompanyPreferences;
use ports::records::{Record, Secrets};
use serde::{Deserialize, Serialize};

pub use crate::connection::grant::{
    EVERY, Grant, ON_DEMAND, REFRESH_LEASE, RefreshClaim, SCHEDULED, Secret,
};
pub use crate::connection::outbox::{ConnectionEvent, DeliveryProgress, Outbox, OutboxMessage};

/// The record of a firm's connection. A firm that never connected has none, which reads as the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// How it stands.
    pub status: ConnectionStatus,
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
    /// A grant that was given up here and is still to be ended at Intuit.
    pub revocation: Option<Revocation>,
    /// The last attempt to connect, if it failed.
    pub attempt: Option<FailedAttempt>,
    /// When somebody last had the grant checked out of turn.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub verified_at: Option<Timestamp>,
    /// What RIVET is to be told of it.
    #[serde(default)]
    pub outbox: Outbox,
}

/// How a connection stands, from what was really observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// No company is connected.
    #[default]
    Disconnected,
    /// Calls succeed.
    Connected,
    /// Intuit no longer honours the grant; a person must sign in again.
    NeedsReauthorization(ReauthorizationReason),
    /// The company itself cannot be used.
    Error(CompanyError),
}

/// Why a grant is no longer honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReauthorizationReason {
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
pub enum CompanyError {
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
    pub books: CompanyPreferences,
    /// When the preferences were read last.
    #[serde(deserialize_with = "json::instant")]
    pub checked_at: Timestamp,
}

/// A grant that is to be ended at Intuit: the company was disconnected while Intuit could not be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revocation {
    /// Its refresh token; ending either token ends the grant.
    pub token: Secret,
    /// Not tried again before then.
    #[serde(deserialize_with = "json::instant")]
    pub not_before: Timestamp,
    /// Not tried any more after then: a grant that nobody holds ends by itself.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

/// An attempt to connect that came to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedAttempt {
    /// When.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// Whose.
    pub user: Id,
    /// The code of the redirect.
    pub code: String,
    /// What to tell that person.
    pub message: String,
}

impl Connection {
    /// The company and grant, if calls may be made.
    pub fn usable_grant(&self) -> Option<(&Company, &Grant)> {
        match self.status {
            ConnectionStatus::Connected => self.company.as_ref().zip(self.grant.as_ref()),
            _ => None,
        }
    }

    /// Whether it has to do with a company's grant: it has one, or one that is still to be ended.
    pub fn has_company(&self, realm_id: &str) -> bool {
        let company = self.company.as_ref();
        company.is_some_and(|company| company.realm_id == realm_id)
            && (self.grant.is_some() || self.revocation.is_some())
    }

    /// When the schedule has something to do for it, if ever.
    pub fn next_due_at(&self) -> Option<Timestamp> {
        let refresh = self.usable_grant().map(|(_, grant)| grant.due_at());
        let revocation = self.revocation.as_ref().map(|ending| ending.not_before);
        [refresh, revocation, self.outbox.due_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Moves to `standing` and has RIVET told, once.
    pub fn set_status(&mut self, standing: ConnectionStatus, now: Timestamp) {
        if self.status == standing {
            return;
        }
        self.status = standing;
        self.refreshing = None;
        match standing {
            ConnectionStatus::NeedsReauthorization(lapse) => {
                self.outbox
                    .add(ConnectionEvent::NeedsReauthorization(lapse), now);
            }
            ConnectionStatus::Error(trouble) => {
                self.outbox.add(ConnectionEvent::Error(trouble), now)
            }
            ConnectionStatus::Connected | ConnectionStatus::Disconnected => {}
        }
    }

    /// A refresh succeeded after all, although it was taken for lapsed meanwhile.
    pub fn recover(&mut self, now: Timestamp) {
        if matches!(self.status, ConnectionStatus::NeedsReauthorization(_)) {
            self.status = ConnectionStatus::Connected;
            if self.outbox.in_trouble {
                self.outbox.add(ConnectionEvent::Restored, now);
            }
        }
    }
}

impl Record for Connection {
    const KIND: &'static str = "connection";
    const SEALED: bool = true;

    fn secrets(&mut self) -> Secrets<'_> {
        let mut fields = Vec::new();
        if let Some(grant) = &mut self.grant {
            fields.push(("access_token", &mut grant.access_token.0));
            fields.push(("refresh_token", &mut grant.refresh_token.0));
            if let Some(previous) = &mut grant.previous_refresh_token {
                fields.push(("previous_refresh_token", &mut previous.0));
            }
        }
        if let Some(ending) = &mut self.revocation {
            fields.push(("revocation", &mut ending.token.0));
        }
        Secrets {
            company: self.company.as_mut().map(|company| &mut company.realm_id),
            fields,
        }
    }
}

impl Record for crate::sign_in_attempt::SignInAttempt {
    const KIND: &'static str = "consent";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_record_without_outbox_still_loads() {
        let old = serde_json::json!({
            "standing": { "needs_reauthorization": "grant_refused" }, "company": null, "grant": null,
            "connected_by": null, "connected_at": null, "refreshing": null,
        });
        let connection: Connection = json::read(&old).unwrap();
        assert_eq!(connection.outbox, Outbox::default());
        assert_eq!(connection.next_due_at(), None);
    }
}
