//! What a firm is shown of its connection and its documents. Calls nobody and changes nothing.

use billing::{DocumentRef, Kind};
use bridge::status::{self, Page};
use platform::{Answer, Call, Component, GET, Problem, serve};
use serde_json::json;
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[(&str, &str)] = &[
    (GET, "/v1/health"),
    (GET, "/v1/quickbooks/status"),
    (GET, "/v1/quickbooks/activity"),
    (GET, "/v1/quickbooks/documents/{kind}/{id}"),
];

/// Lines of activity that an answer holds if the request names no number, and at most.
const LINES: (usize, usize) = (25, 100);

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("status").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (GET, ["v1", "health"]) => Ok(Answer::json(200, &json!({ "status": "ok" }))),
        (GET, ["v1", "quickbooks", "status"]) => show_status(call).await,
        (GET, ["v1", "quickbooks", "activity"]) => show_activity(call).await,
        (GET, ["v1", "quickbooks", "documents", kind, id]) => show_document(call, kind, id).await,
        _ => Err(call.unmatched(ROUTES)),
    }
}

async fn show_status(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let status = status::status(&call.store().await?, &session.firm, call.now).await?;
    Ok(Answer::json(200, &status))
}

async fn show_activity(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let page = Page {
        limit: limit(call)?,
        cursor: call.query("cursor"),
        state: call.query("state"),
    };
    let list = status::activity(&call.store().await?, &session.firm, &page).await?;
    Ok(Answer::json(200, &list))
}

fn limit(call: &Call<'_>) -> Result<usize, Problem> {
    let Some(text) = call.query("limit") else {
        return Ok(LINES.0);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=LINES.1).contains(number));
    number.ok_or_else(|| Problem::invalid_field("limit", "must be a number from 1 to 100"))
}

async fn show_document(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let kind: Kind = kind.parse().map_err(|_| Problem::not_found())?;
    let id = id.parse().map_err(|_| Problem::document_not_found())?;
    let document = DocumentRef { kind, id };
    let view = status::document(&call.store().await?, &session.firm, &document).await?;
    Ok(Answer::json(200, &view))
}
