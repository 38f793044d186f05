//! Refreshes grants that are due and sends notifications to RIVET, each time the scheduler calls.

use bridge::refresh_tokens::{Endpoints, refresh_due};
use connection::services::AuthServices;
use platform::{
    Answer, Call, Component, GET, POST, Problem, Route, callers, config, current_time, serve,
    services,
};
use spin_sdk::http::{IntoResponse, Request};

const PATH: &str = "/v1/scheduled/token-refresh";
const ROUTES: &[Route] = &[Route::get(PATH), Route::post(PATH)];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("token-refresh"), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET | POST, ["v1", "scheduled", "token-refresh"]) => refresh(call).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn refresh(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_scheduler(call).await?;
    let store = services::open_store(call).await?;
    let app = config::oauth_app().await?;
    let revoke_origin = config::revoke_origin().await?;
    let receiver = config::receiver().await?;
    let auth = AuthServices {
        http: &services::http(call),
        store: &store,
        app: &app,
    };
    let endpoints = Endpoints {
        revoke_origin: &revoke_origin,
        receiver: receiver.as_ref(),
    };
    let mut entropy = call.new_entropy();
    let report = refresh_due(&auth, &endpoints, &mut entropy, current_time).await?;
    Ok(Answer::json(200, &report))
}
