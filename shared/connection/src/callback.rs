//! Completes a sign-in with Intuit's answer, which the browser brings back.
//!
//! A grant is kept only if all conditions hold. The state is RIVET's, unused, younger than ten minutes and of this browser. Intuit
//! honours the code. The company answers to the new token and serves no other firm. If the firm had this company before, it is connected
//! again. If the firm had none, the person who asked for the link must confirm first.

// Top first: a module uses only modules below it.
mod company_sign_in;
mod offer;
mod reconnect;
mod exchange;
mod sign_in_error;
mod params;
mod config;
mod result;

use crate::callback::exchange::CompanySignIn;
use crate::callback::sign_in_error::SignInError;
use crate::services::Services;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::Claimant;
use store::sign_in_attempt::operations::AttemptCheck;
use store::sign_in_attempt::{self, SignInAttempt, SignInRefusal};

pub use crate::callback::config::CallbackConfig;
pub use crate::callback::params::CallbackParams;
pub use crate::callback::result::{CallbackResult, ConnectFailure};

/// Handles Intuit's answer to a sign-in. Returns the result for the browser.
///
/// A failure after the state was accepted is saved, so that RIVET can show it.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn handle_callback<H: Http, R: Records>(
    services: &Services<H, R>,
    config: &CallbackConfig<'_>,
    params: &CallbackParams,
    claimant: Claimant<'_>,
) -> Result<CallbackResult, StoreError> {
    let now = claimant.now;
    let attempt = match check_state(services, params, now).await? {
        CallbackCheck::Valid(attempt) => attempt,
        CallbackCheck::Refused(refusal) => return Ok(CallbackResult::Failed(refusal.into())),
    };
    let sign_in = CompanySignIn {
        services,
        config,
        attempt: &attempt,
        claimant,
    };
    let result = match params.authorization_code() {
        Ok(code) => company_sign_in::complete(&sign_in, &code).await,
        Err(why) => Err(why.into()),
    };
    match result {
        Ok(result) => Ok(result),
        Err(SignInError::Store(error)) => Err(error),
        Err(SignInError::Failed(failure)) => {
            let failed = failure.attempt(&attempt.user, now);
            let store = &services.store;
            store.save_failed_attempt(&attempt.firm, &failed).await?;
            Ok(failure.result())
        }
    }
}

/// The result of checking the state and the browser of a callback.
enum CallbackCheck {
    /// The callback belongs to this attempt, which now counts as used.
    Valid(SignInAttempt),
    Refused(SignInRefusal),
}

async fn check_state<H, R: Records>(
    services: &Services<H, R>,
    params: &CallbackParams,
    now: Timestamp,
) -> Result<CallbackCheck, StoreError> {
    let state = params.state.as_deref().unwrap_or_default();
    let Some(id) = sign_in_attempt::id_in_token(state) else {
        return Ok(CallbackCheck::Refused(SignInRefusal::Unknown));
    };
    let browser = params.browser.as_deref();
    let taken = services
        .store
        .take_sign_in_attempt(id, state, browser, now)
        .await?;
    Ok(match taken {
        AttemptCheck::Valid(attempt) => CallbackCheck::Valid(attempt),
        AttemptCheck::Refused(refusal) => CallbackCheck::Refused(refusal),
    })
}
