//! Asking Intuit out of turn whether a grant still stands: somebody came from a page that says it was ended.

use crate::refresh::refresh;
use crate::services::AuthServices;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::connection::grant::EVERY;

/// Checks the grant of a company by renewing its token. Anybody may ask, so it is done at most once a minute for each
/// company, what is noted is what Intuit says and not what the caller claims, and the caller is told nothing.
pub async fn verify<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    realm_id: &str,
    (owner, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    if let Some(firm) = grants.store.company_owner(realm_id).await?
        && grants.store.claim_verification(&firm, now).await?
    {
        refresh(grants, &firm, owner, (EVERY, now)).await?;
    }
    Ok(())
}
