//! Operations on refreshes: one refresh at a time, and the newer grant wins.

use crate::connection::grant::{Grant, REFRESH_LEASE, RefreshClaim};
use crate::connection::{Connection, ConnectionStatus};
use crate::schedule::ScheduledJob;
use crate::{Claimant, Store};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Records, StoreError};
use ports::time::after;

/// The answer to a claim of a refresh, with the connection as it is then.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshClaimAnswer {
    /// The connection after the claim.
    pub connection: Box<Connection>,
    /// The result of the claim.
    pub result: RefreshClaimResult,
}

/// The result of a claim of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshClaimResult {
    /// The claim was made.
    Ours(PreviousRefresh),
    /// There is nothing to refresh: not due, or no grant.
    NotDue,
    /// Another run or request refreshes now.
    Busy,
}

/// The end of the refresh before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviousRefresh {
    /// The refresh saved its answer or released its claim.
    Reported,
    /// The claim expired. The refresh may have used the refresh token.
    Interrupted,
}

impl<R: Records> Store<R> {
    /// Claims the refresh of a grant whose access token ends within `margin`.
    pub async fn claim_refresh(
        &self,
        firm: &FirmId,
        claimant: Claimant<'_>,
        margin: SignedDuration,
    ) -> Result<RefreshClaimAnswer, StoreError> {
        let Claimant { owner, now } = claimant;
        let mut result = RefreshClaimResult::NotDue;
        let claim = &mut |connection: &mut Connection| {
            let usable = connection.usable_grant();
            result = match &connection.refreshing {
                _ if !usable.is_some_and(|usable| usable.grant.is_due(margin, now)) => {
                    RefreshClaimResult::NotDue
                }
                Some(claim) if claim.until > now => RefreshClaimResult::Busy,
                Some(_) => RefreshClaimResult::Ours(PreviousRefresh::Interrupted),
                None => RefreshClaimResult::Ours(PreviousRefresh::Reported),
            };
            let is_ours = matches!(result, RefreshClaimResult::Ours(_));
            if is_ours {
                connection.refreshing = Some(RefreshClaim {
                    owner: owner.into(),
                    until: after(now, REFRESH_LEASE),
                });
            }
            is_ours
        };
        let connection = Box::new(self.update_or_create(firm.as_ref(), claim).await?);
        Ok(RefreshClaimAnswer { connection, result })
    }

    /// Saves the grant from a refresh of `generation` and ends the claim, unless the record has a newer grant. Returns the
    /// connection that counts now.
    ///
    /// If the firm disconnected meanwhile, the new tokens are to be revoked.
    pub async fn save_refreshed_grant(
        &self,
        firm: &FirmId,
        generation: u64,
        grant: &Grant,
        now: Timestamp,
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

    /// Ends a claim whose refresh certainly did not happen.
    ///
    /// If the refresh before was interrupted, an expired claim stays, so that the next refresh knows of it too.
    pub async fn release_refresh_claim(
        &self,
        firm: &FirmId,
        claimant: Claimant<'_>,
        previous: PreviousRefresh,
    ) -> Result<(), StoreError> {
        let release = &mut |connection: &mut Connection| {
            let claim = connection.refreshing.as_mut();
            let Some(claim) = claim.filter(|claim| claim.owner == claimant.owner) else {
                return false;
            };
            claim.until = claimant.now;
            if previous == PreviousRefresh::Reported {
                connection.refreshing = None;
            }
            true
        };
        self.update_or_create(firm.as_ref(), release)
            .await
            .map(drop)
    }

    /// Saves the status that the grant of `generation` turned out to have, and schedules the message for RIVET. A newer grant
    /// keeps its status.
    pub async fn set_connection_status(
        &self,
        firm: &FirmId,
        generation: u64,
        status: ConnectionStatus,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let mut has_changed = false;
        let set = &mut |current: &mut Connection| {
            let grant = current.grant.as_ref();
            let is_same = grant.is_some_and(|old| old.generation == generation);
            has_changed = is_same && current.status != status;
            if has_changed {
                current.set_status(status, now);
            }
            has_changed
        };
        let saved = self.update_or_create(firm.as_ref(), set).await?;
        if has_changed {
            self.schedule_by(firm, ScheduledJob::Connection, now)
                .await?;
        }
        Ok(saved)
    }
}
