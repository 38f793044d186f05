//! Asks Intuit whether a company's grant is still valid before its token is due.
//!
//! Intuit sends browsers to RIVET's page after a person ended the connection in QuickBooks.

use crate::refresh::refresh;
use crate::services::AuthServices;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::Claimant;
use store::connection::grant::EVERY;

/// Verifies the grant of a company by refreshing its token, at most once an hour for each company.
///
/// A scheduled refresh notices an ended grant within an hour anyway. Any browser can send such a request, so only Intuit's answer changes the
/// record, and the caller learns nothing.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn verify_grant<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    realm_id: &str,
    claimant: Claimant<'_>,
) -> Result<(), StoreError> {
    if let Some(firm) = auth.store.company_owner(realm_id).await?
        && auth.store.claim_verification(&firm, claimant.now).await?
    {
        refresh(auth, &firm, EVERY, claimant).await?;
    }
    Ok(())
}
