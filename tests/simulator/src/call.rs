use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use jiff::Timestamp;
use serde_json::Value;
use url::form_urlencoded;

use crate::kind::Kind;
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

/// Which of Intuit's services a path belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Consent,
    Token,
    Revoke,
    Company { realm: String, resource: Resource },
    Unknown,
}

/// What a path names in a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Query,
    Batch,
    ChangeData,
    Preferences,
    /// All of a kind, to write to.
    Kind(Kind),
    /// One entity.
    Entity(Kind, String),
    Unknown,
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

impl Route {
    fn of(path: &str) -> Self {
        match path {
            "/connect/oauth2" => Self::Consent,
            "/oauth2/v1/tokens/bearer" => Self::Token,
            "/v2/oauth2/tokens/revoke" => Self::Revoke,
            _ => path
                .strip_prefix("/v3/company/")
                .and_then(|rest| rest.split_once('/'))
                .map_or(Self::Unknown, |(realm, rest)| Self::Company {
                    realm: realm.to_owned(),
                    resource: Resource::of(realm, rest),
                }),
        }
    }

    fn class(&self, method: &Method, body: &[u8]) -> CallClass {
        match self {
            Self::Consent => CallClass::Consent,
            Self::Token => CallClass::Token,
            Self::Revoke => CallClass::Revoke,
            Self::Unknown => CallClass::Other,
            Self::Company { resource, .. } => match resource {
                Resource::Batch => batch_class(body),
                Resource::Kind(_) if *method == Method::POST => CallClass::Write,
                Resource::Unknown => CallClass::Other,
                _ => CallClass::Read,
            },
        }
    }
}

impl Resource {
    fn of(realm: &str, rest: &str) -> Self {
        let parts: Vec<&str> = rest.split('/').collect();
        match parts.as_slice() {
            ["query"] => Self::Query,
            ["batch"] => Self::Batch,
            ["cdc"] => Self::ChangeData,
            ["preferences"] => Self::Preferences,
            ["companyinfo", id] if *id == realm => Self::Entity(Kind::CompanyInfo, "1".to_owned()),
            [kind] => Kind::in_path(kind).map_or(Self::Unknown, Self::Kind),
            [kind, id] => Kind::in_path(kind)
                .map_or(Self::Unknown, |kind| Self::Entity(kind, (*id).to_owned())),
            _ => Self::Unknown,
        }
    }
}

fn batch_class(body: &[u8]) -> CallClass {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = body["BatchItemRequest"].as_array();
    let all = items.map_or(0, Vec::len);
    let is_read = |item: &&Value| item.get("Query").is_some();
    let reads = items.map_or(0, |items| items.iter().filter(is_read).count());
    CallClass::Batch {
        writes: all - reads,
        reads,
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
    fn paths_are_told_apart() {
        let resource = |path: &str| match Route::of(path) {
            Route::Company { resource, .. } => resource,
            _ => Resource::Unknown,
        };
        assert_eq!(Route::of("/connect/oauth2"), Route::Consent);
        assert_eq!(Route::of("/oauth2/v1/tokens/bearer"), Route::Token);
        assert_eq!(Route::of("/v2/oauth2/tokens/revoke"), Route::Revoke);
        assert_eq!(Route::of("/v3/company/77"), Route::Unknown);
        assert_eq!(
            resource("/v3/company/77/journalentry"),
            Resource::Kind(Kind::JournalEntry)
        );
        assert_eq!(
            resource("/v3/company/77/invoice/9"),
            Resource::Entity(Kind::Invoice, "9".to_owned())
        );
        assert_eq!(
            resource("/v3/company/77/companyinfo/77"),
            Resource::Entity(Kind::CompanyInfo, "1".to_owned())
        );
        assert_eq!(resource("/v3/company/77/cdc"), Resource::ChangeData);
        assert_eq!(resource("/v3/company/77/Invoice"), Resource::Unknown);
        assert_eq!(resource("/v3/company/77/invoice/9/pdf"), Resource::Unknown);
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
