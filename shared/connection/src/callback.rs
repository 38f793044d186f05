//! Connecting, second half: Intuit's answer comes back with the browser.
//!
//! Nothing is stored before all of it holds: the state is ours, unused, young and of this browser; the
//! code was honoured; the company answers to the new token; it serves no other firm; and it is the
//! company that the firm had before, if it had one.

pub mod result;

use crate::callback::result::Failure;
pub use crate::callback::result::{CallbackParams, CallbackResult, ConnectFailure};
use crate::client::company_info;
use crate::token_endpoint;
use store::sign_in_attempt;

use crate::client::CompanyClient;
use crate::services::Services;
use crate::token_endpoint::TokenError;
use billing::FirmId;
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http};
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use std::cell::Cell;
use store::connection::Company;
use store::connection::company_claim::Claimed;
use store::connection::grant::Grant;
use store::connection::operations::Established;
use store::queue::WORK_LEASE;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
use store::sign_in_attempt::{SignInAttempt, SignInRefusal};

/// What a landing needs besides the bridge.
pub struct CallbackConfig<'a> {
    /// The redirect URI that the browser left with.
    pub redirect_uri: &'a str,
    /// Where a grant that is not kept is given back.
    pub revoke_origin: &'a str,
}

/// Takes Intuit's answer. `owner` names this landing in what it claims.
pub async fn land<H: Http, R: Records>(
    bridge: &Services<H, R>,
    runway: &CallbackConfig<'_>,
    arrival: &CallbackParams,
    (owner, now): (&str, Timestamp),
) -> Result<CallbackResult, StoreError> {
    let consent = match identify(bridge, arrival, now).await? {
        Ok(consent) => consent,
        Err(refusal) => return Ok(CallbackResult::Failed(refusal.into())),
    };
    let by = SignIn {
        bridge,
        runway,
        consent: &consent,
        owner,
        now,
        unanswered: Cell::new(false),
    };
    let failure = match by.follow(arrival).await? {
        Ok(landing) => return Ok(landing),
        Err(failure) => failure,
    };
    bridge
        .store
        .save_failed_attempt(&consent.firm, &failure.attempt(&consent.user, now))
        .await?;
    Ok(failure.landing())
}

async fn identify<H, R: Records>(
    bridge: &Services<H, R>,
    arrival: &CallbackParams,
    now: Timestamp,
) -> Result<Result<SignInAttempt, SignInRefusal>, StoreError> {
    let state = arrival.state.as_deref().unwrap_or_default();
    let Some(id) = sign_in_attempt::id_in_token(state) else {
        return Ok(Err(SignInRefusal::Unknown));
    };
    Ok(bridge
        .store
        .take_sign_in_attempt((id, state), arrival.browser.as_deref(), now)
        .await?)
}

/// An answer that belongs to a consent of ours.
struct SignIn<'a, H, R> {
    bridge: &'a Services<H, R>,
    runway: &'a CallbackConfig<'a>,
    consent: &'a SignInAttempt,
    owner: &'a str,
    now: Timestamp,
    /// A call that would end grants of the company had no answer, and may yet be carried out.
    unanswered: Cell<bool>,
}

/// A landing, or why there is none.
type Outcome = Result<CallbackResult, Failure>;

