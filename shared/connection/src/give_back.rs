//! Gives the grant of a sign-in back to Intuit that nobody confirmed or that was refused.
//!
//! A revocation ends all grants of a company. So it happens under the claim of the company, and not at all if the company serves a firm, or
//! if a later sign-in replaced the grant and still holds its own.

use crate::firm_connection::FirmConnection;
use crate::services::AuthServices;
use crate::token_endpoint::{self, TokenError};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::company_claim::{CompanyBinding, CompanyClaimResult};
use store::connection::{Connection, PendingSignIn};
use store::unconfirmed_sign_in::{HeldGrant, UnconfirmedSignIn};
use store::{Claimant, CompanyKey};

/// The pause between two attempts to give a grant back.
const RETRY_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// The means to give grants back.
pub struct GiveBack<'a, H, R> {
    /// The network, the store and the app.
    pub auth: &'a AuthServices<'a, H, R>,
    /// Origin of Intuit's revocation endpoint.
    pub revoke_origin: &'a str,
    /// The claimant of the company.
    pub claimant: Claimant<'a>,
}

/// The end of an attempt to give a grant back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveBackEnd {
    /// The grant has ended, and no record has its tokens.
    Over,
    /// Intuit gave no answer and may carry the revocation out later. The claim must stay until it expires.
    NoAnswer,
    /// The grant is still there. The schedule tries again.
    Later,
}

/// A sign-in that must not be confirmed, under the claim of its company.
pub(crate) struct RefusedSignIn<'a> {
    pub(crate) sign_in: &'a UnconfirmedSignIn,
    /// The attempt that last began to exchange a code of the company.
    pub(crate) latest_sign_in: Option<&'a str>,
}

