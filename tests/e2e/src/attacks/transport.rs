//! Encryption on the way, and secrets that nobody guesses: a deployment that lacks either answers with the variable's name.

use super::sign_in::CONNECT;
use super::token_factory::TokenFactory;
use super::{NoEffect, Row};
use crate::{get, send, start_deployment_with};
use http::Request;
use http::header::AUTHORIZATION;
use http::request::Builder;

/// A request that needs a variable.
type Needs = fn(&TokenFactory<'_>) -> Builder;

/// A variable with a value that is refused, and a request that needs it.
pub struct Refused {
    variable: &'static str,
    value: &'static str,
    request: Needs,
}

fn with_session(request: Builder, factory: &TokenFactory<'_>) -> Builder {
    request.header(AUTHORIZATION, format!("Bearer {}", factory.valid_token()))
}

fn with_bearer(path: &str, secret: &str) -> Builder {
    get(path).header(AUTHORIZATION, format!("Bearer {secret}"))
}

/// Addresses outside this machine without encryption.
pub const ADDRESSES: &[Row<Refused, NoEffect>] = &[
    Row {
        rule: "ASVS 12.2.1",
        attempt: "the redirect from Intuit carries the code in plain text",
        action: Refused {
            variable: "public_url",
            value: "http://books.example.com",
            request: |factory| with_session(Request::post(CONNECT), factory),
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 12.2.1",
        attempt: "a page that anyone on the way can change calls the functions",
        action: Refused {
            variable: "rivet_app_url",
            value: "http://app.example.com/settings",
            request: |factory| {
                let request =
                    get("/v1/quickbooks/status").header("origin", "http://app.example.com");
                with_session(request, factory)
            },
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 12.2.1",
        attempt: "access tokens go to QuickBooks in plain text",
        action: Refused {
            variable: "quickbooks_api_origin",
            value: "http://quickbooks.example.com",
            request: |factory| with_session(get("/v1/quickbooks/tie-out"), factory),
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 12.2.1",
        attempt: "notifications about a firm's documents go to RIVET in plain text",
        action: Refused {
            variable: "rivet_notify_origin",
            value: "http://rivet.example.com",
            request: |_| with_bearer("/v1/scheduled/token-refresh", SCHEDULER),
        },
        expected: NoEffect,
    },
];

/// The scheduler's secret of the demo.
const SCHEDULER: &str = "scheduler-secret-of-the-demo";

/// Secrets that are too short, each used rightly.
pub const SECRETS: &[Row<Refused, NoEffect>] = &[
    Row {
        rule: "ASVS 11.2.3",
        attempt: "a session key of 31 bytes",
        action: Refused {
            variable: "rivet_session_secret",
            value: "0123456789abcdef0123456789abcde",
            request: |factory| with_session(get("/v1/quickbooks/status"), factory),
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 11.2.3",
        attempt: "a webhook secret of 23 bytes",
        action: Refused {
            variable: "rivet_webhook_secret",
            value: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY=",
            request: |_| Request::post("/v1/webhooks/billing"),
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 11.2.3",
        attempt: "a scheduler's secret of 15 characters",
        action: Refused {
            variable: "scheduler_secret",
            value: "0123456789abcde",
            request: |_| with_bearer("/v1/scheduled/sync", "0123456789abcde"),
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 11.2.3",
        attempt: "an operator's secret of 15 characters",
        action: Refused {
            variable: "operator_secret",
            value: "abcdef012345678",
            request: |_| with_bearer("/v1/operations/dead-letters", "abcdef012345678"),
        },
        expected: NoEffect,
    },
];

async fn assert_refused(rows: &[Row<Refused, NoEffect>]) {
    let variables: Vec<_> = rows
        .iter()
        .map(|row| (row.action.variable, row.action.value))
        .collect();
    let deployment = start_deployment_with(&variables).await;
    for Row {
        rule,
        attempt,
        action,
        expected: NoEffect,
    } in rows
    {
        let request = (action.request)(&TokenFactory(&deployment));
        let answer = send(&deployment, request, "{}").await;
        let found = (
            answer.status,
            answer.body["code"].as_str(),
            answer.body["variable"].as_str(),
        );
        let refused = (500, Some("misconfigured"), Some(action.variable));
        assert_eq!(found, refused, "{rule}: {attempt}");
        assert!(
            !answer.body.to_string().contains(action.value),
            "{rule}: {attempt}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_outside_this_machine_is_refused() {
    assert_refused(ADDRESSES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn short_secrets_are_refused() {
    assert_refused(SECRETS).await;
}

/// Answers that browsers see.
pub const PAGES: &[Row<&str, NoEffect>] = &[
    Row {
        rule: "ASVS 3.4.1",
        attempt: "a browser opens the page by plain http the next time",
        action: "/",
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.1",
        attempt: "a front end asks for the status by plain http",
        action: "/v1/quickbooks/status",
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.1",
        attempt: "a front end loads the settings by plain http",
        action: "/v1/quickbooks/settings",
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.1",
        attempt: "a front end loads the tie-out by plain http",
        action: "/v1/quickbooks/tie-out",
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.1",
        attempt: "a link is opened by plain http",
        action: "/v1/quickbooks/connect?ticket=a.b",
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.1",
        attempt: "Intuit's redirect comes by plain http",
        action: "/v1/quickbooks/callback",
        expected: NoEffect,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn https_deployment_sends_strict_transport_security() {
    let by_https = start_deployment_with(&[("public_url", "https://books.example.com")]).await;
    let by_http = start_deployment_with(&[]).await;
    let header = "strict-transport-security";
    for row in PAGES {
        let answer = send(&by_https, get(row.action), "").await;
        let found = answer
            .headers
            .get(header)
            .and_then(|value| value.to_str().ok());
        assert_eq!(
            found,
            Some("max-age=31536000"),
            "{}: {}",
            row.rule,
            row.attempt
        );
        let answer = send(&by_http, get(row.action), "").await;
        assert!(!answer.headers.contains_key(header), "{}", row.attempt);
    }
}
