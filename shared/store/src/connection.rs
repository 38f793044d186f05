//! The connection of a firm to its company: the grant from Intuit, its status, and the refresh under way.

// Top first: a module uses only modules below it.
pub mod company_claim;
pub mod operations;
mod pending_operations;
pub mod new_connection;
pub mod observed_answers;
pub mod refresh_claim;
mod refreshed_grant;
mod revocation;
pub mod grant;
pub mod outbox;
pub mod status;
mod pending_sign_in;
mod company;

pub use crate::connection::company::{Company, unsupported_country};
pub use crate::connection::grant::{
    EVERY, Grant, ON_DEMAND, REFRESH_LEASE, RefreshClaim, SCHEDULED, Secret,
};
pub use crate::connection::outbox::{ConnectionEvent, DeliveryProgress, Outbox, OutboxMessage};
pub use crate::connection::pending_sign_in::PendingSignIn;
pub use crate::connection::revocation::Revocation;
pub use crate::connection::status::{CompanyError, ConnectionStatus, ReauthorizationReason};

use billing::Id;
use jiff::{SignedDuration, Timestamp};
use ports::records::{CompanyView, Record, Secrets};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The time between two looks at a company whose connection does not work. Somebody may have mended the cause at Intuit.
const LOOK_INTERVAL: SignedDuration = SignedDuration::from_hours(12);

/// The connection of a firm. A firm that never connected has no record, which loads as the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The status, according to the latest answers of Intuit.
    pub status: ConnectionStatus,
    /// The company. The company stays after a disconnect, so that a later sign-in recognises the same company.
    pub company: Option<Company>,
    /// The highest generation of any earlier grant, so that no generation is used twice.
    #[serde(default)]
    pub past_generation: u64,
    /// The tokens. `None` after a disconnect.
    pub grant: Option<Grant>,
    /// The person who made the connection.
    pub connected_by: Option<Id>,
    /// The time of the last sign-in.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The time of the first sign-in. RIVET posted nothing before it. Absent in records of firms that never signed in again.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub first_connected_at: Option<Timestamp>,
    /// The claim of the refresh that is under way, if any.
    pub refreshing: Option<RefreshClaim>,
    /// A grant that the firm gave up and that RIVET must still revoke at Intuit.
    pub revocation: Option<Revocation>,
    /// The sign-ins to a new company whose grants may have to be given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending_sign_ins: Vec<PendingSignIn>,
    /// The last attempt to connect, if it failed.
    pub attempt: Option<FailedAttempt>,
    /// The time of the last check of the grant before its token was due.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub verified_at: Option<Timestamp>,
    /// The time of the first call since the last good answer that QuickBooks did not answer properly.
    #[serde(
        default,
        deserialize_with = "json::optional_instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub unanswered_since: Option<Timestamp>,
    /// The time of the first call since the last good answer that QuickBooks refused although the token was new.
    #[serde(
        default,
        deserialize_with = "json::optional_instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub rejected_since: Option<Timestamp>,
    /// The time at which RIVET last saw that the connection does not work, if it does not.
    #[serde(
        default,
        deserialize_with = "json::optional_instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub looked_at: Option<Timestamp>,
    /// The company's id, sealed for readers that may show it but may open no token. Nobody reads it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_view: Option<String>,
    /// The messages about the connection that RIVET has not accepted yet.
    #[serde(default)]
    pub outbox: Outbox,
}

/// An attempt to connect that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FailedAttempt {
    /// The time of the failure.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The person who tried to connect.
    pub user: Id,
    /// The failure code in the redirect.
    pub code: String,
    /// The message for the person.
    pub message: String,
}

/// A connection through which calls are possible.
#[derive(Clone, Copy, Debug)]
pub struct UsableGrant<'a> {
    /// The company to call.
    pub company: &'a Company,
    /// The tokens for the calls.
    pub grant: &'a Grant,
}