impl<H: Http, R: Records> GiveBack<'_, H, R> {
    /// Gives back the grants of a firm's sign-ins whose time is over. Returns the connection afterwards.
    ///
    /// # Errors
    /// [`StoreError`] if the connection's record could not be written.
    pub async fn give_back_overdue(
        &self,
        FirmConnection { firm, connection }: FirmConnection<'_>,
    ) -> Result<Connection, StoreError> {
        let now = self.claimant.now;
        let pending = FirmConnection { firm, connection };
        self.give_back_where(pending, |pending| pending.due_at <= now)
            .await
    }

    /// Gives back the grants of all sign-ins of a firm that nobody confirmed. Returns the connection afterwards.
    ///
    /// # Errors
    /// [`StoreError`] if the connection's record could not be written.
    pub async fn give_back_all(
        &self,
        pending: FirmConnection<'_>,
    ) -> Result<Connection, StoreError> {
        self.give_back_where(pending, |_| true).await
    }

    async fn give_back_where(
        &self,
        FirmConnection { firm, connection }: FirmConnection<'_>,
        is_chosen: impl Fn(&PendingSignIn) -> bool,
    ) -> Result<Connection, StoreError> {
        let mut latest = connection.clone();
        for pending in connection.pending_sign_ins.into_iter().filter(is_chosen) {
            let retry_at = self.give_back_pending(&pending).await;
            latest = self
                .auth
                .store
                .save_pending_sign_in(firm, &pending.id, retry_at)
                .await?;
        }
        Ok(latest)
    }

    /// Gives back the grant of one sign-in. Returns the time of the next attempt, if one is needed. A record that cannot be read counts as
    /// one to try again, so that it keeps no other work from its turn.
    async fn give_back_pending(&self, pending: &PendingSignIn) -> Option<Timestamp> {
        let (store, now) = (self.auth.store, self.claimant.now);
        let end = match store.refuse_sign_in(&pending.id).await {
            _ if pending.is_abandoned(now) => store
                .erase_held_grant(&pending.id)
                .await
                .map(|()| GiveBackEnd::Over),
            Ok(Some(sign_in)) => self.give_back(&sign_in).await,
            Ok(None) => Ok(GiveBackEnd::Over),
            Err(error) => Err(error),
        };
        let is_over = end == Ok(GiveBackEnd::Over) || pending.is_abandoned(now);
        (!is_over).then(|| after(now, RETRY_PAUSE))
    }

    /// Gives back the grant of a refused sign-in.
    ///
    /// # Errors
    /// [`StoreError`] if a record could not be read or written.
    pub async fn give_back(&self, sign_in: &UnconfirmedSignIn) -> Result<GiveBackEnd, StoreError> {
        let store = self.auth.store;
        let Some(held) = &sign_in.held else {
            return Ok(GiveBackEnd::Over);
        };
        let realm_id = held.realm_id.as_str();
        let firm = &sign_in.firm;
        let key = CompanyKey { firm, realm_id };
        let claimed = store.claim_company(key, self.claimant).await?;
        let latest = match &claimed {
            CompanyClaimResult::InUse => return Ok(GiveBackEnd::Later),
            // The grant of the other firm has replaced this one.
            CompanyClaimResult::Another => {
                store.erase_held_grant(&sign_in.id).await?;
                return Ok(GiveBackEnd::Over);
            }
            CompanyClaimResult::Ours { latest_sign_in, .. } => latest_sign_in.as_deref(),
        };
        let refused = RefusedSignIn {
            sign_in,
            latest_sign_in: latest,
        };
        let end = self.give_back_under_claim(refused).await?;
        if end != GiveBackEnd::NoAnswer {
            let binding = self.binding(firm, realm_id).await?;
            store
                .release_company(realm_id, self.claimant.owner, binding)
                .await?;
        }
        Ok(end)
    }

    /// Gives back the grant of a refused sign-in whose company is claimed.
    pub(crate) async fn give_back_under_claim(
        &self,
        refused: RefusedSignIn<'_>,
    ) -> Result<GiveBackEnd, StoreError> {
        let (store, sign_in) = (self.auth.store, refused.sign_in);
        let Some(held) = &sign_in.held else {
            return Ok(GiveBackEnd::Over);
        };
        let end = match self.is_replaced(&refused, &held.realm_id).await? {
            true => Ok(()),
            false => self.revoke(held).await,
        };
        match end {
            Ok(()) => {
                store.erase_held_grant(&sign_in.id).await?;
                Ok(GiveBackEnd::Over)
            }
            Err(TokenError::NoAnswer(_)) => Ok(GiveBackEnd::NoAnswer),
            Err(_) => Ok(GiveBackEnd::Later),
        }
    }

    async fn revoke(&self, held: &HeldGrant) -> Result<(), TokenError> {
        let token = &held.grant.refresh_token;
        token_endpoint::revoke(self.auth, self.revoke_origin, token).await
    }

    /// Returns whether a grant that is in use, or that is given back on its own, has replaced the grant.
    async fn is_replaced(
        &self,
        refused: &RefusedSignIn<'_>,
        realm_id: &str,
    ) -> Result<bool, StoreError> {
        let (store, sign_in) = (self.auth.store, refused.sign_in);
        if store.connection(&sign_in.firm).await?.has_company(realm_id) {
            return Ok(true);
        }
        let latest = refused.latest_sign_in.filter(|id| *id != sign_in.id);
        let Some(latest) = latest else {
            return Ok(false);
        };
        let latest = store.unconfirmed_sign_in(latest).await?;
        Ok(latest.is_some_and(|latest| latest.held.is_some()))
    }

    /// Returns the binding of the company after the claim. A confirmation that crashed leaves a company bound to a firm without it.
    async fn binding(&self, firm: &FirmId, realm_id: &str) -> Result<CompanyBinding, StoreError> {
        let connection = self.auth.store.connection(firm).await?;
        Ok(match connection.has_company(realm_id) {
            true => CompanyBinding::Keep,
            false => CompanyBinding::Remove,
        })
    }
}
