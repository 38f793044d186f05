//! Keeps every grant alive and tells RIVET what became of it, whenever the scheduler calls.

use bridge::Grants;
use bridge::entropy::Entropy;
use bridge::refresh::{Addresses, refresh_due};
use platform::{Answer, Call, GET, POST, Problem, SpinHttp, config, serve};
use spin_sdk::http::{IntoResponse, Request};

const PATH: &str = "/v1/scheduled/token-refresh";

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve("token-refresh", request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET | POST, ["v1", "scheduled", "token-refresh"]) => refresh(call).await,
        _ => Err(call.unmatched(&[(GET, PATH), (POST, PATH)])),
    }
}

async fn refresh(call: &Call<'_>) -> Result<Answer, Problem> {
    call.scheduler().await?;
    let (store, app) = (call.store().await?, config::oauth_app().await?);
    let grants = Grants {
        http: &SpinHttp,
        store: &store,
        app: &app,
    };
    let (revoke_origin, receiver) = (config::revoke_origin().await?, config::receiver().await?);
    let addresses = Addresses {
        revoke_origin: &revoke_origin,
        receiver: receiver.as_ref(),
    };
    let mut entropy = Entropy::new(call.entropy());
    let report = refresh_due(&grants, &addresses, &mut entropy, Call::time).await?;
    Ok(Answer::json(200, &report))
}
