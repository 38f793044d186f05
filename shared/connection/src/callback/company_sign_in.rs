//! Exchanges the code under the claim of the company, checks the company and connects the firm.

use crate::call_outcome::CallError;
use crate::callback::config::CallbackConfig;
use crate::callback::params::AuthorizationCode;
use crate::callback::result::{CallbackResult, ConnectFailure};
use crate::callback::sign_in_error::{ExplainedFailure, SignInError};
use crate::client::api::CompanyApi;
use crate::client::company_info;
use crate::services::Services;
use crate::token_endpoint::{self, TokenError};
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http};
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::Company;
use store::connection::company_claim::{CompanyBinding, CompanyClaimResult};
use store::connection::grant::Grant;
use store::connection::operations::{EstablishResult, NewConnection};
use store::queue::WORK_LEASE;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
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
struct ClaimedCompany<'a> {
    realm_id: &'a str,
    /// The company served this firm before.
    serves_firm: bool,
    /// The claim must not be released but last until it expires: a call that ends grants of the company had no answer, and
    /// Intuit may yet carry it out.
    must_expire: bool,
}

impl<H: Http, R: Records> CompanySignIn<'_, H, R> {
    /// Connects the firm to the company under the claim of the company.
    ///
    /// The claim comes first. An exchanged code ends earlier grants of its company, and a revoked token ends all of them. Neither may
    /// happen to a company that serves another firm.
    pub(crate) async fn run(
        &self,
        code: &AuthorizationCode<'_>,
    ) -> Result<CallbackResult, SignInError> {
        let (store, realm_id) = (&self.services.store, code.realm_id);
        let key = self.company_key(realm_id);
        let claimed = store.claim_company(key, self.claimant).await?;
        let serves_firm = match claimed {
            CompanyClaimResult::Ours { is_bound } => is_bound,
            CompanyClaimResult::Another => return Err(ConnectFailure::CompanyTaken.into()),
            CompanyClaimResult::InUse => return Err(ConnectFailure::TryAgain.into()),
        };
        let mut company = ClaimedCompany {
            realm_id,
            serves_firm,
            must_expire: false,
        };
        let result = self.exchange_and_bind(code.code, &mut company).await;
        // After a store failure the company may be bound, so it is not freed.
        let binding = match result {
            Err(SignInError::Failed(_)) if !serves_firm => CompanyBinding::Remove,
            _ => CompanyBinding::Keep,
        };
        if !company.must_expire {
            let owner = self.claimant.owner;
            store.release_company(realm_id, owner, binding).await?;
        }
        result
    }

    fn company_key<'k>(&'k self, realm_id: &'k str) -> CompanyKey<'k> {
        CompanyKey {
            firm: &self.attempt.firm,
            realm_id,
        }
    }

    async fn exchange_and_bind(
        &self,
        code: &str,
        claimed: &mut ClaimedCompany<'_>,
    ) -> Result<CallbackResult, SignInError> {
        let (store, firm) = (&self.services.store, &self.attempt.firm);
        let grant = self.exchange(code, claimed).await?;
        let company = match self.check_company(claimed.realm_id, &grant).await {
            Ok(company) => company,
            Err(error) => return Err(self.abandon(grant, error, claimed).await?.into()),
        };
        let before = store.connection(firm).await?.company;
        let is_other = |before: &&Company| before.realm_id != claimed.realm_id;
        if let Some(before) = before.as_ref().filter(is_other) {
            if !claimed.serves_firm {
                self.revoke(&grant, claimed).await;
            }
            return Err(ExplainedFailure::other_company(before, &company).into());
        }
        if let Some(country) = company.unsupported_country() {
            self.give_up(&grant, claimed).await?;
            return Err(ExplainedFailure::country(&company, country).into());
        }
        let key = self.company_key(claimed.realm_id);
        if !store.bind_company(key, self.claimant.owner).await? {
            return Err(ConnectFailure::TryAgain.into());
        }
        let established = NewConnection {
            company,
            grant,
            user: self.attempt.user.clone(),
        };
        self.connect(established, claimed).await?;
        Ok(match before {
            Some(_) => CallbackResult::Reconnected,
            None => CallbackResult::Connected,
        })
    }

    async fn exchange(
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
    async fn check_company(&self, realm_id: &str, grant: &Grant) -> Result<Company, CallError> {
        let api = CompanyApi {
            http: &self.services.http,
            api_origin: &self.services.api_origin,
            realm_id: realm_id.to_owned(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            timeout: CallTimeout::USUAL,
        };
        company_info::check(&api, self.claimant.now).await
    }

    /// Gives up the new grant of a company that did not answer correctly. Returns the failure for the person.
    async fn abandon(
        &self,
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
            self.give_up(&grant, claimed).await?;
        }
        Ok(failure)
    }

    /// Gives a new grant back to Intuit. If the company serves the firm, the new tokens have superseded the firm's own, so its connection
    /// continues with them.
    async fn give_up(
        &self,
        grant: &Grant,
        claimed: &mut ClaimedCompany<'_>,
    ) -> Result<(), StoreError> {
        if !claimed.serves_firm {
            self.revoke(grant, claimed).await;
            return Ok(());
        }
        let key = self.company_key(claimed.realm_id);
        self.services.store.end_superseded(key, grant).await
    }

    /// Revokes a grant that is not stored. A failure is ignored: an unused grant expires by itself.
    async fn revoke(&self, grant: &Grant, claimed: &mut ClaimedCompany<'_>) {
        let (auth, origin) = (self.services.auth(), self.config.revoke_origin);
        let revoked = token_endpoint::revoke(&auth, origin, &grant.refresh_token).await;
        claimed.must_expire |= matches!(revoked, Err(TokenError::NoAnswer(_)));
    }

    /// Saves the connection, and schedules its refreshes and the documents that waited for it.
    async fn connect(
        &self,
        established: NewConnection,
        claimed: &mut ClaimedCompany<'_>,
    ) -> Result<(), SignInError> {
        let (store, firm) = (&self.services.store, &self.attempt.firm);
        let now = self.claimant.now;
        let due_at = established.grant.due_at();
        // The two hints come first, so that after a crash a run refreshes the grant, releases the documents and scans the company.
        store
            .reschedule(firm, ScheduledJob::Connection, due_at)
            .await?;
        let work_at = after(now, WORK_LEASE);
        store.schedule_by(firm, ScheduledJob::Work, work_at).await?;
        let connection = match store.establish(firm, &established, now).await? {
            EstablishResult::Established(connection) => connection,
            EstablishResult::OtherCompany(other) => {
                // A sign-in in another tab was faster and chose another company.
                self.revoke(&established.grant, claimed).await;
                store
                    .schedule_by(firm, ScheduledJob::Connection, now)
                    .await?;
                let chosen = &established.company;
                return Err(ExplainedFailure::other_company(&other, chosen).into());
            }
        };
        let visit_at = connection.next_due_at().unwrap_or(due_at);
        store
            .schedule_by(firm, ScheduledJob::Connection, visit_at)
            .await?;
        Ok(self.release_documents(now).await?)
    }

    /// Releases the documents that waited for the connection, or for books that may be open by now.
    async fn release_documents(&self, now: Timestamp) -> Result<(), StoreError> {
        let (store, firm) = (&self.services.store, &self.attempt.firm);
        let is_released = |hold: &HoldReason| {
            matches!(
                hold,
                HoldReason::NotConnected
                    | HoldReason::CountryNotSupported(_)
                    | HoldReason::BooksClosed(_)
            )
        };
        let queue = store
            .release_after_connection(firm, is_released, now)
            .await?;
        if let Some(at) = queue.next_work_at() {
            let work_at = at.max(now);
            store.schedule_by(firm, ScheduledJob::Work, work_at).await?;
        }
        Ok(())
    }
}
