//! Shows the operator what is kept and what is stuck, over all firms, and lets the operator act on it.

use bridge::operations::dead_letters;
use platform::{
    Answer, Call, Component, GET, POST, Problem, Route, callers, problem, serve, services,
};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[
    Route::get("/v1/operations/dead-letters"),
    Route::post("/v1/operations/dead-letters/{id}/replay"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("operations"), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "operations", "dead-letters"]) => list_dead_letters(call).await,
        (POST, ["v1", "operations", "dead-letters", id, "replay"]) => replay(call, id).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn list_dead_letters(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let store = services::open_store_without_keys(call).await?;
    Ok(Answer::json(200, &dead_letters::list(&store).await?))
}

async fn replay(call: &Call<'_>, id: &str) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let report = dead_letters::replay_one(&store, id, call.received_at).await?;
    let report = report.ok_or_else(problem::not_found)?;
    Ok(Answer::json(200, &report))
}
