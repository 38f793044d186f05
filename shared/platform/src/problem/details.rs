//! The details of a problem (RFC 9457 section 3): code, text for people, members for programs, headers and cause.

use super::code::ProblemCode;
use serde_json::{Map, Value};

/// A problem: the reason why a request has no normal answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: ProblemCode,
    detail: String,
    members: Map<String, Value>,
    headers: Vec<ProblemHeader>,
    cause: Option<String>,
}

/// A header that is answered with a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProblemHeader {
    pub name: &'static str,
    pub value: String,
}

impl Problem {
    /// Makes a problem of this code. `detail` is one or two sentences for people.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// Adds an extension member for programs, such as `missing` (RFC 9457 section 3.2).
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Says after how many seconds to try again: as the member `retry_after` and as the header (RFC 9110 section 10.2.3).
    #[must_use]
    pub fn with_retry_after(self, seconds: u32) -> Self {
        self.with_member("retry_after", seconds)
            .with_header("retry-after", seconds.to_string())
    }

    /// Sets the cause, which is logged. The cause must not contain a secret.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Returns the problem's code.
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    pub(crate) fn into_headers(self) -> Vec<ProblemHeader> {
        self.headers
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Adds a header.
    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.headers.push(ProblemHeader { name, value });
        self
    }
}
