//! Connects a firm to a new company, after the person who asked for the link confirmed it.
//!
//! A person may be tricked into opening somebody else's link and signing in at Intuit. Such a sign-in ends here: the confirmation is in that
//! person's browser, and only the session that asked for the link may use it. So a company that is new to a firm is bound in this module and
//! nowhere else.

// Top first: a module uses only modules below it.
mod claimed_sign_in;
mod repetition;
mod confirmation;
mod refusal;

pub use crate::confirm::confirmation::{ConfirmResult, Confirmation};
pub use crate::confirm::refusal::ConfirmRefusal;
pub use crate::confirm::repetition::is_repeated;

use crate::confirm::claimed_sign_in::ClaimedSignIn;
use crate::give_back::GiveBack;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::CompanyKey;
use store::connection::company_claim::CompanyClaimResult;
use store::sign_in_attempt::id_in_token;
use store::unconfirmed_sign_in::UnconfirmedSignIn;

/// Connects the firm to the company of a sign-in, once.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written. The person may confirm again.
pub async fn confirm<H: Http, R: Records>(
    give_back: &GiveBack<'_, H, R>,
    confirmation: &Confirmation<'_>,
) -> Result<ConfirmResult, StoreError> {
    let (store, claimant) = (give_back.auth.store, give_back.claimant);
    let Some(id) = id_in_token(confirmation.value) else {
        return Ok(ConfirmResult::Refused(ConfirmRefusal::Unknown));
    };
    let Some(sign_in) = store.unconfirmed_sign_in(id).await? else {
        return Ok(ConfirmResult::Refused(ConfirmRefusal::Unknown));
    };
    let Confirmation { value, session } = *confirmation;
    if let Err(refusal) = sign_in.check(value, session, claimant.now) {
        return refuse(give_back, &sign_in, refusal.into()).await;
    }
    let Some(held) = &sign_in.held else {
        return Ok(ConfirmResult::Refused(ConfirmRefusal::Used));
    };
    let (firm, realm_id) = (&sign_in.firm, held.realm_id.as_str());
    let key = CompanyKey { firm, realm_id };
    match store.claim_company(key, claimant).await? {
        CompanyClaimResult::InUse => Ok(ConfirmResult::Refused(ConfirmRefusal::TryAgain)),
        CompanyClaimResult::Another => {
            refuse(give_back, &sign_in, ConfirmRefusal::CompanyTaken).await
        }
        CompanyClaimResult::Ours { latest_sign_in, .. } => {
            let claimed = ClaimedSignIn {
                give_back,
                confirmation,
                key,
                latest_sign_in,
            };
            claimed.connect(id).await
        }
    }
}

/// Answers a refusal. Gives the grant back at once if nobody may confirm it any more.
async fn refuse<H: Http, R: Records>(
    give_back: &GiveBack<'_, H, R>,
    sign_in: &UnconfirmedSignIn,
    refusal: ConfirmRefusal,
) -> Result<ConfirmResult, StoreError> {
    let store = give_back.auth.store;
    let is_open = sign_in.held.is_some();
    if refusal.ends_sign_in()
        && let Some(sign_in) = store.refuse_sign_in(&sign_in.id).await?
    {
        // The schedule tries again what fails here.
        let _ = give_back.give_back(&sign_in).await;
    }
    let attempt = refusal.failed_attempt(&sign_in.user, give_back.claimant.now);
    if let Some(attempt) = attempt.filter(|_| is_open) {
        store.save_failed_attempt(&sign_in.firm, &attempt).await?;
    }
    Ok(ConfirmResult::Refused(refusal))
}
