//! The parts of the description that name no schema of a type.

use crate::operation::Operation;
use crate::parameter::Parameter;
use platform::problem::ProblemCode;
use serde_json::{Map, Value, json};

/// The problems that end by themselves.
const RETRIED: [ProblemCode; 5] = [
    ProblemCode::TryAgain,
    ProblemCode::TooManyRequests,
    ProblemCode::QuickbooksThrottled,
    ProblemCode::StoreBusy,
    ProblemCode::StoreUnavailable,
];

/// Returns the title and version.
pub fn info() -> Value {
    json!({
        "title": "RIVET's accounting bridge to QuickBooks Online",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Posts a contractor's billing to QuickBooks Online, each document exactly once.",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
}

/// Returns where the operations are: beside the description, which the deployment serves itself.
pub fn servers() -> Value {
    json!([{ "url": "/", "description": "The deployment that serves this description." }])
}

/// Returns `get_v1_quickbooks_status`.
pub fn operation_id(operation: &Operation) -> String {
    let words = operation.path.split(['/', '-', '{', '}', '.']);
    let words = words.filter(|word| !word.is_empty());
    let mut id = vec![operation.method];
    id.extend(words);
    id.join("_")
}

/// Returns the proofs, one of which the request needs.
pub fn security(operation: &Operation) -> Value {
    let schemes = operation.caller.schemes().iter();
    schemes.map(|scheme| json!({ *scheme: [] })).collect()
}

/// Returns a parameter.
pub fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name, "in": parameter.place, "description": parameter.description,
        "required": parameter.is_required, "schema": parameter.shape.schema(),
    })
}

/// Returns the answer with problems of one status.
pub fn problem(codes: &[ProblemCode]) -> Value {
    let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
    let titles: Vec<&str> = codes.iter().map(|code| code.title()).collect();
    let mut examples = Map::new();
    for code in codes {
        examples.insert(
            code.name().to_owned(),
            json!({ "value": problem_example(*code) }),
        );
    }
    let schema = json!({ "allOf": [
        { "$ref": "#/components/schemas/ProblemBody" },
        { "type": "object", "properties": { "code": { "enum": names } } },
    ] });
    json!({
        "description": format!("{}.", titles.join(", or ")),
        "headers": problem_headers(codes),
        "content": { "application/problem+json": { "schema": schema, "examples": examples } },
    })
}

/// Returns references to the headers of an answer with one of these problems.
fn problem_headers(codes: &[ProblemCode]) -> Value {
    let has = |wanted: &[ProblemCode]| codes.iter().any(|code| wanted.contains(code));
    let mut headers = request_id();
    if has(&RETRIED) {
        headers["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
    }
    if has(&[ProblemCode::MethodNotAllowed]) {
        headers["Allow"] = json!({ "$ref": "#/components/headers/Allow" });
    }
    headers
}

/// Returns a reference to the header that each answer has.
pub fn request_id() -> Value {
    json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } })
}

/// Returns the headers that many answers have.
pub fn headers() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "RequestId": { "description": "The caller's own `x-request-id` if it is plain text, else a new one. The log names it.",
            "required": true, "schema": text },
        "RetryAfter": { "description": "The seconds to wait before the next try, as the member `retry_after`. Not every problem of this status has it.",
            "schema": { "type": "integer" } },
        "Allow": { "description": "The methods that the path accepts.", "required": true, "schema": text },
    })
}

fn problem_example(code: ProblemCode) -> Value {
    json!({
        "type": format!("urn:rivet:problem:{}", code.name()), "title": code.title(), "status": code.status(),
        "detail": format!("{}.", code.title()), "code": code.name(), "request_id": "3f1c9a52e07d4b18",
    })
}

/// Returns the proofs of all callers.
pub fn security_schemes() -> Value {
    json!({
        "session": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The session token of a user of RIVET: HS256, `iss` rivet, `aud` rivet-books." },
        "scheduler": { "type": "http", "scheme": "bearer", "description": "The secret of the scheduler." },
        "scheduler_key": { "type": "apiKey", "in": "query", "name": "key", "description": "The secret of the scheduler." },
        "operator": { "type": "http", "scheme": "bearer", "description": "The secret of the operator." },
        "billing": { "type": "apiKey", "in": "header", "name": "webhook-signature",
            "description": "A signature by Standard Webhooks, with `webhook-id` and `webhook-timestamp`." },
        "notification": { "type": "apiKey", "in": "header", "name": "webhook-signature",
            "description": "RIVET checks this signature of ours: Standard Webhooks, by `rivet_notify_secret`." },
        "intuit": { "type": "apiKey", "in": "header", "name": "intuit-signature", "description": "Intuit's signature over the raw body." },
    })
}
