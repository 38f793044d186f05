//! Redirects: to Intuit with the registered parameters only, and back to RIVET only. No request changes them.

use super::sign_in::{
    CONNECT, SignIn, header_text, issue_ticket, new_firm, open_link, read_confirmation,
    read_outcome,
};
use super::{NoEffect, Row};
use crate::{get, send, start_deployment};
use http::header::{COOKIE, LOCATION};
use http::request::Builder;
use std::collections::BTreeMap;
use url::Url;

/// Requests that ask for another address. Each is sent with the link and with the callback.
pub const OVERRIDES: &[Row<Override, NoEffect>] = &[
    Row {
        rule: "RFC 9700 4.13",
        attempt: "another Host header",
        action: Override::Header("host", "evil.example"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "a proxy header with another host",
        action: Override::Header("x-forwarded-host", "evil.example"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "a proxy header with plain HTTP",
        action: Override::Header("x-forwarded-proto", "http"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "the standard proxy header with another host",
        action: Override::Header("forwarded", "for=127.0.0.1;host=evil.example;proto=http"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "the internal header of the host with another address",
        action: Override::Header(
            "spin-full-url",
            "https://evil.example/v1/quickbooks/callback",
        ),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.1.3",
        attempt: "a redirect URI in the query",
        action: Override::Query("redirect_uri", "https://evil.example/callback"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "a next page in the query",
        action: Override::Query("next", "https://evil.example/"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "the name of an own variable in the query",
        action: Override::Query("rivet_app_url", "https://evil.example/"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "an outcome in the query",
        action: Override::Query("quickbooks", "connected&next=//evil.example"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 10.2.3",
        attempt: "a wider scope",
        action: Override::Query(
            "scope",
            "com.intuit.quickbooks.accounting com.intuit.quickbooks.payment",
        ),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 2.1",
        attempt: "a response type with tokens instead of a code",
        action: Override::Query("response_type", "token"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 10.2.2",
        attempt: "another authorization server in the query",
        action: Override::Query("iss", "https://evil.example"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "a header after a line break",
        action: Override::Query("error_description", "x\r\nlocation: https://evil.example"),
        expected: NoEffect,
    },
];

/// An override that a request asks for.
pub enum Override {
    Header(&'static str, &'static str),
    Query(&'static str, &'static str),
}

impl Override {
    /// Returns a request to `address` with the override.
    fn request(&self, address: &str) -> Builder {
        match self {
            Self::Header(name, value) => get(address).header(*name, *value),
            Self::Query(name, value) => {
                let pair = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair(name, value)
                    .finish();
                get(&format!("{address}&{pair}"))
            }
        }
    }
}

/// An authorize address without its state, which differs each time.
#[derive(Debug, PartialEq, Eq)]
struct AuthorizeAddress {
    url: String,
    parameters: BTreeMap<String, String>,
}

fn parse_authorize_address(address: &str) -> AuthorizeAddress {
    let mut url = Url::parse(address).unwrap();
    let mut parameters: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let state = parameters.remove("state").unwrap();
    assert_eq!(state.len(), 45, "two halves of 22 characters");
    url.set_query(None);
    AuthorizeAddress {
        url: url.into(),
        parameters,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn request_content_never_changes_redirects() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment, "firm_a");
    let unaltered = open_link(&deployment, &issue_ticket(&firm).await).await;
    let unaltered = parse_authorize_address(&header_text(&unaltered, LOCATION.as_str()));
    for row in OVERRIDES {
        let request = row.action.request(&format!("{CONNECT}?")).method("POST");
        let issued = firm.call(request, None).await.unwrap();
        let link = issued.body["connect_url"].as_str().unwrap_or_default();
        let ours = format!("{}{CONNECT}?ticket=", deployment.url);
        assert!(link.starts_with(&ours), "{}: {}", row.rule, row.attempt);
        let ticket = issue_ticket(&firm).await;
        let answer = send(
            &deployment,
            row.action.request(&format!("{CONNECT}?ticket={ticket}")),
            "",
        )
        .await;
        let sent = parse_authorize_address(&header_text(&answer, LOCATION.as_str()));
        assert_eq!(sent, unaltered, "{}: {}", row.rule, row.attempt);
        let sign_in = SignIn::continue_from(&firm, &firm.realm, ticket, &answer);
        let back = row
            .action
            .request(&sign_in.callback().address())
            .header(COOKIE, sign_in.cookie_header());
        let outcome = read_outcome(&deployment, &send(&deployment, back, "").await);
        assert!(
            read_confirmation(&outcome).is_some(),
            "{}: {outcome}",
            row.attempt
        );
    }
}

type ExpectedValue = fn(&str) -> String;

/// The parameters of the authorize address besides the state. A row names a risk and the exact value that excludes it.
pub const AUTHORIZE_PARAMETERS: &[Row<&str, ExpectedValue>] = &[
    Row {
        rule: "RFC 9700 2.1.1",
        attempt: "tokens in an address",
        action: "response_type",
        expected: |_| "code".into(),
    },
    Row {
        rule: "ASVS 10.2.3",
        attempt: "more permissions than are used",
        action: "scope",
        expected: |_| "com.intuit.quickbooks.accounting".into(),
    },
    Row {
        rule: "RFC 9700 4.1.3",
        attempt: "a redirect URI that differs from the registered one by a character",
        action: "redirect_uri",
        expected: |us| format!("{us}/v1/quickbooks/callback"),
    },
    Row {
        rule: "ASVS 14.2.1",
        attempt: "the app's secret beside its id",
        action: "client_id",
        expected: |_| "rivet-demo".into(),
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn authorization_request_sends_only_registered_parameters() {
    let deployment = start_deployment().await;
    let opened = open_link(
        &deployment,
        &issue_ticket(&new_firm(&deployment, "firm_a")).await,
    )
    .await;
    let sent = parse_authorize_address(&header_text(&opened, LOCATION.as_str()));
    for row in AUTHORIZE_PARAMETERS {
        assert_eq!(
            sent.parameters[row.action],
            (row.expected)(&deployment.url),
            "{}: {}",
            row.rule,
            row.attempt
        );
    }
    assert_eq!(
        sent.parameters.len(),
        AUTHORIZE_PARAMETERS.len(),
        "{:?}",
        sent.parameters.keys()
    );
}
