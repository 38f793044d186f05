//! Watches the request ids of everything that is sent to QuickBooks.
//!
//! Intuit answers a repeated id with its first answer, whatever the new request says. So a read has no id, and two different changes never
//! have the same one.

use bytes::Bytes;
use serde_json::Value;
use std::collections::BTreeMap;

/// The changes that were sent so far, each by its request id and the id of its item in the batch.
#[derive(Clone, Default)]
pub struct SentChanges(BTreeMap<(String, String), Value>);

impl SentChanges {
    /// Asserts that a request has the id that it needs, and that no different request had it before.
    pub fn check(&mut self, request: &http::Request<Bytes>) {
        let Some(id) = request_id(request) else {
            return;
        };
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let Some(items) = body["BatchItemRequest"].as_array() else {
            let address = request.uri().path();
            return self.add(&id, "", &serde_json::json!([address, body]));
        };
        for item in items {
            assert!(item["Query"].is_null(), "a query has the request id {id}");
            self.add(&id, item["bId"].as_str().unwrap(), item);
        }
    }

    fn add(&mut self, id: &str, item: &str, sent: &Value) {
        let key = (id.to_owned(), item.to_owned());
        let first = self.0.entry(key).or_insert_with(|| sent.clone());
        assert_eq!(first, sent, "two requests have the id {id} {item}");
    }
}

/// Returns the request id of a request.
fn request_id(request: &http::Request<Bytes>) -> Option<String> {
    let query = request.uri().query()?;
    let id = query
        .split('&')
        .find_map(|part| part.strip_prefix("requestid="))?;
    Some(id.to_owned())
}
