//! The log: one line of JSON per request.

use http::request::Parts;
use serde::Serialize;

/// The log line of one request. It has no query, header or body, so it contains no secret and no business data.
#[derive(Debug, Serialize)]
pub(crate) struct LogLine<'a> {
    /// The component's name.
    pub component: &'static str,
    /// The request id that the response carries as `x-request-id`.
    pub request_id: &'a str,
    /// The HTTP method.
    pub method: &'a str,
    /// The start of the path, at most 200 bytes.
    pub path: &'a str,
    /// The HTTP status of the response.
    pub status: u16,
    /// The time from request to response in milliseconds.
    pub ms: u64,
    /// The code of the problem, if the request had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
    /// The cause of the problem, which the caller does not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The firm's id, if the request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
}

/// The caller chooses the path, so only as many bytes are logged as the longest route needs.
const MAX_PATH_BYTES: usize = 200;

impl<'a> LogLine<'a> {
    /// Starts the line of a request. Status, duration, problem and firm are set later.
    pub(crate) fn new(component: &'static str, request_id: &'a str, head: &'a Parts) -> Self {
        let path = head.uri.path();
        Self {
            component,
            request_id,
            method: head.method.as_str(),
            path: path.get(..MAX_PATH_BYTES).unwrap_or(path),
            status: 0,
            ms: 0,
            problem: None,
            cause: None,
            firm: None,
        }
    }

    /// Returns the line with its newline. Both are written in one call: otherwise the lines of two instances could share a row.
    pub(crate) fn row(&self) -> String {
        let mut row = serde_json::to_string(self).unwrap_or_default();
        row.push('\n');
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn line_has_all_fields_and_no_secret() {
        let request =
            Request::post("/v1/scheduled/sync?key=s3cr3t").header("authorization", "Bearer s3cr3t");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let mut line = LogLine::new("invoice-sync", "req_1", &head);
        line.status = 503;
        line.ms = 12;
        line.problem = Some("store_busy");
        line.cause = Some("a \"quoted\"\nline".to_owned());
        line.firm = Some("frm_1".to_owned());
        assert_eq!(line.row().matches('\n').count(), 1);
        insta::assert_snapshot!(line.row().trim_end(), @r#"{"component":"invoice-sync","request_id":"req_1","method":"POST","path":"/v1/scheduled/sync","status":503,"ms":12,"problem":"store_busy","cause":"a \"quoted\"\nline","firm":"frm_1"}"#);
    }

    #[test]
    fn line_without_problem_omits_empty_fields() {
        let (head, ()) = Request::get("/v1/health").body(()).unwrap().into_parts();
        let row = LogLine::new("status", "req_2", &head).row();
        insta::assert_snapshot!(row.trim_end(), @r#"{"component":"status","request_id":"req_2","method":"GET","path":"/v1/health","status":0,"ms":0}"#);
    }

    #[test]
    fn long_path_is_cut() {
        let (head, ()) = Request::get(format!("/{}", "a".repeat(5000)))
            .body(())
            .unwrap()
            .into_parts();
        assert_eq!(
            LogLine::new("status", "r", &head).path.len(),
            MAX_PATH_BYTES
        );
    }
}
