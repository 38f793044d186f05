//! Functions that make the problems: each sets the code, the detail and the members.

use super::code::ProblemCode;
use super::details::Problem;
use billing::{InputError, Role, SubscriptionPlan};

/// Answers 400: the body is not JSON.
pub fn not_json(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::NotJson, detail)
}

/// Answers 401: the session token is missing, invalid or expired. The header names the scheme (RFC 6750 section 3).
pub fn unauthorized(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Unauthorized, detail).with_header("www-authenticate", "Bearer")
}

/// Answers 401: an event has no valid signature of RIVET.
pub fn invalid_signature(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::InvalidSignature, detail)
}

/// Answers 403: a delivery has no valid signature of Intuit.
pub fn invalid_intuit_signature() -> Problem {
    Problem::new(
        ProblemCode::InvalidIntuitSignature,
        "The delivery has no valid Intuit signature.",
    )
}

/// Answers 403: the user's role may only look.
pub fn role_not_allowed(role: Role) -> Problem {
    let detail = format!(
        "Only an owner or manager can do this; you are signed in as {}.",
        role_with_article(role)
    );
    Problem::new(ProblemCode::RoleNotAllowed, detail).with_member("roles", ["owner", "manager"])
}

/// Answers 403: the firm's plan has no accounting integrations.
pub fn plan_not_eligible(plan: SubscriptionPlan) -> Problem {
    let detail = format!(
        "QuickBooks Online is part of the Pro and Scale plans; this firm is on {}.",
        plan_title(plan)
    );
    Problem::new(ProblemCode::PlanNotEligible, detail).with_member("plans", ["pro", "scale"])
}

/// Answers 404: no route has this path.
pub fn not_found() -> Problem {
    Problem::new(ProblemCode::NotFound, "There is nothing at this address.")
}

/// Answers 404: the firm has no such document.
pub fn document_not_found() -> Problem {
    Problem::new(
        ProblemCode::DocumentNotFound,
        "This firm has no such document.",
    )
}

/// Answers 405: the path exists, but not with this method. `allow` has the methods of the path (RFC 9110 section 10.2.1).
pub fn method_not_allowed(allow: &[&str]) -> Problem {
    let allow = allow.join(", ");
    let detail = format!("This address accepts {allow}.");
    Problem::new(ProblemCode::MethodNotAllowed, detail).with_header("allow", allow)
}

/// Answers 409: the request needs a connected company.
pub fn not_connected(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::NotConnected, detail)
}

/// Answers 409: the request chooses a version of a document that is not in conflict.
pub fn not_in_conflict() -> Problem {
    Problem::new(
        ProblemCode::NotInConflict,
        "The document is not in conflict, so there is no version to choose.",
    )
}

/// Answers 409: the conflict is newer than the one that the person saw.
pub fn conflict_changed() -> Problem {
    Problem::new(
        ProblemCode::ConflictChanged,
        "The document was compared with QuickBooks again after you loaded it. Load it again before you decide.",
    )
}

/// Answers 409: no decision about the document is possible now. `why` is a sentence.
pub fn not_decidable(why: &str) -> Problem {
    Problem::new(ProblemCode::NotDecidable, why)
}

/// Answers 410: the firm was erased, so nothing is written for it.
pub fn firm_erased() -> Problem {
    Problem::new(
        ProblemCode::FirmErased,
        "Everything that was kept of this firm was erased.",
    )
}

/// Answers 412: the settings have another version than `If-Match` names.
pub fn settings_changed() -> Problem {
    Problem::new(
        ProblemCode::SettingsChanged,
        "The settings were changed after you loaded them. Load them again before you save.",
    )
}

/// Answers 413: the body is longer than `limit` bytes.
pub fn body_too_large(limit: usize) -> Problem {
    let detail = format!("The body is longer than {limit} bytes.");
    Problem::new(ProblemCode::BodyTooLarge, detail).with_member("limit", limit)
}

/// Answers 422: a field of the body or a query parameter is invalid. `problem` ends a sentence that starts with the field.
pub fn invalid_field(field: &str, problem: &str) -> Problem {
    let detail = format!("`{field}` {problem}.");
    Problem::new(ProblemCode::InvalidField, detail).with_member("field", field)
}

/// Answers 428: the request must name the version of the settings that it replaces (RFC 6585 section 3).
pub fn precondition_required() -> Problem {
    Problem::new(
        ProblemCode::PreconditionRequired,
        "Send the header If-Match with the ETag of the settings that you loaded.",
    )
}

/// Answers 500: a variable is missing or malformed. `problem` ends a sentence that starts with the variable.
pub fn misconfigured(variable: &str, problem: &str) -> Problem {
    let detail = format!("The service is not set up: variable `{variable}` {problem}.");
    Problem::new(ProblemCode::Misconfigured, detail)
        .with_member("variable", variable)
        .with_cause(format!("variable {variable} {problem}"))
}

/// Answers 500: a defect in this code. The cause is logged and not answered.
pub fn internal(cause: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::Internal, "Something went wrong on our side.").with_cause(cause)
}

/// Answers 502: a call to QuickBooks failed.
pub fn quickbooks_unavailable(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::QuickbooksUnavailable, detail)
}

/// Answers 429: the lists of QuickBooks were asked for too often. They may be asked for again after so many seconds.
pub fn too_many_requests(seconds: u32) -> Problem {
    Problem::new(
        ProblemCode::TooManyRequests,
        "The lists of QuickBooks were asked for too often. Try again in a moment.",
    )
    .with_retry_after(seconds)
}

/// Answers 503: QuickBooks asks to send the next request after so many seconds.
pub fn quickbooks_throttled(seconds: u32) -> Problem {
    Problem::new(
        ProblemCode::QuickbooksThrottled,
        "QuickBooks limits how many requests it accepts. This resolves by itself.",
    )
    .with_retry_after(seconds)
}

/// Answers 503: other requests are changing the same record. The same request succeeds a moment later.
pub fn store_busy() -> Problem {
    Problem::new(
        ProblemCode::StoreBusy,
        "Another request is changing the same record. Send the request again.",
    )
    .with_retry_after(1)
}

/// Answers 503: the store does not answer, or a record cannot be read.
pub fn store_unavailable(cause: impl Into<String>) -> Problem {
    Problem::new(
        ProblemCode::StoreUnavailable,
        "The store cannot be reached.",
    )
    .with_retry_after(5)
    .with_cause(cause)
}

impl From<InputError> for Problem {
    fn from(invalid: InputError) -> Self {
        match invalid {
            InputError::NotJson { detail } => not_json(format!("The body is not JSON: {detail}.")),
            InputError::Field { field, problem } => invalid_field(&field, &problem),
        }
    }
}

fn role_with_article(role: Role) -> &'static str {
    match role {
        Role::Owner => "an owner",
        Role::Manager => "a manager",
        Role::Staff => "staff",
        Role::Viewer => "a viewer",
    }
}

fn plan_title(plan: SubscriptionPlan) -> &'static str {
    match plan {
        SubscriptionPlan::Starter => "Starter",
        SubscriptionPlan::Pro => "Pro",
        SubscriptionPlan::Scale => "Scale",
    }
}
