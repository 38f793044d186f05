//! Compares a firm's documents with its books, and shows what its customers hold back. The component changes nothing in QuickBooks.

use jiff::civil::Date;
use jiff::tz::Offset;
use platform::{Answer, Call, Component, GET, Problem, Route, callers, problem, serve, services};
use reconciliation::retainage_schedule::retainage_schedule;
use reconciliation::tie_out::tie_out;
use spin_sdk::http::{IntoResponse, Request};
use store::Claimant;

const ROUTES: &[Route] = &[
    Route::get("/v1/quickbooks/tie-out"),
    Route::get("/v1/quickbooks/retainage"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("reports").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "quickbooks", "tie-out"]) => show_tie_out(call).await,
        (GET, ["v1", "quickbooks", "retainage"]) => show_schedule(call).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn show_tie_out(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let owner = call.new_entropy().token();
    let claimant = Claimant {
        owner: &owner,
        now: call.received_at,
    };
    let services = services::open_services(call).await?;
    let view = tie_out(&services, &session.firm, claimant).await?;
    Ok(Answer::json(200, &view))
}

async fn show_schedule(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let as_of = read_day(call)?;
    let store = services::open_store(call).await?;
    let schedule = retainage_schedule(&store, &session.firm, as_of).await?;
    if !asks_for_csv(call) {
        return Ok(Answer::json(200, &schedule).header("vary", "accept"));
    }
    let file = [
        "attachment; filename=\"retainage-",
        &as_of.to_string(),
        ".csv\"",
    ]
    .concat();
    Ok(
        Answer::bytes("text/csv; charset=utf-8; header=present", schedule.to_csv())
            .header("content-disposition", file)
            .header("vary", "accept"),
    )
}

/// Reads the day of the schedule: today, if the request names none.
fn read_day(call: &Call<'_>) -> Result<Date, Problem> {
    let Some(text) = call.query_parameter("as_of") else {
        return Ok(Offset::UTC.to_datetime(call.received_at).date());
    };
    let day = text
        .parse()
        .ok()
        .filter(|day: &Date| day.to_string() == text);
    day.ok_or_else(|| problem::invalid_field("as_of", "must be a day such as 2026-06-30"))
}

/// Returns whether the request prefers comma-separated values (RFC 9110 section 12.5.1).
fn asks_for_csv(call: &Call<'_>) -> bool {
    let accepted = call
        .header("accept")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut types = accepted
        .split(',')
        .map(|part| part.split(';').next().unwrap_or_default().trim());
    types.find(|kind| matches!(*kind, "text/csv" | "application/json")) == Some("text/csv")
}
