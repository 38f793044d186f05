//! Every request to the accounting API, as a value.
//!
//! `minorversion=75` is always named although the server answers nothing else since August 2025, and JSON is always asked for:
//! without `Accept` the answer is XML.

mod write;
mod unsendable;

pub use unsendable::Unsendable;
pub use write::{Version, Write};

use crate::entity::Kind;
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

pub(crate) fn checked(request_id: &str, max: usize) -> Result<&str, Unsendable> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if request_id.is_empty() || request_id.len() > max || !request_id.bytes().all(plain) {
        return Err(Unsendable(
            "its request id is empty, too long or not plain text",
        ));
    }
    Ok(request_id)
}

pub(crate) fn get(company: &Company<'_>, target: &str) -> Result<Request<Bytes>, Unsendable> {
    to(company, Method::GET, target, Bytes::new())
}

pub(crate) fn post(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Class, Invoice, Reference, SalesLine};
    use crate::query::Field;
    use crate::request_text::shown;

    fn to_harbor(build: impl FnOnce(&Company<'_>) -> Result<Request<Bytes>, Unsendable>) -> String {
        let access_token = AccessToken::new("eyAT".to_owned());
        let company = Company {
            api_origin: "https://quickbooks.api.intuit.com",
            realm_id: "9341453908059321",
            access_token: &access_token,
        };
        build(&company).map_or_else(|refused| refused.to_string(), |request| shown(&request))
    }

    fn invoice() -> Invoice {
        Invoice {
            customer_ref: Some(Reference::to("24")),
            line: vec![SalesLine::item(
                Reference::to("7"),
                "43650.00".parse().unwrap(),
            )],
            ..Invoice::default()
        }
    }

    fn version() -> Version {
        Version {
            id: "130".to_owned(),
            sync_token: "2".to_owned(),
        }
    }

    #[test]
    fn an_object_is_made_so() {
        let request = to_harbor(|company| {
            write(
                company,
                &Write::Create(invoice().into()),
                "pa_1042_1-sale-9f2c",
            )
        });
        insta::assert_snapshot!(request, @r#"
        POST https://quickbooks.api.intuit.com/v3/company/9341453908059321/invoice?minorversion=75&requestid=pa_1042_1-sale-9f2c
        accept: application/json
        authorization: Bearer …
        content-type: application/json

        {"CustomerRef":{"value":"24"},"Line":[{"Amount":43650.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"}}}]}
        "#);
    }

    #[test]
    fn an_object_is_changed_so() {
        let changed = Invoice {
            id: Some("130".to_owned()),
            sync_token: Some("2".to_owned()),
            sparse: Some(true),
            ..invoice()
        };
        let request = to_harbor(|company| write(company, &Write::Update(changed.into()), "u1"));
        insta::assert_snapshot!(request, @r#"
        POST https://quickbooks.api.intuit.com/v3/company/9341453908059321/invoice?minorversion=75&requestid=u1
        accept: application/json
        authorization: Bearer …
        content-type: application/json

        {"Id":"130","SyncToken":"2","sparse":true,"CustomerRef":{"value":"24"},"Line":[{"Amount":43650.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"}}}]}
        "#);
    }

    #[test]
    fn an_invoice_is_voided_so() {
        let request = to_harbor(|company| write(company, &Write::VoidInvoice(version()), "v1"));
        insta::assert_snapshot!(request, @r#"
        POST https://quickbooks.api.intuit.com/v3/company/9341453908059321/invoice?minorversion=75&requestid=v1&operation=void
        accept: application/json
        authorization: Bearer …
        content-type: application/json

        {"Id":"130","SyncToken":"2"}
        "#);
    }

    #[test]
    fn a_payment_is_voided_in_its_own_way() {
        let request = to_harbor(|company| write(company, &Write::VoidPayment(version()), "v2"));
        insta::assert_snapshot!(request, @r#"
        POST https://quickbooks.api.intuit.com/v3/company/9341453908059321/payment?minorversion=75&requestid=v2&operation=update&include=void
        accept: application/json
        authorization: Bearer …
        content-type: application/json

        {"Id":"130","SyncToken":"2","sparse":true}
        "#);
    }

    #[test]
    fn an_object_is_read_so() {
        let request = to_harbor(|company| read(company, Kind::JournalEntry, "27"));
        insta::assert_snapshot!(request, @"
        GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/journalentry/27?minorversion=75
        accept: application/json
        authorization: Bearer …
        content-type: application/json
        ");
    }

    #[test]
    fn objects_are_looked_up_so() {
        let statement =
            Query::from(Kind::Customer).filter(Field::DisplayName.equals("O'Neil & Sons + Co"));
        let request = to_harbor(|company| query(company, &statement));
        insta::assert_snapshot!(request, @"
        GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/query?minorversion=75&query=select%20%2A%20from%20Customer%20where%20DisplayName%20%3D%20%27O%5C%27Neil%20%26%20Sons%20%2B%20Co%27%20maxresults%201000
        accept: application/json
        authorization: Bearer …
        content-type: application/json
        ");
    }

    #[test]
    fn the_company_and_its_preferences_are_read_so() {
        insta::assert_snapshot!(to_harbor(company_info), @"
        GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/companyinfo/9341453908059321?minorversion=75
        accept: application/json
        authorization: Bearer …
        content-type: application/json
        ");
        insta::assert_snapshot!(to_harbor(preferences), @"
        GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/preferences?minorversion=75
        accept: application/json
        authorization: Bearer …
        content-type: application/json
        ");
    }

    #[test]
    fn an_id_cannot_reach_another_path() {
        let request = to_harbor(|company| read(company, Kind::Invoice, "../company/1?x=#"));
        assert!(
            request.contains("/invoice/..%2Fcompany%2F1%3Fx%3D%23?minorversion=75"),
            "{request}"
        );
    }

    #[test]
    fn a_request_id_that_intuit_would_refuse_is_not_sent() {
        let class = Write::Create(Class::default().into());
        for id in ["", &"x".repeat(51), "a b", "a&operation=delete", "é"] {
            let refused = to_harbor(|company| write(company, &class, id));
            assert_eq!(
                refused,
                "the request cannot be built: its request id is empty, too long or not plain text"
            );
        }
        let longest = "x".repeat(50);
        assert!(to_harbor(|company| write(company, &class, &longest)).starts_with("POST"));
    }

    #[test]
    fn a_damaged_token_or_origin_is_refused_and_not_shown() {
        let access_token = AccessToken::new("ey\nAT".to_owned());
        let company = Company {
            api_origin: "https://quickbooks.api.intuit.com",
            realm_id: "1",
            access_token: &access_token,
        };
        let refused = preferences(&company).unwrap_err().to_string();
        assert_eq!(
            refused,
            "the request cannot be built: its access token is not a header"
        );
        let access_token = AccessToken::new("eyAT".to_owned());
        let company = Company {
            api_origin: "",
            access_token: &access_token,
            ..company
        };
        // A path alone is a valid request target, so it is the transport that has to refuse it.
        assert!(preferences(&company).is_ok_and(|request| request.uri().host().is_none()));
        let company = Company {
            api_origin: "http://bad host",
            ..company
        };
        assert!(preferences(&company).is_err());
    }

    #[test]
    fn the_bearer_does_not_show_in_debug() {
        let access_token = AccessToken::new("eyAT".to_owned());
        let company = Company {
            api_origin: "https://quickbooks.api.intuit.com",
            realm_id: "1",
            access_token: &access_token,
        };
        let shown = format!("{company:?} {:?}", preferences(&company).unwrap());
        assert!(!shown.contains("eyAT"), "{shown}");
    }
}
