//! The log: one line of JSON per request.

use crate::audit::Audit;
use crate::trace::trace_id;
use crate::usage::UsageCounts;
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
    /// The trace of the header `traceparent`, if the request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<&'a str>,
    /// The requests to the accounting API of QuickBooks.
    #[serde(skip_serializing_if = "is_zero")]
    pub quickbooks_calls: u32,
    /// The reads that Intuit meters.
    #[serde(skip_serializing_if = "is_zero")]
    pub quickbooks_reads: u32,
    /// The reads of the store.
    #[serde(skip_serializing_if = "is_zero")]
    pub store_reads: u32,
    /// The writes to the store.
    #[serde(skip_serializing_if = "is_zero")]
    pub store_writes: u32,
    /// The act of a person or the operator, if the request did one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit>,
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
            trace_id: head
                .headers
                .get("traceparent")
                .and_then(|value| trace_id(value.to_str().ok()?)),
            quickbooks_calls: 0,
            quickbooks_reads: 0,
            store_reads: 0,
            store_writes: 0,
            audit: None,
        }
    }

    /// Sets the counts of the request's work.
    pub(crate) fn set_usage(&mut self, counts: UsageCounts) {
        self.quickbooks_calls = counts.quickbooks_calls;
        self.quickbooks_reads = counts.quickbooks_reads;
        self.store_reads = counts.store_reads;
        self.store_writes = counts.store_writes;
    }

    /// Returns the line with its newline. Both are written in one call: otherwise the lines of two instances could share a row.
    pub(crate) fn row(&self) -> String {
        let mut row = serde_json::to_string(self).unwrap_or_default();
        row.push('\n');
        row
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
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
    fn line_has_trace_counts_and_audit() {
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let request = Request::put("/v1/quickbooks/settings").header("traceparent", traceparent);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let mut line = LogLine::new("settings", "req_3", &head);
        line.set_usage(UsageCounts {
            quickbooks_calls: 1,
            quickbooks_reads: 2,
            store_reads: 3,
            store_writes: 4,
        });
        let at = "2026-03-31T21:14:09Z".parse().unwrap();
        let audit = Audit::new("settings_replaced", "usr_17", at);
        line.audit = Some(audit.what("accounts.retainage: \"91\" → \"92\""));
        insta::assert_snapshot!(line.row().trim_end(), @r#"{"component":"settings","request_id":"req_3","method":"PUT","path":"/v1/quickbooks/settings","status":0,"ms":0,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","quickbooks_calls":1,"quickbooks_reads":2,"store_reads":3,"store_writes":4,"audit":{"act":"settings_replaced","by":"usr_17","at":"2026-03-31T21:14:09Z","what":"accounts.retainage: \"91\" → \"92\""}}"#);
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
