//! Verbs over refreshes: one at a time, and newer grants win.

use crate::Store;
use crate::connection::grant::{Grant, REFRESH_LEASE, RefreshClaim};
use crate::connection::{Connection, ConnectionStatus};
use crate::schedule::ScheduledJob;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Records, StoreError};
use ports::time::after;

/// The answer to a claim of a refresh.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshTurn {
    /// The claim is ours. `interrupted`: an earlier refresh with this token never reported back.
    Ours {
        /// The connection as claimed.
        connection: Box<Connection>,
        /// Whether the token may have been spent already.
        interrupted: bool,
    },
    /// Nothing to refresh: not due, or no grant.
    NotDue(Box<Connection>),
    /// Another is at it.
    Busy(Box<Connection>),
}

impl<R: Records> Store<R> {
    /// Claims the refresh of a grant whose access token ends within `margin`.
    pub async fn claim_refresh(
        &self,
        firm: &FirmId,
        owner: &str,
        (margin, now): (SignedDuration, Timestamp),
    ) -> Result<RefreshTurn, StoreError> {
        let mut claimed = Claim::NotDue;
        let claim = &mut |connection: &mut Connection| {
            let grant = connection.usable_grant().map(|(_, grant)| grant);
            claimed = match &connection.refreshing {
                _ if !grant.is_some_and(|grant| grant.is_due(margin, now)) => Claim::NotDue,
                Some(claim) if claim.until > now => Claim::Busy,
                earlier => Claim::Ours {
                    interrupted: earlier.is_some(),
                },
            };
            let ours = matches!(claimed, Claim::Ours { .. });
            if ours {
                connection.refreshing = Some(RefreshClaim {
                    owner: owner.into(),
                    until: after(now, REFRESH_LEASE),
                });
            }
            ours
        };
        let connection = Box::new(self.update_or_create(firm.as_ref(), claim).await?);
        Ok(match claimed {
            Claim::NotDue => RefreshTurn::NotDue(connection),
            Claim::Busy => RefreshTurn::Busy(connection),
            Claim::Ours { interrupted } => RefreshTurn::Ours {
                connection,
                interrupted,
            },
        })
    }

    /// Saves what a refresh of `generation` brought, unless something newer is there, and gives what
    /// counts now. The claim ends with it. Tokens that came after a disconnect are given back.
    pub async fn save_refreshed_grant(
        &self,
        firm: &FirmId,
        generation: u64,
        (grant, now): (&Grant, Timestamp),
    ) -> Result<Connection, StoreError> {
        let save = &mut |current: &mut Connection| {
            match &current.grant {
                Some(old) if old.generation == generation => {
                    (current.grant, current.refreshing) = (Some(grant.clone()), None);
                    current.recover(now);
                }
                None if current.past_generation == generation => {
                    current.schedule_revocation(grant.refresh_token.clone(), now);
                }
                _ => return false,
            }
            true
        };
        let saved = self.update_or_create(firm.as_ref(), save).await?;
        if saved.revocation.is_some() {
            self.schedule_by(firm, ScheduledJob::Connection, now)
                .await?;
        }
        Ok(saved)
    }

    /// Ends a claim whose refresh certainly did not happen. If an earlier one never reported back, what stays is a claim that
    /// has ended, so that the next one knows of it too.
    pub async fn release_refresh_claim(
        &self,
        firm: &FirmId,
        (owner, interrupted): (&str, bool),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let release = &mut |connection: &mut Connection| {
            let claim = connection.refreshing.as_mut();
            let Some(claim) = claim.filter(|claim| claim.owner == owner) else {
                return false;
            };
            claim.until = now;
            if !interrupted {
                connection.refreshing = None;
            }
            true
        };
        self.update_or_create(firm.as_ref(), release)
            .await
            .map(drop)
    }

    /// Notes how the grant of `generation` turned out to stand and sees to it that RIVET is told. A newer
    /// grant is not touched.
    pub async fn set_connection_status(
        &self,
        firm: &FirmId,
        (generation, standing): (u64, ConnectionStatus),
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let mut changed = false;
        let note = &mut |current: &mut Connection| {
            let grant = current.grant.as_ref();
            let concerns = grant.is_some_and(|old| old.generation == generation);
            changed = concerns && current.status != standing;
            if changed {
                current.set_status(standing, now);
            }
            changed
        };
        let noted = self.update_or_create(firm.as_ref(), note).await?;
        if changed {
            self.schedule_by(firm, ScheduledJob::Connection, now)
                .await?;
        }
        Ok(noted)
    }
}

/// What a claim came to.
enum Claim {
    NotDue,
    Busy,
    Ours { interrupted: bool },
}
