//! An operation of the API: a method at a path, with the request and the answers.

use crate::parameter::{KINDS, Parameter, Shape, header, path_parameter};
use platform::problem::ProblemCode;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Returns the schema of a body.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Returns the schema of a type.
pub fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The party that calls, and its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Each user of RIVET's front end.
    Session,
    /// An owner or manager.
    Manager,
    /// An owner or manager of a firm with the plan Pro or Scale.
    PaidManager,
    /// RIVET's billing back end.
    Billing,
    /// The scheduler.
    Scheduler,
    /// The operator.
    Operator,
    /// Intuit.
    Intuit,
    /// A browser, or anybody.
    Anybody,
}

/// The body of a request or an answer.
#[derive(Clone, Copy)]
pub struct Body {
    /// The schema.
    pub schema: SchemaOf,
    /// The names of its examples.
    pub examples: &'static [&'static str],
}

/// An answer that is no problem.
#[derive(Clone, Copy)]
pub struct Success {
    /// The status.
    pub status: u16,
    /// The description.
    pub description: &'static str,
    /// The body, if there is one.
    pub body: Option<Body>,
    /// The headers, by name, with their descriptions.
    pub headers: &'static [Header],
    /// The media type of a text that the caller may ask for instead.
    pub text: Option<&'static str>,
}

/// A header of an answer.
#[derive(Clone, Copy)]
pub struct Header {
    /// The name.
    pub name: &'static str,
    /// The description.
    pub description: &'static str,
}

/// The version of an answer.
pub const ETAG: [Header; 1] = [Header {
    name: "ETag",
    description: "The version of the answer.",
}];

/// An operation.
#[derive(Clone)]
pub struct Operation {
    /// The method in lower case.
    pub method: &'static str,
    /// The path, with parameters as `{name}`.
    pub path: &'static str,
    /// The sentence that says what it does.
    pub summary: &'static str,
    /// The caller.
    pub caller: Caller,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body of the request. `None` if there is none.
    pub request: Option<Body>,
    /// The answer.
    pub success: Success,
    /// A caller that has the answer is told so: 304 without a body.
    pub is_revalidated: bool,
    /// The problems beyond those of each operation and of the caller.
    pub problems: Vec<ProblemCode>,
}

impl Operation {
    /// Returns an operation that answers 200 without a body.
    pub fn new(method: &'static str, path: &'static str, caller: Caller) -> Self {
        let mut parameters = Vec::new();
        if path.contains("{kind}") {
            let kind = path_parameter("kind", "The kind of the document.");
            parameters.push(kind.of(Shape::OneOf(KINDS)));
        }
        if path.contains("{firm}") {
            parameters.push(path_parameter("firm", "RIVET's id of the firm."));
        }
        if path.contains("dead-letters/{id}") {
            parameters.push(path_parameter("id", "The id in the list of dead letters."));
        } else if path.contains("{id}") {
            let id = path_parameter("id", "RIVET's id of the document.");
            parameters.push(id.of(Shape::Id));
        }
        Self {
            method,
            path,
            summary: "",
            caller,
            parameters,
            request: None,
            success: Success {
                status: 200,
                description: "Done.",
                body: None,
                headers: &[],
                text: None,
            },
            is_revalidated: false,
            problems: Vec::new(),
        }
    }

    /// Sets the summary.
    pub fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// Sets status and description of the answer.
    pub fn answers(mut self, status: u16, description: &'static str) -> Self {
        self.success.status = status;
        self.success.description = description;
        self
    }

    /// Sets the body of the answer.
    pub fn body(mut self, schema: SchemaOf, examples: &'static [&'static str]) -> Self {
        self.success.body = Some(Body { schema, examples });
        self
    }

    /// Sets the headers of the answer.
    pub fn headers(mut self, headers: &'static [Header]) -> Self {
        self.success.headers = headers;
        self
    }

    /// Lets a caller ask whether its answer is still the same, by the `ETag` of it (RFC 9110 section 13.1.2).
    pub fn revalidated(mut self) -> Self {
        let known = "The `ETag` of the answer that the caller has.";
        self.is_revalidated = true;
        self.headers(&ETAG)
            .parameter(header("If-None-Match", known))
    }

    /// Sets the media type of a text that the caller may ask for instead.
    pub fn text(mut self, media_type: &'static str) -> Self {
        self.success.text = Some(media_type);
        self
    }

    /// Sets the body of the request.
    pub fn takes(mut self, schema: SchemaOf, examples: &'static [&'static str]) -> Self {
        self.request = Some(Body { schema, examples });
        self
    }

    /// Adds a parameter.
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Adds problems.
    pub fn fails(mut self, codes: &[ProblemCode]) -> Self {
        self.problems.extend(codes);
        self
    }

    /// Returns whether a user of a firm that was erased is refused: the request changes something or asks QuickBooks.
    fn is_refused_to_erased_firms(&self) -> bool {
        let is_user = self.caller.schemes() == ["session"];
        let asks_company = self.problems.contains(&ProblemCode::NotConnected);
        is_user && (self.method != "get" || asks_company)
    }

    /// Returns all problems, ordered by status.
    pub fn all_problems(&self) -> Vec<ProblemCode> {
        let mut all = self.problems.clone();
        all.extend(self.caller.problems());
        let common = [
            ProblemCode::Misconfigured,
            ProblemCode::Internal,
            ProblemCode::StoreBusy,
            ProblemCode::StoreUnavailable,
        ];
        if self.path != "/v1/health" && self.path != "/v1/openapi.json" {
            all.extend(common);
        }
        if self.is_refused_to_erased_firms() {
            all.push(ProblemCode::FirmErased);
        }
        all.extend([ProblemCode::NotFound, ProblemCode::MethodNotAllowed]);
        if self.method != "get" {
            all.push(ProblemCode::BodyTooLarge);
        }
        if self.request.is_some() {
            all.push(ProblemCode::NotJson);
            if self.caller != Caller::Intuit {
                all.push(ProblemCode::InvalidField);
            }
        }
        ProblemCode::ALL
            .into_iter()
            .filter(|code| all.contains(code))
            .collect()
    }
}

impl Caller {
    /// Returns the problems of a caller without the right proof.
    fn problems(self) -> &'static [ProblemCode] {
        match self {
            Self::Session | Self::Scheduler | Self::Operator => &[ProblemCode::Unauthorized],
            Self::Manager => &[ProblemCode::Unauthorized, ProblemCode::RoleNotAllowed],
            Self::PaidManager => &[
                ProblemCode::Unauthorized,
                ProblemCode::RoleNotAllowed,
                ProblemCode::PlanNotEligible,
            ],
            Self::Billing => &[ProblemCode::InvalidSignature],
            Self::Intuit => &[ProblemCode::InvalidIntuitSignature],
            Self::Anybody => &[],
        }
    }

    /// Returns the names of the security schemes, one of which the request needs.
    pub fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Session | Self::Manager | Self::PaidManager => &["session"],
            Self::Billing => &["billing"],
            Self::Scheduler => &["scheduler", "scheduler_key"],
            Self::Operator => &["operator"],
            Self::Intuit => &["intuit"],
            Self::Anybody => &[],
        }
    }
}