impl<H: Http, R: Records> SignIn<'_, H, R> {
    async fn follow(&self, arrival: &CallbackParams) -> Result<Outcome, StoreError> {
        let granted = match arrival.error.as_deref() {
            Some("access_denied") => Err(ConnectFailure::Declined),
            Some(_) => Err(ConnectFailure::IntuitError),
            None => arrival.granted(),
        };
        match granted {
            Ok(granted) => self.claim(granted).await,
            Err(why) => Ok(Err(why.into())),
        }
    }

    /// Whose the company is comes first, and nobody else is let at it meanwhile: exchanging a code ends earlier grants of its
    /// company, and revoking one ends them all, so neither may happen to a company that serves another firm.
    async fn claim(&self, (realm_id, code): (&str, String)) -> Result<Outcome, StoreError> {
        let store = &self.bridge.store;
        let by = (self.owner, self.now);
        let serves = match store
            .claim_company(realm_id, &self.consent.firm, by)
            .await?
        {
            Claimed::Ours { serves } => serves,
            Claimed::Another => return Ok(Err(ConnectFailure::CompanyTaken.into())),
            Claimed::InUse => return Ok(Err(ConnectFailure::TryAgain.into())),
        };
        let outcome = self.settle((realm_id, code), serves).await;
        // The company is kept if it is the firm's: from before, or from now on, or perhaps.
        let free = matches!(&outcome, Ok(Err(_))) && !serves;
        // Nobody is let at it while a call may yet end its grants: the claim lasts longer than that.
        if !self.unanswered.get() {
            store.release_company(realm_id, (self.owner, free)).await?;
        }
        outcome
    }

    async fn settle(
        &self,
        (realm_id, code): (&str, String),
        serves: bool,
    ) -> Result<Outcome, StoreError> {
        let store = &self.bridge.store;
        let (company, grant) = match self.obtain((realm_id, code)).await {
            Ok(obtained) => obtained,
            Err((why, Some(grant))) if serves => {
                // The tokens that the firm has were superseded by these.
                if why == ConnectFailure::IntuitUnavailable {
                    let firm = &self.consent.firm;
                    store.end_superseded(firm, realm_id, &grant).await?;
                }
                return Ok(Err(why.into()));
            }
            Err((why, grant)) => {
                self.give_back(grant.as_ref()).await;
                return Ok(Err(why.into()));
            }
        };
        let before = store.connection(&self.consent.firm).await?.company;
        if let Some(before) = before.as_ref().filter(|c| c.realm_id != realm_id) {
            self.give_back(Some(&grant).filter(|_| !serves)).await;
            return Ok(Err(Failure::other_company(before, &company)));
        }
        let firm = &self.consent.firm;
        if !store.bind_company(realm_id, firm, self.owner).await? {
            return Ok(Err(ConnectFailure::TryAgain.into()));
        }
        self.connect(company, grant, before.is_some()).await
    }

    /// Exchanges the code and has the company answer to the new token.
    async fn obtain(
        &self,
        (realm_id, code): (&str, String),
    ) -> Result<(Company, Grant), (ConnectFailure, Option<Grant>)> {
        let (bridge, uri) = (self.bridge, self.runway.redirect_uri);
        let exchanged = token_endpoint::exchange(&bridge.grants(), (code, uri), self.now).await;
        let grant = exchanged.map_err(|why| (self.without_tokens(why), None))?;
        let calls = CompanyClient {
            http: &bridge.http,
            api_origin: &bridge.api_origin,
            realm_id: realm_id.to_owned(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            patience: CallTimeout::USUAL,
        };
        match company_info::check(&calls, self.now).await {
            Ok(company) => Ok((company, grant)),
            // The token is for another company than the browser said. Revoking it would end that one's grant.
            Err(why) if why.is_mismatch() => Err((why.into(), None)),
            Err(why) => Err((why.into(), Some(grant))),
        }
    }

    /// A grant that is not kept is ended; if that fails, it ends by itself, since nobody holds it.
    async fn give_back(&self, grant: Option<&Grant>) {
        if let Some(grant) = grant {
            let origin = self.runway.revoke_origin;
            let told =
                token_endpoint::revoke(&self.bridge.grants(), origin, &grant.refresh_token).await;
            let _ = told.map_err(|why| self.without_tokens(why));
        }
    }

    fn without_tokens(&self, why: TokenError) -> ConnectFailure {
        if matches!(why, TokenError::Unknown(_)) {
            self.unanswered.set(true);
        }
        why.into()
    }

    /// The hint comes first, so that no crash leaves a grant that nobody keeps warm.
    async fn connect(
        &self,
        company: Company,
        grant: Grant,
        again: bool,
    ) -> Result<Outcome, StoreError> {
        let (store, firm) = (&self.bridge.store, &self.consent.firm);
        let due_at = grant.due_at();
        let established = Established {
            company,
            grant,
            user: self.consent.user.clone(),
        };
        store
            .reschedule(firm, ScheduledJob::Connection, due_at)
            .await?;
        // Should we die before what waits for the connection is released, a run does it; and one looks at the company from now on.
        let at = after(self.now, WORK_LEASE);
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
        let connection = match store.establish(firm, &established, self.now).await? {
            Ok(connection) => connection,
            Err(other) => {
                // Another tab was faster, with another company.
                self.give_back(Some(&established.grant)).await;
                store
                    .schedule_by(firm, ScheduledJob::Connection, self.now)
                    .await?;
                return Ok(Err(Failure::other_company(&other, &established.company)));
            }
        };
        let visit_at = connection.next_due_at().unwrap_or(due_at);
        store
            .schedule_by(firm, ScheduledJob::Connection, visit_at)
            .await?;
        resume(self.bridge, firm, self.now).await?;
        Ok(Ok(if again {
            CallbackResult::Reconnected
        } else {
            CallbackResult::Connected
        }))
    }
}

/// What waited for the connection goes on with the next scheduled run, and what waited for books that may be open by now.
async fn resume<H, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let cured =
        |hold: &HoldReason| matches!(hold, HoldReason::NotConnected | HoldReason::BooksClosed(_));
    let desk = bridge.store.release_holds(firm, cured).await?;
    match desk.next_work_at() {
        Some(at) => Ok(bridge
            .store
            .schedule_by(firm, ScheduledJob::Work, at.max(now))
            .await?),
        None => Ok(()),
    }
}
