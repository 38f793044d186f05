//! The keys that seal tokens: their use, and the sealing of all records with the newest.

use bridge::operations::keys::KeyRun;
use bridge::run_window::RunWindow;
use platform::{Answer, Audit, Call, Problem, callers, config, current_time, services};

/// Answers how many records each key still opens.
pub async fn count(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let configured = config::token_keys().await?.ids();
    let store = services::open_store(call).await?;
    let until = RunWindow::scheduled(call.received_at).until;
    let run = KeyRun {
        configured: &configured,
        has_time: || current_time() < until,
    };
    Ok(Answer::json(200, &run.count(&store).await?))
}

/// Seals the records of older keys with the newest, as many as the time allows.
pub async fn rotate(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_operator(call).await?;
    let configured = config::token_keys().await?.ids();
    let store = services::open_store(call).await?;
    let until = RunWindow::scheduled(call.received_at).until;
    let run = KeyRun {
        configured: &configured,
        has_time: || current_time() < until,
    };
    let report = run.rotate(&store).await?;
    let act = Audit::of_operator("keys_rotated", call.received_at);
    call.audit(act.what(configured.first().map_or("", String::as_str)));
    Ok(Answer::json(200, &report))
}
