//! Every request to the accounting API, as a value.
//!
//! `minorversion=75` is always named although the server answers nothing else since August 2025, and JSON is always asked for:
//! without `Accept` the answer is XML.

use crate::batch::{self, Item};
use crate::entity::{Kind, Object};
use crate::query::Query;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use oauth2::AccessToken;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// A company and the key to it.
#[derive(Debug, Clone, Copy)]
pub struct Company<'a> {
    /// `https://quickbooks.api.intuit.com`, no trailing slash.
    pub api_origin: &'a str,
    /// The company's id, from the callback of its connection.
    pub realm_id: &'a str,
    /// A live access token for that company.
    pub access_token: &'a AccessToken,
}

/// A request that cannot be put on the wire: a bug or a damaged record, never something to retry. Says nothing of the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be built: {0}")]
pub struct Unsendable(pub(crate) &'static str);

/// A change to one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Makes it.
    Create(Object),
    /// Changes it; the object carries its id and sync token, and `sparse` decides about the fields that are left out.
    Update(Object),
    /// Sets the amounts of an invoice to zero and keeps its number. Refused while payments are applied.
    VoidInvoice(Version),
    /// Sets a payment to zero and opens again what it had settled.
    VoidPayment(Version),
}

/// An object as it was when we last saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// Its sync token; if it is no longer the current one, the write is refused with 5010.
    pub sync_token: String,
}

impl Write {
    /// The kind of object that it changes.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Create(object) | Self::Update(object) => object.kind(),
            Self::VoidInvoice(_) => Kind::Invoice,
            Self::VoidPayment(_) => Kind::Payment,
        }
    }

    /// The word for it in a batch.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(_) | Self::VoidPayment(_) => "update",
            Self::VoidInvoice(_) => "void",
        }
    }
}

/// Makes, changes or voids an object.
///
/// `request_id` makes a repetition harmless for as long as Intuit remembers it: the first answer is replayed. It belongs to this
/// one change of this one object, ≤ 50 characters; a changed body needs a new one.
///
/// # Errors
/// If the request id, the token or the body cannot be sent.
pub fn write(
    company: &Company<'_>,
    change: &Write,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    let id = checked(request_id, 50)?;
    let extra = match change {
        Write::Create(_) | Write::Update(_) => "",
        Write::VoidInvoice(_) => "&operation=void",
        Write::VoidPayment(_) => "&operation=update&include=void",
    };
    let path = change.kind().path();
    post(
        company,
        &format!("{path}?minorversion=75&requestid={id}{extra}"),
        change,
    )
}

/// Makes an object; see [`write`].
///
/// # Errors
/// If the request id, the token or the body cannot be sent.
pub fn create(
    company: &Company<'_>,
    object: impl Into<Object>,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    write(company, &Write::Create(object.into()), request_id)
}

/// Changes an object; see [`write`].
///
/// # Errors
/// If the request id, the token or the body cannot be sent.
pub fn update(
    company: &Company<'_>,
    object: impl Into<Object>,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    write(company, &Write::Update(object.into()), request_id)
}

/// Voids an invoice; see [`write`].
///
/// # Errors
/// If the request id or the token cannot be sent.
pub fn void_invoice(
    company: &Company<'_>,
    version: Version,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    write(company, &Write::VoidInvoice(version), request_id)
}

/// Voids a payment; see [`write`].
///
/// # Errors
/// If the request id or the token cannot be sent.
pub fn void_payment(
    company: &Company<'_>,
    version: Version,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    write(company, &Write::VoidPayment(version), request_id)
}

/// Sends up to 30 independent changes or queries at once. The answer is 200 whatever became of the items.
///
/// `request_id` (≤ 36 characters) and each item's id (≤ 10) together make a repetition harmless.
///
/// # Errors
/// If there are no or too many items, or an id, the token or a body cannot be sent.
pub fn batch(
    company: &Company<'_>,
    items: &[Item],
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    let id = checked(request_id, 36)?;
    let body = batch::body(items)?;
    post(
        company,
        &format!("batch?minorversion=75&requestid={id}"),
        &body,
    )
}

/// Reads one object.
///
/// # Errors
/// If the token cannot be sent.
pub fn read(company: &Company<'_>, kind: Kind, id: &str) -> Result<Request<Bytes>, Unsendable> {
    get(
        company,
        &format!("{}/{}?minorversion=75", kind.path(), escaped(id)),
    )
}

/// Looks objects up. Reads are metered by Intuit, writes are not.
///
/// # Errors
/// If the token cannot be sent.
pub fn query(company: &Company<'_>, query: &Query) -> Result<Request<Bytes>, Unsendable> {
    let statement = query.to_string();
    get(
        company,
        &format!("query?minorversion=75&query={}", escaped(&statement)),
    )
}

/// Reads the company's name and edition.
///
/// # Errors
/// If the token cannot be sent.
pub fn company_info(company: &Company<'_>) -> Result<Request<Bytes>, Unsendable> {
    read(company, Kind::CompanyInfo, company.realm_id)
}

/// Reads how the company keeps its books.
///
/// # Errors
/// If the token cannot be sent.
pub fn preferences(company: &Company<'_>) -> Result<Request<Bytes>, Unsendable> {
    get(company, "preferences?minorversion=75")
}

/// Everything but RFC 3986's unreserved characters. A space becomes `%20`: `+` means a space only in forms.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(crate) fn escaped(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, RESERVED)
}

pub(crate) fn json(value: &impl Serialize) -> Result<Bytes, Unsendable> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(|_| Unsendable("its body is not JSON"))
}

impl Serialize for Write {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Create(object) | Self::Update(object) => object.serialize(serializer),
            Self::VoidInvoice(version) => version.body(None).serialize(serializer),
            Self::VoidPayment(version) => version.body(Some(true)).serialize(serializer),
        }
    }
}

impl Version {
    fn body(&self, sparse: Option<bool>) -> VersionBody<'_> {
        VersionBody {
            id: &self.id,
            sync_token: &self.sync_token,
            sparse,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionBody<'a> {
    id: &'a str,
    sync_token: &'a str,
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    sparse: Option<bool>,
}

fn checked(request_id: &str, max: usize) -> Result<&str, Unsendable> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if request_id.is_empty() || request_id.len() > max || !request_id.bytes().all(plain) {
        return Err(Unsendable(
            "its request id is empty, too long or not plain text",
        ));
    }
    Ok(request_id)
}

fn get(company: &Company<'_>, target: &str) -> Result<Request<Bytes>, Unsendable> {
    to(company, Method::GET, target, Bytes::new())
}

fn post(
    company: &Company<'_>,
    target: &str,
    body: &impl Serialize,
) -> Result<Request<Bytes>, Unsendable> {
    to(company, Method::POST, target, json(body)?)
}

fn to(
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
