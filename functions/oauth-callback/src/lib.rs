//! Handles browsers that come from Intuit, with the answer to a sign-in or after a person ended the connection in QuickBooks. Both return
//! to RIVET. Connects a new company after its person confirmed.

// Top first: a module uses only modules below it.
mod confirmation;
mod return_address;

use crate::return_address::ReturnAddress;
use connection::callback::{CallbackConfig, CallbackParams, CallbackResult, handle_callback};
use connection::verify::verify_grant;
use platform::{
    Answer, Call, Component, Cookie, GET, POST, Problem, Route, config, serve, services,
};
use spin_sdk::http::{IntoResponse, Request};
use store::{Claimant, sign_in_attempt};

const ROUTES: &[Route] = &[
    Route::get("/v1/quickbooks/callback"),
    Route::post("/v1/quickbooks/connect/confirm"),
    Route::get("/v1/quickbooks/disconnected"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let component = Component::new("oauth-callback").for_pages();
    serve(component, request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "callback"]) => callback(call).await,
        (POST, ["v1", "quickbooks", "connect", "confirm"]) => confirmation::confirm(call).await,
        (GET, ["v1", "quickbooks", "disconnected"]) => disconnected(call).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

/// Finishes the sign-in and sends the browser to RIVET with the result. A person is waiting at the browser, so an error of ours
/// becomes a result, too, and its cause is logged.
async fn callback(call: &Call<'_>) -> Result<Answer, Problem> {
    let params = callback_params(call);
    let address = match finish_sign_in(call, &params).await {
        Ok(result) => ReturnAddress::from(result),
        Err(problem) => {
            call.log_problem(problem);
            ReturnAddress::failed("try_again")
        }
    };
    let url = address.url().await?;
    let answer = Answer::redirect(&url).no_store();
    Ok(match cookie_name(&params) {
        Some(name) => answer.cookie(&removed_cookie(&name)),
        None => answer,
    })
}

fn callback_params(call: &Call<'_>) -> CallbackParams {
    let params = CallbackParams {
        browser: None,
        state: call.query_parameter("state"),
        code: call.query_parameter("code"),
        realm_id: call.query_parameter("realmId"),
        error: call.query_parameter("error"),
    };
    let browser = cookie_name(&params).and_then(|name| call.cookie(&name).map(ToOwned::to_owned));
    CallbackParams { browser, ..params }
}

async fn finish_sign_in(
    call: &Call<'_>,
    params: &CallbackParams,
) -> Result<CallbackResult, Problem> {
    let redirect_uri = config::redirect_uri().await?;
    let revoke_origin = config::revoke_origin().await?;
    let mut entropy = call.new_entropy();
    let (owner, confirmation_secret) = (entropy.token(), entropy.token());
    let config = CallbackConfig {
        redirect_uri: &redirect_uri,
        revoke_origin: &revoke_origin,
        confirmation_secret: &confirmation_secret,
    };
    let services = services::open_services(call).await?;
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    Ok(handle_callback(&services, &config, params, claimant).await?)
}

/// Checks the company's connection and sends the browser to RIVET.
///
/// Intuit sends the browser here after a person ended the connection in QuickBooks. Anyone can send such a request, so only
/// Intuit's answer counts, and the redirect is always the same.
async fn disconnected(call: &Call<'_>) -> Result<Answer, Problem> {
    if let Err(problem) = verify_connection(call).await {
        call.log_problem(problem);
    }
    let url = config::return_url("disconnected", None).await?;
    Ok(Answer::redirect(&url).no_store())
}

async fn verify_connection(call: &Call<'_>) -> Result<(), Problem> {
    let Some(realm_id) = call.query_parameter("realmId") else {
        return Ok(());
    };
    let owner = call.new_entropy().token();
    let services = services::open_services(call).await?;
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    Ok(verify_grant(&services.auth(), &realm_id, claimant).await?)
}

/// Returns the name of the cookie that ties the browser to the sign-in of `state`.
fn cookie_name(params: &CallbackParams) -> Option<String> {
    params
        .state
        .as_deref()
        .and_then(sign_in_attempt::id_in_token)
        .map(sign_in_attempt::cookie)
}

fn removed_cookie(name: &str) -> Cookie<'_> {
    Cookie {
        name,
        value: "",
        path: "/",
        max_age_seconds: 0,
        is_secure: true,
    }
}
