use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use jiff::Timestamp;
use url::form_urlencoded;

use crate::route::Route;
use crate::{CallClass, RecordedRequest};

/// A parsed request: its route, its parameters and its cost class.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    query: Option<String>,
    parameters: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) route: Route,
    pub(crate) class: CallClass,
}

impl Call {
    /// Parses a request.
    pub(crate) fn new(request: Request<Bytes>) -> Self {
        let (head, body) = request.into_parts();
        let query = head.uri.query().map(str::to_owned);
        let path = head.uri.path().to_owned();
        let route = Route::parse(&path);
        Self {
            class: route.call_class(&head.method, &body),
            method: head.method,
            parameters: parse_pairs(query.as_deref().unwrap_or_default().as_bytes()),
            query,
            route,
            path,
            headers: head.headers,
            body,
        }
    }

    /// Returns the first query parameter of a name, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// Returns the body as form fields, if the media type is that of a form.
    pub(crate) fn form(&self) -> Option<Vec<(String, String)>> {
        self.has_media_type("application/x-www-form-urlencoded")
            .then(|| parse_pairs(&self.body))
    }

    /// Returns whether the body is declared to be of the media type, without regard to its parameters.
    pub(crate) fn has_media_type(&self, media_type: &str) -> bool {
        self.header(header::CONTENT_TYPE.as_str())
            .and_then(|value| value.split(';').next())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns whether the caller asks for JSON. Intuit answers in XML otherwise.
    pub(crate) fn wants_json(&self) -> bool {
        self.header(header::ACCEPT.as_str())
            .is_some_and(|value| value.contains("application/json"))
    }

    /// Returns the realm id of the company that the path names.
    pub(crate) fn realm(&self) -> Option<&str> {
        match &self.route {
            Route::Company { realm, .. } => Some(realm),
            _ => None,
        }
    }

    /// Returns the entry for the record of traffic. `status` is `None` if the connection was dropped.
    pub(crate) fn traffic_entry(&self, at: Timestamp, status: Option<u16>) -> RecordedRequest {
        RecordedRequest {
            received_at: at,
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            realm: self.realm().map(str::to_owned),
            class: self.class,
            request_id: self.parameter("requestid").map(str::to_owned),
            status,
        }
    }
}

fn parse_pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(method: &str, uri: &str, body: &str) -> Call {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "application/json; charset=utf-8")
            .header("accept", "application/json");
        Call::new(request.body(Bytes::from(body.to_owned())).unwrap())
    }

    #[test]
    fn call_class_follows_method_path_and_body() {
        assert_eq!(
            call("POST", "/v3/company/77/invoice", "{}").class,
            CallClass::Write
        );
        assert_eq!(
            call("GET", "/v3/company/77/invoice/9", "").class,
            CallClass::Read
        );
        assert_eq!(
            call("POST", "/v3/company/77/query", "").class,
            CallClass::Read
        );
        let batch = r#"{"BatchItemRequest":[{"bId":"1","Query":"q"},{"bId":"2","operation":"create","Invoice":{}}]}"#;
        assert_eq!(
            call("POST", "/v3/company/77/batch", batch).class,
            CallClass::Batch {
                writes: 1,
                reads: 1
            }
        );
        assert_eq!(call("GET", "/favicon.ico", "").class, CallClass::Other);
    }

    #[test]
    fn query_parameters_are_decoded() {
        let call = call(
            "GET",
            "/v3/company/77/query?query=select%20*+from%20Customer&requestid=r1",
            "",
        );
        assert_eq!(call.parameter("query"), Some("select * from Customer"));
        let entry = call.traffic_entry(Timestamp::UNIX_EPOCH, Some(200));
        assert_eq!(entry.request_id.as_deref(), Some("r1"));
        assert_eq!(entry.realm.as_deref(), Some("77"));
    }

    #[test]
    fn media_type_parameters_are_ignored() {
        let call = call("POST", "/v3/company/77/invoice", "{}");
        assert!(call.has_media_type("application/json"));
        assert!(call.wants_json());
        assert!(call.form().is_none());
    }
}
