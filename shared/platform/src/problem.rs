//! Problems: every answer that is not what was asked for, as RFC 9457 has them.
//!
//! A problem has two sides. Its code, title, detail and members go to the caller, who may show the detail to a person. Its cause
//! goes into the log and nowhere else.

mod code;

pub use code::Code;

use crate::answer::Answer;
use billing::{Invalid, Plan, Role};
use serde::Serialize;
use serde_json::{Map, Value};

/// Something that stands in the way of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    detail: String,
    members: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of this code; `detail` is a sentence or two for people.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// 400: the body is not JSON.
    pub fn not_json(detail: impl Into<String>) -> Self {
        Self::new(Code::NotJson, detail)
    }

    /// 401: there is no session, or it is not valid (any more).
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(Code::Unauthorized, detail).header("www-authenticate", "Bearer")
    }

    /// 401: a webhook is not signed by whom it claims to come from.
    pub fn invalid_signature(detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidSignature, detail)
    }

    /// 403: a delivery is not signed by Intuit, which takes this status for a refusal.
    pub fn invalid_intuit_signature() -> Self {
        Self::new(
            Code::InvalidIntuitSignature,
            "The delivery is not signed as Intuit signs.",
        )
    }

    /// 403: the person may look, not touch.
    pub fn role_not_allowed(role: Role) -> Self {
        let detail = format!(
            "Only an owner or manager can do this; you are signed in as {}.",
            named(role)
        );
        Self::new(Code::RoleNotAllowed, detail).with("roles", ["owner", "manager"])
    }

    /// 403: the firm's plan does not have the accounting bridge.
    pub fn plan_not_eligible(plan: Plan) -> Self {
        let detail = format!(
            "QuickBooks Online is part of the Pro and Scale plans; this firm is on {}.",
            titled(plan)
        );
        Self::new(Code::PlanNotEligible, detail).with("plans", ["pro", "scale"])
    }

    /// 404: there is nothing at this path.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing at this address.")
    }

    /// 404: the firm has no such document.
    pub fn document_not_found() -> Self {
        Self::new(Code::DocumentNotFound, "This firm has no such document.")
    }

    /// 405: the path is right, the method is not.
    pub fn method_not_allowed(allow: &[&str]) -> Self {
        let allow = allow.join(", ");
        let detail = format!("This address answers to {allow}.");
        Self::new(Code::MethodNotAllowed, detail).header("allow", allow)
    }

    /// 409: it needs a connected company.
    pub fn not_connected(detail: impl Into<String>) -> Self {
        Self::new(Code::NotConnected, detail)
    }

    /// 409: one version of a document is to be kept, but the two do not differ.
    pub fn not_in_conflict() -> Self {
        Self::new(
            Code::NotInConflict,
            "The document is not in conflict, so there is no version to choose.",
        )
    }

    /// 409: the conflict is not the one that the person saw.
    pub fn conflict_changed() -> Self {
        Self::new(
            Code::ConflictChanged,
            "QuickBooks was read again meanwhile. Load the document again before deciding.",
        )
    }

    /// 409: nothing can be decided about the document now. `why` is a sentence.
    pub fn not_decidable(why: &str) -> Self {
        Self::new(Code::NotDecidable, why)
    }

    /// 412: the settings are not those that `If-Match` names.
    pub fn settings_changed() -> Self {
        Self::new(
            Code::SettingsChanged,
            "Somebody changed the settings meanwhile. Load them again before saving.",
        )
    }

    /// 413: the body is longer than `limit` bytes.
    pub fn body_too_large(limit: usize) -> Self {
        let detail = format!("The body is longer than {limit} bytes.");
        Self::new(Code::BodyTooLarge, detail).with("limit", limit)
    }

    /// 422: a field of the body or of the query does not fit. `problem` finishes a sentence that starts with the field.
    pub fn invalid_field(field: &str, problem: &str) -> Self {
        Self::new(Code::InvalidField, format!("`{field}` {problem}.")).with("field", field)
    }

    /// 428: a change must name the version that it changes.
    pub fn precondition_required() -> Self {
        Self::new(
            Code::PreconditionRequired,
            "Send the ETag of the settings that were loaded as If-Match.",
        )
    }

    /// 500: this deployment lacks a variable or has a malformed one. `problem` finishes a sentence that starts with its name.
    pub fn misconfigured(variable: &str, problem: &str) -> Self {
        let detail = format!("The service is not set up: variable `{variable}` {problem}.");
        Self::new(Code::Misconfigured, detail)
            .with("variable", variable)
            .because(format!("variable {variable} {problem}"))
    }

    /// 500: a defect of ours. The cause is logged, never told.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(Code::Internal, "Something went wrong on our side.").because(cause)
    }

    /// 502: QuickBooks did not do it.
    pub fn quickbooks_unavailable(detail: impl Into<String>) -> Self {
        Self::new(Code::QuickbooksUnavailable, detail)
    }

    /// 503: QuickBooks asks for fewer requests.
    pub fn quickbooks_throttled(seconds: u32) -> Self {
        Self::new(
            Code::QuickbooksThrottled,
            "QuickBooks limits how fast we may ask. This resolves by itself.",
        )
        .retry_after(seconds)
    }

    /// 503: others are changing the same record; the same request succeeds a moment later.
    pub fn store_busy() -> Self {
        Self::new(Code::StoreBusy, "The record is being changed by others.").retry_after(1)
    }

    /// 503: the records cannot be reached.
    pub fn store_unavailable(cause: impl Into<String>) -> Self {
        Self::new(Code::StoreUnavailable, "The records cannot be reached.")
            .retry_after(5)
            .because(cause)
    }

    /// Adds a member for programs (`missing`, `documents` …).
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Says when to try again, in seconds: as the member `retry_after` and as the header.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with("retry_after", seconds)
            .header("retry-after", seconds.to_string())
    }

    /// Keeps the cause for the log. It must not contain a secret.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What kind of problem it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What is logged.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer that tells it.
    pub(crate) fn into_answer(self, request_id: &str) -> Answer {
        let body = Body {
            kind: format!("urn:rivet:problem:{}", self.code.name()),
            title: self.code.title(),
            status: self.code.status(),
            detail: &self.detail,
            code: self.code.name(),
            request_id,
            members: &self.members,
        };
        let answer = Answer::json(self.code.status(), &body)
            .header("content-type", "application/problem+json");
        self.headers
            .into_iter()
            .fold(answer, |answer, (name, value)| answer.header(name, value))
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::NotJson { detail } => {
                Self::not_json(format!("The body is not JSON: {detail}."))
            }
            Invalid::Field { field, problem } => Self::invalid_field(&field, &problem),
        }
    }
}

