//! Completes a sign-in under the claim of its company: connects the firm's own company again, or offers a new one.

use crate::callback::exchange::{ClaimedCompany, CompanySignIn};
use crate::callback::offer::offer;
use crate::callback::params::AuthorizationCode;
use crate::callback::reconnect::reconnect;
use crate::callback::result::{CallbackResult, ConnectFailure};
use crate::callback::sign_in_error::SignInError;
use ports::http::Http;
use ports::records::Records;
use store::connection::company_claim::{CompanyBinding, CompanyClaimResult};

/// Completes a sign-in under the claim of the company.
///
/// The claim comes first. An exchanged code ends earlier grants of its company, and a revoked token ends all of them. Neither may
/// happen to a company that serves another firm.
pub(crate) async fn complete<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    code: &AuthorizationCode<'_>,
) -> Result<CallbackResult, SignInError> {
    let (store, realm_id) = (&sign_in.services.store, code.realm_id);
    let (key, claimant) = (sign_in.company_key(realm_id), sign_in.claimant);
    let claimed = store
        .claim_company_for_sign_in(key, claimant, &sign_in.attempt.id)
        .await?;
    let serves_firm = match claimed {
        CompanyClaimResult::Ours { is_bound, .. } => is_bound,
        CompanyClaimResult::Another => return Err(ConnectFailure::CompanyTaken.into()),
        CompanyClaimResult::InUse => return Err(ConnectFailure::TryAgain.into()),
    };
    let mut company = ClaimedCompany {
        realm_id,
        serves_firm,
        must_expire: false,
    };
    let result = exchange(sign_in, code.code, &mut company).await;
    // After a store failure the company may be bound, so it is not freed.
    let binding = match result {
        Err(SignInError::Failed(_)) if !serves_firm => CompanyBinding::Remove,
        _ => CompanyBinding::Keep,
    };
    if !company.must_expire {
        let owner = claimant.owner;
        store.release_company(realm_id, owner, binding).await?;
    }
    result
}

async fn exchange<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    code: &str,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<CallbackResult, SignInError> {
    let store = &sign_in.services.store;
    let before = store.connection(&sign_in.attempt.firm).await?;
    if before.is_company(claimed.realm_id) {
        reconnect(sign_in, code, claimed).await
    } else {
        offer(sign_in, code, before.company.as_ref(), claimed).await
    }
}
