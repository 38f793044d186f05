//! Operations on sign-ins to a new company.

use crate::Store;
use crate::connection::Company;
use crate::unconfirmed_sign_in::{Phase, UnconfirmedSignIn};
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Saves a sign-in to a new company. Its id is random, so no other request writes the record at the same time.
    pub async fn save_unconfirmed_sign_in(
        &self,
        sign_in: &UnconfirmedSignIn,
    ) -> Result<(), StoreError> {
        self.records.save(&sign_in.id, sign_in).await
    }

    /// Loads the sign-in with this id.
    pub async fn unconfirmed_sign_in(
        &self,
        id: &str,
    ) -> Result<Option<UnconfirmedSignIn>, StoreError> {
        self.records.load(id).await
    }

    /// Offers the company of a sign-in to its person. Returns `false` if the sign-in was refused meanwhile.
    pub async fn offer_company(&self, id: &str, company: &Company) -> Result<bool, StoreError> {
        let mut is_offered = false;
        let offer = &mut |sign_in: &mut UnconfirmedSignIn| {
            let is_open = sign_in.phase == Phase::Exchanged;
            let held = sign_in.held.as_mut().filter(|_| is_open);
            is_offered = held.is_some();
            if let Some(held) = held {
                held.company = Some(company.clone());
                sign_in.phase = Phase::Offered;
            }
            is_offered
        };
        self.update(id, offer).await?;
        Ok(is_offered)
    }

    /// Makes sure that nobody confirms a sign-in any more. Its grant stays in the record until Intuit has it back.
    pub async fn refuse_sign_in(&self, id: &str) -> Result<Option<UnconfirmedSignIn>, StoreError> {
        let refuse = &mut |sign_in: &mut UnconfirmedSignIn| {
            let is_open = matches!(sign_in.phase, Phase::Exchanged | Phase::Offered);
            if is_open {
                sign_in.phase = Phase::Refused;
            }
            is_open
        };
        self.update(id, refuse).await
    }

    /// Records that the firm is connected by this sign-in. The connection has the tokens, so the record gives them up.
    pub async fn finish_sign_in(&self, id: &str) -> Result<(), StoreError> {
        let finish = &mut |sign_in: &mut UnconfirmedSignIn| {
            sign_in.phase = Phase::Confirmed;
            sign_in.held.take().is_some()
        };
        self.update(id, finish).await.map(drop)
    }

    /// Erases the grant of a refused sign-in: Intuit has it back, or it ended in another way.
    pub async fn erase_held_grant(&self, id: &str) -> Result<(), StoreError> {
        let erase = &mut |sign_in: &mut UnconfirmedSignIn| sign_in.held.take().is_some();
        self.update(id, erase).await.map(drop)
    }
}