fn named(role: Role) -> &'static str {
    match role {
        Role::Owner => "an owner",
        Role::Manager => "a manager",
        Role::Staff => "staff",
        Role::Viewer => "a viewer",
    }
}

fn titled(plan: Plan) -> &'static str {
    match plan {
        Plan::Starter => "Starter",
        Plan::Pro => "Pro",
        Plan::Scale => "Scale",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status, the headers that are not the same for all, and the body.
    fn told(problem: Problem) -> String {
        let response = problem.into_answer("req_1").finish().unwrap();
        let mut text = response.status().to_string();
        for (name, value) in response.headers() {
            if !matches!(name.as_str(), "content-type" | "content-length") {
                text += &format!("\n{name}: {}", value.to_str().unwrap());
            }
        }
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        format!("{text}\n{body}")
    }

    #[test]
    fn every_problem_that_can_be_answered_reads_so() {
        let problems = [
            Problem::not_json("The body is not JSON: expected value at line 1 column 1."),
            Problem::unauthorized("The session token is not valid."),
            Problem::invalid_signature("The event is not signed as it should be."),
            Problem::invalid_intuit_signature(),
            Problem::role_not_allowed(Role::Viewer),
            Problem::plan_not_eligible(Plan::Starter),
            Problem::not_found(),
            Problem::document_not_found(),
            Problem::method_not_allowed(&["GET", "PUT"]),
            Problem::not_connected("No QuickBooks company is connected."),
            Problem::not_in_conflict(),
            Problem::conflict_changed(),
            Problem::not_decidable("It is being posted."),
            Problem::settings_changed(),
            Problem::body_too_large(1_048_576),
            Problem::invalid_field("accounts.retainage", "must be text"),
            Problem::precondition_required(),
            Problem::misconfigured("token_keys", "is missing"),
            Problem::internal("a defect"),
            Problem::quickbooks_unavailable("QuickBooks does not answer."),
            Problem::quickbooks_throttled(60),
            Problem::store_busy(),
            Problem::store_unavailable("connection refused"),
        ];
        let codes: Vec<Code> = problems.iter().map(Problem::code).collect();
        assert_eq!(codes, Code::ALL);
        let all = problems.map(told).join("\n\n");
        insta::assert_snapshot!(all, @r#"
        400 Bad Request
        {"code":"not_json","detail":"The body is not JSON: expected value at line 1 column 1.","request_id":"req_1","status":400,"title":"Not JSON","type":"urn:rivet:problem:not_json"}

        401 Unauthorized
        www-authenticate: Bearer
        {"code":"unauthorized","detail":"The session token is not valid.","request_id":"req_1","status":401,"title":"Not signed in","type":"urn:rivet:problem:unauthorized"}

        401 Unauthorized
        {"code":"invalid_signature","detail":"The event is not signed as it should be.","request_id":"req_1","status":401,"title":"Signature not valid","type":"urn:rivet:problem:invalid_signature"}

        403 Forbidden
        {"code":"invalid_intuit_signature","detail":"The delivery is not signed as Intuit signs.","request_id":"req_1","status":403,"title":"Signature not valid","type":"urn:rivet:problem:invalid_intuit_signature"}

        403 Forbidden
        {"code":"role_not_allowed","detail":"Only an owner or manager can do this; you are signed in as a viewer.","request_id":"req_1","roles":["owner","manager"],"status":403,"title":"Role not allowed","type":"urn:rivet:problem:role_not_allowed"}

        403 Forbidden
        {"code":"plan_not_eligible","detail":"QuickBooks Online is part of the Pro and Scale plans; this firm is on Starter.","plans":["pro","scale"],"request_id":"req_1","status":403,"title":"Plan not eligible","type":"urn:rivet:problem:plan_not_eligible"}

        404 Not Found
        {"code":"not_found","detail":"There is nothing at this address.","request_id":"req_1","status":404,"title":"Not found","type":"urn:rivet:problem:not_found"}

        404 Not Found
        {"code":"document_not_found","detail":"This firm has no such document.","request_id":"req_1","status":404,"title":"Document not found","type":"urn:rivet:problem:document_not_found"}

        405 Method Not Allowed
        allow: GET, PUT
        {"code":"method_not_allowed","detail":"This address answers to GET, PUT.","request_id":"req_1","status":405,"title":"Method not allowed","type":"urn:rivet:problem:method_not_allowed"}

        409 Conflict
        {"code":"not_connected","detail":"No QuickBooks company is connected.","request_id":"req_1","status":409,"title":"QuickBooks not connected","type":"urn:rivet:problem:not_connected"}

        409 Conflict
        {"code":"not_in_conflict","detail":"The document is not in conflict, so there is no version to choose.","request_id":"req_1","status":409,"title":"Not in conflict","type":"urn:rivet:problem:not_in_conflict"}

        409 Conflict
        {"code":"conflict_changed","detail":"QuickBooks was read again meanwhile. Load the document again before deciding.","request_id":"req_1","status":409,"title":"Conflict changed","type":"urn:rivet:problem:conflict_changed"}

        409 Conflict
        {"code":"not_decidable","detail":"It is being posted.","request_id":"req_1","status":409,"title":"Not to be decided now","type":"urn:rivet:problem:not_decidable"}

        412 Precondition Failed
        {"code":"settings_changed","detail":"Somebody changed the settings meanwhile. Load them again before saving.","request_id":"req_1","status":412,"title":"Settings changed","type":"urn:rivet:problem:settings_changed"}

        413 Payload Too Large
        {"code":"body_too_large","detail":"The body is longer than 1048576 bytes.","limit":1048576,"request_id":"req_1","status":413,"title":"Body too large","type":"urn:rivet:problem:body_too_large"}

        422 Unprocessable Entity
        {"code":"invalid_field","detail":"`accounts.retainage` must be text.","field":"accounts.retainage","request_id":"req_1","status":422,"title":"Field not valid","type":"urn:rivet:problem:invalid_field"}

        428 Precondition Required
        {"code":"precondition_required","detail":"Send the ETag of the settings that were loaded as If-Match.","request_id":"req_1","status":428,"title":"Precondition required","type":"urn:rivet:problem:precondition_required"}

        500 Internal Server Error
        {"code":"misconfigured","detail":"The service is not set up: variable `token_keys` is missing.","request_id":"req_1","status":500,"title":"Not set up","type":"urn:rivet:problem:misconfigured","variable":"token_keys"}

        500 Internal Server Error
        {"code":"internal","detail":"Something went wrong on our side.","request_id":"req_1","status":500,"title":"Internal error","type":"urn:rivet:problem:internal"}

        502 Bad Gateway
        {"code":"quickbooks_unavailable","detail":"QuickBooks does not answer.","request_id":"req_1","status":502,"title":"QuickBooks not available","type":"urn:rivet:problem:quickbooks_unavailable"}

        503 Service Unavailable
        retry-after: 60
        {"code":"quickbooks_throttled","detail":"QuickBooks limits how fast we may ask. This resolves by itself.","request_id":"req_1","retry_after":60,"status":503,"title":"QuickBooks is busy","type":"urn:rivet:problem:quickbooks_throttled"}

        503 Service Unavailable
        retry-after: 1
        {"code":"store_busy","detail":"The record is being changed by others.","request_id":"req_1","retry_after":1,"status":503,"title":"Record busy","type":"urn:rivet:problem:store_busy"}

        503 Service Unavailable
        retry-after: 5
        {"code":"store_unavailable","detail":"The records cannot be reached.","request_id":"req_1","retry_after":5,"status":503,"title":"Records not available","type":"urn:rivet:problem:store_unavailable"}
        "#);
    }

    #[test]
    fn a_problem_is_marked_as_one() {
        let response = Problem::not_found().into_answer("r").finish().unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
    }

    #[test]
    fn the_cause_is_for_the_log_only() {
        let problem = Problem::internal("the index is broken");
        assert_eq!(problem.cause(), Some("the index is broken"));
        assert!(!told(problem).contains("index"));
    }

    #[test]
    fn members_stand_beside_the_others() {
        let problem = Problem::new(Code::InvalidField, "Two accounts are missing.").with(
            "missing",
            vec!["accounts.retainage", "accounts.contract_revenue"],
        );
        let told = told(problem);
        assert!(
            told.contains(r#""missing":["accounts.retainage","accounts.contract_revenue"]"#),
            "{told}"
        );
    }

    #[test]
    fn a_body_that_does_not_fit_names_its_field() {
        let invalid = Invalid::field("data.pay_app.lines[2].retainage", "must be text");
        let told = told(invalid.into());
        assert!(
            told.contains(r#""field":"data.pay_app.lines[2].retainage""#),
            "{told}"
        );
    }
}
