//! The parts of the description that name no schema of a type.

use crate::operation::{Operation, Parameter};
use platform::problem::ProblemCode;
use serde_json::{Map, Value, json};

/// Returns the title and version.
pub fn info() -> Value {
    json!({
        "title": "RIVET's accounting bridge to QuickBooks Online",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Posts a contractor's billing to QuickBooks Online, each document exactly once.",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    })
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
    let mut schema = json!({ "type": "string" });
    if !parameter.values.is_empty() {
        schema["enum"] = json!(parameter.values);
    }
    json!({
        "name": parameter.name, "in": parameter.place, "description": parameter.description,
        "required": parameter.is_required, "schema": schema,
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
        "content": { "application/problem+json": { "schema": schema, "examples": examples } },
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
        "intuit": { "type": "apiKey", "in": "header", "name": "intuit-signature", "description": "Intuit's signature over the raw body." },
    })
}
