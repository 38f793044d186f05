//! Connects the firm of a sign-in while the request holds the claim of the company.
//!
//! The tokens stay in the record of the sign-in until the connection has them. After a crash in between, the schedule finds the company
//! connected and only erases them.

use crate::confirm::confirmation::{ConfirmResult, Confirmation};
use crate::confirm::refusal::ConfirmRefusal;
use crate::establish::{EstablishEnd, establish};
use crate::give_back::{GiveBack, GiveBackEnd, RefusedSignIn};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::CompanyKey;
use store::connection::company_claim::CompanyBinding;
use store::connection::new_connection::{CompanyBefore, NewConnection};
use store::unconfirmed_sign_in::UnconfirmedSignIn;

/// A sign-in whose company is claimed.
pub(super) struct ClaimedSignIn<'a, H, R> {
    pub(super) give_back: &'a GiveBack<'a, H, R>,
    pub(super) confirmation: &'a Confirmation<'a>,
    pub(super) key: CompanyKey<'a>,
    /// The attempt that last began to exchange a code of the company.
    pub(super) latest_sign_in: Option<String>,
}

impl<H: Http, R: Records> ClaimedSignIn<'_, H, R> {
    /// Connects the firm, if the sign-in still waits for the confirmation. Releases the claim.
    pub(super) async fn connect(&self, id: &str) -> Result<ConfirmResult, StoreError> {
        let store = self.give_back.auth.store;
        // Another request may have confirmed or refused before the claim.
        let Some(sign_in) = store.unconfirmed_sign_in(id).await? else {
            return self.end(ConfirmRefusal::Unknown.into()).await;
        };
        let Confirmation { value, session } = *self.confirmation;
        if let Err(refusal) = sign_in.check(value, session, self.give_back.claimant.now) {
            return self.end(ConfirmRefusal::from(refusal).into()).await;
        }
        let before = store.connection(self.key.firm).await?;
        if before.is_company(self.key.realm_id) {
            // An earlier request connected the firm and crashed before it finished the sign-in.
            store.finish_sign_in(id).await?;
            return self.end(ConfirmRefusal::Used.into()).await;
        }
        if before.company.is_some() {
            return self.refuse(&sign_in, ConfirmRefusal::OtherCompany).await;
        }
        if self.latest_sign_in.as_deref() != Some(id) {
            return self.refuse(&sign_in, ConfirmRefusal::Superseded).await;
        }
        self.establish(&sign_in).await
    }

    async fn establish(&self, sign_in: &UnconfirmedSignIn) -> Result<ConfirmResult, StoreError> {
        let (store, claimant) = (self.give_back.auth.store, self.give_back.claimant);
        let Some(established) = new_connection(sign_in) else {
            return self.end(ConfirmRefusal::Used.into()).await;
        };
        let result = match establish(store, self.key, &established, claimant).await? {
            EstablishEnd::Connected => {
                store.finish_sign_in(&sign_in.id).await?;
                ConfirmResult::Connected
            }
            EstablishEnd::CompanyChanged => {
                return self.refuse(sign_in, ConfirmRefusal::OtherCompany).await;
            }
            EstablishEnd::ClaimEnded => ConfirmRefusal::TryAgain.into(),
        };
        self.end(result).await
    }

    /// Refuses the sign-in for good and gives its grant back.
    async fn refuse(
        &self,
        sign_in: &UnconfirmedSignIn,
        refusal: ConfirmRefusal,
    ) -> Result<ConfirmResult, StoreError> {
        let (store, claimant) = (self.give_back.auth.store, self.give_back.claimant);
        store.refuse_sign_in(&sign_in.id).await?;
        let refused = RefusedSignIn {
            sign_in,
            latest_sign_in: self.latest_sign_in.as_deref(),
        };
        let end = self.give_back.give_back_under_claim(refused).await?;
        if let Some(attempt) = refusal.failed_attempt(&sign_in.user, claimant.now) {
            store.save_failed_attempt(&sign_in.firm, &attempt).await?;
        }
        if end != GiveBackEnd::NoAnswer {
            // A confirmation that crashed may have bound the company to a firm without it.
            let realm_id = self.key.realm_id;
            store
                .release_company(realm_id, claimant.owner, CompanyBinding::Remove)
                .await?;
        }
        Ok(refusal.into())
    }

    /// Releases the claim and returns the result.
    async fn end(&self, result: ConfirmResult) -> Result<ConfirmResult, StoreError> {
        let (store, owner) = (self.give_back.auth.store, self.give_back.claimant.owner);
        store
            .release_company(self.key.realm_id, owner, CompanyBinding::Keep)
            .await?;
        Ok(result)
    }
}

fn new_connection(sign_in: &UnconfirmedSignIn) -> Option<NewConnection> {
    let held = sign_in.held.as_ref()?;
    Some(NewConnection {
        company: held.company.clone()?,
        grant: held.grant.clone(),
        user: sign_in.user.clone(),
        before: CompanyBefore::None,
    })
}
