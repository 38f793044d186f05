//! The revocation of a grant while the run holds the claim of its company.

use crate::services::AuthServices;
use crate::token_endpoint::{self, TokenError};
use billing::FirmId;
use jiff::SignedDuration;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::Claimant;
use store::connection::company_claim::CompanyBinding;
use store::connection::{Connection, Revocation};

/// The pause between two attempts to revoke a token.
pub(super) const RETRY_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// The company of an erased grant, whose claim this run holds.
pub(super) struct ClaimedCompany<'a, H, R> {
    pub(super) auth: &'a AuthServices<'a, H, R>,
    pub(super) firm: &'a FirmId,
    pub(super) realm_id: &'a str,
    pub(super) claimant: Claimant<'a>,
}

impl<H: Http, R: Records> ClaimedCompany<'_, H, R> {
    /// Revokes the token, and frees the company unless the firm has connected it again.
    pub(super) async fn revoke(&self, revoke_origin: &str) -> Result<Connection, StoreError> {
        let (store, now) = (self.auth.store, self.claimant.now);
        // A sign-in may have superseded the revocation before the claim.
        let current = store.connection(self.firm).await?;
        let Some(revocation) = current.revocation.clone() else {
            self.release(CompanyBinding::Keep).await?;
            return Ok(current);
        };
        let revoked = self.revoke_until_given_up(&revocation, revoke_origin).await;
        // A firm that connected again keeps its company. The company is freed before the revocation is removed: after a crash
        // in between, the next run does both again.
        let binding = if revoked.is_ok() && current.grant.is_none() {
            CompanyBinding::Remove
        } else {
            CompanyBinding::Keep
        };
        // Intuit may still carry out a call without an answer. The claim then stays until it expires, and keeps sign-ins away.
        if !matches!(revoked, Err(TokenError::NoAnswer(_))) {
            self.release(binding).await?;
        }
        let retry_at = revoked.is_err().then(|| after(now, RETRY_PAUSE));
        store
            .save_revocation(self.firm, &revocation, retry_at)
            .await
    }

    /// Revokes a token, unless a day of attempts is over: an unused grant expires by itself.
    async fn revoke_until_given_up(
        &self,
        revocation: &Revocation,
        revoke_origin: &str,
    ) -> Result<(), TokenError> {
        if revocation.until <= self.claimant.now {
            return Ok(());
        }
        token_endpoint::revoke(self.auth, revoke_origin, &revocation.token).await
    }

    async fn release(&self, binding: CompanyBinding) -> Result<(), StoreError> {
        let (store, owner) = (self.auth.store, self.claimant.owner);
        store.release_company(self.realm_id, owner, binding).await
    }
}
