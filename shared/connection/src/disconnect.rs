//! Disconnects a firm: erases its grant at once and revokes the token as soon as Intuit can be reached. Synced documents and
//! settings stay.
//!
//! ```text
//! connected ──erase──▶ disconnected, revocation open ──revoked, or a day over──▶ disconnected, company free
//! ```
//! The company stays bound to the firm until then. A late revocation would end the grant of a firm that connected the company
//! meanwhile.

use crate::firm_connection::FirmConnection;
use crate::services::AuthServices;
use crate::token_endpoint::{self, TokenError};
use billing::FirmId;
use jiff::SignedDuration;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::company_claim::{CompanyBinding, CompanyClaimResult};
use store::connection::{Connection, Revocation};
use store::schedule::ScheduledJob;
use store::{Claimant, CompanyKey};

/// The pause between two attempts to revoke a token.
const RETRY_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Disconnects a firm. Returns its connection afterwards.
///
/// The scheduled run is noted before the grant is erased. So a crash at any point leaves a run that completes the revocation.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn disconnect<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    firm: &FirmId,
    revoke_origin: &str,
    claimant: Claimant<'_>,
) -> Result<Connection, StoreError> {
    let (store, now) = (auth.store, claimant.now);
    let retry_at = after(now, RETRY_PAUSE);
    store
        .schedule_by(firm, ScheduledJob::Connection, retry_at)
        .await?;
    let connection = store.end_connection(firm, now).await?;
    let ended = FirmConnection { firm, connection };
    revoke_if_due(auth, ended, revoke_origin, claimant).await
}

/// Revokes the token of an erased grant at Intuit, if there is one and its next attempt is due. Returns the connection
/// afterwards.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn revoke_if_due<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    FirmConnection { firm, connection }: FirmConnection<'_>,
    revoke_origin: &str,
    claimant: Claimant<'_>,
) -> Result<Connection, StoreError> {
    let now = claimant.now;
    let revocation = connection.revocation.as_ref();
    let due = revocation.filter(|revocation| revocation.not_before <= now);
    let (Some(company), Some(revocation)) = (&connection.company, due) else {
        return Ok(connection);
    };
    let realm_id = company.realm_id.as_str();
    let key = CompanyKey { firm, realm_id };
    let claimed = auth.store.claim_company(key, claimant).await?;
    match claimed {
        CompanyClaimResult::InUse => Ok(connection),
        // Another firm has connected the company. The revocation would end that firm's grant.
        CompanyClaimResult::Another => auth.store.save_revocation(firm, revocation, None).await,
        CompanyClaimResult::Ours { .. } => {
            let company = ClaimedCompany {
                auth,
                firm,
                realm_id,
                claimant,
            };
            company.revoke(revoke_origin).await
        }
    }
}

/// The company of an erased grant, whose claim this run holds.
struct ClaimedCompany<'a, H, R> {
    auth: &'a AuthServices<'a, H, R>,
    firm: &'a FirmId,
    realm_id: &'a str,
    claimant: Claimant<'a>,
}

impl<H: Http, R: Records> ClaimedCompany<'_, H, R> {
    async fn revoke(&self, revoke_origin: &str) -> Result<Connection, StoreError> {
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
