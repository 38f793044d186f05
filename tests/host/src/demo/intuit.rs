//! Webhook deliveries as Intuit sends them, for tests that need a delivery without a change in a company.

use super::stage::VERIFIER_TOKEN;
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
pub fn delivery() -> Builder {
    Request::post(PATH).header("content-type", "application/json; charset=utf-8")
}

/// Returns a signed delivery of this body.
pub fn signed(body: Bytes) -> Request<Bytes> {
    let signature = HeaderValue::try_from(signature(VERIFIER_TOKEN, &body));
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(PATH);
    let name = HeaderName::from_static("intuit-signature");
    let headers = request.headers_mut();
    headers.extend(signature.ok().map(|signature| (name, signature)));
    request
}

/// Returns a CloudEvent about a changed object. The tuple holds the company, the kind and the id of the object.
pub fn event(id: &str, (realm, kind, object): (&str, &str, &str), at: Timestamp) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "intuit.c291cmNl",
        "type": format!("qbo.{kind}.updated.v1"), "datacontenttype": "application/json",
        "time": at.to_string(), "intuitentityid": object, "intuitaccountid": realm, "data": {},
    })
}
