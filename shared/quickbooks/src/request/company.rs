//! The frame of each request to a company: address, token and content type.
//!
//! Each request asks for JSON, because the server answers with XML if `Accept` is missing.

use super::encoding::{escaped, json};
use super::unsendable::Unsendable;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use oauth2::AccessToken;
use serde::Serialize;

/// A company and the access token for it, as each request to the accounting API needs them.
#[derive(Debug, Clone, Copy)]
pub struct Company<'a> {
    /// The origin of the accounting API, such as `https://quickbooks.api.intuit.com`, without a trailing slash.
    pub api_origin: &'a str,
    /// The company's id, which Intuit names in the callback of the sign-in.
    pub realm_id: &'a str,
    /// A valid access token for the company.
    pub access_token: &'a AccessToken,
}

/// Builds a request without a body to `target`, a path and query below the company.
pub(crate) fn get(company: &Company<'_>, target: &str) -> Result<Request<Bytes>, Unsendable> {
    build(company, Method::GET, target, Bytes::new())
}

/// Builds a request with a JSON body to `target`, a path and query below the company.
pub(crate) fn post(
    company: &Company<'_>,
    target: &str,
    body: &impl Serialize,
) -> Result<Request<Bytes>, Unsendable> {
    build(company, Method::POST, target, json(body)?)
}

fn build(
    company: &Company<'_>,
    method: Method,
    target: &str,
    body: Bytes,
) -> Result<Request<Bytes>, Unsendable> {
    let (origin, realm) = (company.api_origin, escaped(company.realm_id));
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", company.access_token.secret()))
        .map_err(|_| Unsendable("its access token is not a header"))?;
    bearer.set_sensitive(true);
    Request::builder()
        .method(method)
        .uri(format!("{origin}/v3/company/{realm}/{target}"))
        .header(AUTHORIZATION, bearer)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .map_err(|_| Unsendable("its address is not a URL"))
}
