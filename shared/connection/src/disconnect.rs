//! Disconnecting: the grant ends here at once and at Intuit as soon as it can be reached; what was synced, and the settings, stay.
//!
//! ```text
//! connected ──erase──▶ disconnected, revocation open ──Intuit told, or a day over──▶ disconnected, company free
//! ```
//! The company stays bound until then: revoking a token late would end the grant of whoever connected it meanwhile.

use crate::services::AuthServices;
use crate::token_endpoint;
use crate::token_endpoint::TokenError;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use store::connection::company_claim::Claimed;
use store::connection::{Connection, Revocation};
use store::schedule::ScheduledJob;

/// The pause between two tries to tell Intuit.
const PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Disconnects. The hint for the schedule comes first, so that a crash at any point leaves a run that finishes.
pub async fn disconnect<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    revoke_origin: &str,
    (owner, now): (&str, Timestamp),
) -> Result<Connection, StoreError> {
    grants
        .store
        .schedule_by(firm, ScheduledJob::Connection, after(now, PAUSE))
        .await?;
    let ended = grants.store.end_connection(firm, now).await?;
    settle(grants, (firm, ended), revoke_origin, (owner, now)).await
}

/// Tells Intuit of a grant that was given up, if there is one and it is time to.
pub async fn settle<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    (firm, connection): (&FirmId, Connection),
    revoke_origin: &str,
    (owner, now): (&str, Timestamp),
) -> Result<Connection, StoreError> {
    let due = connection
        .revocation
        .as_ref()
        .is_some_and(|ending| ending.not_before <= now);
    let Some(company) = connection.company.as_ref().filter(|_| due) else {
        return Ok(connection);
    };
    let realm_id = company.realm_id.clone();
    match grants
        .store
        .claim_company(&realm_id, firm, (owner, now))
        .await?
    {
        Claimed::InUse => Ok(connection),
        Claimed::Another => conclude(grants, firm, &connection).await,
        Claimed::Ours { .. } => {
            // Read under the claim: a sign-in may have superseded what was to be revoked.
            let current = grants.store.connection(firm).await?;
            let Some(ending) = current.revocation.clone() else {
                let end = (owner, false);
                grants.store.release_company(&realm_id, end).await?;
                return Ok(current);
            };
            let told = tell(grants, &ending, (revoke_origin, now)).await;
            // A firm that is connected again keeps its company; freeing comes before forgetting, so that a crash repeats both.
            let free = told.is_ok() && current.grant.is_none();
            // A call without an answer may yet be carried out: until then the claim keeps everybody from signing in.
            if !matches!(told, Err(TokenError::Unknown(_))) {
                grants
                    .store
                    .release_company(&realm_id, (owner, free))
                    .await?;
            }
            let again = told.is_err().then(|| after(now, PAUSE));
            Ok(grants.store.save_revocation(firm, &ending, again).await?)
        }
    }
}

/// Tells Intuit, unless it has been tried for a day.
async fn tell<H: Http, R>(
    grants: &AuthServices<'_, H, R>,
    ending: &Revocation,
    (revoke_origin, now): (&str, Timestamp),
) -> Result<(), TokenError> {
    if ending.until <= now {
        return Ok(());
    }
    token_endpoint::revoke(grants, revoke_origin, &ending.token).await
}

/// The company is another firm's by now: its grant is not ours to end.
async fn conclude<H, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    connection: &Connection,
) -> Result<Connection, StoreError> {
    match &connection.revocation {
        Some(ending) => Ok(grants.store.save_revocation(firm, ending, None).await?),
        None => Ok(connection.clone()),
    }
}
