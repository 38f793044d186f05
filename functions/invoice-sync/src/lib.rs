//! Posts documents: as events arrive, by the schedule, and when a person asks.

use billing::{DocumentRef, Incoming};
use bridge::accept::{Accepted, Outcome, accept};
use bridge::entropy::Entropy;
use bridge::preview::preview;
use bridge::receive::read_again;
use bridge::sync::{sync_due, sync_now};
use mapping::Plan;
use platform::{Answer, Call, Component, GET, POST, Permissions, Problem, serve};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use spin_sdk::http::{IntoResponse, Request};

const ROUTES: &[(&str, &str)] = &[
    (POST, "/v1/webhooks/billing"),
    (GET, "/v1/scheduled/sync"),
    (POST, "/v1/scheduled/sync"),
    (POST, "/v1/quickbooks/sync"),
    (POST, "/v1/quickbooks/preview"),
];

#[spin_sdk::http_service]
async fn handle(request: Request) -> impl IntoResponse {
    serve(Component::new("invoice-sync").for_pages(), request, answer).await
}

async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    match (call.method(), call.segments()) {
        (POST, ["v1", "webhooks", "billing"]) => event(call).await,
        (GET | POST, ["v1", "scheduled", "sync"]) => scheduled(call).await,
        (POST, ["v1", "quickbooks", "sync"]) => now(call).await,
        (POST, ["v1", "quickbooks", "preview"]) => plan(call).await,
        _ => Err(call.unmatched(ROUTES)),
    }
}

async fn event(call: &Call<'_>) -> Result<Answer, Problem> {
    let signed = call.rivet_event().await?;
    let Incoming::Known(event) = billing::parse(&signed.body)? else {
        return Ok(accepted(&signed.id, &Value::Null, Outcome::Ignored));
    };
    call.concerns(&event.firm_id);
    let mut entropy = Entropy::new(call.entropy());
    let Accepted {
        about: (kind, id),
        outcome,
    } = accept(&call.bridge().await?, event, &mut entropy, Call::time).await?;
    Ok(accepted(
        &signed.id,
        &json!({ "kind": kind, "id": id }),
        outcome,
    ))
}

fn accepted(id: &str, document: &Value, outcome: Outcome) -> Answer {
    let outcome = match outcome {
        Outcome::Posted => "posted",
        Outcome::Queued => "queued",
        Outcome::Held => "held",
        Outcome::Duplicate => "duplicate",
        Outcome::Ignored => "ignored",
    };
    Answer::json(
        202,
        &json!({ "event_id": id, "document": document, "outcome": outcome }),
    )
}

async fn scheduled(call: &Call<'_>) -> Result<Answer, Problem> {
    call.scheduler().await?;
    let mut entropy = Entropy::new(call.entropy());
    let bridge = call.bridge().await?;
    let report = sync_due(&bridge, &mut entropy, Call::time).await?;
    // What Intuit told and nobody understood keeps no bill from being posted.
    if let Err(error) = read_again(&bridge.store, call.now).await {
        call.despite(error.into());
    }
    Ok(Answer::json(200, &report))
}

#[derive(Deserialize)]
struct Asked {
    documents: Vec<DocumentRef>,
}

async fn now(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    session.require_manager()?;
    let asked = match call.body.is_empty() {
        true => None,
        false => Some(call.json::<Asked>()?.documents),
    };
    let documents = (&session.firm, asked.as_deref(), &session.user);
    let mut entropy = Entropy::new(call.entropy());
    let report = sync_now(&call.bridge().await?, documents, &mut entropy, Call::time).await?;
    Ok(Answer::json(202, &report))
}

#[derive(Serialize)]
struct Preview {
    plan: Plan,
    plan_hash: String,
}

async fn plan(call: &Call<'_>) -> Result<Answer, Problem> {
    let session = call.session().await?;
    let Incoming::Known(event) = billing::parse(&call.body)? else {
        return Err(Problem::invalid_field(
            "type",
            "is not an event that posts anything",
        ));
    };
    if event.firm_id != session.firm {
        return Err(Problem::invalid_field(
            "data.firm_id",
            "is another firm than the session's",
        ));
    }
    let document = event
        .fact
        .into_document()
        .ok_or_else(|| Problem::invalid_field("type", "is not an event that posts a document"))?;
    match preview(&call.store().await?, &session.firm, &document).await? {
        Ok((plan, plan_hash)) => Ok(Answer::json(200, &Preview { plan, plan_hash })),
        Err(refusal) => Err(Problem::from(refusal)),
    }
}
