//! Connects a firm to its own company again.

use crate::call_outcome::CallError;
use crate::callback::exchange::{ClaimedCompany, CompanySignIn};
use crate::callback::result::{CallbackResult, ConnectFailure};
use crate::callback::sign_in_error::{ExplainedFailure, SignInError};
use crate::establish::{EstablishEnd, establish};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::connection::grant::Grant;
use store::connection::new_connection::{CompanyBefore, NewConnection};

/// Exchanges the code and saves the new grant in the firm's connection.
pub(crate) async fn reconnect<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    code: &str,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<CallbackResult, SignInError> {
    let grant = sign_in.exchange(code, claimed).await?;
    let company = match sign_in.check_company(claimed.realm_id, &grant).await {
        Ok(company) => company,
        Err(error) => return Err(abandon(sign_in, grant, error, claimed).await?.into()),
    };
    if let Some(country) = company.unsupported_country() {
        give_up(sign_in, &grant, claimed).await?;
        return Err(ExplainedFailure::country(&company, country).into());
    }
    let established = NewConnection {
        company,
        grant,
        user: sign_in.attempt.user.clone(),
        before: CompanyBefore::Same,
    };
    let key = sign_in.company_key(claimed.realm_id);
    let store = &sign_in.services.store;
    match establish(store, key, &established, sign_in.claimant).await? {
        EstablishEnd::Connected => Ok(CallbackResult::Reconnected),
        EstablishEnd::CompanyChanged | EstablishEnd::ClaimEnded => {
            Err(ConnectFailure::TryAgain.into())
        }
    }
}

/// Gives up the new grant of a company that did not answer correctly. Returns the failure for the person.
async fn abandon<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    grant: Grant,
    error: CallError,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<ConnectFailure, StoreError> {
    if error.is_mismatch() {
        // The token is for another company than the browser named. A revocation would end that company's grant.
        return Ok(error.into());
    }
    let failure = ConnectFailure::from(error);
    if !claimed.serves_firm || failure == ConnectFailure::IntuitUnavailable {
        give_up(sign_in, &grant, claimed).await?;
    }
    Ok(failure)
}

/// Gives a new grant back to Intuit. If the company serves the firm, the new tokens have superseded the firm's own, so its connection
/// continues with them.
async fn give_up<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    grant: &Grant,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<(), StoreError> {
    if !claimed.serves_firm {
        sign_in.revoke(grant, claimed).await;
        return Ok(());
    }
    let key = sign_in.company_key(claimed.realm_id);
    sign_in.services.store.end_superseded(key, grant).await
}
