//! Shows a firm the stored state of its connection and its documents. The component calls no other host, can open no token,
//! and changes nothing beyond the record of a readiness check.

// Top first: a module uses only modules below it.
mod description;

use billing::{DocumentKind, DocumentRef};
use bridge::views;
use bridge::views::activity::{ActivityFilter, PageRequest};
use bridge::views::attention::AttentionRequest;
use platform::{Answer, Call, Component, GET, Problem, Route, callers, problem, serve, services};
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[
    Route::get("/v1/health"),
    Route::get("/v1/ready"),
    Route::get("/v1/openapi.json"),
    Route::get("/v1/quickbooks/status"),
    Route::get("/v1/quickbooks/activity"),
    Route::get("/v1/quickbooks/attention"),
    Route::get("/v1/quickbooks/documents/{kind}/{id}"),
];

/// Activity entries in an answer, if the request has no `limit`.
const DEFAULT_LIMIT: usize = 25;

/// The largest `limit` of a request.
const MAX_LIMIT: usize = 100;

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("status").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "health"]) => Ok(Answer::json(200, &json!({ "status": "ok" }))),
        (GET, ["v1", "ready"]) => check_store(call).await,
        (GET, ["v1", "openapi.json"]) => Ok(description::show(call)),
        (GET, ["v1", "quickbooks", "status"]) => show_status(call).await,
        (GET, ["v1", "quickbooks", "activity"]) => show_activity(call).await,
        (GET, ["v1", "quickbooks", "attention"]) => show_attention(call).await,
        (GET, ["v1", "quickbooks", "documents", kind, id]) => show_document(call, kind, id).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

/// Answers whether the store can keep records. The store is read and written once.
async fn check_store(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_scheduler(call).await?;
    services::check_store(call).await?;
    Ok(Answer::json(200, &json!({ "status": "ready" })))
}

async fn show_status(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let store = services::open_store_for_views(call).await?;
    let status = views::status(&store, &session, call.received_at).await?;
    Ok(Answer::json(200, &status).revalidated(call.header("if-none-match")))
}

async fn show_activity(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let page = PageRequest {
        limit: read_limit(call)?,
        cursor: call.query_parameter("cursor"),
        filter: ActivityFilter {
            state: call.query_parameter("state"),
            kind: call.query_parameter("kind"),
            project: call.query_parameter("project"),
            text: call.query_parameter("q"),
        },
    };
    let store = services::open_store_for_views(call).await?;
    let list = views::activity(&store, &session.firm, &page).await?;
    Ok(Answer::json(200, &list).revalidated(call.header("if-none-match")))
}

async fn show_attention(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let request = AttentionRequest {
        limit: read_limit(call)?,
        cursor: call.query_parameter("cursor"),
        group: call.query_parameter("group"),
    };
    let store = services::open_store_for_views(call).await?;
    let list = views::attention(&store, &session.firm, &request).await?;
    Ok(Answer::json(200, &list).revalidated(call.header("if-none-match")))
}

fn read_limit(call: &Call<'_>) -> Result<usize, Problem> {
    let Some(text) = call.query_parameter("limit") else {
        return Ok(DEFAULT_LIMIT);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=MAX_LIMIT).contains(number));
    number.ok_or_else(|| problem::invalid_field("limit", "must be a number from 1 to 100"))
}

async fn show_document(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let kind: DocumentKind = kind.parse().map_err(|_| problem::not_found())?;
    let id = id.parse().map_err(|_| problem::document_not_found())?;
    let document = DocumentRef { kind, id };
    let store = services::open_store_for_views(call).await?;
    let view = views::document(&store, &session.firm, &document).await?;
    Ok(Answer::json(200, &view))
}
