//! Webhook deliveries as Intuit sends them, for tests that need a delivery without a change in a company.

use super::local_deployment::VERIFIER_TOKEN;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http::request::Builder;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

/// The route that receives the deliveries.
pub const PATH: &str = "/v1/webhooks/quickbooks";

/// Returns the `intuit-signature` of a body under a verifier token.
pub fn signature(token: &str, body: &[u8]) -> String {
    // HMAC accepts a key of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else {
        return String::new();
    };
    STANDARD.encode(mac.chain_update(body).finalize().into_bytes())
}

/// Returns a delivery without body and signature.
pub fn unsigned_delivery() -> Builder {
    Request::post(PATH).header("content-type", "application/json; charset=utf-8")
}

/// Returns a signed delivery of this body.
pub fn signed_delivery(body: Bytes) -> Request<Bytes> {
    let signature = HeaderValue::try_from(signature(VERIFIER_TOKEN, &body));
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(PATH);
    let name = HeaderName::from_static("intuit-signature");
    let headers = request.headers_mut();
    headers.extend(signature.ok().map(|signature| (name, signature)));
    request
}

/// An object in a company's books.
#[derive(Clone, Debug)]
pub struct ChangedObject<'a> {
    /// QuickBooks' id of the company (`realmId`).
    pub realm: &'a str,
    /// The kind as it is named in the type of a CloudEvent, such as `invoice`.
    pub kind: &'a str,
    /// QuickBooks' id of the object.
    pub id: String,
}

/// Returns a CloudEvent that says that the object was updated at this time.
pub fn cloud_event(id: &str, object: &ChangedObject<'_>, changed_at: Timestamp) -> Value {
    let ChangedObject {
        realm,
        kind,
        id: object_id,
    } = object;
    json!({
        "specversion": "1.0", "id": id, "source": "intuit.c291cmNl",
        "type": format!("qbo.{kind}.updated.v1"), "datacontenttype": "application/json",
        "time": changed_at.to_string(), "intuitentityid": object_id, "intuitaccountid": realm, "data": {},
    })
}
