//! Connects a new company, after the person who asked for the link confirmed it.

use bridge::views;
use connection::confirm::{self, ConfirmRefusal, ConfirmResult, Confirmation};
use connection::give_back::GiveBack;
use platform::{Answer, Audit, Call, Problem, callers, config, services};
use serde::Deserialize;
use store::Claimant;

/// The body with the one-time value that the browser brought back.
#[derive(Deserialize)]
struct ConfirmationBody {
    confirmation: String,
}

/// Confirms the sign-in and answers the new status. A request that may be a repetition, because it has an `Idempotency-Key`, is answered
/// like the first one. The confirmation itself is the key, so the value of the header does not matter.
pub async fn confirm(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    callers::require_paid_plan(&session)?;
    let body: ConfirmationBody = call.read_json()?;
    let revoke_origin = config::revoke_origin().await?;
    let owner = call.new_entropy().token();
    let services = services::open_services(call).await?;
    let give_back = GiveBack {
        auth: &services.auth(),
        revoke_origin: &revoke_origin,
        claimant: Claimant {
            owner: &owner,
            now: call.received_at,
        },
    };
    let confirmation = Confirmation {
        value: &body.confirmation,
        session: &session,
    };
    let mut result = confirm::confirm(&give_back, &confirmation).await?;
    if result == ConfirmRefusal::Used.into()
        && call.header("idempotency-key").is_some()
        && confirm::is_repeated(&services.store, &confirmation, call.received_at).await?
    {
        result = ConfirmResult::Connected;
    }
    match result {
        ConfirmResult::Connected => {
            let user = session.user.as_ref();
            call.audit(Audit::new("connected", user, call.received_at));
            let status = views::status(&services.store, &session, call.received_at).await?;
            Ok(Answer::json(200, &status).no_store())
        }
        ConfirmResult::Refused(refusal) => Err(refusal.into()),
    }
}
