//! Work that is stuck or in doubt: dead letters, documents in doubt, and a store that was set back.

use bridge::operations::{dead_letters, uncertain};
use bridge::restored::restored;
use bridge::run_window::RunWindow;
use jiff::Timestamp;
use platform::{Answer, Audit, Call, Problem, callers, current_time, problem, services};
use serde::Deserialize;

/// Answers the deliveries that nobody could read yet.
pub async fn list_dead_letters(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let store = services::open_store_without_keys(call).await?;
    Ok(Answer::json(200, &dead_letters::list(&store).await?))
}

/// Tries to read a dead letter again.
pub async fn replay(call: &Call<'_>, id: &str) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let store = services::open_store_without_keys(call).await?;
    let report = dead_letters::replay_one(&store, id, call.received_at).await?;
    let report = report.ok_or_else(problem::not_found)?;
    let act = Audit::of_operator("dead_letter_replayed", call.received_at);
    call.audit(act.what(id));
    Ok(Answer::json(200, &report))
}

/// Answers the documents in doubt of all firms.
pub async fn list_uncertain(call: &Call<'_>) -> Result<Answer, Problem> {
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

/// Records that the store was set back.
pub async fn set_restored(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let RestoredBody { since } = call.read_json()?;
    let store = services::open_store_without_keys(call).await?;
    let saved = restored(&store, since, call.received_at).await?;
    let act = Audit::of_operator("store_restored", call.received_at);
    call.audit(act.what(&since.to_string()));
    Ok(Answer::json(200, &saved))
}
