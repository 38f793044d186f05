//! Failures at Intuit during a sign-in: no connection is half made or changed, and a code is sent at most once.

use super::Row;
use super::altered_callbacks::{CallbackFailure, FailingCallback, assert_fails, failure};
use super::sign_in::{SignIn, has_access, new_firm};
use crate::start_deployment;
use simulator::Effect::{
    ApplicationError, Dropped, Forbidden, Refused, SubscriptionEnded, Throttled, Unauthorized,
    Unavailable,
};
use simulator::{Commit, Effect, Injection, RequestKind};
use std::time::Duration;

/// Returns the fault that Intuit shows.
type MakeFault = fn() -> Fault;

/// A fault of one request to Intuit.
pub struct Fault {
    kind: RequestKind,
    /// The number of such requests that are answered before.
    skipped: u32,
    effect: Effect,
}

impl Fault {
    fn into_injection(self) -> Injection {
        Injection::new(self.effect)
            .kind(self.kind)
            .skip_first(self.skipped)
    }
}

fn fault(kind: RequestKind, skipped: u32, effect: Effect) -> Fault {
    Fault {
        kind,
        skipped,
        effect,
    }
}

/// Faults of the token endpoint, and of the company's API once there are tokens.
pub const ROWS: &[Row<MakeFault, CallbackFailure>] = &[
    Row {
        rule: "contract 3",
        attempt: "the token endpoint fails before the exchange",
        action: || fault(RequestKind::Token, 0, ApplicationError(Commit::Before)),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint fails after the exchange",
        action: || fault(RequestKind::Token, 0, ApplicationError(Commit::After)),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint is down and answers HTML",
        action: || fault(RequestKind::Token, 0, Unavailable),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the connection breaks before the exchange",
        action: || fault(RequestKind::Token, 0, Dropped(Commit::Before)),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the connection breaks after the exchange",
        action: || fault(RequestKind::Token, 0, Dropped(Commit::After)),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint is throttled",
        action: || fault(RequestKind::Token, 0, Throttled),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's API is down",
        action: || fault(RequestKind::Read, 0, Unavailable),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's second answer is lost",
        action: || fault(RequestKind::Read, 1, Dropped(Commit::After)),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's API is throttled",
        action: || fault(RequestKind::Read, 0, Throttled),
        expected: failure("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company does not know the new token",
        action: || fault(RequestKind::Read, 0, Unauthorized),
        expected: failure("company_unreachable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the app may not call the company",
        action: || fault(RequestKind::Read, 1, Forbidden),
        expected: failure("company_unreachable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's subscription has ended",
        action: || fault(RequestKind::Read, 0, SubscriptionEnded),
        expected: failure("company_suspended", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company was reset",
        action: || fault(RequestKind::Read, 0, refused("10200", "Company Reset")),
        expected: failure("company_unreachable", 1),
    },
];

fn refused(code: &str, message: &str) -> Effect {
    let (code, message) = (code.to_owned(), message.to_owned());
    Refused {
        code,
        message,
        detail: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn intuit_failure_changes_no_connection() {
    let deployment = start_deployment().await;
    for (number, row) in ROWS.iter().enumerate() {
        let firm = new_firm(&deployment, &format!("firm_{number}"));
        for _ in ["new", "connected"] {
            let callback = SignIn::start(&firm).await.callback();
            let failing = FailingCallback {
                attempt: row.attempt,
                callback,
                fault: Some((row.action)().into_injection()),
                expected: row.expected,
            };
            assert_fails(&firm, failing).await;
        }
    }
}

/// Intuit ended the former tokens when it issued the new ones. The connection must use the new ones.
#[tokio::test(flavor = "multi_thread")]
async fn unanswered_reconnect_keeps_connection_working() {
    let deployment = start_deployment().await;
    let unanswered = |row: &&Row<MakeFault, CallbackFailure>| {
        row.expected.code == "intuit_unavailable" && (row.action)().kind == RequestKind::Read
    };
    let rows: Vec<_> = ROWS.iter().filter(unanswered).collect();
    assert!(rows.len() >= 3, "{}", rows.len());
    for (number, row) in rows.into_iter().enumerate() {
        let firm = new_firm(&deployment, &format!("firm_{number}"));
        SignIn::start(&firm)
            .await
            .callback()
            .complete(&deployment)
            .await;
        let again = SignIn::start(&firm).await.callback();
        let injection = (row.action)().into_injection();
        deployment.simulator().inject(injection);
        assert_eq!(
            again.complete(&deployment).await,
            row.expected.code,
            "{}",
            row.attempt
        );
        deployment.advance(Duration::from_mins(56));
        assert!(has_access(&firm).await, "{}", row.attempt);
    }
}