impl Connection {
    /// Returns the company and grant, if calls are possible.
    pub fn usable_grant(&self) -> Option<UsableGrant<'_>> {
        self.grant_if(ConnectionStatus::allows_calls)
    }

    /// Returns the company and grant of a connection that does not work, but may work again without a sign-in.
    pub fn mendable_grant(&self) -> Option<UsableGrant<'_>> {
        self.grant_if(ConnectionStatus::may_be_mended)
    }

    fn grant_if(&self, suits: impl Fn(ConnectionStatus) -> bool) -> Option<UsableGrant<'_>> {
        let (company, grant) = self.company.as_ref().zip(self.grant.as_ref())?;
        suits(self.status).then_some(UsableGrant { company, grant })
    }

    /// Returns the time of the next look at the company, if the connection does not work and may work again without a sign-in.
    pub fn next_look_at(&self) -> Option<Timestamp> {
        self.mendable_grant()?;
        let looked_at = self.looked_at.unwrap_or(Timestamp::UNIX_EPOCH);
        Some(after(looked_at, LOOK_INTERVAL))
    }

    /// Returns the time of the first sign-in, if there was one.
    pub fn first_sign_in_at(&self) -> Option<Timestamp> {
        self.first_connected_at.or(self.connected_at)
    }

    /// Returns whether the connection has a grant of this company, or one that must still be revoked.
    pub fn has_company(&self, realm_id: &str) -> bool {
        self.is_company(realm_id) && (self.grant.is_some() || self.revocation.is_some())
    }

    /// Returns the time at which a scheduled run must visit the connection, if any.
    pub fn next_due_at(&self) -> Option<Timestamp> {
        let refresh = self.usable_grant().map(|usable| usable.grant.due_at());
        let revocation = self.revocation.as_ref().map(|ending| ending.not_before);
        let pending = self.pending_sign_ins.iter().map(|pending| pending.due_at);
        [refresh, revocation, self.outbox.due_at(), pending.min()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Returns whether the company is this one.
    pub fn is_company(&self, realm_id: &str) -> bool {
        let company = self.company.as_ref();
        company.is_some_and(|company| company.realm_id == realm_id)
    }

    /// Sets another status. Adds a message for RIVET if a person must act or the company cannot be used.
    pub fn set_status(&mut self, status: ConnectionStatus, now: Timestamp) {
        if self.status == status {
            return;
        }
        self.status = status;
        self.looked_at = status.may_be_mended().then_some(now);
        if !status.allows_calls() {
            self.refreshing = None;
        }
        match status {
            ConnectionStatus::NeedsReauthorization(reason) => {
                self.outbox
                    .add(ConnectionEvent::NeedsReauthorization(reason), now);
            }
            ConnectionStatus::Error(error) => self.outbox.add(ConnectionEvent::Error(error), now),
            ConnectionStatus::Connected | ConnectionStatus::Disconnected => {}
        }
    }

    /// Makes the connection usable again, because a refresh succeeded that counted as refused before. A cause that lies with the company
    /// stays.
    pub fn recover(&mut self, now: Timestamp) {
        let is_refused =
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused);
        let is_expired =
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantExpired);
        if self.status == is_refused || self.status == is_expired {
            self.restore(now);
        }
    }

    /// Makes the connection usable, and tells RIVET so if RIVET knows of trouble.
    pub fn restore(&mut self, now: Timestamp) {
        self.status = ConnectionStatus::Connected;
        self.looked_at = None;
        if self.outbox.in_trouble {
            self.outbox.add(ConnectionEvent::Restored, now);
        }
    }

    /// Keeps the token of an erased grant until RIVET has revoked the grant at Intuit.
    pub fn schedule_revocation(&mut self, token: Secret, now: Timestamp) {
        self.revocation = Some(Revocation::new(token, now));
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
            view: Some(CompanyView::Kept(&mut self.company_view)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_record_without_outbox_still_loads() {
        let old = serde_json::json!({
            "status": { "needs_reauthorization": "grant_refused" }, "company": null, "grant": null,
            "connected_by": null, "connected_at": null, "refreshing": null,
        });
        let connection: Connection = json::read(&old).unwrap();
        assert_eq!(connection.outbox, Outbox::default());
        assert_eq!(connection.next_due_at(), None);
    }
}
