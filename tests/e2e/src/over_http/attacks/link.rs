//! The one-time link: who may have one, and what opens.

use super::way::{CONNECT, header, landing, office, open, standing, ticket, two_offices};
use super::{Row, Story, play};
use crate::over_http::{get, send, start_deployment};
use host::demo::firm::Answer;
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use http::header::{AUTHORIZATION, LOCATION};
use http::request::Builder;
use serde_json::json;
use std::time::Duration;

type Ask = fn(&LocalDeployment) -> Builder;
type Bend = fn(&str) -> Builder;

/// Asking for a link. The answer is told by its status and code.
pub const ASKED: &[Row<Ask>] = &[
    Row {
        rule: "ASVS 8.2.1",
        attempt: "nobody in particular asks for a link",
        how: |_| Request::post(CONNECT),
        expect: "401 unauthorized",
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "staff ask for a link",
        how: |deployment| as_person(deployment, "staff", "pro"),
        expect: "403 role_not_allowed",
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "a viewer asks for a link",
        how: |deployment| as_person(deployment, "viewer", "scale"),
        expect: "403 role_not_allowed",
    },
    Row {
        rule: "contract 3",
        attempt: "an owner on Starter asks for a link",
        how: |deployment| as_person(deployment, "owner", "starter"),
        expect: "403 plan_not_eligible",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a session in the address asks for a link by GET",
        how: |deployment| {
            let token = deployment.rivet.session_token("firm_a", deployment.now());
            get(&format!("{CONNECT}?access_token={token}"))
        },
        expect: "302 link_unknown",
    },
];

/// Opening a link that was bent; the honest link must still open after it.
pub const BENT: &[Row<Bend>] = &[
    Row {
        rule: "contract 3",
        attempt: "a link without its ticket",
        how: |_| get(CONNECT),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a link with an empty ticket",
        how: |_| get(&format!("{CONNECT}?ticket=")),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket of the right form that nobody gave out",
        how: |_| opening(&format!("{}.{}", "f".repeat(22), "e".repeat(22))),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket with another consent's id",
        how: |ticket| opening(&format!("{}{}", "f".repeat(22), &ticket[22..])),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket with another secret",
        how: |ticket| opening(&format!("{}.{}", &ticket[..22], "e".repeat(22))),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket that is cut short",
        how: |ticket| opening(&ticket[..ticket.len() - 1]),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a ticket of eight thousand characters",
        how: |ticket| opening(&ticket.repeat(178)),
        expect: "302 link_unknown",
    },
    Row {
        rule: "contract 3",
        attempt: "a forged ticket in front of the right one",
        how: |ticket| get(&format!("{CONNECT}?ticket=forged&ticket={ticket}")),
        expect: "302 link_unknown",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a scanner that looks at the link by HEAD",
        how: |ticket| Request::head(format!("{CONNECT}?ticket={ticket}")),
        expect: "405 method_not_allowed",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a scanner that looks at the link by OPTIONS",
        how: |ticket| Request::options(format!("{CONNECT}?ticket={ticket}")),
        expect: "405 method_not_allowed",
    },
];

/// What happens to links in the world.
pub const LIVED: &[Row<Story>] = &[
    Row {
        rule: "contract 3",
        attempt: "a link is opened twice",
        how: |deployment, id| {
            Box::pin(async move {
                let ticket = ticket(&office(deployment, id)).await;
                open(deployment, &ticket).await;
                landing(deployment, &open(deployment, &ticket).await)
            })
        },
        expect: "link_used",
    },
    Row {
        rule: "contract 3",
        attempt: "a link is opened after eleven minutes",
        how: |deployment, id| {
            Box::pin(async move {
                let ticket = ticket(&office(deployment, id)).await;
                deployment.advance(Duration::from_mins(11));
                landing(deployment, &open(deployment, &ticket).await)
            })
        },
        expect: "link_expired",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a link is opened by somebody with a session of another firm",
        how: |deployment, id| {
            Box::pin(async move {
                let [ours, theirs] = two_offices(deployment, id);
                let before = standing(&theirs).await;
                let opening = get(&format!("{CONNECT}?ticket={}", ticket(&ours).await));
                let opened = theirs.call(opening, None).await.unwrap();
                assert_eq!(before, standing(&theirs).await);
                format!("on its way: {}", is_on_its_way(&opened))
            })
        },
        expect: "on its way: true",
    },
];

/// Whether a link opened: the browser goes on to Intuit.
fn is_on_its_way(told: &Answer) -> bool {
    told.status == 302 && header(told, LOCATION.as_str()).contains("/connect/oauth2?client_id=")
}

fn opening(ticket: &str) -> Builder {
    get(&format!("{CONNECT}?ticket={ticket}"))
}

fn as_person(deployment: &LocalDeployment, role: &str, plan: &str) -> Builder {
    let claims = json!({
        "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": "firm_a",
        "role": role, "plan": plan, "exp": deployment.now().as_second() + 60,
    });
    let token = deployment.rivet.token(&claims.to_string());
    Request::post(CONNECT).header(AUTHORIZATION, format!("Bearer {token}"))
}

/// The status, and the code of the problem or of the landing.
async fn answered(deployment: &LocalDeployment, request: Builder) -> String {
    let told = send(deployment, request, "").await;
    let code = match told.status {
        302 => landing(deployment, &told),
        _ => told.body["code"].as_str().unwrap_or_default().to_owned(),
    };
    format!("{} {code}", told.status)
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_link_requires_permission() {
    let deployment = start_deployment().await;
    for row in ASKED {
        let answer = answered(&deployment, (row.how)(&deployment)).await;
        assert_eq!(answer, row.expect, "{}: {}", row.rule, row.attempt);
    }
    assert!(deployment.app.store("default").keys().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_connect_link_opens_nothing() {
    let deployment = start_deployment().await;
    let firm = office(&deployment, "firm_a");
    for row in BENT {
        let ticket = ticket(&firm).await;
        let answer = answered(&deployment, (row.how)(&ticket)).await;
        assert_eq!(answer, row.expect, "{}: {}", row.rule, row.attempt);
        let honest = open(&deployment, &ticket).await;
        assert!(is_on_its_way(&honest), "after {}", row.attempt);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_link_opens_once_within_ten_minutes() {
    play(LIVED).await;
}
