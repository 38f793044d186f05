//! Receives what Intuit tells of changes in QuickBooks. It calls nobody: what was told is kept, and worked off by the schedule.

use bridge::receive::receive;
use platform::{Answer, Call, Component, POST, Problem, serve};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[(&str, &str)] = &[(POST, "/v1/webhooks/quickbooks")];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("quickbooks-events"), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "webhooks", "quickbooks"]) => delivery(call).await,
        _ => Err(call.unmatched(ROUTES)),
    }
}

/// 200 also for what cannot be read: Intuit would send it again and hold later events back until it is accepted.
async fn delivery(call: &Call<'_>) -> Result<Answer, Problem> {
    call.intuit_delivery().await?;
    let received = receive(&call.store_without_keys().await?, &call.body, call.now).await?;
    if let Some(why) = received.odd {
        call.despite(Problem::not_json("The delivery cannot be read.").because(why));
    }
    Ok(Answer::empty(200))
}
