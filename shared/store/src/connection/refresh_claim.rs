//! Operations on claims of a refresh: one refresh at a time.

mod answer;

pub use crate::connection::refresh_claim::answer::{
    PreviousRefresh, RefreshClaimAnswer, RefreshClaimResult,
};

use crate::connection::Connection;
use crate::connection::grant::{REFRESH_LEASE, RefreshClaim};
use crate::{Claimant, Store};
use billing::FirmId;
use jiff::SignedDuration;
use ports::records::{Records, StoreError};
use ports::time::after;

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
            let usable = connection
                .usable_grant()
                .or_else(|| connection.mendable_grant());
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

    /// Ends a claim whose refresh certainly did not happen.
    ///
    /// If the previous refresh was interrupted, an expired claim stays, so that the next refresh knows of the interruption too.
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
}
