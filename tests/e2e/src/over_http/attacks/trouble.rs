//! Trouble at Intuit: whatever goes wrong and when, nothing is half connected, what was connected stays so, and a
//! code is sent at most once.

use super::Row;
use super::code::{Lands, fails};
use super::way::{Way, office, works};
use crate::over_http::start_deployment;
use simulator::Effect::{
    ApplicationError, Dropped, Forbidden, Refused, SubscriptionEnded, Throttled, Unauthorized,
    Unavailable,
};
use simulator::{Commit, Effect, Injection, RequestKind};
use std::time::Duration;

/// The kind of requests that goes wrong, how many of them pass before, and how it goes wrong.
type Trouble = fn() -> (RequestKind, u32, Effect);

/// Troubles at the token endpoint, and of the company once there are tokens.
pub const ROWS: &[Row<Trouble, Lands>] = &[
    Row {
        rule: "contract 3",
        attempt: "the token endpoint fails before it did anything",
        how: || (RequestKind::Token, 0, ApplicationError(Commit::Before)),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint fails after it spent the code",
        how: || (RequestKind::Token, 0, ApplicationError(Commit::After)),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint is down and says so in HTML",
        how: || (RequestKind::Token, 0, Unavailable),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the connection breaks before the code arrived",
        how: || (RequestKind::Token, 0, Dropped(Commit::Before)),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the connection breaks after the code was spent",
        how: || (RequestKind::Token, 0, Dropped(Commit::After)),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the token endpoint is throttled",
        how: || (RequestKind::Token, 0, Throttled),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's API is down",
        how: || (RequestKind::Read, 0, Unavailable),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's second answer is lost",
        how: || (RequestKind::Read, 1, Dropped(Commit::After)),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's API is throttled",
        how: || (RequestKind::Read, 0, Throttled),
        expect: ("intuit_unavailable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company does not know the new token",
        how: || (RequestKind::Read, 0, Unauthorized),
        expect: ("company_unreachable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the app may not call the company",
        how: || (RequestKind::Read, 1, Forbidden),
        expect: ("company_unreachable", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company's subscription has ended",
        how: || (RequestKind::Read, 0, SubscriptionEnded),
        expect: ("company_suspended", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "the company was reset",
        how: || (RequestKind::Read, 0, refused("10200", "Company Reset")),
        expect: ("company_unreachable", 1),
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
        let firm = office(&deployment, &format!("firm_{number}"));
        for _ in ["new", "connected"] {
            let answer = Way::of(&firm).await.answer();
            let (kind, passing, effect) = (row.how)();
            let trouble = Injection::new(effect).kind(kind).skip_first(passing);
            fails(&firm, answer, Some(trouble), (row.attempt, row.expect)).await;
        }
    }
}

/// By then Intuit has ended the tokens that the firm had: what counts are those that came before the trouble.
#[tokio::test(flavor = "multi_thread")]
async fn unanswered_reconnect_keeps_connection_working() {
    let deployment = start_deployment().await;
    let unanswered = |row: &&Row<Trouble, Lands>| {
        row.expect.0 == "intuit_unavailable" && (row.how)().0 == RequestKind::Read
    };
    let rows: Vec<_> = ROWS.iter().filter(unanswered).collect();
    assert!(rows.len() >= 3, "{}", rows.len());
    for (number, row) in rows.into_iter().enumerate() {
        let firm = office(&deployment, &format!("firm_{number}"));
        Way::of(&firm).await.answer().land(&deployment).await;
        let again = Way::of(&firm).await.answer();
        let (kind, passing, effect) = (row.how)();
        deployment
            .simulator()
            .inject(Injection::new(effect).kind(kind).skip_first(passing));
        assert_eq!(
            again.land(&deployment).await,
            row.expect.0,
            "{}",
            row.attempt
        );
        deployment.advance(Duration::from_mins(56));
        assert!(works(&firm).await, "{}", row.attempt);
    }
}
