//! Receives Intuit's webhooks about changes in QuickBooks. The component calls no other host: it stores the changes, and scheduled
//! runs process them.

use inbound::webhook_intake::receive;
use platform::{Answer, Call, Component, POST, Problem, Route, callers, problem, serve, services};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[Route::post("/v1/webhooks/quickbooks")];

/// The longest delivery that is read. Intuit names no limit. If a delivery were refused for its length, Intuit would send it again and
/// hold back later ones, so the limit is the largest that each platform receives: 10 MB at the edge.
const LONGEST_DELIVERY: usize = 8 * 1024 * 1024;

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let component = Component::new("quickbooks-events").with_body_limit(LONGEST_DELIVERY);
    serve(component, request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "webhooks", "quickbooks"]) => receive_delivery(call).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

/// Stores the changes of a delivery.
///
/// An unreadable delivery is answered 200, too. After any other status, Intuit would send the delivery again and hold back later
/// events until it is accepted (Intuit: webhooks, retry policy).
async fn receive_delivery(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::verify_intuit_delivery(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let received = receive(&store, &call.body, call.received_at).await?;
    if let Some(why) = received.problem {
        call.log_problem(problem::not_json("The delivery cannot be read.").with_cause(why));
    }
    Ok(Answer::empty(200))
}
