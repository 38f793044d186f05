//! Offers a company that is new to the firm to the person who asked for the link.
//!
//! Nothing of the company is bound to the firm here. The tokens lie in the record of the unconfirmed sign-in, which the schedule knows of
//! before the code is exchanged.

use crate::callback::exchange::{ClaimedCompany, CompanySignIn};
use crate::callback::result::{CallbackResult, ConnectFailure};
use crate::callback::sign_in_error::{ExplainedFailure, SignInError};
use crate::give_back::{GiveBackEnd, RefusedSignIn};
use jiff::SignedDuration;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::{Company, PendingSignIn};
use store::schedule::ScheduledJob;
use store::sign_in_attempt::LIFETIME;
use store::unconfirmed_sign_in::{HeldGrant, UnconfirmedSignIn};

/// The time between the end of a confirmation's life and the look of the schedule.
const AFTER_EXPIRY: SignedDuration = SignedDuration::from_secs(1);

/// Exchanges the code, checks the company, and returns the confirmation for the person. A company that is refused is given back at once.
pub(crate) async fn offer<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    code: &str,
    before: Option<&Company>,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<CallbackResult, SignInError> {
    schedule_give_back(sign_in).await?;
    let grant = sign_in.exchange(code, claimed).await?;
    let id = &sign_in.attempt.id;
    let confirmation = format!("{id}.{}", sign_in.config.confirmation_secret);
    let held = HeldGrant {
        realm_id: claimed.realm_id.to_owned(),
        grant,
        company: None,
    };
    let now = sign_in.claimant.now;
    let unconfirmed = UnconfirmedSignIn::new(sign_in.attempt, &confirmation, held, now);
    save(sign_in, &unconfirmed, claimed).await?;
    let store = &sign_in.services.store;
    let company = match check(sign_in, &unconfirmed, before).await {
        Ok(company) => company,
        Err(refusal) => {
            refuse(sign_in, &unconfirmed, &refusal, claimed).await?;
            return Err(refusal.why);
        }
    };
    match store.offer_company(id, &company).await? {
        true => Ok(CallbackResult::Unconfirmed(confirmation)),
        false => Err(ConnectFailure::TryAgain.into()),
    }
}

/// Makes sure that the schedule gives the grant back if nobody confirms.
///
/// The firm's record names the sign-in before the code is exchanged. So once the tokens are saved, a crash leaves no grant that is not given
/// back. Tokens that a crash loses before that cannot be used by anybody: their grant ends at Intuit by itself.
async fn schedule_give_back<H, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
) -> Result<(), SignInError> {
    let (store, attempt) = (&sign_in.services.store, sign_in.attempt);
    let since = sign_in.claimant.now;
    let pending = PendingSignIn {
        id: attempt.id.clone(),
        user: attempt.user.clone(),
        since,
        due_at: after(since, LIFETIME + AFTER_EXPIRY),
    };
    store
        .schedule_by(&attempt.firm, ScheduledJob::Connection, pending.due_at)
        .await?;
    match store.add_pending_sign_in(&attempt.firm, &pending).await? {
        true => Ok(()),
        false => Err(ConnectFailure::TryAgain.into()),
    }
}

/// Saves the tokens. If that fails, revokes them, because nobody else knows them.
async fn save<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    unconfirmed: &UnconfirmedSignIn,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<(), StoreError> {
    let store = &sign_in.services.store;
    let saved = store.save_unconfirmed_sign_in(unconfirmed).await;
    if let (Err(_), Some(held)) = (&saved, &unconfirmed.held) {
        sign_in.revoke(&held.grant, claimed).await;
    }
    saved
}

/// The reason why a company is not offered.
struct Refusal {
    why: SignInError,
    /// The token is for another company than the browser named. A revocation would end that company's grant.
    is_mismatch: bool,
}

impl From<ExplainedFailure> for Refusal {
    fn from(failure: ExplainedFailure) -> Self {
        Self {
            why: failure.into(),
            is_mismatch: false,
        }
    }
}

/// Returns the company, if it answers and the firm may be connected to it.
async fn check<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    unconfirmed: &UnconfirmedSignIn,
    before: Option<&Company>,
) -> Result<Company, Refusal> {
    let held = unconfirmed.held.as_ref().ok_or(Refusal {
        why: ConnectFailure::TryAgain.into(),
        is_mismatch: false,
    })?;
    let checked = sign_in.check_company(&held.realm_id, &held.grant).await;
    let company = checked.map_err(|error| Refusal {
        is_mismatch: error.is_mismatch(),
        why: ConnectFailure::from(error).into(),
    })?;
    if let Some(before) = before {
        return Err(ExplainedFailure::other_company(before, &company).into());
    }
    match company.unsupported_country() {
        Some(country) => Err(ExplainedFailure::country(&company, country).into()),
        None => Ok(company),
    }
}

/// Refuses the sign-in and gives its grant back at once.
async fn refuse<H: Http, R: Records>(
    sign_in: &CompanySignIn<'_, H, R>,
    unconfirmed: &UnconfirmedSignIn,
    refusal: &Refusal,
    claimed: &mut ClaimedCompany<'_>,
) -> Result<(), StoreError> {
    let store = &sign_in.services.store;
    store.refuse_sign_in(&unconfirmed.id).await?;
    if refusal.is_mismatch {
        return store.erase_held_grant(&unconfirmed.id).await;
    }
    let auth = sign_in.services.auth();
    let refused = RefusedSignIn {
        sign_in: unconfirmed,
        latest_sign_in: None,
    };
    let give_back = sign_in.give_back(&auth);
    let end = give_back.give_back_under_claim(refused).await?;
    claimed.must_expire |= end == GiveBackEnd::NoAnswer;
    Ok(())
}
