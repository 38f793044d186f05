//! The log: one line of JSON for each request.

use http::request::Parts;
use serde::Serialize;
use std::fmt;

/// What is written of a request: no query, no header, no body, so nothing secret and nothing of a firm's books.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    pub component: &'static str,
    pub request_id: &'a str,
    pub method: &'a str,
    pub path: &'a str,
    pub status: u16,
    pub ms: u64,
    /// The code of the problem, if one was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
    /// What the caller was not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
}

/// A path is the caller's text: no more of it than our longest route needs.
const LONGEST_PATH: usize = 200;

impl<'a> Line<'a> {
    /// A line that does not know yet what became of the request.
    pub(crate) fn new(component: &'static str, request_id: &'a str, head: &'a Parts) -> Self {
        let path = head.uri.path();
        Self {
            component,
            request_id,
            method: head.method.as_str(),
            path: path.get(..LONGEST_PATH).unwrap_or(path),
            status: 0,
            ms: 0,
            problem: None,
            cause: None,
            firm: None,
        }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn a_line_has_everything_but_what_is_secret() {
        let request =
            Request::post("/v1/scheduled/sync?key=s3cr3t").header("authorization", "Bearer s3cr3t");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let mut line = Line::new("invoice-sync", "req_1", &head);
        line.status = 503;
        line.ms = 12;
        line.problem = Some("store_busy");
        line.cause = Some("a \"quoted\"\nline".to_owned());
        line.firm = Some("frm_1".to_owned());
        insta::assert_snapshot!(line, @r#"{"component":"invoice-sync","request_id":"req_1","method":"POST","path":"/v1/scheduled/sync","status":503,"ms":12,"problem":"store_busy","cause":"a \"quoted\"\nline","firm":"frm_1"}"#);
    }

    #[test]
    fn a_line_without_a_problem_is_short() {
        let (head, ()) = Request::get("/v1/health").body(()).unwrap().into_parts();
        insta::assert_snapshot!(Line::new("status", "req_2", &head), @r#"{"component":"status","request_id":"req_2","method":"GET","path":"/v1/health","status":0,"ms":0}"#);
    }

    #[test]
    fn a_path_is_not_logged_beyond_what_a_route_needs() {
        let (head, ()) = Request::get(format!("/{}", "a".repeat(5000)))
            .body(())
            .unwrap()
            .into_parts();
        assert_eq!(Line::new("status", "r", &head).path.len(), LONGEST_PATH);
    }
}
