//! Exchanges the code of a sign-in under the claim of the company, and asks the company for its facts.

use crate::call_outcome::CallError;
use crate::callback::config::CallbackConfig;
use crate::callback::result::ConnectFailure;
use crate::client::api::CompanyApi;
use crate::client::company_info;
use crate::give_back::GiveBack;
use crate::services::{AuthServices, Services};
use crate::token_endpoint::{self, TokenError};
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http};
use ports::records::Records;
use store::connection::Company;
use store::connection::grant::Grant;
use store::sign_in_attempt::SignInAttempt;
use store::{Claimant, CompanyKey};

/// A sign-in whose callback has been checked.
pub(crate) struct CompanySignIn<'a, H, R> {
    pub(crate) services: &'a Services<H, R>,
    pub(crate) config: &'a CallbackConfig<'a>,
    pub(crate) attempt: &'a SignInAttempt,
    pub(crate) claimant: Claimant<'a>,
}

/// The company of a sign-in, while the sign-in holds its claim.
pub(crate) struct ClaimedCompany<'a> {
    pub(crate) realm_id: &'a str,
    /// The company served this firm before.
    pub(crate) serves_firm: bool,
    /// The claim must not be released but last until it expires: a call that ends grants of the company had no answer, and
    /// Intuit may yet carry it out.
    pub(crate) must_expire: bool,
}

impl<H: Http, R: Records> CompanySignIn<'_, H, R> {
    pub(crate) fn company_key<'k>(&'k self, realm_id: &'k str) -> CompanyKey<'k> {
        CompanyKey {
            firm: &self.attempt.firm,
            realm_id,
        }
    }

    /// Exchanges the code for the first generation of a grant.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        claimed: &mut ClaimedCompany<'_>,
    ) -> Result<Grant, ConnectFailure> {
        let (auth, uri) = (self.services.auth(), self.config.redirect_uri);
        let exchanged = token_endpoint::exchange(&auth, code, uri, self.claimant.now).await;
        exchanged.map_err(|error| {
            claimed.must_expire |= matches!(error, TokenError::NoAnswer(_));
            error.into()
        })
    }

    /// Returns the company, if it answers to the new token.
    pub(crate) async fn check_company(
        &self,
        realm_id: &str,
        grant: &Grant,
    ) -> Result<Company, CallError> {
        let api = CompanyApi {
            http: &self.services.http,
            api_origin: &self.services.api_origin,
            realm_id: realm_id.to_owned(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            timeout: CallTimeout::USUAL,
        };
        company_info::check(&api, self.claimant.now).await
    }

    /// Revokes a grant that no record has. A failure is ignored: an unused grant expires by itself.
    pub(crate) async fn revoke(&self, grant: &Grant, claimed: &mut ClaimedCompany<'_>) {
        let (auth, origin) = (self.services.auth(), self.config.revoke_origin);
        let revoked = token_endpoint::revoke(&auth, origin, &grant.refresh_token).await;
        claimed.must_expire |= matches!(revoked, Err(TokenError::NoAnswer(_)));
    }

    /// Returns the means to give the grant of this sign-in back.
    pub(crate) fn give_back<'g>(&'g self, auth: &'g AuthServices<'g, H, R>) -> GiveBack<'g, H, R> {
        GiveBack {
            auth,
            revoke_origin: self.config.revoke_origin,
            claimant: self.claimant,
        }
    }
}
