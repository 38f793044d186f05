//! Altered callbacks: no connection is half made or changed, and a code is sent at most once.

use super::Row;
use super::sign_in::{
    Callback, SignIn, connect, count_token_calls, has_access, load_status, new_firm,
};
use crate::start_deployment;
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use simulator::Injection;
use std::time::Duration;

/// The result of a callback that connects nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallbackFailure {
    /// The code of the redirect to RIVET.
    pub code: &'static str,
    /// The number of codes that are sent to Intuit.
    pub codes_sent: usize,
}

/// Returns the failure with this code and number of sent codes.
pub const fn failure(code: &'static str, codes_sent: usize) -> CallbackFailure {
    CallbackFailure { code, codes_sent }
}

/// Alters a callback. The other argument is a code that was used before.
type Alter = fn(Callback, &str) -> Callback;

pub const ALTERED_CALLBACKS: &[Row<Alter, CallbackFailure>] = &[
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code that another firm used",
        action: |callback, used| callback.with("code", used),
        expected: failure("code_refused", 1),
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code that Intuit never issued to the app",
        action: |callback, _| callback.with("code", format!("AB11{}", "x".repeat(46))),
        expected: failure("code_refused", 1),
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code that contains further parameters of the exchange",
        action: |callback, used| {
            callback.with("code", format!("x&grant_type=refresh_token&code={used}"))
        },
        expected: failure("code_refused", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "no code",
        action: |callback, _| callback.without("code"),
        expected: failure("code_refused", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "no company id",
        action: |callback, _| callback.without("realmId"),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "an empty company id",
        action: |callback, _| callback.with("realmId", ""),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id with letters",
        action: |callback, _| callback.with("realmId", "93414539080abcde"),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id in digits of another script",
        action: |callback, _| callback.with("realmId", "９３４１４５３９０８０５９３２１"),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id that is a path to another API resource",
        action: |callback, _| callback.with("realmId", "1/../../v3/company/2?minorversion=1"),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id of 33 digits",
        action: |callback, _| callback.with("realmId", "1".repeat(33)),
        expected: failure("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "the person declines",
        action: |callback, _| {
            callback
                .without("code")
                .without("realmId")
                .with("error", "access_denied")
        },
        expected: failure("access_denied", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a refusal with a code",
        action: |callback, _| callback.with("error", "access_denied"),
        expected: failure("access_denied", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "an error of Intuit",
        action: |callback, _| callback.without("code").with("error", "server_error"),
        expected: failure("intuit_error", 0),
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "an error with HTML and line breaks",
        action: |callback, _| callback.with("error", "<script>\r\n&quickbooks=connected#"),
        expected: failure("intuit_error", 0),
    },
];

/// The connection of a firm, to be compared.
#[derive(Debug, PartialEq)]
struct ConnectionState {
    status: serde_json::Value,
    has_access: bool,
    token_calls: usize,
}

async fn load_connection(firm: &Firm<'_>) -> ConnectionState {
    ConnectionState {
        status: load_status(firm).await,
        has_access: has_access(firm).await,
        token_calls: count_token_calls(firm.deployment),
    }
}

/// A callback that must not connect the firm.
pub struct FailingCallback {
    /// The attempt in words.
    pub attempt: &'static str,
    pub callback: Callback,
    /// The fault at Intuit, if any.
    pub fault: Option<Injection>,
    pub expected: CallbackFailure,
}

/// Asserts that a callback fails without a change of the connection, and that an unaltered one then connects.
pub async fn assert_fails(firm: &Firm<'_>, failing: FailingCallback) {
    let FailingCallback {
        attempt,
        callback,
        fault,
        expected,
    } = failing;
    let before = load_connection(firm).await;
    fault
        .into_iter()
        .for_each(|fault| firm.deployment.simulator().inject(fault));
    let outcome = callback.complete(firm.deployment).await;
    firm.deployment.simulator().clear_injections();
    let codes_sent = count_token_calls(firm.deployment) - before.token_calls;
    assert_eq!(
        (outcome.as_str(), codes_sent),
        (expected.code, expected.codes_sent),
        "{attempt}"
    );
    let had_access = before.has_access;
    let unchanged = ConnectionState {
        token_calls: before.token_calls + codes_sent,
        ..before
    };
    assert_eq!(load_connection(firm).await, unchanged, "{attempt}");
    let mut outcome = connect(firm).await;
    if outcome == "try_again" {
        // An unanswered exchange may still be carried out. Until then no other sign-in may use the company.
        assert!(attempt.starts_with("the connection breaks"), "{attempt}");
        firm.deployment.advance(Duration::from_secs(90));
        outcome = connect(firm).await;
    }
    let expected = if had_access {
        "reconnected"
    } else {
        "connected"
    };
    assert_eq!(outcome, expected, "after {attempt}");
}

/// Connects a firm and returns the code that it used.
async fn used_code(deployment: &LocalDeployment) -> String {
    let sign_in = SignIn::start(&new_firm(deployment, "firm_spent")).await;
    sign_in.callback().complete(deployment).await;
    sign_in.code
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_callback_changes_no_connection() {
    let deployment = start_deployment().await;
    let used = used_code(&deployment).await;
    for (number, row) in ALTERED_CALLBACKS.iter().enumerate() {
        let firm = new_firm(&deployment, &format!("firm_{number}"));
        for _ in ["new", "connected"] {
            let callback = (row.action)(SignIn::start(&firm).await.callback(), &used);
            let failing = FailingCallback {
                attempt: row.attempt,
                callback,
                fault: None,
                expected: row.expected,
            };
            assert_fails(&firm, failing).await;
        }
    }
}
