//! Shows the operator what is kept and what is stuck, over all firms, and lets the operator act on it.

// Top first: a module uses only modules below it.
mod erase;
mod firms;
mod keys;
mod stuck;

use bridge::operations::metrics;
use platform::{Answer, Call, Component, GET, POST, Problem, Route, callers, serve, services};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[
    Route::get("/v1/metrics"),
    Route::get("/v1/operations/dead-letters"),
    Route::post("/v1/operations/dead-letters/{id}/replay"),
    Route::get("/v1/operations/uncertain"),
    Route::get("/v1/operations/keys"),
    Route::post("/v1/operations/keys/rotate"),
    Route::post("/v1/operations/restored"),
    Route::get("/v1/operations/firms/{firm}"),
    Route::get("/v1/operations/firms/{firm}/export"),
    Route::post("/v1/operations/firms/{firm}/erase"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("operations"), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "metrics"]) => show_metrics(call).await,
        (GET, ["v1", "operations", "dead-letters"]) => stuck::list_dead_letters(call).await,
        (POST, ["v1", "operations", "dead-letters", id, "replay"]) => stuck::replay(call, id).await,
        (GET, ["v1", "operations", "uncertain"]) => stuck::list_uncertain(call).await,
        (GET, ["v1", "operations", "keys"]) => keys::count(call).await,
        (POST, ["v1", "operations", "keys", "rotate"]) => keys::rotate(call).await,
        (POST, ["v1", "operations", "restored"]) => stuck::set_restored(call).await,
        (GET, ["v1", "operations", "firms", firm]) => firms::show(call, firm).await,
        (GET, ["v1", "operations", "firms", firm, "export"]) => firms::export(call, firm).await,
        (POST, ["v1", "operations", "firms", firm, "erase"]) => erase::erase(call, firm).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn show_metrics(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_scheduler(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let figures = metrics::collect(&store, call.received_at).await?;
    Ok(Answer::bytes(metrics::MEDIA_TYPE, figures.text()))
}
