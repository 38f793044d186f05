use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use jiff::Timestamp;
use url::form_urlencoded;

use crate::route::Route;
use crate::{CallClass, Seen};

/// A request taken apart.
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
    pub(crate) fn new(request: Request<Bytes>) -> Self {
        let (head, body) = request.into_parts();
        let query = head.uri.query().map(str::to_owned);
        let path = head.uri.path().to_owned();
        let route = Route::of(&path);
        Self {
            class: route.class(&head.method, &body),
            method: head.method,
            parameters: pairs(query.as_deref().unwrap_or_default().as_bytes()),
            query,
            route,
            path,
            headers: head.headers,
            body,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// The body as form fields, if it says that it is a form.
    pub(crate) fn form(&self) -> Option<Vec<(String, String)>> {
        self.is("application/x-www-form-urlencoded")
            .then(|| pairs(&self.body))
    }

    /// Whether the body says that it is of this type.
    pub(crate) fn is(&self, media_type: &str) -> bool {
        self.header(header::CONTENT_TYPE.as_str())
            .and_then(|value| value.split(';').next())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.header(header::ACCEPT.as_str())
            .is_some_and(|value| value.contains("application/json"))
    }

    pub(crate) fn realm(&self) -> Option<&str> {
        match &self.route {
            Route::Company { realm, .. } => Some(realm),
            _ => None,
        }
    }

    /// What is kept of it in the traffic.
    pub(crate) fn seen(&self, at: Timestamp, status: Option<u16>) -> Seen {
        Seen {
            at,
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

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
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
    fn calls_are_classed_by_what_they_do() {
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
    fn parameters_are_decoded() {
        let call = call(
            "GET",
            "/v3/company/77/query?query=select%20*+from%20Customer&requestid=r1",
            "",
        );
        assert_eq!(call.parameter("query"), Some("select * from Customer"));
        let seen = call.seen(Timestamp::UNIX_EPOCH, Some(200));
        assert_eq!(seen.request_id.as_deref(), Some("r1"));
        assert_eq!(seen.realm.as_deref(), Some("77"));
    }

    #[test]
    fn types_are_compared_without_their_parameters() {
        let call = call("POST", "/v3/company/77/invoice", "{}");
        assert!(call.is("application/json"));
        assert!(call.wants_json());
        assert!(call.form().is_none());
    }
}
