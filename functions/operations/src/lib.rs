//! Shows the operator what is kept and what is stuck, over all firms, and lets the operator act on it.

// Top first: a module uses only modules below it.
mod firms;
mod keys;

use bridge::operations::{dead_letters, metrics, uncertain};
use bridge::restored::restored;
use bridge::run_window::RunWindow;
use jiff::Timestamp;
use platform::{
    Answer, Audit, Call, Component, GET, POST, Problem, Route, callers, current_time, problem,
    serve, services,
};
use serde::Deserialize;
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
        (GET, ["v1", "operations", "dead-letters"]) => list_dead_letters(call).await,
        (POST, ["v1", "operations", "dead-letters", id, "replay"]) => replay(call, id).await,
        (GET, ["v1", "operations", "uncertain"]) => list_uncertain(call).await,
        (GET, ["v1", "operations", "keys"]) => keys::count(call).await,
        (POST, ["v1", "operations", "keys", "rotate"]) => keys::rotate(call).await,
        (POST, ["v1", "operations", "restored"]) => set_restored(call).await,
        (GET, ["v1", "operations", "firms", firm]) => firms::show(call, firm).await,
        (GET, ["v1", "operations", "firms", firm, "export"]) => firms::export(call, firm).await,
        (POST, ["v1", "operations", "firms", firm, "erase"]) => firms::erase(call, firm).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn show_metrics(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_scheduler(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let figures = metrics::collect(&store, call.received_at).await?;
    Ok(Answer::bytes(metrics::MEDIA_TYPE, figures.text()))
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
    let act = Audit::of_operator("dead_letter_replayed", call.received_at);
    call.audit(act.what(id));
    Ok(Answer::json(200, &report))
}

async fn list_uncertain(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let until = RunWindow::scheduled(call.received_at).until;
    let found = uncertain::list(&store, || current_time() < until).await?;
    Ok(Answer::json(200, &found))
}

/// The body that says to which time the store was set back.
#[derive(Deserialize)]
struct RestoredBody {
    #[serde(deserialize_with = "json::instant")]
    since: Timestamp,
}

async fn set_restored(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let RestoredBody { since } = call.read_json()?;
    let store = services::open_store_without_keys(call).await?;
    let saved = restored(&store, since, call.received_at).await?;
    let act = Audit::of_operator("store_restored", call.received_at);
    call.audit(act.what(&since.to_string()));
    Ok(Answer::json(200, &saved))
}
