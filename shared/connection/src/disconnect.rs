//! Disconnects a firm: erases its grant at once and revokes the token as soon as Intuit can be reached. Synced documents and
//! settings stay.
//!
//! ```text
//! connected ──erase──▶ disconnected, revocation open ──revoked, or a day over──▶ disconnected, company free
//! ```
//! The company stays bound to the firm until the revocation is over. Otherwise a late revocation could end the grant of another firm that
//! connected the company meanwhile.

mod claimed_company;

use crate::disconnect::claimed_company::{ClaimedCompany, RETRY_PAUSE};
use crate::firm_connection::FirmConnection;
use crate::services::AuthServices;
use billing::FirmId;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::Connection;
use store::connection::company_claim::CompanyClaimResult;
use store::schedule::ScheduledJob;
use store::{Claimant, CompanyKey};

/// Disconnects a firm. Returns the connection after the erasure.
///
/// The run is scheduled before the grant is erased. After a crash at any point, that run completes the revocation.
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

/// Revokes the token of an erased grant at Intuit, if the next attempt is due. Returns the connection after the attempt.
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
