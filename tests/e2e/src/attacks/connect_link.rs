//! The one-time connect link: the roles that may request one, and the tickets that open one.

use super::sign_in::{
    CONNECT, header_text, issue_ticket, load_status, new_firm, open_link, read_outcome,
    two_new_firms,
};
use super::{Row, Scenario, run_scenarios};
use crate::{get, send, start_deployment};
use host::demo::firm::Answer;
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use http::header::{AUTHORIZATION, LOCATION};
use http::request::Builder;
use serde_json::json;
use std::time::Duration;

type LinkRequest = fn(&LocalDeployment) -> Builder;
type Alter = fn(&str) -> Builder;

/// Requests for a link. The result is the status and the code of the answer.
pub const LINK_REQUESTS: &[Row<LinkRequest>] = &[
    Row {
        rule: "ASVS 8.2.1",
        attempt: "a caller without a session requests a link",
        action: |_| Request::post(CONNECT),
        expected: "401 unauthorized",
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "a staff member requests a link",
        action: |deployment| request_link(deployment, "staff", "pro"),
        expected: "403 role_not_allowed",
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "a viewer requests a link",
        action: |deployment| request_link(deployment, "viewer", "scale"),
        expected: "403 role_not_allowed",
    },
    Row {
        rule: "contract 3",
        attempt: "an owner on the plan Starter requests a link",
        action: |deployment| request_link(deployment, "owner", "starter"),
        expected: "403 plan_not_eligible",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a GET with a session token in its address",
        action: |deployment| {
            let token = deployment.rivet.session_token("firm_a", deployment.now());
            get(&format!("{CONNECT}?access_token={token}"))
        },
        expected: "302 link_unknown",
    },
];

/// Altered links. The unaltered link must still open afterwards.
pub const ALTERED_LINKS: &[Row<Alter>] = &[
    Row {
        rule: "contract 3",
        attempt: "a link without its ticket",
        action: |_| get(CONNECT),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a link with an empty ticket",
        action: |_| get(&format!("{CONNECT}?ticket=")),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a well-formed ticket that was never issued",
        action: |_| open_request(&format!("{}.{}", "f".repeat(22), "e".repeat(22))),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket with an unknown id",
        action: |ticket| open_request(&format!("{}{}", "f".repeat(22), &ticket[22..])),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket with another secret",
        action: |ticket| open_request(&format!("{}.{}", &ticket[..22], "e".repeat(22))),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket without its last character",
        action: |ticket| open_request(&ticket[..ticket.len() - 1]),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket of eight thousand characters",
        action: |ticket| open_request(&ticket.repeat(178)),
        expected: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a forged ticket before the right one",
        action: |ticket| get(&format!("{CONNECT}?ticket=forged&ticket={ticket}")),
        expected: "302 link_unknown",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a link scanner sends HEAD",
        action: |ticket| Request::head(format!("{CONNECT}?ticket={ticket}")),
        expected: "405 method_not_allowed",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a link scanner sends OPTIONS",
        action: |ticket| Request::options(format!("{CONNECT}?ticket={ticket}")),
        expected: "405 method_not_allowed",
    },
];

/// Links that are opened again, late or by another person.
pub const OPENED_LINKS: &[Row<Scenario>] = &[
    Row {
        rule: "contract 3",
        attempt: "a link is opened twice",
        action: |deployment, id| {
            Box::pin(async move {
                let ticket = issue_ticket(&new_firm(deployment, id)).await;
                open_link(deployment, &ticket).await;
                read_outcome(deployment, &open_link(deployment, &ticket).await)
            })
        },
        expected: "link_used",
    },
    Row {
        rule: "contract 3",
        attempt: "a link is opened after eleven minutes",
        action: |deployment, id| {
            Box::pin(async move {
                let ticket = issue_ticket(&new_firm(deployment, id)).await;
                deployment.advance(Duration::from_mins(11));
                read_outcome(deployment, &open_link(deployment, &ticket).await)
            })
        },
        expected: "link_expired",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a person of another firm opens the link",
        action: |deployment, id| {
            Box::pin(async move {
                let [ours, theirs] = two_new_firms(deployment, id);
                let before = load_status(&theirs).await;
                let opening = get(&format!("{CONNECT}?ticket={}", issue_ticket(&ours).await));
                let opened = theirs.call(opening, None).await.unwrap();
                assert_eq!(before, load_status(&theirs).await);
                format!("opened: {}", is_opened(&opened))
            })
        },
        expected: "opened: true",
    },
];

/// Returns whether a link opened: the answer redirects to Intuit.
fn is_opened(answer: &Answer) -> bool {
    answer.status == 302
        && header_text(answer, LOCATION.as_str()).contains("/connect/oauth2?client_id=")
}

/// Returns a request that opens a link.
fn open_request(ticket: &str) -> Builder {
    get(&format!("{CONNECT}?ticket={ticket}"))
}

/// Returns a request for a link by a person with this role and plan.
fn request_link(deployment: &LocalDeployment, role: &str, plan: &str) -> Builder {
    let claims = json!({
        "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": "firm_a",
        "role": role, "plan": plan, "exp": deployment.now().as_second() + 60,
    });
    let token = deployment.rivet.token(&claims.to_string());
    Request::post(CONNECT).header(AUTHORIZATION, format!("Bearer {token}"))
}

/// Sends a request and returns its status with the code of the problem or of the redirect.
async fn send_and_describe(deployment: &LocalDeployment, request: Builder) -> String {
    let answer = send(deployment, request, "").await;
    let code = match answer.status {
        302 => read_outcome(deployment, &answer),
        _ => answer.body["code"].as_str().unwrap_or_default().to_owned(),
    };
    format!("{} {code}", answer.status)
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_link_requires_permission() {
    let deployment = start_deployment().await;
    for row in LINK_REQUESTS {
        let answer = send_and_describe(&deployment, (row.action)(&deployment)).await;
        assert_eq!(answer, row.expected, "{}: {}", row.rule, row.attempt);
    }
    assert!(deployment.app.store("default").keys().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_connect_link_opens_nothing() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment, "firm_a");
    for row in ALTERED_LINKS {
        let ticket = issue_ticket(&firm).await;
        let answer = send_and_describe(&deployment, (row.action)(&ticket)).await;
        assert_eq!(answer, row.expected, "{}: {}", row.rule, row.attempt);
        let unaltered = open_link(&deployment, &ticket).await;
        assert!(is_opened(&unaltered), "after {}", row.attempt);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_link_opens_once_within_ten_minutes() {
    run_scenarios(OPENED_LINKS).await;
}
