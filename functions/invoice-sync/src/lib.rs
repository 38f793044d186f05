//! Posts documents: when an event arrives, when the scheduler calls, and when a user asks.

use billing::{Document, DocumentRef, FirmId, ParsedEvent};
use bridge::accept_event::{Accepted, Outcome, accept};
use bridge::preview::{Preview, preview};
use bridge::sync::{SyncRequest, sync_due, sync_now};
use inbound::webhook_intake::reprocess;
use mapping::PostingPlan;
use platform::{
    Answer, Audit, Call, Component, GET, POST, Problem, Route, callers, current_time, problem,
    serve, services,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[Route] = &[
    Route::post("/v1/webhooks/billing"),
    Route::get("/v1/scheduled/sync"),
    Route::post("/v1/scheduled/sync"),
    Route::post("/v1/quickbooks/sync"),
    Route::post("/v1/quickbooks/preview"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("invoice-sync").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "webhooks", "billing"]) => accept_event(call).await,
        (GET | POST, ["v1", "scheduled", "sync"]) => run_scheduled_sync(call).await,
        (POST, ["v1", "quickbooks", "sync"]) => run_requested_sync(call).await,
        (POST, ["v1", "quickbooks", "preview"]) => preview_event(call).await,
        _ => Err(call.unknown_route(ROUTES)),
    }
}

async fn accept_event(call: &Call<'_>) -> Result<Answer, Problem> {
    let signed = callers::verify_rivet_event(call).await?;
    let ParsedEvent::Known(event) = billing::parse(&signed.body)? else {
        return Ok(accepted_answer(&signed.id, &Value::Null, Outcome::Ignored));
    };
    call.set_firm(&event.firm_id);
    let mut entropy = call.new_entropy();
    let services = services::open_services(call).await?;
    let Accepted {
        subject_kind,
        subject_id,
        outcome,
    } = accept(&services, event, &mut entropy, current_time).await?;
    let document = json!({ "kind": subject_kind, "id": subject_id });
    Ok(accepted_answer(&signed.id, &document, outcome))
}

fn accepted_answer(event_id: &str, document: &Value, outcome: Outcome) -> Answer {
    let outcome = match outcome {
        Outcome::Posted => "posted",
        Outcome::Queued => "queued",
        Outcome::Held => "held",
        Outcome::Duplicate => "duplicate",
        Outcome::Ignored => "ignored",
    };
    Answer::json(
        202,
        &json!({ "event_id": event_id, "document": document, "outcome": outcome }),
    )
}

async fn run_scheduled_sync(call: &Call<'_>) -> Result<Answer, Problem> {
    callers::require_scheduler(call).await?;
    let mut entropy = call.new_entropy();
    let services = services::open_services(call).await?;
    let report = sync_due(&services, &mut entropy, current_time).await?;
    // An error here concerns only deliveries of Intuit that no version could read. The documents are posted.
    if let Err(error) = reprocess(&services.store, call.received_at).await {
        call.log_problem(error.into());
    }
    Ok(Answer::json(200, &report))
}

/// The body of Sync Now, if it names documents. An empty body means all unfinished documents.
#[derive(Deserialize)]
struct SyncBody {
    documents: Vec<DocumentRef>,
}

async fn run_requested_sync(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    callers::require_manager(&session)?;
    let documents = match call.body.is_empty() {
        true => None,
        false => Some(call.read_json::<SyncBody>()?.documents),
    };
    let request = SyncRequest {
        firm: &session.firm,
        documents: documents.as_deref(),
        requested_by: &session.user,
    };
    let mut entropy = call.new_entropy();
    let services = services::open_services(call).await?;
    let report = sync_now(&services, request, &mut entropy, current_time).await?;
    let act = Audit::new("sync_requested", session.user.as_ref(), call.received_at);
    let names = documents
        .as_deref()
        .map(|named| named.iter().map(DocumentRef::to_string));
    let named = names.map(|names| names.collect::<Vec<_>>().join(" "));
    call.audit(act.what(named.as_deref().unwrap_or("all documents")));
    Ok(Answer::json(202, &report))
}

#[derive(Serialize)]
struct PreviewBody {
    plan: PostingPlan,
    plan_hash: String,
}

async fn preview_event(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = callers::require_session(call).await?;
    let document = document_to_preview(call, &session.firm)?;
    let store = services::open_store(call).await?;
    match preview(&store, &session.firm, &document).await? {
        Preview::Planned { plan, plan_hash } => {
            Ok(Answer::json(200, &PreviewBody { plan, plan_hash }))
        }
        Preview::Refused(refusal) => Err(Problem::from(refusal)),
    }
}

/// Reads the document of the event in the body, which must belong to the session's firm.
fn document_to_preview(call: &Call<'_>, firm: &FirmId) -> Result<Document, Problem> {
    let ParsedEvent::Known(event) = billing::parse(&call.body)? else {
        let problem = "is not an event that posts anything";
        return Err(problem::invalid_field("type", problem));
    };
    if event.firm_id != *firm {
        let problem = "is another firm than the session's";
        return Err(problem::invalid_field("data.firm_id", problem));
    }
    event
        .fact
        .into_document()
        .ok_or_else(|| problem::invalid_field("type", "is not an event that posts a document"))
}
