//! Builds the requests for single objects, for queries and for the company itself.
//!
//! Each request names `minorversion=75`, although the server has answered nothing else since August 2025 (Intuit: Minor
//! versions).

// Top first: a module uses only modules below it.
mod write;
mod company;
mod encoding;
mod unsendable;

pub use company::Company;
pub use unsendable::Unsendable;
pub use write::{Version, Write};

pub(crate) use company::{get, post};
pub(crate) use encoding::{checked_id, escaped, json};

use crate::entity::Kind;
use crate::query::Query;
use bytes::Bytes;
use http::Request;

/// Builds the request that creates, changes or voids one object.
///
/// `request_id` has 1 to 50 characters and belongs to this one change of this one object. While Intuit remembers the id, a
/// repetition changes nothing and gets the first answer again. A changed body needs a new id (Intuit: API reference, request
/// ids).
///
/// # Errors
/// [`Unsendable`] if the request id, the token, the address or the body cannot be sent.
pub fn write(
    company: &Company<'_>,
    change: &Write,
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    let id = checked_id(request_id, 50)?;
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

/// Builds the request that reads one object by its id.
///
/// # Errors
/// [`Unsendable`] if the token or the address cannot be sent.
pub fn read(company: &Company<'_>, kind: Kind, id: &str) -> Result<Request<Bytes>, Unsendable> {
    get(
        company,
        &format!("{}/{}?minorversion=75", kind.path(), escaped(id)),
    )
}

/// Builds the request that runs a query. Intuit meters reads such as this one per month; writes are not metered.
///
/// # Errors
/// [`Unsendable`] if the token or the address cannot be sent.
pub fn query(company: &Company<'_>, query: &Query) -> Result<Request<Bytes>, Unsendable> {
    let statement = query.to_string();
    get(
        company,
        &format!("query?minorversion=75&query={}", escaped(&statement)),
    )
}

/// Builds the request that reads the company's name and edition, [`CompanyInfo`](crate::company_facts::CompanyInfo).
///
/// # Errors
/// [`Unsendable`] if the token or the address cannot be sent.
pub fn company_info(company: &Company<'_>) -> Result<Request<Bytes>, Unsendable> {
    read(company, Kind::CompanyInfo, company.realm_id)
}

/// Builds the request that reads the settings of the company's books, [`Preferences`](crate::company_facts::Preferences).
///
/// # Errors
/// [`Unsendable`] if the token or the address cannot be sent.
pub fn preferences(company: &Company<'_>) -> Result<Request<Bytes>, Unsendable> {
    get(company, "preferences?minorversion=75")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Class, Invoice, Reference, SalesLine};
    use crate::query::Field;
    use crate::request_text::text_of;
    use oauth2::AccessToken;

    /// Returns the text of a request to the company of the tests, or of the refusal to build it.
    fn to_harbor(build: impl FnOnce(&Company<'_>) -> Result<Request<Bytes>, Unsendable>) -> String {
        let access_token = AccessToken::new("eyAT".to_owned());
        let company = Company {
            api_origin: "https://quickbooks.api.intuit.com",
            realm_id: "9341453908059321",
            access_token: &access_token,
        };
        build(&company).map_or_else(|refused| refused.to_string(), |request| text_of(&request))
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
    fn create_request_has_the_object_as_body() {
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

        {"CustomerRef":{"value":"24"},"Line":[{"Amount":43650.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"},"TaxCodeRef":{"value":"NON"}}}]}
        "#);
    }

    #[test]
    fn update_request_has_id_and_sync_token() {
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

        {"Id":"130","SyncToken":"2","sparse":true,"CustomerRef":{"value":"24"},"Line":[{"Amount":43650.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"},"TaxCodeRef":{"value":"NON"}}}]}
        "#);
    }

    #[test]
    fn invoice_void_request_names_the_operation() {
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
    fn payment_void_request_is_a_sparse_update() {
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
    fn read_request_names_kind_and_id() {
        let request = to_harbor(|company| read(company, Kind::JournalEntry, "27"));
        insta::assert_snapshot!(request, @"
        GET https://quickbooks.api.intuit.com/v3/company/9341453908059321/journalentry/27?minorversion=75
        accept: application/json
        authorization: Bearer …
        content-type: application/json
        ");
    }

    #[test]
    fn query_request_escapes_its_statement() {
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
    fn company_requests_name_the_company() {
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
    fn id_cannot_reach_another_path() {
        let request = to_harbor(|company| read(company, Kind::Invoice, "../company/1?x=#"));
        assert!(
            request.contains("/invoice/..%2Fcompany%2F1%3Fx%3D%23?minorversion=75"),
            "{request}"
        );
    }

    #[test]
    fn invalid_request_id_is_refused() {
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
    fn damaged_token_or_origin_is_refused_unseen() {
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
        // A path alone is a valid request target. The transport refuses it.
        assert!(preferences(&company).is_ok_and(|request| request.uri().host().is_none()));
        let company = Company {
            api_origin: "http://bad host",
            ..company
        };
        assert!(preferences(&company).is_err());
    }

    #[test]
    fn access_token_is_hidden_in_debug() {
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
